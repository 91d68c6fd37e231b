"""Every statement that the lake holds about a fact, and of them the one that counts.

Four kinds of rows become one: what was stated for a policy, the sums and the
year-end figures of the form, the register. Written once as columns, for one
enterprise as for all of them: what an enterprise reads on its page is then
what the pool counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import reduce
from typing import Final

import ibis
import ibis.expr.types as ir

from ballast.brain.cluster_revenue import registered
from ballast.brain.measures.quantities import number
from ballast.brain.policy.columns_facts import YEARS_BACK
from ballast.brain.yearly import yearly_each
from ballast.terms.policy_fact import FACTS
from ballast.terms.scheme import IndustryScheme

__all__ = ["FLOWS", "NO", "STOCKS", "YES", "Origin", "Rows", "statements"]


class Origin(IntEnum):
    """Which table a statement stands in; of one day the greater holds."""

    REGISTER = 0
    FORM = 1
    STATED = 2


FLOWS: Final = {"revenue": "revenue_1e4_cny", "rd": "rd_expense_1e4_cny"}
"""Facts that are the sum of a form over the year."""
STOCKS: Final = {"assets": "assets_1e4_cny", "staff": "employment_persons"}
"""Facts that are the figure of the form with which the year ends."""

YES: Final = ("true", "yes", "y", "1", "是", "有")
NO: Final = ("false", "no", "n", "0", "否", "无")

# A form's figures are kept to the yuan; a sum of floats is rounded back to that.
_PLACES: Final = 4
_LAST_PERIODS: Final = ("-12", "Q4", "H2", "-12ytd", "")
"""Ends of the periods that end with a year; the shortest tells the year's end best."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The tables that are asked, as a viewer may read them."""

    enterprise: ir.Table
    enterprise_period: ir.Table
    enterprise_fact: ir.Table

    def of(self, uscc: str) -> Rows:
        """Return the rows of one enterprise."""
        mine = (t.filter(t.uscc == uscc) for t in self._tables())
        return Rows(*mine)

    def _tables(self) -> tuple[ir.Table, ...]:
        return self.enterprise, self.enterprise_period, self.enterprise_fact


def statements(rows: Rows, day: date) -> ir.Table:
    """Return the statement that counts about each fact of each enterprise.

    Parameters
    ----------
    rows
        What was stated.
    day
        Nothing that was stated of a later day is there.

    Returns
    -------
    ir.Table
        ``uscc``, ``fact``, ``year`` (null for what holds on a day), ``as_of``, ``origin``
        (`Origin`), ``source`` (as written in the row; null), ``load_id`` (null for sums), and the
        value in ``value_number``, ``value_text`` or ``value_date``, of which a row that cannot be
        read fills none that its kind asks for. Of several days the latest holds, of several
        origins on one day the greater, of several loads then (one named the year and one left it
        to the day) the newest.
    """
    parts = [*_stated(rows.enterprise_fact, day), *_registered(rows.enterprise, day)]
    parts += _reported(rows.enterprise_period, day)
    every = reduce(lambda left, right: left.union(right), parts)
    # The year of what holds on a day is null, and null is no group to compare by.
    group = every.year.fill_null(0)
    place = ibis.row_number().over(
        group_by=[every.uscc, every.fact, group],
        order_by=[every.as_of.desc(), every.origin.desc(), every.load_id.desc()],
    )
    ordered = every.mutate(place__=place)
    return ordered.filter(ordered.place__ == 0).drop("place__")


def _statement(table: ir.Table, origin: Origin, **columns: object) -> ir.Table:
    """Return rows in the one shape, whatever they come from."""
    given = {
        "value_number": ibis.null("float64"),
        "value_text": ibis.null("string"),
        "value_date": ibis.null("date"),
        "year": ibis.null("int32"),
        "source": ibis.null("string"),
        "load_id": ibis.null("string"),
        **columns,
    }
    return table.select(
        uscc=table.uscc,
        fact=_as(given["fact"], "string"),
        year=_as(given["year"], "int32"),
        as_of=_as(given["as_of"], "date"),
        origin=_as(int(origin), "int32"),
        source=_as(given["source"], "string"),
        load_id=_as(given["load_id"], "string"),
        value_number=_as(given["value_number"], "float64"),
        value_text=_as(given["value_text"], "string"),
        value_date=_as(given["value_date"], "date"),
    )


def _as(value: object, kind: str) -> ir.Value:
    return (value if isinstance(value, ir.Value) else ibis.literal(value)).cast(kind)


def _stated(table: ir.Table, day: date) -> Iterator[ir.Table]:
    """Yield what was stated for a policy; of a year where the fact is one of a year."""
    table = table.filter(table.as_of <= ibis.literal(day))
    of_years = sorted(key for key, fact in FACTS.items() if fact.yearly)
    is_of_year = table.fact.isin(of_years)
    year = is_of_year.ifelse(table.year.fill_null(table.as_of.year()), ibis.null("int32"))
    text = table.value_text.strip()
    stated = _statement(
        table,
        Origin.STATED,
        fact=table.fact,
        year=year,
        as_of=table.as_of,
        source=table.source,
        load_id=table.load_id,
        value_number=number(table.value_number),
        value_text=(text == "").ifelse(ibis.null("string"), text),
        value_date=_as_date(text),
    )
    wanted = stated.year.isnull() | (stated.year >= day.year - YEARS_BACK)
    yield stated.filter(wanted)


def _as_date(text: ir.StringColumn) -> ir.Value:
    """Return the day that a text names, null where it names none; engines differ in casting."""
    well_formed = text.re_search("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    year, month, of_month = (
        well_formed.ifelse(text.substr(start, length), "0").cast("int32")
        for start, length in ((0, 4), (5, 2), (8, 2))
    )
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    length = ibis.cases(
        (month == 2, leap.ifelse(29, 28)), (month.isin([4, 6, 9, 11]), 30), else_=31
    )
    real = well_formed & (year >= 1) & month.between(1, 12) & of_month.between(1, length)
    return real.ifelse(text, ibis.null("string")).cast("date")


def _registered(table: ir.Table, day: date) -> Iterator[ir.Table]:
    """Yield what the register says: the industry, and the day of foundation."""
    table = registered(table, on=day)
    by_code = table.filter(table.industry_scheme == IndustryScheme.GBT4754_2017.value)
    yield _statement(
        by_code,
        Origin.REGISTER,
        fact="industry",
        as_of=by_code.valid_from,
        load_id=by_code.load_id,
        value_text=by_code.industry,
    )
    dated = table.filter(table.founded.notnull())
    yield _statement(
        dated,
        Origin.REGISTER,
        fact="founded",
        as_of=dated.valid_from,
        load_id=dated.load_id,
        value_date=dated.founded,
    )


def _reported(table: ir.Table, day: date) -> Iterator[ir.Table]:
    """Yield what the forms of each year add up to, where all twelve months are known."""
    years = [day.year - 1 - back for back in range(YEARS_BACK)]
    for fact, column in FLOWS.items():
        flow = yearly_each(table, value=column, years=years)
        flow = flow.filter(flow.months == 12)
        yield _year_end(flow, fact, flow[column].round(_PLACES))
    last = _at_year_end(table, years)
    for fact, column in STOCKS.items():
        known = last.filter(last[column].notnull())
        yield _year_end(known, fact, number(known[column]))


def _year_end(table: ir.Table, fact: str, value: ir.Value) -> ir.Table:
    return _statement(
        table,
        Origin.FORM,
        fact=fact,
        year=table.year,
        as_of=ibis.date(table.year, 12, 31),
        value_number=value,
    )


def _at_year_end(table: ir.Table, years: Sequence[int]) -> ir.Table:
    """Return of each enterprise and year the row that ends with the year, the shortest period."""
    ends = [f"{year}{end}" for year in years for end in _LAST_PERIODS]
    table = table.filter(table.period.isin(ends))
    table = table.mutate(year=table.period.substr(0, 4).cast("int32"))
    end = table.period.substr(4)
    rank = ibis.cases(*((end == text, at) for at, text in enumerate(_LAST_PERIODS)))
    place = ibis.row_number().over(group_by=[table.uscc, table.year], order_by=rank)
    ordered = table.mutate(place__=place)
    return ordered.filter(ordered.place__ == 0).drop("place__")
