"""What is typed behind ``measure`` as a question to the brain: cut, restriction, period, form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ballast.brain.cube.reading import sealed_periods
from ballast.brain.indicators.cell_names import CellNames
from ballast.brain.indicators.declared import Form, Indicator
from ballast.brain.indicators.dimensions import DIMENSION_LABELS, Dimension
from ballast.brain.indicators.facts import stored_periods
from ballast.errors import NotFound, WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.period import Period, PeriodKind, year_to_date
from ballast.terms.viewer import Right, Viewer

__all__ = ["cut", "restriction", "stretch"]

# Words that people use, beside the names of the dimensions themselves.
_ALSO = {
    "county": Dimension.REGION,
    "industry": Dimension.INDUSTRY_DIVISION,
    "size": Dimension.SIZE_CLASS,
}
_INDUSTRY_LEVELS = (
    Dimension.INDUSTRY_SECTION,
    Dimension.INDUSTRY_DIVISION,
    Dimension.INDUSTRY_GROUP,
    Dimension.INDUSTRY_CLASS,
)


def cut(texts: Iterable[str], one: Indicator) -> tuple[Dimension, ...]:
    """Return the dimensions that ``--by`` names, each once.

    Raises
    ------
    WrongUsage
        If there is no such dimension; the message names those of the indicator.

    Examples
    --------
    >>> from ballast.brain.indicators.registry import indicator
    >>> [str(d) for d in cut(["county,division"], indicator("output"))]
    ['region', 'division']
    """
    words = [word.strip() for text in texts for word in text.split(",") if word.strip()]
    return tuple(dict.fromkeys(_dimension(word, "--by", one) for word in words))


def restriction(
    texts: Iterable[str], one: Indicator, called: CellNames
) -> dict[Dimension, tuple[str, ...]]:
    """Return what ``--where`` restricts to: of each dimension the codes that count.

    Parameters
    ----------
    texts
        ``DIM=VALUE``; several values with commas between are taken together. ``industry`` is of
        the level that its code or name is of.
    one
        The indicator, whose dimensions may be named.
    called
        Knows names.

    Raises
    ------
    WrongUsage, NotFound
        If there is no such dimension, or nothing is called so along it.
    """
    found: dict[Dimension, tuple[str, ...]] = {}
    for text in texts:
        word, equals, value = text.partition("=")
        if not equals or not word or not value.strip(","):
            raise WrongUsage("--where {text}: write it as DIM=VALUE", text=text)
        values = [each.strip() for each in value.replace("、", ",").split(",") if each.strip()]
        if word.strip().lower() == "industry":
            dimension, codes = _industries(values, called)
        else:
            dimension = _dimension(word.strip(), "--where", one)
            codes = [code for each in values for code in called.find(dimension, each)]
        found[dimension] = tuple(dict.fromkeys((*found.get(dimension, ()), *codes)))
    return found


def stretch(
    lake: Lake,
    viewer: Viewer,
    one: Indicator,
    period: str | None,
    form: Form | None,
    since: Period | None = None,
) -> tuple[Period, Form]:
    """Return the period and the form that are meant.

    Parameters
    ----------
    lake, viewer
        Where to look for the newest period.
    one
        The indicator.
    period, form
        What was typed; without a period the newest is meant: of figures of whole years the newest
        year, of others the year to date; without a form the period as it stands.
    since
        The base of a rate a year: where it is a year, the newest whole year is meant.

    Raises
    ------
    NotFound
        If there are no figures at all.
    """
    if period is not None:
        return Period.parse(period), form or Form.PERIOD
    yearly = one.yearly or (since is not None and since.kind is PeriodKind.YEAR)
    newest = _newest(lake, viewer, one, yearly=yearly)
    if newest is None:
        raise NotFound(
            "{indicator}: there are no figures yet; load some, or name a period with --period",
            indicator=one.label,
        )
    return newest, form or Form.PERIOD


def _newest(lake: Lake, viewer: Viewer, one: Indicator, *, yearly: bool) -> Period | None:
    table = one.numerator.table
    units = viewer.may(Right.READ_UNITS)
    if table == "region_period" or (table == "trade" and units):
        rows = lake.read(table, viewer)
        if table == "region_period":
            rows = rows.filter(rows.item == one.numerator.column)
        texts = rows.select("period").distinct().to_pyarrow()["period"].to_pylist()
        years = [p for p in map(Period.parse, texts) if p.kind is PeriodKind.YEAR]
        return max(years, default=None)
    stored = stored_periods(lake, viewer) if units else sealed_periods(lake)
    if yearly:
        whole = [p for p in stored if p.last_month == 12]
        return Period(PeriodKind.YEAR, max(p.year for p in whole)) if whole else None
    if not stored:
        return None
    last = max(stored, key=lambda p: p.end)
    return year_to_date(last.year, last.last_month)


def _dimension(word: str, option: str, one: Indicator) -> Dimension:
    lower = word.lower().replace("_", "-")
    labels = {label.zh: d for d, label in DIMENSION_LABELS.items()}
    labels |= {label.en: d for d, label in DIMENSION_LABELS.items()}
    found = {d.value: d for d in Dimension}.get(lower) or _ALSO.get(lower) or labels.get(word)
    if found is None:
        known = [d.value for d in Dimension if d in one.dimensions]
        raise WrongUsage(
            "{option} {word}: there is no such dimension; {indicator} has {known}",
            option=option,
            word=word,
            indicator=one.label,
            known=", ".join(known),
        )
    return found


def _industries(values: Sequence[str], called: CellNames) -> tuple[Dimension, list[str]]:
    """Return the codes of industries and the one level that they are of."""
    found: list[str] = []
    for value in values:
        for level in _INDUSTRY_LEVELS:
            try:
                found += called.find(level, value)
            except NotFound:
                continue
            break
        else:
            raise NotFound("no industry is called {industry}", industry=value)
    lengths = {len(code) for code in found}
    if len(lengths) > 1:
        raise WrongUsage(
            "--where industry={values}: they are of different levels; name them as section, "
            "division, group or class",
            values=",".join(values),
        )
    return _INDUSTRY_LEVELS[lengths.pop() - 1], found
