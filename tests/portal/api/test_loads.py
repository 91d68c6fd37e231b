"""Loads over the interface: tried, committed, taken back, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from ballast.terms.role import Role

CSV = "地区代码,时期,指标,数值\n371500,2023,gdp,2900\n371599,2023,gdp,1\n".encode()


def send(program: Any, name: str = "a.csv", content: bytes = CSV, **form: str) -> Any:
    return program.post(
        "/api/v1/loads", data={"table": "region_period"} | form, files={"file": (name, content)}
    )


def test_a_dry_run_names_what_is_wrong_and_changes_nothing(own_stocked: Any) -> None:
    program = own_stocked.caller(Role.ANALYST)
    answer = send(program)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["dry_run"], told["load_id"], told["accepted"], told["refused"]) == (
        True, None, 1, 1,
    )  # fmt: skip
    assert told["issue_count"] == 1
    assert "371599" in told["issues"][0]["message"]
    assert len(program.get("/api/v1/loads").json()["loads"]) == 1


def test_a_load_is_committed_listed_and_taken_back(own_stocked: Any) -> None:
    program = own_stocked.caller(Role.ANALYST)
    load_id = send(program, dry_run="false").json()["load_id"]
    rows = "/api/v1/tables/region_period/rows?where=period=2023"
    assert [r["value"] for r in program.get(rows).json()["rows"]] == ["2900.0000"]
    assert program.get("/api/v1/loads").json()["loads"][0]["load_id"] == load_id
    gone = program.delete(f"/api/v1/loads/{load_id}", params={"note": "a test"})
    assert (gone.status_code, gone.json()["rows"]) == (200, 1)
    assert program.get(rows).json()["rows"] == []
    newest = program.get("/api/v1/loads").json()["loads"][0]
    assert (newest["state"], newest["standing"], newest["note"]) == ("withdrawn", False, "a test")
    assert program.delete(f"/api/v1/loads/{load_id}").status_code == 422


def test_nothing_of_an_upload_stays_on_the_disk(own_stocked: Any) -> None:
    send(own_stocked.caller(Role.ANALYST), "../../etc/passwd.csv", dry_run="false")
    folder = own_stocked.door.context.lake.home.path / "uploads"
    assert [path.name for path in folder.iterdir()] == []
    assert not list(own_stocked.door.context.lake.home.path.rglob("*passwd*"))


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("a.exe", b"MZ", 422),
        ("a.xlsx", b"no workbook", 422),
        ("a.csv", b"", 422),
        ("a.csv", "列\n1\n".encode(), 422),
    ],
)
def test_a_file_that_cannot_be_loaded_is_refused_in_one_sentence(
    own_stocked: Any, name: str, content: bytes, status: int
) -> None:
    answer = send(own_stocked.caller(Role.ANALYST), name, content)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert str(own_stocked.door.context.lake.home.path) not in answer.text


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR, Role.PUBLIC])
def test_only_who_may_load_loads_and_takes_back(stocked: Any, role: Role) -> None:
    program, refused = stocked.caller(role), (401 if role is Role.PUBLIC else 403)
    before = stocked.door.context.lake.live_loads()
    answer = send(program, dry_run="false")
    assert answer.status_code in (refused, 403)
    assert program.delete(f"/api/v1/loads/{stocked.load_id}").status_code in (refused, 403)
    assert stocked.door.context.lake.live_loads() == before


def test_a_session_needs_its_token_to_load(stocked: Any) -> None:
    browser = stocked.door.browser(Role.ANALYST)
    del browser.headers["x-csrf-token"]
    assert send(browser).status_code == 403
    assert browser.delete(f"/api/v1/loads/{stocked.load_id}").status_code == 403


def test_the_ledger_is_for_those_who_read_aggregates(stocked: Any) -> None:
    assert stocked.caller(Role.ADMINISTRATOR).get("/api/v1/loads").status_code == 200
    assert stocked.caller(Role.ENTERPRISE).get("/api/v1/loads").status_code == 403
