"""The industry classification: against the published counts, the real table, and its own rules."""

from __future__ import annotations

import csv
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import InvalidTerm
from ballast.terms.industry import (
    INDUSTRIAL_SECTIONS,
    LEVEL_LABELS,
    LEVELS,
    TRANSLATION_NOTE,
    children,
    industries,
    industry,
    is_industrial,
    level_of,
    roll_up,
    roll_up_table,
    section_of,
)
from ballast.terms.scheme import IndustryLevel

SECTION, DIVISION, GROUP, CLASS = LEVELS

# GB/T 4754-2017, appendix A: divisions, groups and classes of each section.
APPENDIX_A = {
    "A": (5, 24, 72), "B": (7, 19, 39), "C": (31, 179, 609), "D": (3, 9, 18),
    "E": (4, 18, 44), "F": (2, 18, 128), "G": (8, 27, 67), "H": (2, 10, 16),
    "I": (3, 17, 34), "J": (4, 26, 48), "K": (1, 5, 5), "L": (2, 12, 58),
    "M": (3, 19, 48), "N": (4, 18, 33), "O": (3, 16, 32), "P": (1, 6, 17),
    "Q": (2, 6, 30), "R": (5, 27, 48), "S": (6, 16, 34), "T": (1, 1, 1),
}  # fmt: skip

ALL_CODES = [each.code for each in industries()]
codes = st.sampled_from(ALL_CODES)
levels = st.sampled_from(LEVELS)


def test_the_counts_of_each_level_are_those_of_the_standard() -> None:
    assert [len(industries(level)) for level in LEVELS] == [20, 97, 473, 1381]
    assert len(industries()) == 20 + 97 + 473 + 1381


@pytest.mark.parametrize("section", APPENDIX_A)
def test_the_counts_of_each_section_are_those_of_appendix_a(section: str) -> None:
    counted = tuple(len(industries(level, within=section)) for level in LEVELS[1:])
    assert counted == APPENDIX_A[section]


def test_industry_is_41_divisions_207_groups_and_666_classes() -> None:
    counted = [sum(is_industrial(each.code) for each in industries(level)) for level in LEVELS[1:]]
    assert counted == [41, 207, 666]


def test_the_table_is_the_standards_in_code_level_parent_name_and_order(shared_data: Path) -> None:
    path = shared_data / "classification" / "gbt4754_2017.csv"
    with path.open(encoding="utf-8", newline="") as file:
        published = [
            (row["code"], row["level"], row["parent_code"] or None, row["name_zh"])
            for row in csv.DictReader(file)
        ]
    ours = [(each.code, each.level.value, each.parent, each.label.zh) for each in industries()]
    assert ours == published


def test_every_section_division_and_industrial_group_has_an_english_name() -> None:
    named = [*industries(SECTION), *industries(DIVISION)]
    for section in INDUSTRIAL_SECTIONS:
        named += industries(GROUP, within=section)
    assert len(named) == 20 + 97 + 207
    assert [each.code for each in named if not each.label.en] == []


def test_no_two_groups_share_an_english_name() -> None:
    names = [each.label.en for each in industries(GROUP) if each.label.en]
    assert len(names) == 207
    assert len(set(names)) == len(names)


def test_a_division_and_a_group_share_an_english_name_only_where_the_chinese_do() -> None:
    by_name: dict[str, set[str]] = {}
    for each in industries():
        if each.level in (DIVISION, GROUP) and each.label.en:
            # 业 (industry) ends the names of divisions and means nothing more there.
            by_name.setdefault(each.label.en, set()).add(each.label.zh.removesuffix("业"))
    assert {name: zh for name, zh in by_name.items() if len(zh) > 1} == {}


def test_english_names_are_plain_sentences_without_stray_marks() -> None:
    allowed = set(string.ascii_letters + " ,'-")
    for each in industries():
        name = each.label.en
        assert set(name) <= allowed, each.code
        assert name == " ".join(name.split()), each.code
        assert name[:1] == name[:1].upper(), each.code


def test_english_names_keep_the_words_that_the_chinese_repeat() -> None:
    # One Chinese term has one English term throughout: what a reader counts on in a table.
    same = {"其他": "other", "修理": "repair", "有色金属": "non-ferrous", "冶炼": "smelting"}
    for section in INDUSTRIAL_SECTIONS:
        for each in industries(GROUP, within=section):
            for zh, en in same.items():
                if zh in each.label.zh and "未列明" not in each.label.zh:
                    assert en in each.label.en.lower(), each


def test_a_name_says_whether_it_is_our_translation() -> None:
    assert industry("345").translated
    assert not industry("3451").translated
    assert industry("3451").label.text("en") == "滚动轴承制造"
    assert all(each.translated == bool(each.label.en) for each in industries())
    assert TRANSLATION_NOTE.zh
    assert "translation" in TRANSLATION_NOTE.en


@given(codes)
def test_a_parent_is_one_level_up_and_a_beginning_of_the_code(code: str) -> None:
    each = industry(code)
    if each.parent is None:
        assert each.level is SECTION
        return
    parent = industry(each.parent)
    assert LEVELS.index(parent.level) == LEVELS.index(each.level) - 1
    assert each in children(parent.code)
    if each.level is not DIVISION:
        assert code[:-1] == parent.code


@given(codes, levels, levels)
def test_rolling_up_in_two_steps_is_rolling_up_in_one(
    code: str, one: IndustryLevel, other: IndustryLevel
) -> None:
    coarse, fine = sorted((one, other), key=LEVELS.index)
    if LEVELS.index(level_of(code)) < LEVELS.index(fine):
        return
    assert roll_up(roll_up(code, fine), coarse) == roll_up(code, coarse)


@given(codes, levels)
def test_the_table_of_a_level_is_rolling_up_each_code(code: str, level: IndustryLevel) -> None:
    table = roll_up_table(level)
    if LEVELS.index(level_of(code)) >= LEVELS.index(level):
        assert table[code] == roll_up(code, level)
    else:
        assert code not in table


def test_changing_a_table_that_was_handed_out_changes_nobody_elses() -> None:
    roll_up_table(GROUP).clear()
    assert roll_up_table(GROUP)["3451"] == "345"


@given(codes)
def test_a_code_stands_within_each_of_its_ancestors(code: str) -> None:
    for level in LEVELS[: LEVELS.index(level_of(code)) + 1]:
        assert industry(code) in industries(within=roll_up(code, level))


def test_a_code_can_be_rolled_up_to_its_own_level_but_not_below() -> None:
    assert roll_up("345", GROUP) == "345"
    with pytest.raises(InvalidTerm) as caught:
        roll_up("34", CLASS)
    assert "34 (通用设备制造业) is a division (大类)" in str(caught.value)
    assert "class (小类)" in str(caught.value)


def test_levels_of_other_classifications_are_refused() -> None:
    for ask in (
        lambda: roll_up("3451", IndustryLevel.NAICS4),
        lambda: roll_up_table(IndustryLevel.SECTOR),
        lambda: industries(IndustryLevel.TOTAL),
    ):
        with pytest.raises(InvalidTerm, match="is no level of GB/T 4754-2017"):
            ask()


def test_sections_and_what_counts_as_industry() -> None:
    assert [section_of(code) for code in ("0610", "13", "4690", "4710", "T")] == list("BCDET")
    assert is_industrial("B")
    assert not is_industrial("0511")
    assert children("3451") == ()


def test_levels_have_names_in_both_languages() -> None:
    assert [LEVEL_LABELS[level].zh for level in LEVELS] == ["门类", "大类", "中类", "小类"]
    assert [LEVEL_LABELS[level].en for level in LEVELS] == [level.value for level in LEVELS]


@pytest.mark.parametrize("ask", [level_of, section_of, is_industrial, children])
def test_every_question_about_an_unknown_code_is_refused(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(InvalidTerm, match="did you mean 3451"):
        ask("345X")
    with pytest.raises(InvalidTerm, match="did you mean 3451"):
        industries(within="345X")
