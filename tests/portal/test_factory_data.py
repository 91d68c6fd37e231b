"""The data of the tags: what wants looking at stands first, and each fault has its advice."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from tests.portal.factory_shop import DARK, LATHE, NOW, furnish, site
from tests.portal.test_factory_oee import VIEWER

from ballast.lake.lake import Lake
from ballast.plant.reports.quality import TagQuality
from ballast.portal.factory_data import advice, data_view, quality_rows, troubled
from ballast.portal.factory_html import View
from ballast.portal.factory_span import span_of
from ballast.terms.label import LANGUAGES, Label, Language

WELL = TagQuality(
    f"{LATHE}/spindle-load", LATHE, Label("主轴负载", "Spindle load"), 480, 480, 1.0, (), 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, NOW, None, unmapped=False, clock_offset_s=0.2,
)  # fmt: skip
FAULTS = {
    "copy it there": replace(WELL, unmapped=True),
    "Never heard": replace(WELL, last_ms=None, received=0),
    "Silent now": replace(WELL, stale_since_ms=NOW),
    "it is 40 s off": replace(WELL, clock_offset_s=-40.2, ahead=3),
    "Two values": replace(WELL, conflicts=2),
    "Gaps": replace(WELL, coverage=0.5, gap_count=3),
    "What comes is no value": replace(WELL, not_numbers=4),
    "Arrives late": replace(WELL, late=5),
}


def text(view: View) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", str(view.markup)))


@pytest.mark.parametrize("told", FAULTS)
def test_each_fault_has_its_own_advice(told: str) -> None:
    assert told in advice(FAULTS[told], "en")
    assert troubled(FAULTS[told])


def test_what_is_well_needs_no_advice() -> None:
    assert advice(WELL, "en") == ""
    assert not troubled(WELL)
    # A sample that was sent twice and dropped harms nothing.
    assert not troubled(replace(WELL, duplicates=9))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_wants_looking_at_stands_first(language: Language) -> None:
    bad = replace(WELL, name=Label("坏", "bad one"), gap_count=2, coverage=0.4)
    span = span_of("today", site(), NOW)
    told = text(data_view([WELL, WELL, bad], site(), span, language))
    name = bad.name.text(language)
    assert told.index(name) < told.index(WELL.name.text(language))
    assert "40.0%" in told


def test_a_table_of_many_tags_is_bounded_and_says_so(hostile: str) -> None:
    many = [replace(WELL, tag=f"{hostile}{n}", name=Label(hostile, hostile)) for n in range(2000)]
    view = data_view(many, site(), span_of("today", site(), NOW), "en")
    assert "500 of 2000 tags" in text(view)
    assert "<script>" not in str(view.markup)


def test_a_gap_of_the_lake_is_listed_with_its_length_and_cause(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    furnish(lake, live=False)
    span = span_of("shift", site(), NOW)
    found = quality_rows(lake, VIEWER, site(), span, NOW, None, LATHE)
    assert {one.asset for one in found} == {LATHE}
    load = next(one for one in found if one.tag.endswith("spindle-load"))
    assert load.coverage is not None
    assert load.coverage < 1.0
    told = text(data_view(found, site(), span, "en"))
    assert "The longest gap: " in told
    minutes = float(re.search(r"The longest gap: ([\d.]+) min", told)[1])  # type: ignore[index]
    assert minutes == pytest.approx(DARK[1] - DARK[0], abs=2)


def test_nothing_at_all_says_what_would_fill_it() -> None:
    view = data_view([], site(), span_of("today", site(), NOW), "en")
    assert "ballast plant tags" in text(view)
