"""``plant oee``: how much of the planned time became good pieces, machine by machine.

``--explain`` writes every indicator out: the formula, the same with its
numbers, and why one is missing; whoever doubts a figure can divide it again.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer

from ballast.cli.context import FormatOption, HomeOption, language, open_lake, tell, viewer
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.plant_opening import find_site
from ballast.cli.plant_span import DayOption, FirstOption, LastOption, ZoneOption, span_of
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.numbers import Absence, fixed

if TYPE_CHECKING:
    from ballast.plant.measures.kpi import Element, Kpi
    from ballast.plant.measures.losses import LossNode
    from ballast.plant.reports.oee import OeeReport, OeeRow

__all__ = ["oee"]


class By(StrEnum):
    """How the report is divided."""

    ASSET = "asset"
    SHIFT = "shift"
    DAY = "day"
    ORDER = "order"


_FIGURES = ("oee", "availability", "effectiveness", "quality_ratio")
_HEADS: dict[str, Label] = {
    "asset": Label("设备", "asset"),
    "name": Label("名称", "name"),
    "row": Label("行", "row"),
    "oee": Label("OEE", "OEE"),
    "availability": Label("可用率", "availability"),
    "effectiveness": Label("性能率", "effectiveness"),
    "quality_ratio": Label("合格率", "quality"),
    "coverage": Label("有记录 %", "recorded %"),
    "planned_h": Label("计划 h", "planned h"),
    "production_h": Label("加工 h", "producing h"),
    "stopped_h": Label("停机 h", "stopped h"),
    "produced": Label("产出", "produced"),
    "good": Label("合格", "good"),
    "counted": Label("计数来源", "counted by"),
}
_COUNTED: dict[str, Label] = {
    "counter": Label("计数器", "counter"),
    "entries": Label("录入", "entries"),
    "none": Label("无", "nobody"),
}


def oee(
    day: DayOption = None,
    first: FirstOption = None,
    last: LastOption = None,
    by: Annotated[By, typer.Option("--by", help="One row a machine and this.")] = By.ASSET,
    asset: Annotated[
        list[str] | None,
        typer.Option(
            "--asset", help="Only this machine, or those under this line.", show_default=False
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Every indicator with its formula and numbers.")
    ] = False,
    zone: ZoneOption = None,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show OEE, its factors and the losses under it, from what machines and people told."""
    from ballast.plant.reports.oee import oee_report

    site = find_site(home)
    lake = open_lake(home)
    window = span_of(lake, site, day, first, last, zone)
    report = oee_report(lake, viewer(), window, assets=asset, by=by.value, site=site)
    words = language()
    if form is Format.JSON:
        sys.stdout.write(json.dumps(_whole(report, words), ensure_ascii=False, indent=1) + "\n")
        return
    if explain and form is Format.TABLE:
        for row in report.rows:
            for line in _explained(row, words):
                typer.echo(line)
    else:
        _print(report, form, words)
    told = [f"{_title(row, words)}: {n.text(words)}" for row in report.rows for n in row.notes]
    for line in dict.fromkeys(told):
        typer.echo(line, err=True)
    total = () if report.total is None else report.total.notes
    for sentence in (*report.notes, *total):
        typer.echo(sentence.text(words), err=True)
    if report.provenance == "synthetic":
        tell("synthetic sample: these figures are invented")


def _title(row: OeeRow, words: Language) -> str:
    return " · ".join(filter(None, (row.name.text(words), row.label.text(words))))


def _print(report: OeeReport, form: Format, words: Language) -> None:
    rows = [*report.rows]
    if report.total is not None and len(rows) > 1 and form is Format.TABLE:
        rows.append(report.total)
    frame = pl.DataFrame([_cells(row, form, words) for row in rows], _SCHEMA)
    heads = {name: label.text(words) for name, label in _HEADS.items()}
    eyes = form is Format.TABLE
    order = [name for name in _SCHEMA if not (eyes and name == "row" and report.by == "asset")]
    absent = {"coverage": Absence.NO_DATA, "produced": Absence.NO_DATA, "good": Absence.NO_DATA}
    shown = [
        Shown(
            name,
            f"{heads[name]} %" if eyes and name in _FIGURES else heads[name],
            decimals=1 if name in _FIGURES or name.endswith(("_h", "coverage")) else None,
            absent=absent.get(name, Absence.UNDEFINED if name in _FIGURES else None),
        )
        for name in order
    ]
    print_rows(frame, shown, form, words)


_SCHEMA: dict[str, type[pl.DataType]] = {
    "asset": pl.String, "name": pl.String, "row": pl.String,
    **dict.fromkeys(_FIGURES, pl.Float64),
    **dict.fromkeys(("coverage", "planned_h", "production_h", "stopped_h"), pl.Float64),
    "produced": pl.Float64, "good": pl.Float64, "counted": pl.String,
}  # fmt: skip


def _cells(row: OeeRow, form: Format, words: Language) -> dict[str, object]:
    from ballast.plant.measures.kpi import Element

    eyes = form is Format.TABLE
    share = 100.0 if eyes else 1.0  # programs get the ratio itself

    def known(value: float | None) -> float | None:
        return None if value is None or value != value else value

    found: dict[str, object] = {
        "asset": row.asset,
        "name": row.name.text(words),
        "row": row.label.text(words) if eyes else row.key,
        "planned_h": row.planned_s / 3600.0,
        "production_h": row.elements[Element.APT] / 3600.0,
        "stopped_h": row.elements[Element.ADET] / 3600.0,
        "produced": known(row.elements[Element.PQ]),
        "good": known(row.elements[Element.GQ]),
        "counted": _COUNTED[row.counted].text(words) if eyes else row.counted,
        "coverage": None if row.coverage is None else row.coverage * share,
    }
    for name in _FIGURES:
        value = row.kpis[name]
        found[name] = None if value is None else value * share
    return found


def _explained(row: OeeRow, words: Language) -> list[str]:
    """Return one machine's indicators written out."""
    from ballast.plant.measures.kpi import ELEMENTS, KPIS

    lines = [f"{_title(row, words)}  {row.asset}"]
    for name, value in row.kpis.items():
        wanted = KPIS[name]
        label = wanted.label.text(words)
        if value is None:
            lines.append(f"  {label}: {row.why[name].text(words)}")
            continue
        places, unit, size = (5, "", 1.0) if wanted.per_second else (2, " %", 100.0)
        written = fixed(size * value, places, words)
        lines.append(f"  {label} = {written}{unit} = {wanted.formula} = {_numbers(wanted, row)}")
    used = [name for name, value in row.elements.items() if value == value]
    lines += [f"    {name} = {row.elements[name]:g}  {ELEMENTS[name].text(words)}" for name in used]
    if row.tree is not None:
        good = f"{row.tree.good_s / 3600.0:.2f} h"
        lines.append("  " + say("good pieces at the planned speed: {hours}", words, hours=good))
        for branch in row.tree.losses:
            lines += _branch(branch, "  ", words)
    return [*lines, ""]


def _numbers(wanted: Kpi, row: OeeRow) -> str:
    def of(name: Element) -> str:
        return f"{row.elements[name]:.10g}"

    parts = []
    for factor in wanted.factors:
        top, bottom = " × ".join(map(of, factor.over)), " + ".join(map(of, factor.under))
        parts.append(f"{top} / ({bottom})" if len(factor.under) > 1 else f"{top} / {bottom}")
    return parts[0] if len(parts) == 1 else " × ".join(f"({part})" for part in parts)


def _branch(node: LossNode, indent: str, words: Language) -> list[str]:
    from ballast.plant.measures.losses import LOSS_LABELS

    name = " · ".join(filter(None, (LOSS_LABELS[node.loss].text(words), node.reason)))
    share = "" if node.share is None else f"  {100.0 * node.share:.1f} %"
    lines = [f"{indent}- {name}: {node.seconds / 3600.0:.2f} h{share}"]
    for part in node.parts:
        lines += _branch(part, indent + "  ", words)
    return lines


def _whole(report: OeeReport, words: Language) -> dict[str, object]:
    """Return all of a report as JSON can hold it: what is not known is null, never NaN."""
    return {
        "from": report.window.start.isoformat(),
        "to": report.window.end.isoformat(),
        "by": report.by,
        "provenance": report.provenance,
        "rows": [_plain(row, words) for row in report.rows],
        "total": None if report.total is None else _plain(report.total, words),
        "notes": [note.text(words) for note in report.notes],
    }


def _plain(row: OeeRow, words: Language) -> dict[str, object]:
    return {
        "asset": row.asset,
        "name": row.name.text(words),
        "key": row.key,
        "kpis": dict(row.kpis),
        "why": {name: why.text(words) for name, why in row.why.items()},
        "elements": {
            name.value: value if value == value else None for name, value in row.elements.items()
        },
        "window_s": row.window_s,
        "planned_s": row.planned_s,
        "unrecorded_s": row.unrecorded_s,
        "overtime_s": row.overtime_s,
        "coverage": row.coverage,
        "counted": row.counted,
        "delays_s": dict(row.delays_s),
        "setups_s": dict(row.setups_s),
        "idle_s": row.idle_s,
        "tree": None if row.tree is None else asdict(row.tree),
        "notes": [note.text(words) for note in row.notes],
    }
