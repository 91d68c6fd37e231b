from __future__ import annotations

from typing import Any

import pytest

from ballast.brain.places import finest, inside


@pytest.mark.parametrize(
    ("region", "scheme", "place", "expected"),
    [
        ("371502", "gb2260", "371502", True),
        ("371502", "gb2260", "371500", True),
        ("371502", "gb2260", "370000", True),
        ("371502", "gb2260", "000000", True),
        ("371502", "gb2260", "371503", False),
        ("371502", "gb2260", "371600", False),
        ("371500", "gb2260", "371502", False),  # the whole does not lie in its part
        ("371502", "", "", True),
        ("371502", None, None, True),
        ("371500-KFQ", "ext", "371500-KFQ", True),
        ("371500-KFQ", "ext", "371500-GXQ", False),
        ("371500-KFQ", "gb2260", "371500", True),
        ("19820", "us-cbsa", "19820", True),
        ("198200", "us-cbsa", "198200", True),
        ("198201", "us-cbsa", "198200", False),  # only GB/T 2260 nests
        ("", "ext", "371500-KFQ", False),
    ],
)
def test_a_region_lies_in_a_place(
    table: Any, rows: Any, region: str, scheme: str | None, place: str | None, expected: bool
) -> None:
    t = table({"r": [region, "x"], "s": [scheme, "x"], "p": [place, "x"]})
    t = t.filter(t.r == region)
    assert rows(t.select(i=inside(t.r, t.s, t.p))) == [{"i": expected}]


def test_a_whole_is_left_out_where_a_part_is_there(table: Any, rows: Any) -> None:
    codes = ["000000", "370000", "371500", "371502", "371503", "371600", "410000", "371500-KFQ"]
    found = rows(finest(table({"region": codes})), "region")
    assert [r["region"] for r in found] == ["371500-KFQ", "371502", "371503", "371600", "410000"]


def test_a_zone_alone_does_not_replace_its_city(table: Any, rows: Any) -> None:
    found = rows(finest(table({"region": ["371500", "371500-KFQ"]})), "region")
    assert len(found) == 2


def test_the_nation_alone_stays(table: Any, rows: Any) -> None:
    assert rows(finest(table({"region": ["000000"]}))) == [{"region": "000000"}]
