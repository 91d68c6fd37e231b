"""The list of codes: as it is in python-stdnum, irregularities included."""

from __future__ import annotations

from ballast.terms.region_list import (
    NATION,
    RegionLevel,
    codes_below,
    level_of,
    newest_name,
    parent_of,
    tenures_by_code,
)


def test_the_list_holds_the_codes_that_are_documented() -> None:
    assert len(tenures_by_code()) >= 6885 + 1
    assert NATION in tenures_by_code()


def test_every_code_is_six_digits_and_has_its_parent_in_the_list() -> None:
    for code in tenures_by_code():
        assert len(code) == 6
        assert code.isdecimal()
        assert code == NATION or parent_of(code) in tenures_by_code()


def test_every_code_but_the_nation_is_below_exactly_one() -> None:
    below = [code for codes in codes_below().values() for code in codes]
    assert len(below) == len(set(below)) == len(tenures_by_code()) - 1


def test_a_stretch_that_ends_before_it_starts_has_no_known_start() -> None:
    (suburb,) = tenures_by_code()["210311"]  # [1983-1982]郊区,[1983-1995]旧堡区,[1996-]千山区
    assert (suburb.since, suburb.until) == (None, None)
    assert [(name.since, name.zh) for name in suburb.names] == [
        (None, "郊区"),
        (1983, "旧堡区"),
        (1996, "千山区"),
    ]


def test_years_never_run_backwards() -> None:
    for tenures in tenures_by_code().values():
        for tenure in tenures:
            for name in tenure.names:
                assert (name.since or 0) <= (name.until or 9999)


def test_a_rename_goes_on_and_another_unit_begins_anew() -> None:
    (renamed,) = tenures_by_code()["130502"]  # [1983-2019]桥东区,[2020-]襄都区
    assert [name.zh for name in renamed.names] == ["桥东区", "襄都区"]
    first, second = tenures_by_code()["332621"]  # [-1982]丽水县,[1982-1986]临海县
    assert (first.until, second.since) == (1982, 1982)
    gone, anew = tenures_by_code()["330502"]  # [1983-1987]城区,[2003-]吴兴区
    assert (gone.until, anew.since) == (1987, 2003)


def test_the_level_follows_from_the_zeros() -> None:
    levels = [level_of(code) for code in (NATION, "370000", "371500", "371503")]
    assert levels == list(RegionLevel)[:4]
    assert newest_name("371503") == "茌平区"
