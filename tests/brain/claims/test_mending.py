from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.claims.mending import mended


@pytest.mark.parametrize(
    ("given_", "plain"),
    [
        ("東昌府區(qū)進(jìn)一步增長(zhǎng)", "东昌府区进一步增长"),
        ("規上工業增加值", "规上工业增加值"),
        ("增长７．５％，環比", "增长7.5%，环比"),
        ("營業收入", "营业收入"),
        ("二季度（Q2）增长3吨(t)", "二季度(Q2)增长3吨(t)"),
        ("区(qū)的(de)产值", "区的产值"),
        ("增\u200b长7%\u00ad", "增长7%"),
        ("GDP grew 5%", "GDP grew 5%"),
    ],
)
def test_damage_is_undone(given_: str, plain: str) -> None:
    assert mended(given_).text == plain


def test_a_reading_without_a_tone_is_left_where_none_has_one() -> None:
    assert mended("单位：吨(dun)").text == "单位：吨(dun)"


@given(st.text(max_size=80))
def test_every_character_knows_where_it_stood(text: str) -> None:
    found = mended(text)
    assert len(found.places) == len(found.text) + 1
    assert list(found.places) == sorted(set(found.places))
    assert found.places[-1] == len(text)
    for place in range(len(found.text)):
        start, end = found.given(place, place + 1)
        assert 0 <= start < end <= len(text)
