"""The spellings of forms: each means one period, or is refused with what would be right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import InvalidTerm
from ballast.terms.period import Period
from ballast.terms.period_spelling import PeriodKind, read, spell
from ballast.words import explain


@pytest.mark.parametrize(
    ("canonical", "spellings"),
    [
        ("2026-05", "2026年5月 2026年05月 2026年5月份 ２０２６年５月"),
        ("2026-05", "2026-5 2026/05 2026/5 202605 2026_05"),
        ("2026-05", "2026-05-01 2026/5/1 2026/05/01 2026-05-01T00:00:00 2026-05-01T00:00:00.000"),
        ("2026-01..02", "2026年1-2月 2026年1—2月 2026年01-02月份 2026年1至2月 2026-1-2"),
        ("2026-05ytd", "2026年1-5月 2026年1—5月份 2026年1~5月 2026年1～5月 2026年1月到5月"),
        ("2026-05ytd", "2026-1-5 2026年5月累计 2026年1-5月累计 2026-05YTD 2026年01-05月"),
        ("2026-02ytd", "2026年1-2月累计 2026年2月累计"),
        ("2026-12ytd", "2026年1-12月 2026-1-12"),
        ("2026-09ytd", "2026年前三季度 2026年前3个季度"),
        ("2026Q1", "2026年一季度 2026年第一季度 2026年1季度 2026年第1季度 2026q1 2026-Q1"),
        ("2026Q4", "2026年四季度 2026年第4季度 2026年四季"),
        ("2026H1", "2026年上半年 2026上半年 2026h1 2026-H1"),
        ("2026H2", "2026年下半年"),
        ("2026", "2026年 2026年度 2026年全年 2026全年 ２０２６"),
    ],
)  # fmt: skip
def test_every_spelling_of_forms_means_its_period(canonical: str, spellings: str) -> None:
    for spelling in spellings.split():
        assert str(Period.parse(spelling.replace("_", " "))) == canonical, spelling


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2026-05-17", "2026-05"),
        ("2026年5月17日", "2026-05"),
        ("2026/1/5", "2026-01"),
        ("2026-05-01T08:00:00", "2026-05"),
        ("2026-01-05T08:00:00", "2026-01"),
        ("2026-5-1", "2026-05"),
        ("2026-01-05", "2026-01 / 2026-05ytd"),
        ("2026-01-02", "2026-01 / 2026-01..02 / 2026-02ytd"),
        ("2026-1-1", "2026-01 / 2026-01ytd"),
        ("2026-4-6", "2026-04 / 2026Q2"),
        ("2026年4-6月", "2026Q2"),
        ("2026年7-12月", "2026H2"),
        ("2026.5", "2026-05"),
        ("2026.1", "2026-01 / 2026-10"),
        ("2026.10", "2026-10"),
    ],
)
def test_what_is_no_period_is_refused_with_what_would_be_right(text: str, right: str) -> None:
    with pytest.raises(InvalidTerm) as caught:
        read(text)
    assert caught.value.values == {"text": text, "right": right}
    assert str(caught.value).endswith(f"write {right}")


@pytest.mark.parametrize(
    "text",
    ["", "abc", "5月", "26-05", "2026Q5", "2026H3", "45413", "2026-01..05", "2026年4-5月",
     "2026ytd", "2026-5ytd", "2026年五月", "2026-05-", "-2026", "2026年1-25月", "2026..2027"],
)  # fmt: skip
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(InvalidTerm, match="is no period; write one like 2026-05, "):
        read(text)


@pytest.mark.parametrize("text", ["202613", "2026-13", "2026年13月", "2026-00", "2026年1-13月"])
def test_a_month_that_does_not_exist_is_named(text: str) -> None:
    with pytest.raises(InvalidTerm, match="months run from 1 to 12"):
        read(text)


@pytest.mark.parametrize("text", ["1026-05", "1899", "2200Q1"])
def test_a_year_far_off_is_refused(text: str) -> None:
    with pytest.raises(InvalidTerm, match="periods run from 1900 to 2199"):
        read(text)


def test_a_refusal_can_be_said_in_chinese() -> None:
    with pytest.raises(InvalidTerm) as caught:
        read("2026-05-17")
    assert explain(caught.value, "zh") == "2026-05-17 是某一天，而数据属于一段时期，请写 2026-05"


@given(st.text(max_size=14) | st.from_regex(r"20[0-9]{2}[-/年.]?[0-9]{0,2}[-月日Q]?[0-9]{0,2}"))
def test_any_text_is_read_or_refused_and_what_is_read_has_one_spelling(text: str) -> None:
    try:
        found = read(text)
    except InvalidTerm as refused:
        found, said = None, str(refused)
    assert text in said if found is None else read(spell(*found)) == found


@given(st.integers(1900, 2199), st.integers(1, 12), st.sampled_from(["-{:02d}", "年{}月", "/{}"]))
def test_blanks_and_width_do_not_matter(year: int, number: int, form: str) -> None:
    text = f"{year}{form.format(number)}"
    wide = text.translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert read(f" {' '.join(wide)}\u3000") == (PeriodKind.MONTH, year, number)
