from __future__ import annotations

import re

import numpy as np
import polars as pl

from ballast.sample.clusters import CLUSTERS
from ballast.sample.names import BRAND_SYLLABLES, TRADES, codes
from ballast.sample.structure import COUNTIES, TRAITS
from ballast.terms.enterprise_code import parse_uscc


def _invented() -> re.Pattern[str]:
    """Return the form of an invented name: place, three listed syllables, trade, kind, mark."""
    trades = {zh for words in TRADES.values() for zh, _ in words}
    trades |= {zh for cluster in CLUSTERS for zh, _ in cluster.words} | {"制冷阀件"}
    brand = f"[{''.join(BRAND_SYLLABLES)}]{{3}}"
    return re.compile(
        f"(聊城|{'|'.join(COUNTIES.values())}){brand}({'|'.join(trades)})(股份)?有限公司（样例）"
    )


def test_every_name_is_an_invented_one_and_says_so(now: pl.DataFrame) -> None:
    form = _invented()
    assert all(form.fullmatch(name) for name in now["name"])
    assert now["name"].is_unique().all()
    assert now["name_en"].drop_nulls().str.ends_with("(sample)").all()


def test_every_division_present_has_trade_words() -> None:
    assert set(TRADES) == {division for division, traits in TRAITS.items() if traits.firms}


def test_codes_are_valid_and_of_a_series_that_no_register_issues() -> None:
    made = codes(["371502"] * 300, np.random.default_rng(5))
    assert len(set(made)) == 300
    assert all(parse_uscc(code) == code and code[8:10] == "YL" for code in made)


def test_the_check_character_of_the_organisation_code_is_right() -> None:
    # GB 11714-1997: 11 less the weighted sum modulo 11; 10 is X, 11 is 0.
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for code in codes(["371581"] * 200, np.random.default_rng(6)):
        body, check = code[8:16], code[16]
        weighted = zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
        rest = sum(alphabet.index(c) * weight for c, weight in weighted) % 11
        assert "0X987654321"[rest] == check
