"""Rows of tables: each reader gets the rows that are theirs, by whatever way they ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.lake.numbered_outbox import NumberedOutbox

from ballast.lake.shipper import ship
from ballast.portal.api.cursors import write_cursor
from ballast.state.audit import entries
from ballast.terms.role import Role

UNITS = "/api/v1/tables/enterprise_period/rows"
EVENTS = "/api/v1/tables/handle_event/rows"


def test_an_enterprise_sees_its_own_rows_and_no_others(
    stocked: Any, own_code: str, secret: str
) -> None:
    answer = stocked.caller(Role.ENTERPRISE).get(UNITS).json()
    assert {row["uscc"] for row in answer["rows"]} == {own_code}
    assert len(answer["rows"]) == 2
    names = stocked.caller(Role.ENTERPRISE).get("/api/v1/tables/enterprise/rows").text
    assert secret not in names
    assert "自家铜业" in names


def test_asking_for_another_by_its_code_gives_nothing(stocked: Any, other_code: str) -> None:
    program = stocked.caller(Role.ENTERPRISE)
    for where in (
        f"uscc={other_code}",
        "output_1e4_cny=7777.25",
        "output_1e4_cny>=5000",
    ):
        answer = program.get(UNITS, params={"where": where})
        assert answer.status_code == 200
        assert answer.json()["rows"] == [], where
        assert answer.json()["about"]["sources"] == []


def test_a_forged_cursor_leads_to_no_row_of_another(stocked: Any, other_code: str) -> None:
    question: list[object] = ["enterprise_period", [], None]
    forged = write_cursor(question, ["2027-01-01T00:00:00+00:00", ["0", "0"]])
    answer = stocked.caller(Role.ENTERPRISE).get(UNITS, params={"cursor": forged})
    assert other_code not in answer.text
    assert "7777.25" not in answer.text
    assert len(answer.json()["rows"]) == 2


def test_a_past_moment_shows_no_more_than_the_present(stocked: Any, other_code: str) -> None:
    answer = stocked.caller(Role.ENTERPRISE).get(UNITS, params={"as_of": "2099-01-01"})
    assert answer.json()["rows"]
    assert other_code not in answer.text


def test_an_operator_sees_the_enterprises_that_share_and_no_others(
    stocked: Any, own_code: str
) -> None:
    rows = stocked.caller(Role.OPERATOR).get(UNITS).json()["rows"]
    assert {row["uscc"] for row in rows} == {own_code}


def test_an_administrator_reads_no_units_and_the_public_nothing(stocked: Any, secret: str) -> None:
    refused = stocked.caller(Role.ADMINISTRATOR).get(UNITS)
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
    assert stocked.caller(Role.PUBLIC).get(UNITS).status_code == 401
    assert (
        stocked.caller(Role.ENTERPRISE).get("/api/v1/tables/region_industry/rows").status_code
        == 403
    )


def test_an_analyst_sees_all_of_it_as_exact_text_and_is_written_down(
    stocked: Any, own_code: str, other_code: str
) -> None:
    before = len(entries(stocked.door.state, who="the-analyst"))
    answer = stocked.caller(Role.ANALYST).get(UNITS, params={"where": "period=2026年4月"})
    found = {row["uscc"]: row["output_1e4_cny"] for row in answer.json()["rows"]}
    assert found == {own_code: "1000.5000", other_code: "7777.2500"}
    about = answer.json()["about"]
    assert about["status"] == "unsuppressed"
    assert about["synthetic"] is True
    assert [source["load_id"] for source in about["sources"]] == [stocked.load_id]
    assert answer.headers["cache-control"] == "private, no-store"
    trail = entries(stocked.door.state, who="the-analyst")
    assert len(trail) == before + 1
    assert "enterprise_period period=2026年4月" in trail[0].what
    assert trail[0].count == 2


def test_pages_follow_one_another_without_gap_or_repeat(stocked: Any) -> None:
    program, seen, cursor = stocked.caller(Role.ANALYST), [], None
    for _ in range(9):
        params = {"limit": 1} | ({} if cursor is None else {"cursor": cursor})
        answer = program.get(UNITS, params=params).json()
        seen += [(row["uscc"], row["period"]) for row in answer["rows"]]
        if (cursor := answer["next"]) is None:
            break
    assert len(seen) == 4
    assert seen == sorted(seen)
    assert len(set(seen)) == 4


@pytest.mark.parametrize(
    ("where", "right"),
    [
        ("region=371599", "371502"),
        ("item=gpd", "rd_intensity"),
        ("perid=2025", "period"),
        ("period=2025-13", "2025"),
        ("value>=many", "value"),
    ],
)
def test_an_unknown_code_is_refused_with_what_would_be_right(
    stocked: Any, where: str, right: str
) -> None:
    answer = stocked.caller(Role.ANALYST).get(
        "/api/v1/tables/region_period/rows", params={"where": where}
    )
    assert answer.status_code == 422
    assert right in answer.json()["detail"]
    assert "Traceback" not in answer.text


def test_a_refusal_speaks_the_callers_language(stocked: Any) -> None:
    answer = stocked.caller(Role.ANALYST, "zh-CN,zh;q=0.9,en;q=0.1").get("/api/v1/tables/no/rows")
    assert answer.status_code == 404
    assert answer.json()["title"] == "未找到"
    assert "没有" in answer.json()["detail"]


def test_a_parameter_that_nobody_declared_is_refused(stocked: Any) -> None:
    answer = stocked.caller(Role.ANALYST).get(UNITS, params={"limt": 3})
    assert answer.status_code == 422
    assert "limit" in answer.json()["detail"]


def test_a_table_says_what_its_columns_are(stocked: Any) -> None:
    told = stocked.caller(Role.ENTERPRISE).get("/api/v1/tables/enterprise_period").json()
    output = next(c for c in told["columns"] if c["name"] == "output_1e4_cny")
    assert output["unit"]["name"] == "1e4_cny"
    assert told["sensitivity"] == "unit"
    listed = stocked.caller(Role.ENTERPRISE).get("/api/v1/tables").json()["tables"]
    assert {"enterprise", "load"} <= {each["name"] for each in listed}


def test_streamed_rows_are_there_once_they_are_shipped_and_say_what_they_are(
    own_stocked: Any, tmp_path: Path
) -> None:
    program = own_stocked.caller(Role.ANALYST)
    first = program.get(EVENTS)
    assert first.json()["rows"] == []
    ship(own_stocked.door.context.lake, NumberedOutbox(30, tmp_path / "note"))
    again = program.get(EVENTS, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 200, "what is new must not be taken for what is held already"
    answer = again.json()
    assert [row["seq"] for row in answer["rows"]] == list(range(1, 31))
    assert answer["about"]["synthetic"] is True
    held = program.get(EVENTS, headers={"if-none-match": again.headers["etag"]})
    assert held.status_code == 304


def test_pages_of_streamed_rows_follow_one_another(own_stocked: Any, tmp_path: Path) -> None:
    ship(own_stocked.door.context.lake, NumberedOutbox(45, tmp_path / "note"))
    for name, keys in (("handle_event", 45), ("enterprise_prefix", 4)):
        program, seen, cursor = own_stocked.caller(Role.ANALYST), [], None
        while True:
            params = {"limit": 7} | ({} if cursor is None else {"cursor": cursor})
            answer = program.get(f"/api/v1/tables/{name}/rows", params=params).json()
            seen += [row["seq"] for row in answer["rows"]]
            if (cursor := answer["next"]) is None:
                break
        assert len(seen) == len(set(seen)) == keys, name


def test_whose_data_an_event_is_decides_who_reads_it(
    own_stocked: Any, tmp_path: Path, own_code: str
) -> None:
    ship(own_stocked.door.context.lake, NumberedOutbox(30, tmp_path / "note"))
    assert own_stocked.caller(Role.ENTERPRISE).get(EVENTS).json()["rows"] == []
    assert own_stocked.caller(Role.ADMINISTRATOR).get(EVENTS).status_code == 403
    assert own_stocked.caller(Role.PUBLIC).get(EVENTS).status_code in (401, 403)
