"""Units: what forms write, and conversions that lose nothing."""

from __future__ import annotations

import contextlib
import unicodedata
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ballast.errors import InvalidTerm, UnitMismatch
from ballast.terms.unit import (
    CNY,
    CNY_1E3,
    CNY_1E4,
    CNY_1E8,
    FRACTION,
    KWH,
    MEASURED,
    PERCENT,
    PERSONS,
    TCE_1E4,
    UNITS,
    USD,
    Unit,
    convert,
    parse_measured,
    parse_unit,
    ratio,
)

any_unit = st.sampled_from(sorted(UNITS.values(), key=str))
any_dimension = st.sampled_from(sorted({unit.dimension for unit in UNITS.values()}))
any_amount = st.decimals(min_value=-(10**40), max_value=10**40, places=9)


def of_one_dimension(count: int) -> st.SearchStrategy[tuple[Unit, ...]]:
    """Draw units that convert into each other."""

    def units(dimension: str) -> st.SearchStrategy[tuple[Unit, ...]]:
        found = sorted((u for u in UNITS.values() if u.dimension == dimension), key=str)
        return st.tuples(*[st.sampled_from(found)] * count)

    return any_dimension.flatmap(units)


@pytest.mark.parametrize(
    ("unit", "spellings"),
    [
        (CNY, ["元", "人民币元", "yuan", "RMB", "cny"]),
        (CNY_1E3, ["千元", "（千元）", "(千元)", "单位：千元"]),
        (CNY_1E4, ["万元", " 万 元 ", "1e4_cny", "计量单位：（万元）", "单位:万元", "10,000 CNY"]),
        (CNY_1E8, ["亿元", "单位：亿元", "Unit: 100 million CNY"]),
        (PERCENT, ["%", "％", "（％）"]),
        (KWH, ["千瓦时", "ｋWh", "度"]),
        (TCE_1E4, ["万吨标准煤", "万吨标煤"]),
    ],
)
def test_the_spellings_of_forms_are_understood(unit: Unit, spellings: list[str]) -> None:
    assert [parse_unit(spelling) for spelling in spellings] == [unit] * len(spellings)


@given(any_unit)
def test_every_name_and_label_means_its_unit(unit: Unit) -> None:
    for spelling in (unit.name, unit.label.zh, unit.label.en, *unit.spellings):
        assert parse_unit(spelling) is unit


def test_no_spelling_means_two_units() -> None:
    spellings = Counter(
        spelling
        for unit in UNITS.values()
        for spelling in {
            s.lower() for s in (unit.name, unit.label.zh, unit.label.en, *unit.spellings)
        }
    )
    assert [spelling for spelling, count in spellings.items() if count > 1] == []


@pytest.mark.parametrize("text", ["", "单位", "（）", "万", "元/吨", "万元人民币吧", "EUR"])
def test_an_unknown_unit_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(InvalidTerm, match=r"no known unit; write one of .*万元") as caught:
        parse_unit(text)
    assert caught.value.values["text"] == text


@pytest.mark.parametrize(
    ("amount", "source", "target", "right"),
    [
        ("1.5", CNY_1E8, CNY_1E4, "15000"),
        ("12345678.91", CNY, CNY_1E4, "1234.567891"),
        ("7", CNY_1E3, CNY, "7000"),
        ("12.5", PERCENT, FRACTION, "0.125"),
    ],
)
def test_an_amount_is_converted_exactly(
    amount: str, source: Unit, target: Unit, right: str
) -> None:
    assert convert(Decimal(amount), source, target) == Decimal(right)


@given(any_amount, of_one_dimension(2))
def test_there_and_back_nothing_is_lost(amount: Decimal, units: tuple[Unit, ...]) -> None:
    source, target = units
    assert convert(convert(amount, source, target), target, source) == amount


@given(of_one_dimension(3))
def test_a_way_over_a_third_unit_is_the_same_way(units: tuple[Unit, ...]) -> None:
    one, two, three = units
    assert ratio(one, two) * ratio(two, three) == ratio(one, three)


@given(any_unit, any_unit)
def test_units_of_two_dimensions_do_not_convert(source: Unit, target: Unit) -> None:
    assume(source.dimension != target.dimension)
    with pytest.raises(UnitMismatch, match="cannot be converted"):
        ratio(source, target)


def test_money_of_two_currencies_does_not_convert() -> None:
    with pytest.raises(UnitMismatch):
        convert(Decimal(1), USD, CNY)
    with pytest.raises(UnitMismatch):
        convert(Decimal(1), PERSONS, CNY)


def test_a_unit_is_written_by_its_name() -> None:
    assert f"output_{CNY_1E4}" == "output_1e4_cny"
    assert all(name == unit.name for name, unit in UNITS.items())


@pytest.mark.parametrize(
    ("spellings", "name"),
    [
        (["°C", "℃", "degC", "摄氏度"], "celsius"),
        (["µm", "μm", "um", "微米"], "um"),
        (["MPa", "兆帕"], "mpa"),
        (["mm/s", "ｍｍ／ｓ"], "mm_s"),
        (["r/min", "rpm", "转/分"], "rpm"),
        (["m³/h", "㎥/h", "m3/h"], "m3_h"),
        (["kVArh", "kvarh", "千乏时"], "kvarh"),
        (["kWh", "度"], "kwh"),
        (["A", "安"], "amp"),
        (["N·m", "Nm"], "newton_metre"),
        (["%", "％"], "percent"),
    ],
)
def test_the_units_of_a_shop_floor_are_understood(spellings: list[str], name: str) -> None:
    assert [parse_measured(spelling).name for spelling in spellings] == [name] * len(spellings)


@pytest.mark.parametrize(
    ("text", "alike"), [("S", "s"), ("T", "t"), ("mPa", "MPa"), ("nm", "Nm"), ("MV", "mV")]
)
def test_a_symbol_in_the_wrong_case_is_no_unit(text: str, alike: str) -> None:
    with pytest.raises(InvalidTerm, match="is no unit that is known here") as caught:
        parse_measured(text)
    assert alike in str(caught.value.values["known"]).split(", ")


def test_no_symbol_of_a_shop_floor_means_two_units() -> None:
    spelled = Counter(
        symbol
        for unit in MEASURED.values()
        for symbol in {
            unicodedata.normalize("NFKC", s)
            for s in (unit.name, unit.label.zh, unit.label.en, *unit.spellings)
        }
    )
    assert [symbol for symbol, count in spelled.items() if count > 1] == []


def test_a_letter_in_a_form_is_no_unit() -> None:
    for letter in ("A", "V", "s", "h", "K", "N"):
        with pytest.raises(InvalidTerm):
            parse_unit(letter)


@given(st.text(max_size=30))
def test_whatever_is_written_is_a_unit_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidTerm):
        assert parse_measured(text).name in MEASURED
