"""The ledger as values: numbers and aliases however typed, months in order, the newest month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.brain.projects.conftest import CLERK, make_ledger

from ballast.brain.projects.ledger import aliases_of, ledger, same_number
from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import PUBLIC


def test_what_was_written_is_read_again(lake: Lake) -> None:
    of, wanted = ledger(lake, CLERK), make_ledger()
    load = lake.live_loads()[0]
    for number, one in wanted.projects.items():
        label = of.projects[number].enterprise
        assert label is not None
        assert of.projects[number] == replace(one, load_id=load, enterprise=label)
    assert [str(m.period) for m in of.months["JG-1"]] == ["2026-03", "2026-04"]
    assert of.newest == Period.parse("2026-04")
    assert not of.synthetic
    assert ledger(lake, CLERK, only=()).months == {}
    assert ledger(lake, CLERK, only=()).newest == of.newest
    assert set(ledger(lake, CLERK, only=("JG-2",)).months) == {"JG-2"}


def test_a_project_is_found_by_number_or_by_an_alias_of_its_own() -> None:
    of = make_ledger()
    assert of.project("JG-1").number == of.project("jg１").number == "JG-1"
    assert of.project("老编号 7").number == "JG-1"
    twin = replace(of.projects["JG-2"], aliases=("老编号7",))
    shared = replace(of, projects={**of.projects, "JG-2": twin})
    for number in ("老编号7", "JG-77", ""):
        with pytest.raises(NotFound):
            shared.project(number)


def test_without_a_month_told_it_is_judged_today() -> None:
    of = replace(make_ledger(), newest=None)
    assert of.as_of(date(2026, 6, 1)) == date(2026, 6, 1)


def test_who_reads_no_enterprise_reads_no_project(lake: Lake) -> None:
    with pytest.raises(NotPermitted):
        ledger(lake, PUBLIC)


def test_numbers_and_aliases_are_compared_without_their_dress() -> None:
    assert same_number("ＹＬ－2025（01）") == same_number("yl2025-01")
    assert aliases_of(None) == aliases_of(" ；; ") == ()
