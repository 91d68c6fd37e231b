"""``plant spc``: the control chart of a tag or of an inspected characteristic, as figures.

The page draws the same report. Here eyes get the limits, what is out of
control and the capability; programs get every point (``--format csv``) or all
of it (``--format json``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from ballast.cli.context import FormatOption, HomeOption, language, open_lake, viewer
from ballast.cli.output import Format
from ballast.cli.plant_clock import clock_of, moment_of
from ballast.cli.plant_opening import find_site
from ballast.errors import NotFound, WrongUsage

if TYPE_CHECKING:
    from ballast.lake.lake import Lake
    from ballast.plant.measures.capability import Specification
    from ballast.plant.measures.run_rules import Rule
    from ballast.plant.reports.chart_report import (
        ByCount,
        ByTime,
        Characteristic,
        Kind,
        TagSubject,
    )
    from ballast.plant.reports.window import Window
    from ballast.plant.site.site import Site

__all__ = ["spc"]

_UNITS = {"s": 1.0, "min": 60.0, "h": 3600.0}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(s|min|h)")
_DIGITS = 10
_LONGEST_S = 400 * 86_400.0
# Up to ten values a range estimates the deviation nearly as well as all of them do.
_MOST_BY_RANGE = 10
# A tag speaks by the second, an inspector by the shift.
_TAG_DAYS, _INSPECTION_DAYS = 1, 30


@dataclass(frozen=True, slots=True)
class _Found:
    """What is charted, the chart its values carry, and the moment of its newest value."""

    subject: TagSubject | Characteristic
    kind: Kind
    newest: datetime | None
    days: int


# longer than 60 lines because each option says what it is for
def spc(
    name: Annotated[
        str,
        typer.Argument(
            metavar="TAG|CHARACTERISTIC",
            help="A tag, or what is inspected; `ballast plant tags` lists the tags.",
        ),
    ],
    asset: Annotated[
        str | None,
        typer.Option("--asset", help="The machine whose pieces are inspected.", show_default=False),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            help="xbar_r, xbar_s, i_mr, ewma, cusum, p, np, c or u; what its values can carry if "
            "left out.",
            show_default=False,
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="From this moment; a day (of a tag) or 30 (of inspections) before the end if "
            "left out.",
            show_default=False,
        ),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option(
            "--to", help="Until this moment; the newest value if left out.", show_default=False
        ),
    ] = None,
    subgroup: Annotated[
        str | None,
        typer.Option(
            "--subgroup",
            help="How values are put together: 5 in a row, or those of 10min.",
            show_default=False,
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            "--baseline",
            help="FROM..TO: the stretch that the limits come from; what is charted if left out.",
            show_default=False,
        ),
    ] = None,
    phases: Annotated[
        list[str] | None,
        typer.Option(
            "--phase",
            help="FROM..TO: a stretch with limits of its own, where the process was changed.",
            show_default=False,
        ),
    ] = None,
    rules: Annotated[
        str, typer.Option("--rules", help="Run rules: nelson, western_electric or none.")
    ] = "nelson",
    lower: Annotated[
        float | None,
        typer.Option(
            "--lower",
            help="Lower limit of the specification, instead of the known ones.",
            show_default=False,
        ),
    ] = None,
    upper: Annotated[
        float | None,
        typer.Option("--upper", help="Upper limit of the specification.", show_default=False),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(
            "--zone",
            help="Whose wall clock a time without zone means; the mapping's if left out.",
            show_default=False,
        ),
    ] = None,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Chart a tag or a characteristic: limits, what is out of control, capability."""
    from ballast.cli.plant_spc_tables import print_chart
    from ballast.plant.reports.charts import control_chart

    site = find_site(home)
    clock = clock_of(zone, site)
    asked = _kind(kind)
    way = None if subgroup is None else _subgroup(subgroup)
    first = None if baseline is None else _stretch("--baseline", baseline, clock)
    own = [_stretch("--phase", text, clock) for text in phases or ()]
    judged = _rules(rules)
    lake = open_lake(home)
    found = _find(lake, site, name, asset)
    report = control_chart(
        lake,
        viewer(),
        found.subject,
        _window(found, start, end, clock),
        kind=asked or _grouped(found.kind, way),
        subgroup=way,
        baseline=first,
        phases=own,
        rules=judged,
        specification=_specification(lower, upper),
        site=site,
    )
    print_chart(report, form, language(), clock)


def _kind(text: str | None) -> Kind | None:
    from ballast.plant.reports.chart_report import KINDS

    found = next((one for one in KINDS if one == text), None)
    if text is not None and found is None:
        raise WrongUsage("--kind {kind}: there are {kinds}", kind=text, kinds=", ".join(KINDS))
    return found


def _grouped(kind: Kind, way: ByCount | ByTime | None) -> Kind:
    """Return the chart for values that are put together as asked: one of means, or the kind as is.

    Ranges serve small groups of a known size; a stretch of time holds however many came, and of
    many values the range tells ever less than the standard deviation.
    """
    from ballast.plant.reports.chart_report import ByCount

    if way is None or kind not in ("i_mr", "xbar_r"):
        return kind
    if isinstance(way, ByCount) and way.size <= _MOST_BY_RANGE:
        return "i_mr" if way.size == 1 else "xbar_r"
    return "xbar_s"


def _rules(text: str) -> Sequence[Rule]:
    from ballast.plant.measures.run_rules import NELSON, WESTERN_ELECTRIC

    sets: dict[str, Sequence[Rule]] = {
        "nelson": NELSON,
        "western_electric": WESTERN_ELECTRIC,
        "none": (),
    }
    if text not in sets:
        raise WrongUsage("--rules {rules}: there are {sets}", rules=text, sets=", ".join(sets))
    return sets[text]


def _subgroup(text: str) -> ByCount | ByTime:
    from ballast.plant.reports.chart_report import ByCount, ByTime

    if text.isascii() and text.isdecimal() and len(text) < _DIGITS:
        return ByCount(int(text))
    found = _SPAN.fullmatch(text)
    if found is None or float(found[1]) * _UNITS[found[2]] > _LONGEST_S:
        raise WrongUsage(
            "--subgroup {text}: write a number of values, 5, or a length of time, 10min", text=text
        )
    return ByTime(float(found[1]) * _UNITS[found[2]])


def _stretch(option: str, text: str, clock: ZoneInfo) -> Window:
    from ballast.plant.reports.window import Window

    first, between, last = text.partition("..")
    if not between:
        raise WrongUsage(
            "{option} {text}: write two moments, 2026-11-23T08:00..2026-11-23T16:00",
            option=option,
            text=text,
        )
    return Window(moment_of(first, clock), moment_of(last, clock), clock)


def _specification(lower: float | None, upper: float | None) -> Specification | None:
    from ballast.plant.measures.capability import Specification

    return None if lower is None and upper is None else Specification(lower, upper)


def _window(found: _Found, start: str | None, end: str | None, clock: ZoneInfo) -> Window:
    from ballast.plant.reports.window import Window

    if end is not None:
        last = moment_of(end, clock)
    else:
        # The end of a window does not belong to it, the newest value does.
        newest = found.newest or datetime.now(UTC)
        last = (newest + timedelta(milliseconds=1)).astimezone(clock)
    if start is not None:
        return Window(moment_of(start, clock), last, clock)
    back = last.astimezone(UTC) - timedelta(days=found.days)
    return Window(back.astimezone(clock), last, clock)


def _find(lake: Lake, site: Site | None, name: str, asset: str | None) -> _Found:
    """Return what a name is of: a tag of the mapping first, then what is inspected, then any tag.

    Raises
    ------
    WrongUsage
        If several machines are inspected for it, and none was named.
    NotFound
        If there is nothing of the name.
    """
    from ballast.plant.reports.chart_report import Characteristic, TagSubject

    known = site.tags.get(name) if site is not None and asset is None else None
    if known is None:
        rows = lake.read("inspection", viewer())
        rows = rows.filter(rows.characteristic == name)
        if asset is not None:
            rows = rows.filter(rows.asset == asset)
        told = (
            rows.group_by("asset")
            .agg(
                newest=rows.start.max(),
                samples=rows["sample"].max(),
                values=rows.value.count(),
                defectives=rows.defectives.count(),
            )
            .to_pyarrow()
            .to_pylist()
        )
        if len(told) > 1:
            raise WrongUsage(
                "{name} is inspected at {assets}; say at which with --asset",
                name=name,
                assets=", ".join(sorted(row["asset"] for row in told)),
            )
        if told:
            subject = Characteristic(told[0]["asset"], name)
            return _Found(subject, _carried(told[0]), told[0]["newest"], _INSPECTION_DAYS)
        if asset is not None:
            return _Found(Characteristic(asset, name), "i_mr", None, _INSPECTION_DAYS)
    hours = lake.read("telemetry_1h", viewer())
    newest = hours.filter(hours.tag == name).last_at.max().to_pyarrow().as_py()
    if known is None and newest is None:
        raise NotFound(
            "{name}: nothing is inspected by that name, and no such tag has been heard; "
            "`ballast plant tags` lists the tags there are",
            name=name,
        )
    many = known is not None and known.subgroup > 1
    return _Found(TagSubject(name), "xbar_r" if many else "i_mr", newest, _TAG_DAYS)


def _carried(row: dict[str, int]) -> Kind:
    """Return the chart that inspected values can carry."""
    if not row["values"]:
        return "p" if row["defectives"] else "u"
    return "xbar_r" if row["samples"] > 1 else "i_mr"
