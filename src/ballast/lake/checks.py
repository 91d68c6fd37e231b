"""The rules of a table, read from its declaration, over columns that have their types.

``parsing`` has said what each cell means; here it is held against its bounds,
its scheme, the other cells of its row, and the other rows.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial

import polars as pl

from ballast.errors import InvalidTerm
from ballast.lake.declare import Column, Kind, Table
from ballast.lake.parsing import LARGEST, SCALE, Verdict
from ballast.terms import industry as industries
from ballast.terms import region as regions
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme
from ballast.terms.unit import parse_unit, ratio

_NAMED_TWINS = 8  # rows of one key that a message names


@dataclass(frozen=True, slots=True)
class Known:
    """Codes of the schemes that the package does not carry, as far as they were loaded.

    Parameters
    ----------
    regions, industries
        Scheme to its codes. A scheme that is not there is checked by form alone.
    """

    regions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    industries: Mapping[str, frozenset[str]] = field(default_factory=dict)


def required(column: Column, values: pl.Series, was_wrong: pl.Series) -> Verdict:
    """Mark the empty cells of a required column; a cell refused already is not empty."""
    empty = values.is_null() & ~was_wrong
    return Verdict(
        empty,
        "{column} is empty; it is required",
        lambda _: {"column": column.label},
    )


def bounds(column: Column, values: pl.Series) -> list[Verdict]:
    """Mark values outside the bounds of a column."""
    verdicts = []
    if column.least is not None and values.dtype.is_numeric():
        below = (values < _literal(column.least, values)).fill_null(False)
        verdicts.append(
            Verdict(
                below,
                "{column} is {found}; it cannot be below {least}",
                lambda cell: {"column": column.label, "found": cell, "least": column.least},
            )
        )
    if column.most is not None and values.dtype.is_numeric():
        above = (values > _literal(column.most, values)).fill_null(False)
        verdicts.append(
            Verdict(
                above,
                "{column} is {found}; it cannot be above {most}",
                lambda cell: {"column": column.label, "found": cell, "most": column.most},
            )
        )
    return verdicts


def _literal(bound: Decimal, values: pl.Series) -> float | int | Decimal:
    if values.dtype.is_float():
        return float(bound)
    return bound if values.dtype.is_decimal() else int(bound)


def region_codes(column: Column, frame: pl.DataFrame, known: Known) -> list[Verdict]:
    """Mark regions that their scheme does not know, or not at the row's date."""
    scheme = _scheme(column, frame)
    moment = (
        frame[column.valid_at].cast(pl.String)
        if column.valid_at is not None
        else pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    )

    def check(scheme: str | None, code: str, at: str | None) -> None:
        if scheme == RegionScheme.GB2260:
            on = Period.parse(at).end if at and column.valid_at == "period" else None
            if at and on is None:
                on = date.fromisoformat(at)
            regions.region(code, on)
        elif scheme is not None:
            _known_region(scheme, code, known)

    return _by_row((scheme, frame[column.name], moment), check)


def _known_region(scheme: str, code: str, known: Known) -> None:
    codes = known.regions.get(scheme, frozenset())
    if code in codes:
        return
    near = difflib.get_close_matches(code, codes, n=3, cutoff=0.5)
    raise InvalidTerm(
        "{code} is no region of {scheme} that was loaded ({near}); "
        "load it into the table region first",
        code=code,
        scheme=scheme,
        near=", ".join(near) or "–",
    )


def industry_codes(column: Column, frame: pl.DataFrame, known: Known) -> list[Verdict]:
    """Mark industries that their scheme does not know, or not at the row's level."""
    scheme = _scheme(column, frame)
    level = (
        frame["industry_level"]
        if "industry_level" in frame.columns
        else pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    )

    def check(scheme: str | None, code: str, level: str | None) -> None:
        if scheme == IndustryScheme.GBT4754_2017:
            found = industries.industry(code)
            if level is not None and found.level != level:
                raise InvalidTerm(
                    "{code} {name} is a {found}, not a {level}; correct the level or the code",
                    code=code,
                    name=found.label.zh,
                    found=found.level.value,
                    level=level,
                )
            return
        if level not in (None, "", IndustryLevel.NAICS6.value):
            return  # definitions name industries of six digits, not the levels above them
        if scheme is not None and (codes := known.industries.get(scheme)) and code not in codes:
            raise InvalidTerm(
                "{code} is no industry of {scheme} that was loaded; "
                "check the code or load its definition",
                code=code,
                scheme=scheme,
            )

    return _by_row((scheme, frame[column.name], level), check)


def _scheme(column: Column, frame: pl.DataFrame) -> pl.Series:
    """Return the scheme of each row: a column's, or a literal one."""
    name = column.scheme_column or ""
    if name in frame.columns:
        return frame[name]
    return pl.repeat(name, frame.height, dtype=pl.String, eager=True)


def _by_row(
    columns: tuple[pl.Series, pl.Series, pl.Series],
    check: Callable[[str | None, str, str | None], None],
) -> list[Verdict]:
    """Check each distinct triple (scheme, code, third) once; code empty is not checked."""
    triples = pl.DataFrame(
        [series.alias(name) for name, series in zip("abc", columns, strict=True)]
    )
    distinct = triples.unique().filter(pl.col("b").is_not_null() & (pl.col("b") != ""))
    wrong: dict[str, list[tuple[tuple[str | None, ...], Mapping[str, object]]]] = {}
    for triple in distinct.iter_rows():
        try:
            check(*triple)
        except InvalidTerm as error:
            wrong.setdefault(error.template, []).append((triple, error.values))
    verdicts = []
    for template, cases in wrong.items():
        keys = pl.DataFrame(
            [triple for triple, _ in cases], schema=triples.schema, orient="row"
        ).with_columns(wrong=pl.lit(True))
        mask = triples.join(
            keys, on=["a", "b", "c"], how="left", nulls_equal=True, maintain_order="left"
        )["wrong"].fill_null(False)
        verdicts.append(_verdict_by_row(mask, template, triples, dict(cases)))
    return verdicts


def one_of(declared: Table, frame: pl.DataFrame, faulty: Mapping[str, pl.Series]) -> list[Verdict]:
    """Mark rows that fill none of a group of columns of which one is needed.

    A cell that was refused already (``faulty``) counts as filled.
    """
    verdicts = []
    for group in declared.one_of:
        empty = frame.select(
            pl.all_horizontal(
                (pl.col(name).is_null() | (pl.col(name).cast(pl.String) == "")) & ~faulty[name]
                for name in group
            )
        ).to_series()
        names = Label(
            "、".join(declared.column(name).label.zh for name in group),
            ", ".join(declared.column(name).label.en for name in group),
        )
        verdicts.append(
            Verdict(
                empty,
                "at least one of these is needed: {columns}",
                partial(_always, {"columns": names}),
            )
        )
    return verdicts


def duplicates(declared: Table, frame: pl.DataFrame, sound: pl.Series) -> Verdict:
    """Mark rows that share their key with another row.

    All of them: which one is meant is not ours to say.

    Parameters
    ----------
    frame
        Rows of the whole file, with ``source_sheet`` and ``source_row``.
    sound : Series of bool
        Rows that are right otherwise; only they are compared.

    Returns
    -------
    Verdict
        Its values are asked by the index of the row, as text.
    """
    compared = frame.filter(sound)
    repeated = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True).scatter(
        sound.arg_true(), compared.select(declared.key).is_duplicated()
    )
    others: dict[str, str] = {}
    if repeated.any():
        label = (
            pl.when(pl.lit(frame["source_sheet"].n_unique() <= 1))
            .then(pl.col("source_row").cast(pl.String))
            .otherwise(pl.format("{}!{}", "source_sheet", "source_row"))
        )
        twins = (
            frame.with_columns(place=label.fill_null("?"))
            .with_row_index("index")
            .filter(repeated)
            .group_by(declared.key)
            # Of a key that stands a million times, the first few places say enough.
            .agg(pl.col("index"), pl.col("place"), first=pl.col("place").head(_NAMED_TWINS + 1))
        )
        for indices, places, first in twins.select("index", "place", "first").iter_rows():
            more = " …" if len(places) > len(first) else ""
            for index, own in zip(indices, places, strict=True):
                named = [place for place in first if place != own][:_NAMED_TWINS]
                others[str(index)] = (", ".join(named) + more) if named else own
    key = Label(
        "、".join(declared.column(name).label.zh for name in declared.key),
        ", ".join(declared.column(name).label.en for name in declared.key),
    )
    return Verdict(
        repeated,
        "the same key ({key}) stands in row {others} too; keep one of them",
        lambda index: {"key": key, "others": others.get(index, "?")},
    )


def row_units(column: Column, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Verdict]]:
    """Convert values whose unit stands in their row into the unit of their item."""
    rule = column.row_unit
    if rule is None:
        return frame, []
    pairs = frame.select(rule.item_column, rule.unit_column)
    factors: dict[tuple[str, str], Decimal] = {}
    wrong: dict[str, list[tuple[tuple[str, str], Mapping[str, object]]]] = {}
    for item, given in pairs.unique().drop_nulls().iter_rows():
        try:
            factors[item, given] = ratio(parse_unit(given), rule.units[item])
        except InvalidTerm as error:
            wrong.setdefault(error.template, []).append(((item, given), error.values))
    own = frame[rule.item_column].replace_strict(
        {item: unit.name for item, unit in rule.units.items()}, default=None, return_dtype=pl.String
    )
    values = frame[column.name].clone()
    large = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    for pair, factor in factors.items():
        if factor != 1:
            here = _equal(pairs, pair)
            scaled = [_scaled(value, factor) for value in values.filter(here)]
            values = values.scatter(here.arg_true(), pl.Series(scaled, dtype=values.dtype))
            large |= here & values.is_null() & frame[column.name].is_not_null()
    verdicts = [
        _verdict_by_row(_any_of(pairs, [pair for pair, _ in cases]), template, pairs, dict(cases))
        for template, cases in wrong.items()
    ]
    amounts = frame.select(pl.col(column.name).cast(pl.String))
    told: dict[tuple[str | None, ...], Mapping[str, object]] = {
        (text,): {"found": text} for text in amounts.filter(large).to_series()
    }
    said = "{found} is larger than any amount that is stored"
    verdicts.append(_verdict_by_row(large, said, amounts, told))
    return frame.with_columns(values.alias(column.name), own.alias(rule.unit_column)), verdicts


def _equal(pairs: pl.DataFrame, pair: tuple[str, str]) -> pl.Series:
    return (
        pairs.select(
            pl.all_horizontal(
                pl.col(name) == text for name, text in zip(pairs.columns, pair, strict=True)
            )
        )
        .to_series()
        .fill_null(False)
    )


def _any_of(pairs: pl.DataFrame, wanted: Sequence[tuple[str, str]]) -> pl.Series:
    mask = pl.repeat(False, pairs.height, dtype=pl.Boolean, eager=True)
    for pair in wanted:
        mask |= _equal(pairs, pair)
    return mask


def _verdict_by_row(
    wrong: pl.Series,
    template: str,
    cells: pl.DataFrame,
    told: Mapping[tuple[str | None, ...], Mapping[str, object]],
) -> Verdict:
    """Return a verdict whose words hang on several cells of a row."""
    return Verdict(wrong, template, lambda index: told.get(cells.row(int(index)), {}), by_row=True)


def _always(values: Mapping[str, object], _: str) -> Mapping[str, object]:
    return values


def _scaled(value: Decimal | None, factor: Decimal) -> Decimal | None:
    """Return an amount in another unit; ``None`` too where it is more than can be stored."""
    if value is None or abs(value * factor) >= LARGEST:
        return None
    return (value * factor).quantize(Decimal(1).scaleb(-SCALE), ROUND_HALF_EVEN)


def infer_schemes(frame: pl.DataFrame) -> pl.DataFrame:
    """Fill what a code itself tells: the scheme of an extension code, the level of an industry."""
    if "region_scheme" in frame.columns and "region" in frame.columns:
        # Also where the file says GB/T 2260: no code of it has an extension, and a
        # zone under two schemes would be two zones.
        extension = frame["region"].str.contains("-", literal=True).fill_null(False)
        default = pl.col("region_scheme") == RegionScheme.GB2260.value
        frame = frame.with_columns(
            pl.when(default & extension)
            .then(pl.lit(RegionScheme.EXT.value))
            .otherwise(pl.col("region_scheme"))
            .alias("region_scheme")
        )
    if "industry_level" in frame.columns:
        levels = {
            code: industries.level_of(code).value
            for code in frame["industry"].drop_nulls().unique().to_list()
            if industries.exists(code)
        }
        told = pl.col("industry").replace_strict(levels, default=None, return_dtype=pl.String)
        national = pl.col("industry_scheme") == IndustryScheme.GBT4754_2017.value
        frame = frame.with_columns(
            pl.coalesce("industry_level", pl.when(national).then(told)).alias("industry_level")
        )
    return frame


def checks_of(column: Column, frame: pl.DataFrame, known: Known) -> list[Verdict]:
    """Return what the scheme and the bounds of one column say of its values."""
    if column.kind is Kind.REGION:
        return region_codes(column, frame, known)
    if column.kind is Kind.INDUSTRY:
        return industry_codes(column, frame, known)
    return bounds(column, frame[column.name])
