from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from ballast.sample.fact_book import Book
from ballast.terms.enterprise_code import with_check_character

CODES = [with_check_character(f"91371500MA7B{n:05d}") for n in range(400)]


def book(careful: bool = False) -> Book:
    """Return a book of 400 enterprises of which the first states nothing, the second all."""
    states = np.arange(400) > 0
    return Book(
        CODES, states, np.full(400, careful), 1, date(2026, 3, 31), np.random.default_rng(7)
    )


def stated(one: Book, fact: str) -> pl.DataFrame:
    return one.frame().filter(pl.col("fact") == fact)


def test_who_states_nothing_has_no_row_and_what_is_no_number_is_not_stated() -> None:
    one = book()
    values = np.arange(400, dtype=np.float64)
    values[5] = np.nan
    one.number("liabilities", values, 2025, known=1.0)
    rows = stated(one, "liabilities")
    assert rows.height == 398
    assert not {CODES[0], CODES[5]} & set(rows["uscc"])
    assert rows["as_of"].unique().to_list() == [date(2025, 12, 31)]


def test_a_share_of_those_who_state_leaves_a_field_empty_and_one_never_does() -> None:
    one = book()
    one.whole("class1_ip", np.ones(400), known=0.6)
    one.flag("own_brand", np.arange(400) % 2 == 0, known=0.6)
    one.text("rd_institution", ["none"] * 400, known=0.0)
    assert 200 < stated(one, "class1_ip").height < 280
    assert 200 < stated(one, "own_brand").height < 280
    assert stated(one, "rd_institution")["uscc"].to_list() == [CODES[1]]
    assert stated(one, "own_brand").filter(pl.col("uscc") == CODES[1])["value_text"].item() == (
        "false"
    )


def test_the_careful_leave_out_next_to_nothing_of_what_most_can_know() -> None:
    one = book(careful=True)
    one.whole("class1_ip", np.ones(400), known=0.6)
    one.whole("niche_rank", np.ones(400), 2025, known=0.2)
    assert stated(one, "class1_ip").height > 390
    assert stated(one, "niche_rank").height < 120
