"""The Data page behind its door: who may send, what is handed out, what is written down."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from ballast.lake.tables import table
from ballast.portal.data import desk_of
from ballast.portal.data_uploads import MAX_UPLOAD_BYTES
from ballast.portal.data_work import Asked, loading_work
from ballast.state.audit import entries
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role
from ballast.terms.viewer import operator, viewer_for

CODE = with_check_character("91371500MA0000000")
OTHER = with_check_character("91371500MA0000001")
HOSTILE = "<script>alert(1)</script>有限公司"
OUTSIDE = (Role.PUBLIC, Role.ENTERPRISE, Role.OPERATOR)


def send(
    door: Any,
    name: str,
    content: bytes,
    role: Role = Role.ANALYST,
    headers: dict[str, str] | None = None,
) -> Any:
    client = door.browser(role)
    return client.post(
        "/data/upload", content=content, headers={"x-file-name": name} | (headers or {})
    )


def files(door: Any) -> list[str]:
    folder = door.context.lake.home.path / "uploads"
    return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []


def test_a_file_arrives_under_a_number_of_its_own(door: Any) -> None:
    answer = send(door, "5%E6%9C%88.csv", b"a,b\n1,2\n")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["name"], body["size"]) == ("5月.csv", 8)
    assert files(door) == [f"{body['token']}.csv"]
    upload = desk_of(door.context).shelf.find(body["token"], door.users[Role.ANALYST].id)
    assert upload.path.read_bytes() == b"a,b\n1,2\n"


@pytest.mark.parametrize("role", [*OUTSIDE, Role.ADMINISTRATOR])
def test_nobody_else_may_send_one(door: Any, role: Role) -> None:
    assert send(door, "a.csv", b"x", role).status_code in (401, 403)
    assert files(door) == []


def test_another_site_cannot_send_one_in_somebody_s_name(door: Any) -> None:
    client = door.browser(Role.ANALYST)
    del client.headers["x-csrf-token"]
    answer = client.post("/data/upload", content=b"x", headers={"x-file-name": "a.csv"})
    assert answer.status_code == 403
    assert files(door) == []


def test_a_path_in_the_name_writes_nowhere_else(door: Any) -> None:
    home: Path = door.context.lake.home.path
    before = {p for p in home.parent.rglob("*") if p.is_file()}
    answer = send(door, "..%2F..%2F..%2Fevil.csv", b"x")
    assert answer.json()["name"] == "evil.csv"
    new = {p for p in home.parent.rglob("*.csv") if p.is_file()} - before
    assert {p.parent for p in new} == {home / "uploads"}


@pytest.mark.parametrize("name", ["a.exe", "a.html", "", "a.csv%00.exe"])
def test_a_wrong_kind_is_refused_in_the_reader_s_language(door: Any, name: str) -> None:
    answer = send(door, name, b"x", headers={"accept-language": "en"})
    assert answer.status_code == 400
    assert "are not read" in answer.json()["detail"]
    assert files(door) == []


def test_a_length_over_the_limit_is_refused_before_the_body(door: Any) -> None:
    answer = send(door, "a.csv", b"x", headers={"content-length": str(MAX_UPLOAD_BYTES + 1)})
    assert answer.status_code == 413
    assert files(door) == []


def test_a_stream_over_the_limit_is_cut_off_and_nothing_stays(
    door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_of(door.context).shelf, "limit", 200_000)
    answer = send(door, "a.csv", b"x" * 300_000)
    assert answer.status_code == 400
    assert "larger than" in answer.json()["detail"]
    assert files(door) == []


def loaded(door: Any, content: bytes) -> int:
    """Load a file as the page does, and return the job's number."""
    desk, user = desk_of(door.context), door.users[Role.ANALYST]
    token = send(door, "3%E6%9C%88%3D.csv", content).json()["token"]
    upload = desk.shelf.find(token, user.id)
    viewer = viewer_for(Role.ANALYST, user.name)
    work = loading_work(desk.shelf, upload, Asked("enterprise_period"), viewer, "zh")
    job = desk.worker.submit("load", user.id, {"file": upload.name, "table": "x"}, work)
    deadline = time.monotonic() + 20
    while not desk.worker.find(job.id, user.id).ended:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return job.id


def test_refused_rows_come_back_to_their_sender_alone_and_run_nothing(door: Any) -> None:
    lines = "统一社会信用代码,月份,规上,产值\n"
    number = loaded(
        door, f"{lines}{CODE},2026-03,是,1\n{OTHER},2026-03,是,=HYPERLINK(1)\n".encode()
    )
    answer = door.browser(Role.ANALYST).get(f"/data/refused/{number}")
    assert answer.status_code == 200
    assert "3%E6%9C%88%3D.refused.csv" in answer.headers["content-disposition"]
    text = answer.content.decode("utf-8-sig")
    assert OTHER in text
    assert "'=HYPERLINK(1)" in text
    assert ",=HYPERLINK" not in text
    assert [e.action for e in entries(door.state, who="the-analyst")] == ["download"]
    for role in (*OUTSIDE, Role.ADMINISTRATOR):
        assert door.browser(role).get(f"/data/refused/{number}").status_code in (401, 403)
    assert door.browser(Role.ANALYST).get(f"/data/refused/{number + 1}").status_code == 404
    assert files(door) == [name for name in files(door) if ".refused." in name]


@pytest.mark.parametrize(("lang", "header"), [("zh", "统一社会信用代码"), ("en", "unified social")])
def test_a_template_is_in_the_language_of_its_reader(door: Any, lang: str, header: str) -> None:
    client = door.browser(Role.ADMINISTRATOR)
    answer = client.get(f"/data/template/enterprise_period.xlsx?lang={lang}")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    first = [str(cell.value) for cell in book.worksheets[0][1]]
    assert header in first[0]
    assert len(first) == len(table("enterprise_period").columns)


def test_there_is_no_template_of_another_name(door: Any) -> None:
    client = door.browser(Role.ANALYST)
    for name in ("load", "nothing", "..%2F..%2Fstate"):
        assert client.get(f"/data/template/{name}.xlsx").status_code == 404


def planted(door: Any) -> None:
    """Load two enterprises, of which one with a hostile name reports one month alone."""
    lake = door.context.lake
    month = {"above_scale": True}
    rows = [
        {"uscc": CODE, "period": "2026-03", **month},
        {"uscc": CODE, "period": "2026-04", **month},
        {"uscc": OTHER, "period": "2026-03", **month},
    ]
    declared = table("enterprise_period").arrow_schema
    frame = pl.DataFrame(declared.empty_table())
    frame = pl.concat([frame, pl.DataFrame(rows)], how="diagonal")
    register = pl.DataFrame(table("enterprise").arrow_schema.empty_table())
    named = pl.DataFrame(
        {
            "uscc": [OTHER],
            "valid_from": [datetime(2020, 1, 1, tzinfo=UTC).date()],
            "name": [f"={HOSTILE}"],
            "region_scheme": ["gb2260"],
            "region": ["371502"],
            "industry_scheme": ["gbt4754_2017"],
            "industry": ["3451"],
        }
    )
    register = pl.concat([register, named], how="diagonal")
    lake.commit({"enterprise_period": frame, "enterprise": register}, operator("loader"))


def test_who_has_not_reported_is_a_file_for_analysts_and_written_down(door: Any) -> None:
    planted(door)
    answer = door.browser(Role.ANALYST).get("/data/missing.csv?lang=en")
    assert answer.status_code == 200
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Enterprise,USCC,County,Industry"
    assert lines[1].startswith(f"'={HOSTILE},{OTHER},Dongchangfu District,")
    assert len(lines) == 2
    trail = entries(door.state, who="the-analyst")
    assert [(e.action, e.count) for e in trail] == [("download", 1)]
    assert "2026-04" in trail[0].what
    for role in (*OUTSIDE, Role.ADMINISTRATOR):
        assert door.browser(role).get("/data/missing.csv").status_code in (401, 403)


@pytest.mark.parametrize("part", ["state", "load", "ledger", "templates", "nonsense"])
@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR])
def test_every_part_opens(door: Any, role: Role, part: str) -> None:
    with door.browser(role) as client:
        answer = client.get(f"/data?part={part}&lang=en")
    assert answer.status_code == 200
    assert "Are the data fresh and whole?" in answer.text
    assert ("Load a file" in answer.text) == (role is Role.ANALYST)


@pytest.mark.parametrize("role", OUTSIDE)
def test_the_page_is_closed_to_others(door: Any, role: Role) -> None:
    assert door.browser(role).get("/data").status_code in (303, 403)


def test_the_ledger_tells_who_took_what_back_and_shows_no_markup(door: Any) -> None:
    planted(door)
    lake = door.context.lake
    lake.commit(
        {"enterprise_period": pl.DataFrame(table("enterprise_period").arrow_schema.empty_table())},
        operator("loader"),
        file="<b>x</b>.csv",
    )
    lake.withdraw(lake.live_loads()[0], operator("wang"))
    with door.browser(Role.ANALYST) as client:
        page = client.get("/data?part=ledger&lang=en").text
    assert "by wang" in page
    assert "<b>x</b>" not in page
    assert "Take back the load" in page
    with door.browser(Role.ADMINISTRATOR) as client:
        administrator = client.get("/data?part=ledger&lang=en").text
    assert "Take back the load" not in administrator
