"""The charts of the part *OEE*: losses step by step, machine beside machine, day after day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from markupsafe import Markup

from ballast.charts.figure import Caption
from ballast.charts.line import Series, line_chart
from ballast.charts.stacked import Pile, Segment, stacked_chart
from ballast.charts.theme import ACCENT, AMBER, BEHIND, PURPLE, QUIET, RULE, SKY, YELLOW, Colour
from ballast.charts.timeline import Look, Spell, Track, timeline_chart
from ballast.charts.waterfall import Step, StepKind, waterfall_chart
from ballast.plant.measures.losses import LOSS_LABELS, Loss, LossNode, LossTree
from ballast.plant.measures.time_model import STATE_LABELS, MachineState
from ballast.plant.reports.machine_time import MachineTime
from ballast.plant.reports.oee import OeeReport, OeeRow
from ballast.plant.reports.window import Window, from_ms
from ballast.plant.site import Site
from ballast.portal.factory_html import PHONE, WIDE, Card, figure_of, hours, share
from ballast.portal.factory_words import WORDS
from ballast.terms.label import Label, Language
from ballast.words import say, visible
from ballast.words.numbers import MINUS

__all__ = ["losses_card", "machines_card", "timeline_card", "trend_card"]

_PLANNED = Label("计划忙碌时间", "planned busy time")
_GOOD = Label("合格品按计划节拍所需时间", "good pieces at planned speed")
_GOOD_SHORT = Label("合格产出", "good output")
_KINDS: dict[Loss, StepKind] = {
    Loss.DELAY: "time", Loss.SETUP: "time", Loss.IDLE: "time", Loss.AVAILABILITY: "time",
    Loss.EFFECTIVENESS: "speed",
    Loss.QUALITY: "quality", Loss.SCRAP: "quality", Loss.REWORK: "quality",
}  # fmt: skip
_MOST_STEPS, _MOST_MACHINES, _MOST_STRETCHES = 12, 30, 300
_LOOKS: dict[MachineState, tuple[Colour, float]] = {
    MachineState.PRODUCING: (ACCENT, 1.0),
    MachineState.SETUP: (AMBER, 0.7),
    MachineState.DELAYED: (BEHIND, 0.85),
    MachineState.IDLE: (QUIET, 0.4),
    MachineState.PLANNED_STOP: (RULE, 0.15),
}


def leaves(tree: LossTree) -> Iterator[LossNode]:
    """Yield the losses that nothing is below of, as the tree orders them."""
    for branch in tree.losses:
        yield from branch.parts or (branch,)


def loss_name(node: LossNode, language: Language) -> str:
    """Return what a loss is called: its kind, and the reason as the floor wrote it."""
    kind = LOSS_LABELS[node.loss].text(language)
    reason = visible(node.reason)[:60]
    if not reason:
        return kind
    return f"{kind}：{reason}" if language == "zh" else f"{kind}: {reason}"


def _steps(tree: LossTree, language: Language) -> tuple[list[Step], list[LossNode]]:
    """Return the bars, the smallest losses of all put together, and the losses behind them."""
    found = [node for node in leaves(tree) if node.seconds]
    ranked = sorted(found, key=lambda node: -abs(node.seconds))
    shown = set(map(id, ranked[:_MOST_STEPS]))
    rest = [node for node in found if id(node) not in shown]
    steps = [Step(_PLANNED.text(language), tree.pbt_s, _hours(tree.pbt_s, language), "whole")]
    steps += [
        Step(
            loss_name(node, language),
            node.seconds,
            _lost(node.seconds, node.share, language),
            _KINDS[node.loss],
        )
        for node in found
        if id(node) in shown
    ]
    if rest:
        seconds = sum(node.seconds for node in rest)
        name = say("{count} smaller losses", language, count=len(rest))
        part = seconds / tree.pbt_s if tree.pbt_s else None
        steps.append(Step(name, seconds, _lost(seconds, part, language), "time"))
    end = f"{_hours(tree.good_s, language)} · {share(tree.oee)}"
    steps.append(Step(_GOOD.text(language), tree.good_s, end, "left"))
    return steps, found


def _hours(seconds: float, language: Language) -> str:
    return f"{hours(seconds, language)} h"


def _lost(seconds: float, part: float | None, language: Language) -> str:
    sign = "+" if seconds < 0 else MINUS
    text = f"{sign}{hours(abs(seconds), language)} h"
    return text if part is None else f"{text} · {share(abs(part))}"


def losses_card(
    row: OeeRow, title: str, period: str, source: str, story: str, language: Language
) -> Card | None:
    """Return where the planned busy time of a row went; nothing where there was none.

    Parameters
    ----------
    row
        With its loss tree.
    title
        What it is of.
    period, source
        Written around the chart.
    story
        The key of the story behind it.
    language
        The reader's.
    """
    tree = row.tree
    if tree is None or not tree.pbt_s:
        return None
    steps, found = _steps(tree, language)
    worst = max(found, key=lambda node: node.seconds, default=None)
    if worst is None or worst.seconds <= 0:
        heading = say("{what}: no planned time was lost", language, what=title)
    else:
        heading = say(
            "{what}: most time was lost to {loss} ({hours} h, {share} of the planned time)",
            language,
            what=title,
            loss=loss_name(worst, language),
            hours=hours(worst.seconds, language),
            share=share(worst.share),
        )
    subtitle = say(
        "Hours of the planned busy time, {period}: each bar takes its loss off what is left; the "
        "last is OEE",
        language,
        period=period,
    )
    caption = Caption(heading, subtitle, source)
    rows = [[_PLANNED.text(language), hours(tree.pbt_s, language), share(1.0)]]
    rows += [
        [loss_name(node, language), hours(node.seconds, language), share(node.share)]
        for node in found
    ]
    rows.append([_GOOD.text(language), hours(tree.good_s, language), share(tree.oee)])
    desk, phone = (
        figure_of(waterfall_chart(steps, caption, language, width=width), f"losses-{width}")
        for width in (WIDE, PHONE)
    )
    return Card(
        "losses", heading, subtitle, source,
        [say("Loss", language), WORDS["hours"].text(language), WORDS["share"].text(language)],
        rows, desk, phone, frozenset({1, 2}), story,
    )  # fmt: skip


_PARTS = (
    (_GOOD_SHORT, ACCENT),
    (LOSS_LABELS[Loss.DELAY], AMBER),
    (LOSS_LABELS[Loss.SETUP], YELLOW),
    (LOSS_LABELS[Loss.IDLE], QUIET),
    (LOSS_LABELS[Loss.EFFECTIVENESS], SKY),
    (LOSS_LABELS[Loss.QUALITY], PURPLE),
)


def _divided(tree: LossTree) -> tuple[float, ...]:
    found = dict.fromkeys((Loss.DELAY, Loss.SETUP, Loss.IDLE, Loss.EFFECTIVENESS), 0.0)
    quality = 0.0
    for node in leaves(tree):
        if node.loss in found:
            found[node.loss] += node.seconds
        else:
            quality += node.seconds
    # What was made faster than planned is no loss; good output then exceeds what is left.
    return tree.good_s, *(max(v, 0.0) for v in found.values()), quality


def machines_card(report: OeeReport, source: str, period: str, language: Language) -> Card | None:
    """Return where the planned time of each machine went, machine beside machine."""
    rows = [row for row in report.rows if row.tree is not None and row.tree.pbt_s]
    if len(rows) < 2:
        return None
    ordered = sorted(rows, key=lambda row: row.kpis.get("oee") or 0.0)
    shown = ordered[:_MOST_MACHINES]
    lowest = shown[0]
    heading = say(
        "{machine} has the lowest OEE of {count} machines: {oee}",
        language,
        machine=lowest.name,
        count=len(rows),
        oee=share(lowest.tree.oee if lowest.tree else None),
    )
    subtitle = say(
        "Where the planned busy time of each machine went, hours, {period}; lowest OEE first",
        language,
        period=period,
    )
    parts = [(row, _divided(row.tree)) for row in shown if row.tree is not None]
    piles = [
        Pile(
            row.name.text(language),
            tuple(Segment(v / 3600, hours(v, language)) for v in divided),
            f"{hours(row.tree.pbt_s if row.tree else 0.0, language)} h",
        )
        for row, divided in parts
    ]
    kinds = [(label.text(language), colour) for label, colour in _PARTS]
    caption = Caption(heading, subtitle, source)
    desk, phone = (
        figure_of(stacked_chart(piles, kinds, caption, language, width=width), f"each-{width}")
        for width in (WIDE, PHONE)
    )
    table = [
        [row.name.text(language), *(hours(v, language) for v in divided)] for row, divided in parts
    ]
    return Card(
        "each", heading, subtitle, source,
        [WORDS["machine"].text(language), *(name for name, _ in kinds)],
        table, desk, phone, frozenset(range(1, len(kinds) + 1)),
    )  # fmt: skip


def timeline_card(
    times: Sequence[MachineTime],
    site: Site,
    window: Window,
    source: str,
    period: str,
    language: Language,
) -> Card | None:
    """Return what each machine did through the window, in its state and order."""
    shown = [one for one in times if any(s.state is not None for s in one.stretches)]
    shown = shown[:_MOST_MACHINES]
    if not shown:
        return None

    def local(moment_ms: int) -> datetime:
        return from_ms(moment_ms, window.zone).replace(tzinfo=None)

    def name(asset: str) -> str:
        known = site.assets.get(asset)
        return asset if known is None else known.name.text(language)

    looks = {
        str(state): Look(STATE_LABELS[state].text(language), colour, height)
        for state, (colour, height) in _LOOKS.items()
    }
    tracks = [
        Track(
            name(one.asset),
            tuple(
                Spell(local(s.start_ms), local(s.end_ms), str(s.state))
                for s in one.stretches
                if s.state is not None
            ),
        )
        for one in shown
    ]
    heading, subtitle = _standing(shown, name, period, language)
    caption = Caption(heading, subtitle, source)
    ends = local(window.start_ms), local(window.end_ms)
    desk, phone = (
        figure_of(
            timeline_chart(tracks, looks, ends, caption, language, width=width), f"time-{width}"
        )
        for width in (WIDE, PHONE)
    )
    heads = [WORDS[key].text(language) for key in ("machine", "from", "until", "state", "reason")]
    return Card(
        "timeline", heading, subtitle, source, heads,
        list(_stretches(shown, name, window, language)), desk, phone,
    )  # fmt: skip


def _standing(
    times: Sequence[MachineTime], name: Callable[[str], str], period: str, language: Language
) -> tuple[str, str]:
    stood = {
        one.asset: sum(
            s.end_ms - s.start_ms for s in one.stretches if s.state is MachineState.DELAYED
        )
        for one in times
    }
    worst = max(stood, key=lambda asset: stood[asset])
    subtitle = say(
        "What each machine did, {period}; a gap is time without any record", language, period=period
    )
    if not stood[worst]:
        return say("No machine stood with an order waiting", language), subtitle
    heading = say(
        "{machine} stood longest: {hours} h",
        language,
        machine=name(worst),
        hours=hours(stood[worst] / 1000, language),
    )
    return heading, subtitle


def _stretches(
    times: Sequence[MachineTime], name: Callable[[str], str], window: Window, language: Language
) -> Iterator[list[str | Markup]]:
    count = 0
    for one in times:
        for stretch in one.stretches:
            if stretch.state is None or stretch.state is MachineState.PRODUCING:
                continue
            count += 1
            if count > _MOST_STRETCHES:
                return
            start, end = (from_ms(at, window.zone) for at in (stretch.start_ms, stretch.end_ms))
            yield [
                name(one.asset),
                f"{start:%m-%d %H:%M:%S}",
                f"{end:%m-%d %H:%M:%S}",
                STATE_LABELS[stretch.state].text(language),
                visible(stretch.reason)[:100],
            ]


def _of_day(rows: Sequence[OeeRow]) -> float | None:
    """Return the OEE of a day in percent; none where less than half of it is recorded."""
    planned = sum(row.planned_s for row in rows)
    unrecorded = sum(row.unrecorded_s for row in rows)
    trees = [row.tree for row in rows if row.tree is not None]
    busy = sum(tree.pbt_s for tree in trees)
    if not busy or unrecorded > planned / 2:
        return None
    return 100 * sum(tree.good_s for tree in trees) / busy


def trend_card(report: OeeReport, source: str, language: Language) -> Card | None:
    """Return OEE day after day, of all machines of the report together."""
    by_day: dict[str, list[OeeRow]] = {}
    for row in report.rows:
        by_day.setdefault(row.key, []).append(row)
    points = [(date.fromisoformat(key), _of_day(rows)) for key, rows in sorted(by_day.items())]
    while points and points[0][1] is None:  # before anything was recorded
        points.pop(0)
    known = [value for _, value in points if value is not None]
    if len(known) < 2:
        return None
    heading = say(
        "OEE lay between {low} and {high}; the last day had {last}",
        language,
        low=share(min(known) / 100),
        high=share(max(known) / 100),
        last=share(known[-1] / 100),
    )
    subtitle = say(
        "OEE by day, %, {first} to {last}; days are left out of which less than half is recorded",
        language,
        first=points[0][0],
        last=points[-1][0],
    )
    series = [Series(share(known[-1] / 100), tuple(points), accent=True)]
    caption = Caption(heading, subtitle, source)
    desk, phone = (
        figure_of(
            line_chart(
                series, caption, language, width=width, height=180, from_zero=True, by_day=True
            ),
            f"trend-{width}",
        )
        for width in (WIDE, PHONE)
    )
    rows = [[f"{day}", "–" if value is None else share(value / 100)] for day, value in points]
    heads = [Label("日期", "Day").text(language), "OEE"]
    return Card("trend", heading, subtitle, source, heads, rows, desk, phone, frozenset({1}))
