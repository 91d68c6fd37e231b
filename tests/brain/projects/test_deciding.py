"""What a person says of rows: laid over what the program found, and refused where it cannot be."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.brain.projects.conftest import TODAY, VALVES, make_ledger

from ballast.brain.projects.deciding import Decisions, check_decisions
from ballast.brain.projects.matching import MatchKind, Named
from ballast.brain.projects.sheet import SheetRow
from ballast.brain.projects.updating import plan
from ballast.errors import NotFound, WrongUsage
from ballast.terms.period import Period


def row(number: str, place: str = "2", sheet: str | None = None) -> SheetRow:
    named = Named(number=number, name="阀门生产线技术改造", uscc=VALVES)
    return SheetRow(row=2, place=place, named=named, invested=Decimal(50), other={}, sheet=sheet)


def test_a_decision_about_what_is_not_there_is_refused() -> None:
    of, rows = make_ledger(), [row("XM-9")]
    with pytest.raises(NotFound, match="no project JG-77"):
        check_decisions(of, rows, Decisions({"2": "JG-77"}))
    with pytest.raises(NotFound, match="no right row 9; rows are 2 to 2"):
        check_decisions(of, rows, Decisions(out=frozenset({"9"})))
    with pytest.raises(WrongUsage, match="in two ways"):
        check_decisions(of, rows, Decisions({"2": "JG-1"}, frozenset({"2"})))


def test_rows_of_two_worksheets_are_decided_apart() -> None:
    rows = [row("XM-8", "甲!2", sheet="甲"), row("XM-9", "乙!2", sheet="乙")]
    said = Decisions({"乙!2": "JG-1"}, out=frozenset({"甲!2"}))
    found = plan(make_ledger(), rows, Period.parse("2026-05"), today=TODAY, decisions=said)
    assert [one.match.kind for one in found.rows] == [MatchKind.LEFT_OUT, MatchKind.DECIDED]
    assert [one.row.place for one in found.changing] == ["乙!2"]


def test_a_row_under_a_known_number_is_never_a_new_project() -> None:
    said = Decisions(new=frozenset({"2"}))
    found = plan(make_ledger(), [row("jg 1")], Period.parse("2026-05"), today=TODAY, decisions=said)
    [problem] = found.problems
    assert "project JG-1 has its number" in str(problem.problem and problem.problem.text("en"))
