"""English names: of codes that exist, and no two alike."""

from __future__ import annotations

from ballast.terms.region import children, region
from ballast.terms.region_list import tenures_by_code
from ballast.terms.region_names import ENGLISH


def test_every_english_name_belongs_to_a_code_that_never_meant_another_place() -> None:
    for code in ENGLISH:
        assert len(tenures_by_code()[code]) == 1, code


def test_no_two_codes_share_an_english_name() -> None:
    assert len(set(ENGLISH.values())) == len(ENGLISH)


def test_every_county_of_liaocheng_and_every_city_of_shandong_has_one() -> None:
    assert all(region(code).label.en for code in children("371500"))
    assert all(region(code).label.en for code in children("370000"))
