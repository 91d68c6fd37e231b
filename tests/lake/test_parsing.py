"""From the text of a cell to a value: what is understood, and what is refused with its reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import UnitMismatch
from ballast.lake.declare import Choice, Column, Kind
from ballast.lake.parsing import Parsed, parse_column
from ballast.terms import unit
from ballast.terms.label import Label


def column(kind: Kind, **rest: object) -> Column:
    name = Label("列", "column")
    return Column(name="c", kind=kind, label=name, meaning=name, **rest)  # type: ignore[arg-type]


def parse(kind: Kind, *cells: str | None, **rest: object) -> Parsed:
    return parse_column(column(kind, **rest), pl.Series(cells, dtype=pl.String))


def reason(parsed: Parsed, cell: str) -> str:
    (verdict,) = [v for v in parsed.verdicts if v.wrong.any()]
    return verdict.template.format(**verdict.values(cell))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12", "12"),
        (" 12.5 ", "12.5"),
        ("1,234,567.89", "1234567.89"),
        ("-0.0001", "-0.0001"),
        ("１２．５", "12.5"),
        ("1e3", "1000"),
        ("12.50", "12.5"),
    ],
)
def test_an_amount_is_read_as_people_write_it(written: str, meant: str) -> None:
    assert parse(Kind.DECIMAL, written).values.to_list() == [Decimal(meant)]


@pytest.mark.parametrize(
    "written", ["abc", "1,23", "12 元", "--", "NaN", "inf", "1e99", "#", "1.2.3"]
)
def test_what_is_no_number_is_refused_and_shown(written: str) -> None:
    parsed = parse(Kind.DECIMAL, written)
    assert parsed.values.to_list() == [None]
    assert written in reason(parsed, written)


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=4))
def test_an_amount_of_up_to_four_decimals_is_kept_to_the_last_digit(amount: Decimal) -> None:
    parsed = parse(Kind.DECIMAL, str(amount))
    assert parsed.values.to_list() == [amount]
    assert parsed.rounded == 0


def test_an_amount_of_more_decimals_is_rounded_half_to_even_and_counted() -> None:
    parsed = parse(Kind.DECIMAL, "1.00005", "1.00015", "2.5")
    assert parsed.values.to_list() == [Decimal("1.0000"), Decimal("1.0002"), Decimal("2.5")]
    assert parsed.rounded == 2


def test_amounts_of_another_unit_are_converted_exactly() -> None:
    money = column(Kind.DECIMAL, unit=unit.CNY_1E4)
    parsed = parse_column(money, pl.Series(["1.23456789", "0.1"]), unit.CNY_1E8)
    assert parsed.values.to_list() == [Decimal("12345.6789"), Decimal(1000)]
    assert parsed.rounded == 0


def test_a_unit_of_another_dimension_is_a_mismatch() -> None:
    with pytest.raises(UnitMismatch):
        parse_column(column(Kind.DECIMAL, unit=unit.CNY_1E4), pl.Series(["1"]), unit.PERSONS)


def test_a_formula_error_is_named_in_any_kind_of_column() -> None:
    for kind in (Kind.DECIMAL, Kind.TEXT, Kind.PERIOD, Kind.USCC):
        assert "#DIV/0!" in reason(parse(kind, "#DIV/0!"), "#DIV/0!")


def test_a_whole_number_with_a_fraction_is_refused() -> None:
    parsed = parse(Kind.INTEGER, "12", "12.0", "12.5", None)
    assert parsed.values.to_list() == [12, 12, None, None]
    assert reason(parsed, "12.5") == "12.5 is not a whole number"


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_every_whole_number_of_64_bits_is_kept(number: int) -> None:
    assert parse(Kind.INTEGER, str(number)).values.to_list() == [number]


def test_a_number_too_large_for_64_bits_is_refused() -> None:
    assert "larger than any" in reason(parse(Kind.INTEGER, str(2**63)), str(2**63))


@pytest.mark.parametrize(
    "written", ["2026-05-31", "2026/5/31", "2026年5月31日", "20260531", "2026-05-31 00:00:00"]
)
def test_a_date_is_read_in_the_spellings_of_forms(written: str) -> None:
    assert parse(Kind.DATE, written).values.to_list() == [date(2026, 5, 31)]


@pytest.mark.parametrize("written", ["2026-02-30", "31.05.2026", "45078", "五月"])
def test_a_day_that_does_not_exist_is_refused(written: str) -> None:
    assert "2026-05-31" in reason(parse(Kind.DATE, written), written)


def test_yes_and_no_are_understood_in_both_languages() -> None:
    parsed = parse(Kind.FLAG, "是", "No", "1", "√", None, "maybe")
    assert parsed.values.to_list() == [True, False, True, True, None, None]
    assert "maybe" in reason(parsed, "maybe")


def test_a_choice_is_read_by_value_label_or_spelling() -> None:
    sizes = (
        Choice("large", Label("大型", "large"), ("大",)),
        Choice("small", Label("小型", "small")),
    )
    parsed = parse(Kind.CHOICE, "large", "大型", "大", "Small", "huge", choices=sizes)
    assert parsed.values.to_list() == ["large", "large", "large", "small", None]
    assert reason(parsed, "huge") == "huge is not one of: large, small"


def test_a_code_in_full_width_with_blanks_is_mended_and_a_wrong_one_named() -> None:
    parsed = parse(
        Kind.USCC,
        "91110000600037341L",
        "９１１１００００６０００３７３４１ｌ",
        "91110000600037341M",
        None,
    )
    assert parsed.values.to_list() == ["91110000600037341L", "91110000600037341L", None, None]
    assert "check character" in reason(parsed, "91110000600037341M")


def test_industry_weights_stay_below_one() -> None:
    parsed = parse(Kind.INDUSTRY_WEIGHTS, "3452:0.3;2929:0.1", "3452：0.3；2929：0.1")
    assert parsed.values.to_list() == ["3452:0.3;2929:0.1"] * 2
    assert "add up to 1.1" in reason(
        parse(Kind.INDUSTRY_WEIGHTS, "3452:0.6;2929:0.5"), "3452:0.6;2929:0.5"
    )
    assert "weights below 1" in reason(parse(Kind.INDUSTRY_WEIGHTS, "99X9:0.3"), "99X9:0.3")


def test_text_with_control_characters_or_without_end_is_refused() -> None:
    assert "control" in reason(parse(Kind.TEXT, "a\x00b"), "a\x00b")
    assert "longer" in reason(parse(Kind.TEXT, "x" * 2001), "x" * 2001)


@given(
    st.sampled_from(list(Kind)), st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=8)
)
def test_no_text_whatever_makes_a_parser_fail(kind: Kind, cells: list[str | None]) -> None:
    parsed = parse(kind, *cells)
    assert len(parsed.values) == len(cells)
    assert parsed.texts is not None
    for verdict in parsed.verdicts:
        assert len(verdict.wrong) == len(cells)
        for cell in parsed.texts.filter(verdict.wrong):
            assert verdict.template.format(**verdict.values(cell))


@pytest.mark.parametrize("kind", [Kind.DATE, Kind.PERIOD, Kind.TEXT])
def test_the_time_of_day_that_excel_adds_to_a_date_is_dropped(kind: Kind) -> None:
    day, moment = parse(kind, "2026-05-31"), parse(kind, "2026-05-31T12:30:00")
    assert moment.values.to_list() == day.values.to_list()


def test_a_time_without_a_zone_is_read_only_where_the_zone_is_known() -> None:
    cells = pl.Series(["2026/5/31 8:00", "2026-05-31 08:00:00", "2026-05-31T00:00:00Z"])
    alone = parse_column(column(Kind.TIMESTAMP), cells)
    assert alone.verdicts[0].wrong.to_list() == [True, True, False]
    by_clock = parse_column(column(Kind.TIMESTAMP), cells, zone=ZoneInfo("Asia/Shanghai"))
    assert not any(verdict.wrong.any() for verdict in by_clock.verdicts)
    assert by_clock.values.n_unique() == 1
