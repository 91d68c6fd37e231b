"""Where an enterprise stands among its peers, told so that it tells of none of them.

The set is made by rule and named: the finest industry of the enterprise that
the sealed cube is cut by (group, division, all of industry) in which the region
has enough enterprises that reported the whole year in the same scope, above
scale or below. It cannot be chosen: who may cut sets at will cuts one
enterprise out of two of them. And it is of the newest sealing: what came in
later moves nothing until the next one. Above scale, quarters of
an amount are told only where the cube publishes the sum, because they bound it
from below; quarters of ratios bound none.

Peers are read with the right to units whoever asks, because a place among
peers is of no use to the one enterprise that may read itself alone. What is
read stays in this module; quantiles that `disclosure.quantiles` lets through
leave it, and the place in figures (rank, exact number of peers) only where the
asker may read every peer anyway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

import ibis
import ibis.expr.types as ir
import numpy as np
import polars as pl
from ibis import selectors

from ballast.brain.cluster_revenue import registered
from ballast.brain.disclosure.quantiles import QUARTERS, least_members, shielded_quantiles
from ballast.brain.disclosure.rules import Floats, PrimaryRules
from ballast.brain.enterprise_figures import ENERGY_PER_OUTPUT
from ballast.brain.enterprise_sealing import Sealing
from ballast.brain.enterprise_shape import Better, PeerMeasure, PeerSet, Position, Quantile
from ballast.brain.names import Names
from ballast.brain.places import inside
from ballast.brain.yearly import yearly
from ballast.lake.lake import Lake
from ballast.terms import unit
from ballast.terms.industry import INDUSTRIAL_SECTIONS, industries
from ballast.terms.label import Label
from ballast.terms.period import whole_year
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme
from ballast.terms.unit import Unit
from ballast.terms.viewer import Right, Viewer
from ballast.words import Sentence
from ballast.words.numbers import Absence

__all__ = ["MEASURES", "Measure", "position"]

_COUNTING: Final = Viewer("peers", frozenset({Right.READ_UNITS}))
"""Reads what peers reported; nothing that it reads leaves this module but shielded quantiles."""

Level = Literal["group", "division", "all"]
_LEVELS: Final[tuple[tuple[Level, int], ...]] = (
    ("group", 3), ("division", 2), ("all", 0),
)  # fmt: skip
_FLOWS: Final = (
    "revenue_1e4_cny", "output_1e4_cny", "profit_1e4_cny", "export_1e4_cny",
    "rd_expense_1e4_cny", "energy_tce",
)  # fmt: skip
_PERSONS = "employment_persons"
_ROUND_TO = 5
_ABOVE = Label("规上企业", "enterprises above scale")
_BELOW = Label("规下企业", "enterprises below scale")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is compared: one amount of the year, or a ratio of two.

    ``below`` names the amount divided by; empty for an amount by itself.
    """

    key: str
    label: Label
    unit: Unit
    formula: Label
    better: Better
    above: str
    below: str = ""
    scale: float = 1.0


_BEFORE, _BETWEEN = "before__", "|"
MEASURES: Final = (
    Measure("revenue", Label("营业收入", "Revenue"), unit.CNY_1E4,
            Label("全年营业收入", "operating revenue of the year"), "up", "revenue_1e4_cny"),
    Measure("growth", Label("营业收入增速", "Growth of revenue"), unit.PERCENT,
            Label("全年营业收入 ÷ 上年营业收入 − 1", "revenue ÷ that of the year before − 1"), "up",
            "revenue_1e4_cny", _BEFORE, 100),
    Measure("margin", Label("营业收入利润率", "Profit margin"), unit.PERCENT,
            Label("全年利润总额 ÷ 全年营业收入", "total profit ÷ revenue, of the year"),
            "up", "profit_1e4_cny", "revenue_1e4_cny", 100),
    Measure("productivity", Label("人均营业收入", "Revenue a person"), unit.CNY_1E4,
            Label("全年营业收入 ÷ 年末用工人数", "revenue of the year ÷ persons at its end"),
            "up", "revenue_1e4_cny", _PERSONS),
    Measure("rd_intensity", Label("研发费用占营业收入比重", "R&D over revenue"), unit.PERCENT,
            Label("全年研发费用 ÷ 全年营业收入", "R&D expense ÷ revenue, of the year"),
            "up", "rd_expense_1e4_cny", "revenue_1e4_cny", 100),
    Measure("export_share", Label("出口交货值占营业收入比重", "Exports over revenue"), unit.PERCENT,
            Label("全年出口交货值 ÷ 全年营业收入", "deliveries for export ÷ revenue, of the year"),
            "none", "export_1e4_cny", "revenue_1e4_cny", 100),
    Measure("energy_intensity", Label("单位产值能耗", "Energy per output"), ENERGY_PER_OUTPUT,
            Label("全年综合能源消费量 ÷ 全年工业总产值", "energy use ÷ gross output, of the year"),
            "down", "energy_tce", "output_1e4_cny"),
)  # fmt: skip


def position(
    lake: Lake,
    viewer: Viewer,
    uscc: str,
    *,
    year: int | None,
    region: str,
    called: Names,
    rules: PrimaryRules,
    sealed: Sealing | None,
) -> Position:
    """Return the place of an enterprise among its peers.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom it is told. The enterprise is one that the viewer may read;
        whoever calls has seen to that.
    uscc
        The enterprise.
    year
        The calendar year; ``None`` where the enterprise reported no whole one.
    region
        Peers are those registered in this region (GB/T 2260) at the end of the year.
    called
        Names.
    rules
        The bounds of disclosure.
    sealed
        What `enterprise_sealing.sealing` returns. Who may read every peer is told of what stands
        now; without a sealing nobody else is told anything.
    """
    if year is None:
        return Position(None, (), Sentence("no whole year has been reported yet"))
    every = viewer.may(Right.READ_UNITS)
    if sealed is None and not every:
        return Position(None, (), Sentence("nothing has been sealed for publication yet"))
    as_of = None if sealed is None or every else sealed.as_of
    published = frozenset() if sealed is None else sealed.published
    firms = _firms(lake, region, year, as_of)
    own = firms.filter(pl.col("uscc") == uscc)
    if own.is_empty():
        return Position(None, (), Sentence("it is not of industry in this region"))
    code: str = own["industry"][0]
    for widest in (code[:2], ""):  # all of industry is read where its division is too small
        facts, above = _facts(lake, firms.filter(_within(widest)), year, uscc, as_of)
        if uscc not in facts["uscc"]:
            why = Sentence("it did not report the whole of {year}", {"year": year})
            if as_of is not None:
                why = Sentence(
                    "the newest sealing does not hold the whole of {year} of it", {"year": year}
                )
            return Position(None, (), why)
        for level, digits in _LEVELS:
            near = facts.filter(_within(code[:digits]))
            if len(widest) <= digits <= len(code) and near.height >= least_members(rules):
                peers = _peer_set(level, code[:digits], region, year, near, above, viewer, called)
                hidden = not every and above and code[:digits] not in published
                measures = tuple(
                    _measured(one, near, uscc, viewer, rules, hidden) for one in MEASURES
                )
                return Position(peers, measures)
    few = Sentence(
        "fewer than {least} enterprises of the region reported the whole of {year}",
        {"least": least_members(rules), "year": year},
    )
    return Position(None, (), few)


def _within(code: str) -> pl.Expr:
    return pl.col("industry").str.starts_with(code)


def _firms(lake: Lake, region: str, year: int, as_of: datetime | None) -> pl.DataFrame:
    """Return code and main industry of the industrial enterprises of a region at a year's end."""
    rows = registered(lake.read("enterprise", _COUNTING, as_of), on=date(year, 12, 31))
    divisions = [
        d.code for s in INDUSTRIAL_SECTIONS for d in industries(IndustryLevel.DIVISION, within=s)
    ]
    gb = ibis.literal(RegionScheme.GB2260.value)
    rows = rows.filter(
        inside(rows.region, gb, ibis.literal(region)),
        rows.industry_scheme == IndustryScheme.GBT4754_2017.value,
        rows.industry.substr(0, 2).isin(divisions),
    )
    return _frame(lake, rows.select("uscc", "industry"))


def _facts(
    lake: Lake, firms: pl.DataFrame, year: int, uscc: str, as_of: datetime | None
) -> tuple[pl.DataFrame, bool]:
    """Return the amounts of the year of those that reported all of it in one's scope, and which."""
    rows = lake.read("enterprise_period", _COUNTING, as_of)
    text = rows.period
    rows = rows.filter(
        rows.uscc.isin(firms["uscc"].to_list()),
        text.startswith(f"{year}") | text.startswith(f"{year - 1}"),
    ).select("uscc", "period", "above_scale", _PERSONS, *_FLOWS)
    held = lake.engine.memory(lake.engine.collect(rows))
    now = held.filter(held.period.startswith(f"{year}"))
    scope = _frame(lake, now.group_by("uscc").agg(above=now.above_scale.all()))
    mine = scope.filter(pl.col("uscc") == uscc)["above"]
    above = bool(mine[0]) if len(mine) else False
    found = firms.join(scope.filter(pl.col("above") == above).select("uscc"), on="uscc")
    found = found.join(_whole(lake, held, _FLOWS, year), on="uscc", how="left")
    before = _whole(lake, held, _FLOWS[:1], year - 1).rename({_FLOWS[0]: _BEFORE})
    found = found.join(before, on="uscc", how="left")
    found = found.join(_at_the_end(lake, now, year), on="uscc", how="left")
    return found.filter(pl.col(_FLOWS[0]).is_not_null()).sort("uscc"), above


def _whole(lake: Lake, rows: ir.Table, flows: Sequence[str], year: int) -> pl.DataFrame:
    """Return flows of the year of those that reported all twelve months, each by itself.

    One question for all of them: enterprise and flow together are the key by which `yearly` tells
    the years apart.
    """
    amounts = {name: rows[name].cast("float64") for name in flows}
    long = rows.select("uscc", "period", **amounts).pivot_longer(
        selectors.cols(*flows), names_to="flow", values_to="amount"
    )
    keyed = long.select("period", "amount", uscc=long.flow + _BETWEEN + long.uscc)
    found = yearly(keyed, value="amount", year=year)
    frame = _frame(lake, found.filter(found.months == 12).select("uscc", "amount"))
    split = pl.col("uscc").str.split_exact(_BETWEEN, 1)
    pairs = frame.select(
        flow=split.struct.field("field_0"), uscc=split.struct.field("field_1"), amount="amount"
    )
    held = [
        pairs.filter(pl.col("flow") == name).select("uscc", pl.col("amount").alias(name))
        for name in flows
    ]
    whole = held[0]
    for one in held[1:]:
        whole = whole.join(one, on="uscc", how="full", coalesce=True)
    return whole


def _at_the_end(lake: Lake, rows: ir.Table, year: int) -> pl.DataFrame:
    """Return the persons employed as the last form of the year tells them."""
    ends = [f"{year}-12", f"{year}-12ytd", f"{year}Q4", f"{year}H2", f"{year}"]
    rows = rows.filter(rows.period.isin(ends), rows[_PERSONS].notnull())
    first = rows.group_by("uscc").agg(
        **{_PERSONS: rows[_PERSONS].argmax(rows.period.length() == len(f"{year}-12"))}
    )
    return _frame(lake, first)


def _frame(lake: Lake, rows: ir.Table) -> pl.DataFrame:
    found = pl.from_arrow(lake.engine.collect(rows))
    assert isinstance(found, pl.DataFrame)  # noqa: S101  of a table, never of one column
    return found


def _peer_set(
    level: Level,
    code: str,
    region: str,
    year: int,
    facts: pl.DataFrame,
    above: bool,
    viewer: Viewer,
    called: Names,
) -> PeerSet:
    exact = viewer.may(Right.READ_UNITS)
    place = called.region(region)
    trade = Label("全部工业", "all of industry")
    if code:
        named = called.industry(IndustryScheme.GBT4754_2017, code)
        trade = Label(f"{code} {named.zh}", f"{code} {named.text('en')}")
    scope = _ABOVE if above else _BELOW
    return PeerSet(
        Label(
            f"{place.zh} · {trade.zh} · {scope.zh}",
            f"{place.text('en')} · {trade.en} · {scope.en}",
        ),
        code,
        level,
        region,
        whole_year(year),
        facts.height if exact else facts.height // _ROUND_TO * _ROUND_TO,
        exact,
    )


def _values(one: Measure, facts: pl.DataFrame) -> Floats:
    """Return a measure of every peer; ``NaN`` where it has none or it is not defined."""
    above = facts[one.above].cast(pl.Float64).fill_null(np.nan).to_numpy()
    if not one.below:
        return above
    below = facts[one.below].cast(pl.Float64).fill_null(np.nan).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(below > 0, above / below * one.scale, np.nan)
    return found - one.scale if one.below == _BEFORE else found


def _measured(
    one: Measure,
    facts: pl.DataFrame,
    uscc: str,
    viewer: Viewer,
    rules: PrimaryRules,
    hidden: bool,
) -> PeerMeasure:
    values = _values(one, facts)
    every = viewer.may(Right.READ_UNITS)
    seen = np.full(values.shape, every) | facts["uscc"].is_in(sorted(viewer.enterprises)).to_numpy()
    quantiles = tuple(
        Quantile(found.share, found.value, found.why)
        for found in shielded_quantiles(values, rules, QUARTERS, seen=seen)
    )
    if hidden and not one.below:
        why = Sentence("withheld: the sealed cube does not publish the sum of this industry")
        quantiles = tuple(Quantile(share, None, why) for share in QUARTERS)
    mine = values[(facts["uscc"] == uscc).to_numpy()]
    own = float(mine[0]) if mine.size and np.isfinite(mine[0]) else None
    known = values[np.isfinite(values)]
    return PeerMeasure(
        key=one.key,
        label=one.label,
        unit=one.unit,
        formula=one.formula,
        better=one.better,
        own=own,
        absence=_absence(one, facts, uscc) if own is None else None,
        quantiles=quantiles,
        quarter=None if own is None else _quarter(own, quantiles),
        rank=1 + int(np.count_nonzero(known > own)) if every and own is not None else None,
        of=int(known.size) if every and own is not None else None,
    )


def _absence(one: Measure, facts: pl.DataFrame, uscc: str) -> Absence:
    row: Mapping[str, object] = facts.row(by_predicate=pl.col("uscc") == uscc, named=True)
    there = row[one.above] is not None and (not one.below or row[one.below] is not None)
    return Absence.UNDEFINED if there else Absence.NO_DATA


def _quarter(own: float, quantiles: tuple[Quantile, ...]) -> int | None:
    """Return the quarter by the quantiles as they are shown: none that is withheld shines through.

    Examples
    --------
    >>> _quarter(3.0, tuple(Quantile(p, v) for p, v in ((0.25, 1.0), (0.5, 2.0), (0.75, 4.0))))
    3
    """
    held = [one.value for one in quantiles]
    if any(value is None for value in held):
        return None
    return 1 + sum(value is not None and own > value for value in held)
