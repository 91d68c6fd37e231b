"""What a wrong code is met with, and what a search finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import InvalidTerm
from ballast.terms.industry import exists, industries, industry
from ballast.terms.industry_table import search, table
from ballast.words import explain

codes = st.sampled_from([each.code for each in industries()])


def refusal(code: str) -> str:
    with pytest.raises(InvalidTerm) as caught:
        industry(code)
    return str(caught.value)


def offered(code: str) -> list[str]:
    """Return the codes that a refusal offers instead."""
    return re.findall(r"(\w+) \(", refusal(code).partition("did you mean")[2])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("610", "0610"),
        ("6", "06"),
        ("C3451", "3451"),
        ("c34", "34"),
        ("c", "C"),
        ("3451.0", "3451"),
        ("6.0", "06"),
        ("３４５１", "3451"),
        (" 3451", "3451"),
        ("34.51", "3451"),
        ("3400", "34"),
        ("3450", "345"),
        ("滚动轴承制造", "3451"),
        ("34511", "3451"),
    ],
)
def test_what_a_form_or_spreadsheet_did_to_a_code_is_offered_back(written: str, meant: str) -> None:
    assert not exists(written)
    assert offered(written) == [meant]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("345X", ["3451", "3452", "3453"]),
        ("3455", ["3453", "3452", "3451"]),
        ("C345X", ["3451", "3452", "3453"]),
        ("99", ["97", "96", "95"]),
        ("447", ["443", "442", "441"]),
    ],
)
def test_a_mistyped_code_is_met_with_the_nearest_ones(written: str, meant: list[str]) -> None:
    assert offered(written) == meant


def test_the_refusal_says_code_and_name() -> None:
    assert refusal("345X").startswith(
        "345X is no code of GB/T 4754-2017; did you mean 3451 (滚动轴承制造)"
    )


def test_blanks_around_a_code_are_shown_so_that_the_refusal_makes_sense() -> None:
    assert refusal(" 3451").startswith("' 3451' is no code")


@pytest.mark.parametrize("written", ["9999", "Z", "x" * 500, "9" * 9000, "业"])
def test_a_code_that_resembles_nothing_is_told_the_form_of_one(written: str) -> None:
    message = refusal(written)
    assert "a code is a letter from A to T, or two to four digits, as 3451" in message
    assert len(message) < 200


@pytest.mark.parametrize("written", ["", "  ", "\t"])
def test_an_empty_code_is_called_missing(written: str) -> None:
    assert "is missing here" in refusal(written)


@given(st.text(max_size=60) | st.text(alphabet="0123456789CX. ", max_size=7))
def test_any_text_is_a_code_or_is_refused_with_codes_that_exist(text: str) -> None:
    if exists(text):
        assert industry(text).code == text
    else:
        assert all(exists(code) for code in offered(text))


@pytest.mark.parametrize("written", ["345X", "ZZ", ""])
def test_refusals_are_said_in_chinese_too(written: str) -> None:
    with pytest.raises(InvalidTerm) as caught:
        industry(written)
    said = explain(caught.value, "zh")
    assert "代码" in said
    assert "code" not in said


def test_search_finds_by_the_beginning_of_a_code_or_by_words_of_a_name() -> None:
    assert [hit.code for hit in search("345")] == ["345", "3451", "3452", "3453", "3459"]
    assert [hit.code for hit in search("阀门")] == ["344", "3443"]
    assert [hit.code for hit in search("GEARS bearings")] == ["345"]
    assert [hit.code for hit in search("c")] == ["C"]
    assert search("") == search("  ") == search("no such industry") == ()


def test_search_minds_neither_letter_case_nor_the_width_of_marks() -> None:
    # The standard writes 羽毛(绒) for the group and 羽毛（绒） for its classes.
    expected = ["194", "1941", "1942"]
    assert [hit.code for hit in search("羽毛(绒)")] == expected
    assert [hit.code for hit in search("羽毛（绒）")] == expected
    assert search("３４５１") == search("3451")


@given(codes)
def test_search_finds_every_industry_by_its_code_and_names(code: str) -> None:
    each = industry(code)
    assert search(code)[0] is each
    assert each in search(each.label.zh)
    if each.label.en:
        assert each in search(each.label.en)


def test_nobody_can_change_the_table_for_the_others() -> None:
    with pytest.raises(TypeError):
        table()["3451"] = industry("3452")  # type: ignore[index]
