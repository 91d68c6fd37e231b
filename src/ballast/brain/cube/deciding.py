"""Every magnitude of the cube decided on: what is withheld of each, period after period.

Which tables constrain each other, and what follows (所有关联表一并抑制):

- **Months and the year to date.** A flow's year to date is the sum of its
  months. Within a year a withheld cell stays withheld, and its year to date
  with it (``protecting``), so that a published year to date is the sum of
  published months and tells nothing that they do not.
- **Ratios.** A ratio stands only where numerator and denominator both do and
  everybody in the cell reported both: it is then one published number over
  another. A ratio whose numerator alone is withheld would tell it through its
  denominator. So magnitudes need no pattern in common; each gets its own.
- **Sums of magnitudes.** The carbon estimate is energy and electricity, each
  with a factor that is known (``MADE_OF``): it stands where both do, gets no
  pattern of its own, and tells nothing that they do not (but that somebody's
  electricity came to more than its energy, which the estimate cuts off).
- **Location quotients, shares, growth** are made by readers from what stands
  here; nothing else is published that they could be made from.
- **Moves.** An enterprise that changes county or industry within a year is
  counted where it stands at the end (as for those who may see units), so the
  year to date of both cells is not the sum of their months, and the difference
  is the enterprise. Both are withheld, in the year to date.
- **Vintages.** A period that was sealed stays as it was, in its figures and in
  what is withheld of them. Where it is sealed anew all the same, what an earlier
  vintage withheld stays withheld, and no proof rests on what one published; the
  difference of the two is then who changed, and that is not looked at.
- **Clusters and zones across counties** (``overlaps``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ballast.brain.cube.overlaps import across, published_across
from ballast.brain.cube.protecting import Masks, Proofs, Shield, monthly, protected
from ballast.brain.cube.reports import Key, Month, Reports
from ballast.brain.disclosure.rules import Bools, Floats, PrimaryRules
from ballast.brain.indicators.carbon import CARBON_TCO2
from ballast.brain.indicators.declared import How

__all__ = ["MADE_OF", "Decision", "Earlier", "decided", "sums_across"]


MADE_OF: Mapping[Key, tuple[Key, Key]] = {
    (CARBON_TCO2, How.SUM): (("energy_tce", How.SUM), ("electricity_1e4_kwh", How.SUM)),
}
"""Magnitudes that are weighted sums of two others, enterprise by enterprise."""


@dataclass(frozen=True, eq=False)
class Earlier:
    """What earlier vintages did with a period of a magnitude.

    Parameters
    ----------
    withheld, published
        For each pair of levels the cells.
    withheld_across, published_across
        The sums across the trees, by the row of `sums_across`.
    """

    withheld: Masks
    published: Masks
    withheld_across: Bools
    published_across: Bools


@dataclass(frozen=True, eq=False)
class Decision:
    """What is published of one magnitude in one period.

    Parameters
    ----------
    shield
        The trees.
    across
        Shape (sums across,): which are published.
    sensitive_across
        Shape (sums across,): which are sensitive by themselves.
    """

    shield: Shield
    across: Bools
    sensitive_across: Bools = field(repr=False)


def sums_across(reports: Reports, month: Month, key: Key) -> Floats:
    """Return the weights of the sums across the trees: clusters, then zones in several counties.

    Parameters
    ----------
    reports
        Whose clusters and zones.
    month
        The period.
    key
        The magnitude; whoever is counted counts as one, however small its part.

    Returns
    -------
    Floats
        Shape (sums, enterprises of the period), 0 to 1.
    """
    weights = np.minimum(month.weights, 1.0)
    if key[1] is How.DISTINCT:
        weights = (weights > 0).astype(np.float64)
    zones = [np.isin(month.rows, rows) for rows in reports.tree.straddling.values()]
    if not zones:
        return weights
    return np.vstack([weights, np.array(zones, dtype=np.float64)])


def decided(
    reports: Reports,
    keys: Sequence[Key],
    rules: PrimaryRules,
    earlier: Mapping[tuple[Key, str], Earlier] | None = None,
    *,
    anew: bool = False,
) -> dict[Key, tuple[Decision, ...]]:
    """Return what is published of each magnitude in each period.

    Parameters
    ----------
    reports
        What was reported.
    keys
        The magnitudes: column, and what is done with it.
    rules
        The bounds.
    earlier
        What earlier vintages did, by magnitude and text of the period.
    anew
        Decide on those periods again.

    Returns
    -------
    dict
        For each magnitude a decision for each of ``reports.months``.
    """
    before = earlier or {}
    found: dict[Key, tuple[Decision, ...]] = {}
    tried: Proofs = {}
    years: dict[int, list[Month]] = {}
    for month in reports.months:
        years.setdefault(month.period.year, []).append(month)
    for key in keys:
        if key in MADE_OF:
            continue
        decisions: list[Decision] = []
        for months in years.values():
            history = [before.get((key, str(month.period))) for month in months]
            habit = decisions[-1].shield.withheld if decisions else None
            year = _year(reports, months, key, rules, history, tried, habit, anew=anew)
            tried.update(year[-1].shield.proofs)
            decisions += year
        found[key] = tuple(decisions)
    for key in set(keys) & set(MADE_OF):
        one, other = (found[part] for part in MADE_OF[key])
        found[key] = tuple(
            _where_both(reports, month, key, rules, *pair)
            for month, *pair in zip(reports.months, one, other, strict=True)
        )
    return found


def _where_both(
    reports: Reports,
    month: Month,
    key: Key,
    rules: PrimaryRules,
    one: Decision,
    other: Decision,
) -> Decision:
    """Return the decision on a sum of two magnitudes: where both are published."""
    grid = reports.tree.grid
    made = monthly(grid, month.rows, month.columns, month.amounts[key], rules)
    withheld = {
        pair: one.shield.withheld[pair] | other.shield.withheld[pair] for pair in grid.level_pairs()
    }
    return Decision(
        Shield(made, withheld, {}),
        one.across & other.across,
        one.sensitive_across | other.sensitive_across,
    )


def _year(
    reports: Reports,
    months: Sequence[Month],
    key: Key,
    rules: PrimaryRules,
    history: Sequence[Earlier | None],
    tried: Proofs,
    habit: Masks | None,
    *,
    anew: bool,
) -> list[Decision]:
    grid = reports.tree.grid
    summed = [monthly(grid, m.rows, m.columns, m.amounts[key], rules) for m in months]
    settled = 0
    if not anew:  # what was sealed, up to the first month that was not
        settled = next((at for at, past in enumerate(history) if past is None), len(history))
    decisions = [
        Decision(
            Shield(summed[at], past.withheld, {}),
            past.published_across,
            np.zeros_like(past.published_across),
        )
        for at, past in enumerate(history[:settled])
        if past is not None
    ]
    if settled == len(months):
        return decisions
    before = decisions[-1].shield.withheld if decisions else None
    kept = [each.withheld if each else None for each in history[settled:]]
    kept[0] = _together(kept[0], before)
    shields = protected(
        grid,
        summed[settled:],
        rules,
        kept=kept,
        known=[each.published if each else None for each in history[settled:]],
        tried=tried,
        inner=reports.tree.inner,
        habit=habit,
    )
    last = history[settled - 1] if settled else None
    allowed = None if last is None else ~last.withheld_across
    for month, shield, past in zip(months[settled:], shields, history[settled:], strict=True):
        weights = sums_across(reports, month, key)
        sums = across(grid, shield, month.rows, month.columns, month.amounts[key], weights, rules)
        if allowed is None:
            allowed = np.ones(len(weights), dtype=np.bool_)
        if past is not None:
            allowed = allowed & ~past.withheld_across
        shown = published_across(
            grid, shield, sums, allowed, rules,
            known=None if past is None else past.published_across,
        )  # fmt: skip
        # An empty sum is no cell; whatever else is not shown now is not shown for the year.
        allowed = shown | (allowed & (sums.totals == 0))
        decisions.append(Decision(shield, shown, sums.primary))
    return decisions


def _together(one: Masks | None, other: Masks | None) -> Masks | None:
    if one is None or other is None:
        return one or other
    return {pair: one[pair] | other[pair] for pair in one}
