"""A control chart as ``plant spc`` prints it: tables for eyes, points as CSV, all of it as JSON."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import typer

from ballast.cli.context import tell
from ballast.cli.output import Format, Shown, print_rows
from ballast.plant.measures.capability import CONFIDENCE, INDEX_LABELS
from ballast.plant.reports.window import from_ms
from ballast.terms.label import Label, Language
from ballast.words.numbers import Absence

if TYPE_CHECKING:
    from ballast.plant.measures.capability import Capability, Index
    from ballast.plant.measures.ratios import Floats
    from ballast.plant.reports.chart_report import ChartReport, Drawn, Mark

__all__ = ["print_chart"]

_MOST_MARKS = 20
_WILD = 1e12
_INDICES = ("cp", "cpk", "pp", "ppk")
_LIMITS = (
    ("chart", Label("控制图", "control chart")),
    ("points", Label("点", "points")),
    ("centre", Label("中心线", "centre line")),
    ("lower", Label("控制下限", "lower control limit")),
    ("upper", Label("控制上限", "upper control limit")),
    ("sigma", Label("点的标准差", "standard deviation of a point")),
)
_MARKS = (
    ("chart", Label("控制图", "control chart")),
    ("point", Label("点", "points")),
    ("at", Label("时间", "at")),
    ("rule", Label("判据", "rule broken")),
    ("batches", Label("批次", "batches")),
)
_CAPABILITY = (
    ("index", Label("指数", "index of capability")),
    ("value", Label("数值", "its value")),
    ("low", Label("区间下限", "interval from")),
    ("high", Label("区间上限", "interval to")),
)


def print_chart(report: ChartReport, form: Format, words: Language, clock: ZoneInfo) -> None:
    """Print a control chart.

    Parameters
    ----------
    report
        What is printed.
    form
        For eyes what matters of it, for programs every point.
    words
        The language of what eyes read.
    clock
        Whose clock moments are told by.
    """
    if form is Format.JSON:
        whole = _whole(report, words, clock)
        sys.stdout.write(json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
        return
    if form is Format.CSV:
        rows = list(_points(report, clock))
        columns = [Shown(name, name) for name in rows[0]]
        print_rows(pl.DataFrame(rows, infer_schema_length=None), columns, form, words)
    else:
        _print_tables(report, words, clock)
    for note in report.notes:
        typer.echo(note.text(words), err=True)
    if report.why_no_capability is not None:
        typer.echo(report.why_no_capability.text(words), err=True)


def _print_tables(report: ChartReport, words: Language, clock: ZoneInfo) -> None:
    _print(list(_limits(report, words)), _LIMITS, _places(report), words)
    if report.marks:
        typer.echo("")
        _print([_marked(report, one, words, clock) for one in report.marks[:_MOST_MARKS]],
               _MARKS, 0, words)  # fmt: skip
    if report.capability is not None:
        typer.echo("")
        rows = [
            {"index": INDEX_LABELS[name].text(words), **_index(getattr(report.capability, name))}
            for name in _INDICES
        ]
        _print(rows, _CAPABILITY, 2, words)
        for why in dict.fromkeys(
            one.why.text(words)
            for name in _INDICES
            if (one := getattr(report.capability, name)).why is not None
        ):
            typer.echo(why, err=True)
    tell(
        "{name}: {points} points from {start} to {end}, {marked} of them out of control",
        name=report.name.text(words) + (f" ({report.unit})" if report.unit else ""),
        points=len(report.sizes),
        start=_moment(int(report.starts_ms[0]), clock),
        end=_moment(int(report.ends_ms[-1]), clock),
        marked=report.marked,
    )
    if len(report.marks) > _MOST_MARKS:
        tell("the first {count} violations are shown; --format json has more", count=_MOST_MARKS)


def _print(
    rows: Sequence[dict[str, object]],
    columns: Sequence[tuple[str, Label]],
    places: int,
    words: Language,
) -> None:
    frame = pl.DataFrame(rows, infer_schema_length=None)
    # A sensor that fails may say 1e300; so many digits are no column of figures.
    wild = [
        name
        for name, kind in frame.schema.items()
        if kind == pl.Float64 and frame.filter(pl.col(name).abs() >= _WILD).height
    ]
    frame = frame.with_columns(
        pl.col(name).map_elements("{:.6g}".format, return_dtype=pl.String) for name in wild
    )
    shown = [
        Shown(
            name,
            label.text(words),
            decimals=places if frame.schema[name] == pl.Float64 else None,
            absent=Absence.UNDEFINED if columns is _CAPABILITY else None,
        )
        for name, label in columns
    ]
    print_rows(frame, shown, Format.TABLE, words)


def _places(report: ChartReport) -> int:
    """Return with how many decimals limits are shown: three digits of the least spread."""
    spread = np.concatenate([one.chart.sigma for one in report.charts])
    spread = spread[np.isfinite(spread) & (spread > 0)]
    if not len(spread):
        return 3
    return min(max(2 - math.floor(math.log10(float(spread.min()))), 0), 12)


def _limits(report: ChartReport, words: Language) -> Iterator[dict[str, object]]:
    """Give the limits of each chart in each phase, as they are at its last point."""
    for one in report.charts:
        for first, behind in pairwise((*one.chart.starts, len(report.sizes))):
            last = behind - 1
            yield {
                "chart": one.name.text(words),
                "points": f"{first + 1}–{behind}",
                **{
                    name: _number(values, last)
                    for name, values in _lines(one).items()
                    if name != "value"
                },
            }


def _lines(one: Drawn) -> dict[str, Floats]:
    chart = one.chart
    return {
        "value": chart.values,
        "centre": chart.centre,
        "sigma": chart.sigma,
        "lower": chart.lower,
        "upper": chart.upper,
    }


def _number(values: Floats, point: int) -> float | None:
    return _finite(float(values[point]))


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _marked(report: ChartReport, mark: Mark, words: Language, clock: ZoneInfo) -> dict[str, object]:
    return {
        "chart": report.charts[mark.chart].name.text(words),
        "point": f"{mark.points[0] + 1}–{mark.point + 1}"
        if len(mark.points) > 1
        else f"{mark.point + 1}",
        "at": _moment(int(report.starts_ms[mark.point]), clock),
        "rule": mark.name.text(words),
        "batches": ", ".join(report.batches[mark.point]),
    }


def _index(one: Index) -> dict[str, object]:
    # Limits of 1e308 make an index that no number holds.
    return {"value": _finite(one.value), "low": _finite(one.low), "high": _finite(one.high)}


def _moment(moment_ms: int, clock: ZoneInfo) -> str:
    return from_ms(moment_ms, clock).isoformat(timespec="seconds")


def _points(report: ChartReport, clock: ZoneInfo) -> Iterator[dict[str, object]]:
    """Give every point with what each chart says of it."""
    broken: dict[int, list[str]] = {}
    for mark in report.marks:
        kind = report.charts[mark.chart].chart.kind.value
        broken.setdefault(mark.point, []).append(
            f"{kind}_limit" if mark.rule is None else mark.rule.value
        )
    lines = {
        one.chart.kind.value + ("" if name == "value" else f"_{name}"): values
        for one in report.charts
        for name, values in _lines(one).items()
    }
    for one in report.charts:
        if one.lower_sum is not None:
            lines[f"{one.chart.kind.value}_lower_sum"] = one.lower_sum
    for point, size in enumerate(report.sizes.tolist()):
        yield {
            "point": point + 1,
            "start": _moment(int(report.starts_ms[point]), clock),
            "end": _moment(int(report.ends_ms[point]), clock),
            "size": size,
            **{name: _number(values, point) for name, values in lines.items()},
            "violations": " ".join(dict.fromkeys(broken.get(point, []))),
            "batches": " ".join(report.batches[point]),
        }


def _whole(report: ChartReport, words: Language, clock: ZoneInfo) -> dict[str, object]:
    from ballast.plant.reports.chart_report import TagSubject

    limits = report.specification
    why = report.why_no_capability
    return {
        "subject": {"tag": report.subject.tag}
        if isinstance(report.subject, TagSubject)
        else {"asset": report.subject.asset, "characteristic": report.subject.characteristic},
        "name": report.name.text(words),
        "unit": report.unit,
        "kind": report.kind,
        "baseline": None
        if report.baseline is None
        else {"first": report.baseline[0] + 1, "last": report.baseline[1]},
        "charts": [
            {
                "kind": one.chart.kind.value,
                "name": one.name.text(words),
                "phases": [start + 1 for start in one.chart.starts],
            }
            for one in report.charts
        ],
        "points": list(_points(report, clock)),
        "marked": report.marked,
        "marks": [
            {
                "chart": report.charts[mark.chart].chart.kind.value,
                "points": [one + 1 for one in mark.points],
                "rule": None if mark.rule is None else mark.rule.value,
                "name": mark.name.text(words),
            }
            for mark in report.marks
        ],
        "specification": None if limits is None else {"lower": limits.lower, "upper": limits.upper},
        "capability": None if report.capability is None else _capable(report.capability, words),
        "why_no_capability": None if why is None else why.text(words),
        "notes": [note.text(words) for note in report.notes],
    }


def _capable(found: Capability, words: Language) -> dict[str, object]:
    indices: dict[str, object] = {}
    for name in _INDICES:
        one = getattr(found, name)
        indices[name] = {
            **_index(one),
            **({} if one.why is None else {"why": one.why.text(words)}),
        }
    return {
        **indices,
        "confidence": CONFIDENCE,
        "mean": _finite(found.mean),
        "standard_deviation": _finite(found.overall),
        "within": _finite(found.within.sigma),
        "values": found.count,
    }
