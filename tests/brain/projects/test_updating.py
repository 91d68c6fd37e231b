"""A monthly sheet against the ledger: what it changes, what it may not, what it must name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.brain.projects.conftest import BEARINGS, TODAY, VALVES, make_ledger, make_months

from ballast.brain.projects.deciding import Decisions
from ballast.brain.projects.ledger import Ledger
from ballast.brain.projects.matching import MatchKind, Named
from ballast.brain.projects.sheet import SheetRow
from ballast.brain.projects.status import Status
from ballast.brain.projects.updating import Planned, Update, plan
from ballast.errors import NotFound, Refused
from ballast.terms.period import Period

MAY = Period.parse("2026-05")
NAME = "阀门生产线技术改造项目"


def row(number: str | None = "JG-1", **given: Any) -> SheetRow:
    named = {"number": number, "name": NAME, "uscc": VALVES} | {
        key: given.pop(key) for key in ("name", "uscc") if key in given
    }
    total = given.pop("planned_total", None)
    for key in ("planned", "invested", "cumulative"):
        if key in given:
            given[key] = Decimal(str(given[key]))
    whole: dict[str, Any] = {"row": 2, "other": {}} | given
    return SheetRow(named=Named(**named, planned=total), **whole)


def planned(*rows: SheetRow, of: Ledger | None = None, period: Period = MAY,
            said: Decisions | None = None) -> Update:  # fmt: skip
    return plan(of or make_ledger(), rows, period, today=TODAY, decisions=said)


def only(*rows: SheetRow, **more: object) -> Planned:
    [found] = planned(*rows, **more).rows  # type: ignore[arg-type]
    return found


def problem(*rows: SheetRow, **more: object) -> str:
    found = only(*rows, **more)
    assert found.problem is not None
    assert not planned(*rows, **more).changing  # type: ignore[arg-type]
    return found.problem.text("en")


def test_a_month_is_added_and_the_sum_to_date_follows() -> None:
    found = only(row(invested=50, progress="设备到货"))
    assert found.problem is None
    assert found.month is not None
    assert found.month["cumulative_1e4_cny"] == Decimal(550)
    assert found.after is not None
    assert found.after["invested_1e4_cny"] == Decimal(550)
    assert [change.field for change in found.changes] == ["invested_1e4_cny"]


def test_the_month_follows_from_the_sum_to_date() -> None:
    found = only(row(cumulative=560))
    assert found.month is not None
    assert found.month["invested_1e4_cny"] == Decimal(60)


def test_sums_that_do_not_lead_to_each_other_are_named() -> None:
    assert "one of them is wrong" in problem(row(invested=50, cumulative=600))
    assert only(row(invested=50, cumulative="550.005")).problem is None  # rounding


def test_a_sum_to_date_that_falls_needs_a_negative_month() -> None:
    assert "less than 500" in problem(row(cumulative=400))
    assert only(row(invested=-100, cumulative=400)).problem is None


def test_the_same_sheet_again_changes_nothing_and_another_figure_needs_to_be_asked_for() -> None:
    april = Period.parse("2026-04")
    assert only(row(invested=100, cumulative=500), period=april).quiet
    assert "allow months that stand" in problem(row(invested=90, cumulative=490), period=april)
    found = only(row(invested=90, cumulative=490), period=april, said=Decisions(correct=True))
    assert found.corrects is not None
    assert found.corrects.invested == Decimal(100)


def test_an_older_month_does_not_change_how_the_project_stands() -> None:
    found = only(row(invested=7), period=Period.parse("2025-12"))
    assert found.problem is None
    assert found.after is not None
    assert found.after["invested_1e4_cny"] == Decimal(500)


def test_after_a_missing_report_the_sum_is_not_checked_and_that_is_said() -> None:
    found = only(row(invested=50, cumulative=700), period=Period.parse("2026-06"))
    assert found.problem is None
    assert any("was not checked" in note.text("en") for note in found.notes)


def test_january_with_february_overlaps_either_of_them() -> None:
    of = make_ledger()
    of = replace(of, months={"JG-1": make_months(("2026-02", "5", "5"))})
    assert "overlaps" in problem(row(invested=9), of=of, period=Period.parse("2026-01..02"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"status": Status.PLANNED}, "cannot become planned"),
        ({"status": Status.FINISHED}, "needs the day on which it finished"),
        ({"status": Status.FINISHED, "finished": date(2025, 1, 1)}, "before it started"),
        ({"status": Status.FINISHED, "finished": date(2026, 12, 1)}, "in the future"),
        ({"finished": date(2026, 5, 20)}, "no other project has one"),
    ],
)
def test_a_status_or_a_day_that_cannot_be_is_named(given: dict[str, Any], said: str) -> None:
    assert said in problem(row(invested=1, **given))


def test_an_end_of_the_work_is_taken_over_with_its_day() -> None:
    found = only(row(invested=1, status=Status.FINISHED, finished=date(2026, 5, 20)))
    assert found.problem is None
    assert {change.field for change in found.changes} == {
        "status", "finished", "invested_1e4_cny"
    }  # fmt: skip


def test_a_project_under_a_second_number_is_found_and_its_number_written_down() -> None:
    found = only(row("XM-9", invested=50, planned_total=Decimal(1000)))
    assert (found.match.kind, found.match.number) == (MatchKind.EVIDENCE, "JG-1")
    assert found.after is not None
    assert found.after["aliases"] == "老编号7；XM-9"


def test_an_unsure_row_stops_and_a_decision_takes_it_either_way() -> None:
    unsure = row("XM-9", invested=50)
    assert "it may be project JG-1" in problem(unsure)
    same = only(unsure, said=Decisions(same={"2": "JG-1"}))
    assert same.after is not None
    assert "XM-9" in same.after["aliases"]
    assert "a new one needs" in problem(unsure, said=Decisions(new=frozenset({"2"})))
    with pytest.raises(NotFound, match="JG-77"):
        planned(unsure, said=Decisions(same={"2": "JG-77"}))


def test_a_new_project_needs_what_the_ledger_needs() -> None:
    bare = row("JG-9", name="中试平台建设", invested=5)
    assert "所在地区代码" not in problem(bare)
    assert "region" in problem(bare)
    assert "planned investment" in problem(bare)
    other = {"region": "371581", "industry": "3443"}
    whole = row(
        "JG-9", name="中试平台建设", invested=5, planned_total=Decimal(50),
        started=date(2026, 5, 1), other=other,
    )  # fmt: skip
    found = only(whole)
    assert found.problem is None
    assert found.project is None
    assert found.after is not None
    assert found.after["status"] == "building"
    nameless = row(None, name="中试平台建设", invested=5)
    assert "needs the bureau's number" in problem(nameless)


def test_one_new_project_under_two_names_is_refused_twice() -> None:
    other = {"region": "371581", "industry": "3443"}
    given: dict[str, Any] = {
        "planned_total": Decimal(50),
        "invested": 5,
        "started": date(2026, 5, 1),
    }
    one = row("N-1", name="中试平台建设", other=other, **given)
    two = row("N-2", name="中试平台建设项目", other=other, **given)
    found = planned(one, replace(two, row=3))
    assert len(found.problems) == 2
    assert "one project under two names" in str(found.problems[0].problem)


def test_two_rows_of_one_project_are_refused_both() -> None:
    found = planned(row(invested=1), replace(row("老编号7", invested=2), row=3))
    assert [one.row.row for one in found.problems] == [2, 3]


def test_the_sheet_of_another_month_is_known_by_its_figures() -> None:
    of = make_ledger()
    projects = {f"P-{n}": replace(of.projects["JG-1"], number=f"P-{n}", name=f"项目之{n}",
                                  aliases=()) for n in range(6)}  # fmt: skip
    months = {number: make_months(("2026-03", f"{n + 1}", "20"), ("2026-04", f"{n + 3}", "30"))
              for n, number in enumerate(projects)}  # fmt: skip
    of = Ledger(projects, months, Period.parse("2026-04"))
    sheet = [replace(row(f"P-{n}", name=f"项目之{n}", invested=n + 3), row=n + 2)
             for n in range(6)]  # fmt: skip
    with pytest.raises(Refused, match="seems to be the sheet of Apr"):
        plan(of, sheet, MAY, today=TODAY)


def test_who_is_under_way_and_not_in_the_sheet_is_said() -> None:
    assert planned(row(invested=1)).missing == ("JG-2",)


def test_a_row_of_another_enterprise_is_named() -> None:
    assert "is of enterprise" in problem(row(uscc=BEARINGS, invested=1))
