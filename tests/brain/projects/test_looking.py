"""Looking at a sheet and committing it: what is committed is what was looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.brain.projects.conftest import CLERK, TODAY, VALVES

from ballast.brain.projects.changing import change_project
from ballast.brain.projects.deciding import Decisions
from ballast.brain.projects.ledger import ledger
from ballast.brain.projects.looking import Look, commit_look, differences, look
from ballast.brain.projects.matching import MatchKind
from ballast.errors import LoadConflict, Refused, WrongColumns
from ballast.lake.lake import Lake

HEADS = "项目编号,项目名称,统一社会信用代码,总投资（万元）,当月完成投资（万元）,状态,实际竣工"
ROWS = (
    "JG-1,阀门生产线技术改造,,,50,在建,",
    f"XM-4,数字化车间建设,{VALVES},80,5,,",
    "JG-2,余热回收利用,,,二十,在建,",
)


def sheet(folder: Path, *rows: str, name: str = "五月.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEADS, *rows]) + "\n", encoding="utf-8")
    return path


def looked(lake: Lake, path: Path, **more: object) -> Look:
    given: dict[str, object] = {"today": TODAY, "language": "en", "period": "2026-05"}
    return look(lake, CLERK, path, **(given | more))  # type: ignore[arg-type]


def test_a_look_changes_nothing_and_names_the_wrong_cell(lake: Lake, tmp_path: Path) -> None:
    before = lake.live_loads()
    found = looked(lake, sheet(tmp_path, *ROWS))
    assert lake.live_loads() == before
    assert [one.match.kind for one in found.update.rows] == [
        MatchKind.NUMBER, MatchKind.EVIDENCE,
    ]  # fmt: skip
    assert (found.sheet.wrong, found.refused, found.already) == (1, 1, None)
    assert found.sheet.issues[0].text("en").startswith("row 4")


def test_what_a_row_changes_is_told_from_what_to_what(lake: Lake, tmp_path: Path) -> None:
    row = looked(lake, sheet(tmp_path, "JG-1,,,,50,竣工,2026-05-20")).update.rows[0]
    told = [(d.change.field, d.change.before, d.change.after) for d in differences(row)]
    assert told == [
        ("invested_1e4_cny", None, "50"),
        ("invested_1e4_cny", "500", "550"),
        ("finished", None, "2026-05-20"),
        ("status", "building", "finished"),
    ]


def test_an_older_month_that_is_corrected_tells_its_own_sum(lake: Lake, tmp_path: Path) -> None:
    found = looked(
        lake,
        sheet(tmp_path, "JG-1,,,,90,,"),
        period="2026-03",
        decisions=Decisions(correct=True),
    )
    told = {d.change.field: (d.change.before, d.change.after)
            for d in differences(found.update.rows[0])}  # fmt: skip
    assert told["invested_1e4_cny"] == ("100", "90")
    assert {d.table for d in differences(found.update.rows[0])} == {"project_month"}


def test_the_same_file_is_named_until_its_load_is_taken_back(lake: Lake, tmp_path: Path) -> None:
    path = sheet(tmp_path, ROWS[0])
    load_id = commit_look(lake, CLERK, looked(lake, path), today=TODAY)
    again = looked(lake, path)
    assert (again.already, again.update.changing) == (load_id, ())
    assert commit_look(lake, CLERK, again, today=TODAY) == ""
    other = sheet(tmp_path, ROWS[0].replace("50", "60"), name="另一张.csv")
    assert looked(lake, other, decisions=Decisions(correct=True)).already is None
    lake.withdraw(load_id, CLERK)
    assert looked(lake, path).already is None


def test_what_was_left_of_a_file_can_be_taken_later(lake: Lake, tmp_path: Path) -> None:
    path = sheet(tmp_path, *ROWS[:2])
    first = commit_look(lake, CLERK, looked(lake, path, decisions=Decisions(ask=True)), today=TODAY)
    rest = looked(lake, path, decisions=Decisions({"3": "JG-3"}, ask=True))
    assert rest.already == first
    second = commit_look(lake, CLERK, rest, today=TODAY)
    assert second not in ("", first)
    assert ledger(lake, CLERK).projects["JG-3"].aliases == ("XM-4",)


def test_evidence_waits_for_a_person_where_it_is_asked_for(lake: Lake, tmp_path: Path) -> None:
    path = sheet(tmp_path, *ROWS[:2])
    found = looked(lake, path, decisions=Decisions(ask=True)).update
    assert [one.asks for one in found.rows] == [None, "decision"]
    assert "it may be project JG-3" in str(
        found.rows[1].problem and found.rows[1].problem.text("en")
    )
    confirmed = looked(lake, path, decisions=Decisions({"3": "JG-3"}, ask=True)).update
    assert confirmed.problems == ()
    assert [one.number for one in confirmed.rows[1].match.candidates] == ["JG-3"]
    left = looked(lake, path, decisions=Decisions(out=frozenset({"3"}), ask=True)).update
    assert [one.match.kind for one in left.problems] == [MatchKind.LEFT_OUT]


@pytest.mark.parametrize("when", ["before", "under the lock"])
def test_a_look_that_somebody_overtook_is_not_committed(
    lake: Lake, tmp_path: Path, when: str
) -> None:
    found = looked(lake, sheet(tmp_path, ROWS[0]))

    def overtake(_: str = "") -> None:
        # Another project: the look rests on the whole ledger, not on its own rows alone.
        other = Lake(lake.home, clock=lake.clock)
        one = ledger(other, CLERK).projects["JG-3"]
        change_project(other, CLERK, one, {"aliases": "新"}, reason="更名", today=TODAY)

    if when == "before":
        overtake()
    else:
        found = replace(found, stands=(*found.stands, "L0000099-00000000"))
    loads = lake.live_loads()
    with pytest.raises(LoadConflict, match="changed since you looked at"):
        commit_look(lake, CLERK, found, today=TODAY)
    assert lake.live_loads() == loads


def test_a_load_that_slips_in_before_the_lock_is_noticed_under_it(
    lake: Lake, tmp_path: Path
) -> None:
    found = looked(lake, sheet(tmp_path, ROWS[0]))
    held: list[str] = []

    def step(_: str) -> None:
        if not held:
            held.append("once")
            # As if another process had committed between the first question and the lock.
            object.__setattr__(found, "stands", ("L0000099-00000000",))

    with pytest.raises(LoadConflict):
        commit_look(lake, CLERK, found, today=TODAY, step=step)
    assert len(lake.live_loads()) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,2\n", "needs one of the columns"),
        ("项目编号,备注\nJG-1,x\n", "needs one of the columns"),
        (
            "项目编号," + ",".join(f"c{n}" for n in range(300)) + "\nJG-1" + ",1" * 300,
            "301 columns",
        ),
        ("项目编号,状态\n" + "JG-1,在建\n" * 5001, "5001 rows"),
        ("项目编号,状态\n", "headers but no rows"),
        ("", "is empty"),
    ],
)
def test_a_file_that_is_no_monthly_sheet_is_one_clear_line(
    lake: Lake, tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises((Refused, WrongColumns)) as told:
        looked(lake, path)
    assert "\n" not in str(told.value)
    assert said in str(told.value)
