"""Regions: the codes in force in a year, and refusals that name the right code."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import InvalidTerm
from ballast.terms.region import (
    NATION,
    RegionLevel,
    children,
    exists,
    extension_code,
    extension_parent,
    is_extension,
    predecessor,
    region,
    successor,
    valid_on,
)
from ballast.terms.region_list import tenures_by_code
from ballast.terms.scheme import RegionScheme
from ballast.words import explain

LIAOCHENG = ("371502", "371503", "371521", "371522", "371524", "371525", "371526", "371581")
any_code = st.sampled_from(sorted(tenures_by_code()))
any_day = st.dates(date(1980, 1, 1), date(2026, 12, 31))
any_suffix = st.from_regex("[A-Z0-9]{2,8}", fullmatch=True)


def refusal(code: str, on: date | None = None) -> str:
    with pytest.raises(InvalidTerm) as caught:
        region(code, on)
    return str(caught.value)


def test_a_county_knows_its_name_its_level_and_its_parent() -> None:
    chiping = region("371503")
    assert (chiping.label.zh, chiping.label.en) == ("茌平区", "Chiping District")
    assert chiping.scheme is RegionScheme.GB2260
    assert chiping.level is RegionLevel.COUNTY
    assert (chiping.valid_from_year, chiping.valid_to_year) == (2019, None)


def test_the_way_up_leads_to_the_nation() -> None:
    way = ["371503"]
    while (parent := region(way[-1]).parent) is not None:
        way.append(parent)
    assert way == ["371503", "371500", "370000", NATION]
    assert [region(code).label.en for code in way[1:]] == ["Liaocheng", "Shandong", "China"]
    assert region(NATION).label.zh == "全国"
    assert [region(code).level.value for code in way] == [
        "county",
        "prefecture",
        "province",
        "nation",
    ]


def test_liaocheng_has_its_eight_counties() -> None:
    assert children("371500") == LIAOCHENG
    assert children("371500", date(2018, 6, 1)) == tuple(
        sorted({*LIAOCHENG, "371523"} - {"371503"})
    )
    assert set(children("371500", date(2019, 6, 1))) == {*LIAOCHENG, "371523"}
    assert children("371500", date(1996, 6, 1)) == ()


def test_the_real_list_of_liaocheng_agrees(shared_data: Path) -> None:
    with (shared_data / "regions" / "liaocheng.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found = region(row["county_code"], date(2020, 11, 1))
            assert found.label.zh == row["county_name"]
            assert str(found.valid_from_year) == row["code_valid_from_year"]
            if row["former_code"]:
                assert successor(row["former_code"]) == found.code
                former = region(
                    row["former_code"], date(int(row["former_code_valid_to_year"]), 1, 1)
                )
                assert former.label.zh == row["former_name"]


def test_the_counties_of_the_2020_census_are_known_by_the_same_names(shared_data: Path) -> None:
    path = shared_data / "regions" / "china_counties_2020_population.csv"
    with path.open(encoding="utf-8") as file:
        names = {row["county_code"]: row["county_name"] for row in csv.DictReader(file)}
    named = {code: name for code, name in names.items() if code[4] != "7"}  # 7: zones, no GB/T 2260
    unknown = [code for code in named if not valid_on(code, date(2020, 11, 1))]
    assert unknown == ["320611", "632857"]  # the list ends 港闸区 in 2019; 大柴旦 is no unit of it
    others = [code for code in named if exists(code) and region(code).label.zh != named[code]]
    assert len(others) < 0.01 * len(named), others


def test_the_zones_of_the_census_are_refused_with_the_code_to_write() -> None:
    assert refusal("371571") == (
        "371571: a fifth digit 7 marks zones in statistics, GB/T 2260 has no such code; "
        "write an extension of 371500 聊城市, as 371500-KFQ"
    )


def test_the_districts_of_a_city_together_are_a_code_but_no_child() -> None:
    assert region("371501").label.zh == "市辖区"
    assert "371501" not in children("371500")
    assert children("310000") == ("310100",)
    assert "310115" in children("310100")


def test_all_provinces_are_below_the_nation_with_english_names() -> None:
    provinces = children(NATION)
    assert len(provinces) == 34
    assert all(region(code).label.en for code in provinces)
    assert "500000" not in children(NATION, date(1990, 1, 1))  # 重庆 since 1997


@pytest.mark.parametrize(
    ("code", "year", "message"),
    [
        ("371523", 2020, "371523 was valid until 2019; since 2019 it is 371503 茌平区"),
        ("371503", 2018, "371503 茌平区 is valid since 2019; in 2018 it was 371523 茌平县"),
        ("371523-KFQ", 2020, "371523 was valid until 2019; since 2019 it is 371503 茌平区"),
        (
            "110103",
            2015,
            "110103 崇文区 was valid until 2010; give the code that was in force in 2015",
        ),
        (
            "372500",
            2020,
            "372500 was valid until 1997; since 1997 it is 371500 聊城市",
        ),
        ("372524", 2020, "372524 was valid until 1997; since 2019 it is 371503 茌平区"),
        ("371503", 1990, "371503 茌平区 is valid since 2019; in 1990 it was 372524 茌平县"),
        (
            "810000",
            1990,
            "810000 香港特别行政区 is valid since 1997; give the code that was in force in 1990",
        ),
    ],
)
def test_a_code_out_of_force_is_refused_with_the_one_in_force(
    code: str, year: int, message: str
) -> None:
    assert refusal(code, date(year, 7, 1)) == message


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("371599", "371599: GB/T 2260 has no such code; 聊城市 has 371502 东昌府区, 371503 茌平区"),
        ("379900", "379900: GB/T 2260 has no such code; 山东省 has 370100 济南市"),
        ("990000", "990000: GB/T 2260 has no such code; 全国 has 110000 北京市"),
        ("371503001000", "371503001000 is a statistical code of a town or village; write that of"),
        ("37150", "“37150”: a region code is six digits, as 371500, or these with an extension"),
        ("371500-kfq", "“371500-kfq”: a region code is six digits"),
        ("聊城市", "“聊城市”: a region code is six digits"),
        ("３７１５００", "“３７１５００”: a region code is six digits"),
        ("371599-KFQ", "371599: GB/T 2260 has no such code; 聊城市 has"),
        ("", "“”: a region code is six digits"),
    ],
)
def test_an_unknown_code_is_refused_with_where_to_look(code: str, message: str) -> None:
    assert refusal(code).startswith(message)
    assert not exists(code)
    assert not valid_on(code, date(2020, 1, 1))


def test_a_refusal_can_be_said_in_chinese() -> None:
    with pytest.raises(InvalidTerm) as caught:
        region("371523", date(2020, 1, 1))
    assert explain(caught.value, "zh") == "371523 有效至 2019 年，自 2019 年起为 371503（茌平区）"


def test_in_the_year_of_a_change_both_codes_are_valid() -> None:
    for code in ("371523", "371503"):
        assert valid_on(code, date(2019, 1, 1))
        assert valid_on(code, date(2019, 12, 31))


def test_a_unit_renamed_keeps_its_code_and_shows_the_name_of_the_time() -> None:
    assert region("130502", date(2019, 1, 1)).label.zh == "桥东区"
    assert region("130502", date(2020, 1, 1)).label.zh == region("130502").label.zh == "襄都区"
    assert region("130502").valid_from_year == 1983


def test_a_code_given_to_another_unit_is_that_unit_only_then() -> None:
    lishui, linhai = region("332621", date(1980, 1, 1)), region("332621", date(1984, 1, 1))
    assert (lishui.label.zh, lishui.valid_to_year) == ("丽水县", 1982)
    assert (linhai.label.zh, linhai.valid_from_year) == ("临海县", 1982)


@given(any_code, any_day)
def test_a_code_is_returned_or_refused_as_its_years_say(code: str, on: date) -> None:
    if valid_on(code, on):
        found = region(code, on)
        assert (found.valid_from_year or 0) <= on.year <= (found.valid_to_year or 9999)
        assert found.label.zh
    else:
        assert code in refusal(code, on)


@given(any_code, any_day)
def test_a_refusal_at_a_date_names_only_codes_in_force_then(code: str, on: date) -> None:
    if not valid_on(code, on):
        with pytest.raises(InvalidTerm) as caught:
            region(code, on)
        right = caught.value.values.get("right")
        assert right is None or valid_on(str(right), on)


@given(any_code)
def test_every_child_has_its_parent(code: str) -> None:
    for child in children(code):
        assert region(child).parent == code
        assert region(child).valid_to_year is None


@given(any_code)
def test_successors_and_predecessors_are_each_others(code: str) -> None:
    after, before = successor(code), predecessor(code)
    assert after is None or predecessor(after) == code
    assert before is None or successor(before) == code


@given(any_code, any_suffix, any_day)
def test_an_extension_lives_as_its_parent(parent: str, suffix: str, on: date) -> None:
    code = extension_code(parent, suffix)
    assert is_extension(code)
    assert extension_parent(code) == parent
    assert exists(code)
    assert valid_on(code, on) == valid_on(parent, on)
    zone = region(code)
    assert (zone.scheme, zone.level, zone.parent) == (RegionScheme.EXT, RegionLevel.ZONE, parent)
    assert zone.label.zh == f"{region(parent).label.zh}{suffix}"
    assert (successor(code), predecessor(code), children(code)) == (None, None, ())


def test_a_zone_is_named_after_its_parent() -> None:
    assert region("371500-KFQ").label.en == "Liaocheng KFQ"
    assert region("371502-KFQ").parent == "371502"


@pytest.mark.parametrize(
    "suffix", ["", "K", "kfq", "KFQ-1", "ABCDEFGHI", "开发区", "KF Q", "ＫＦＱ"]
)
def test_an_extension_of_another_form_is_refused(suffix: str) -> None:
    with pytest.raises(InvalidTerm, match="two to eight capital letters or digits"):
        extension_code("371500", suffix)
    assert not is_extension(f"371500-{suffix}")


@pytest.mark.parametrize("parent", ["371599", "3715", "371500-KFQ", ""])
def test_an_extension_of_no_region_is_refused(parent: str) -> None:
    with pytest.raises(InvalidTerm):
        extension_code(parent, "KFQ")


def test_what_is_no_extension_has_no_extended_region() -> None:
    with pytest.raises(InvalidTerm):
        extension_parent("371500")


@pytest.mark.parametrize("ask", [children, successor, predecessor])
def test_nothing_is_said_of_an_unknown_code(ask: object) -> None:
    with pytest.raises(InvalidTerm):
        ask("371599")  # type: ignore[operator]
