"""The part *Data*: how far the figures of the other parts can be believed, tag by tag.

The worst stand first, each with what to do about it: a table of a thousand
green rows tells nobody which cable to look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from markupsafe import Markup

from ballast.errors import BallastError
from ballast.lake.lake import Lake
from ballast.plant.reports.quality import TagQuality, data_quality
from ballast.plant.reports.window import from_ms
from ballast.plant.site import Site
from ballast.plant.spool.live import Live
from ballast.portal.data_html import Content, note, show
from ballast.portal.factory_commands import quality_command
from ballast.portal.factory_html import Card, Tile, View, answer, card, section, share, spans, tiles
from ballast.portal.factory_oee import source_line
from ballast.portal.factory_oee_story import window_text
from ballast.portal.factory_panel import FactoryPage, show_view
from ballast.portal.factory_span import SPAN_LABELS, Span, span_of
from ballast.portal.factory_words import WORDS
from ballast.portal.story import Line, Story
from ballast.terms.label import Label, Language
from ballast.terms.viewer import Viewer
from ballast.words import explain, say, visible
from ballast.words.numbers import Absence

__all__ = ["advice", "data_view", "draw_data"]

_LOW = 0.95
_MOST_ROWS, _MOST_GAPS = 500, 100
_CLOCK_S = 5.0
_SPANS = ("shift", "today", "yesterday", "week")
_FAULTS: tuple[tuple[str, Label], ...] = (
    ("late", Label("迟到", "late")),
    ("duplicates", Label("重复", "duplicate")),
    ("conflicts", Label("同刻异值", "in conflict")),
    ("ahead", Label("时钟超前", "ahead")),
    ("not_numbers", Label("非数值", "not numbers")),
    ("unreadable", Label("无法解读", "unreadable")),
)


async def draw_data(page: FactoryPage, site: Site) -> None:
    """Put the part on the page that is being built."""
    language, desk, viewer = page.language, page.desk, page.identity.viewer
    name = page.asked("span", "today")
    offered = [key for key in _SPANS if site.shifts or "shift" not in key]
    choices = [(key, SPAN_LABELS[key].text(language)) for key in offered]
    show(spans(choices, name, language, **page.kept("span", "story")))
    try:
        span = span_of(name, site, desk.now_ms)
    except BallastError as error:
        note(explain(error, language), "alert", "alert")
        return
    machine = page.asked("machine")

    def ask() -> Future[View]:
        live, now_ms = desk.live(), desk.now_ms

        def work(lake: Lake) -> View:
            found = quality_rows(lake, viewer, site, span, now_ms, live, machine)
            return data_view(found, site, span, language)

        key = ("data", span.name, span.window.end_ms, machine, language)
        return desk.ask(viewer, key, work)

    await show_view(page, ask, f"factory: data quality {span.name}")


def quality_rows(
    lake: Lake,
    viewer: Viewer,
    site: Site,
    span: Span,
    now_ms: int,
    live: Live | None,
    machine: str,
) -> tuple[TagQuality, ...]:
    """Return how good the data are, of all tags or those of one machine."""
    tags = None
    if machine:
        held = {asset.asset for asset in site.under(machine)}
        tags = [tag.tag for tag in site.tags.values() if tag.asset in held]
    return data_quality(lake, viewer, span.window, now_ms, tags=tags, site=site, live=live)


def troubled(one: TagQuality) -> bool:
    """Return whether anything of a tag wants somebody to look at it."""
    low = one.last_ms is None or (one.coverage is not None and one.coverage < _LOW)
    counted = any(getattr(one, name) for name, _ in _FAULTS if name != "duplicates")
    return bool(low or one.gap_count or one.stale_since_ms or one.unmapped or one.bad or counted)


def advice(one: TagQuality, language: Language) -> str:
    """Return the one thing to do first about a tag; empty where it is well."""
    offset = one.clock_offset_s
    if one.unmapped:
        return say(
            "Not in the mapping: copy it there from `ballast plant tags`, or it counts in no "
            "figure.",
            language,
        )
    if one.last_ms is None and one.stale_since_ms is None:
        return say(
            "Never heard in this time: compare group, node, device and metric (or topic and "
            "field) with what `ballast plant tags` lists.",
            language,
        )
    if one.stale_since_ms is not None:
        return say("Silent now: look at the machine's gateway and its network.", language)
    if (offset is not None and abs(offset) > _CLOCK_S) or one.ahead:
        return say(
            "Set the clock of its source by the network (NTP): it is {seconds} s off.",
            language,
            seconds=round(abs(offset or 0.0)),
        )
    if one.conflicts:
        return say(
            "Two values for one moment: give the source an ordinal or a finer clock.", language
        )
    if one.gap_count or (one.coverage is not None and one.coverage < _LOW):
        return say("Gaps: look below at when, and what else happened then.", language)
    if one.not_numbers or one.unreadable or one.bad:
        return say("What comes is no value: look at the sensor and its driver.", language)
    if one.late:
        return say("Arrives late: figures of the last minutes may still change.", language)
    return ""


def data_view(found: Sequence[TagQuality], site: Site, span: Span, language: Language) -> View:
    """Return the part drawn.

    Parameters
    ----------
    found
        The tags, the worst first.
    site
        The mapping of the home.
    span
        The stretch of time.
    language
        The reader's.
    """
    if not found:
        text = say(
            "No tag is in the mapping and none has arrived: see what your machines publish with "
            "`ballast plant tags`.",
            language,
        )
        return View(Markup('<p class="note" role="status">{}</p>').format(text), {})
    source = source_line(site, window_text(span.window), language)
    period = span.label.text(language)
    bad = [one for one in found if troubled(one)]
    story = _story(found, site, span, source, language)
    top = answer(_said(found, bad, site, period, language))
    parts = [card(_tags(found, bad, site, period, source, language), language)]
    if (gaps := _gaps(found, site, span, source, language)) is not None:
        parts.append(card(gaps, language))
    title = say("Tag by tag", language)
    body = top + tiles(_tiles(found, bad, language), language) + section(title, *parts)
    return View(body, {"coverage": story})


def _said(
    found: Sequence[TagQuality],
    bad: Sequence[TagQuality],
    site: Site,
    period: str,
    language: Language,
) -> list[str]:
    if not bad:
        return [
            say("All {count} tags arrive as they should, {period}.", language, period=period,
                count=len(found))
        ]  # fmt: skip
    return [
        say(
            "{bad} of {count} tags want looking at, {period}; first {tag}.",
            language,
            period=period,
            bad=len(bad),
            count=len(found),
            tag=_called(bad[0], site, language),
        )
    ]


def _called(one: TagQuality, site: Site, language: Language) -> str:
    """Return a tag with its machine: of ten machines each has a state."""
    asset = site.assets.get(one.asset)
    name = one.name.text(language)
    return name if asset is None else f"{asset.name.text(language)} · {name}"


def _mean(found: Sequence[TagQuality]) -> float | None:
    known = [one.coverage for one in found if one.coverage is not None]
    return sum(known) / len(known) if known else None


def _tiles(
    found: Sequence[TagQuality], bad: Sequence[TagQuality], language: Language
) -> list[Tile]:
    stale = sum(one.stale_since_ms is not None for one in found)
    return [
        Tile("coverage", say("Coverage, mean of all tags", language), share(_mean(found)) or "–",
             more=say("of the planned time", language)),
        Tile("coverage", say("Want looking at", language), str(len(bad)),
             more=say("of {count} tags", language, count=len(found))),
        Tile("coverage", say("Stale now", language), str(stale)),
        Tile("coverage", say("Gaps", language), str(sum(one.gap_count for one in found))),
        Tile("coverage", say("Not in the mapping", language),
             str(sum(one.unmapped for one in found))),
    ]  # fmt: skip


def _tags(
    found: Sequence[TagQuality],
    bad: Sequence[TagQuality],
    site: Site,
    period: str,
    source: str,
    language: Language,
) -> Card:
    ordered = [*bad, *(one for one in found if not troubled(one))][:_MOST_ROWS]
    rows = [_row(one, site, language) for one in ordered]
    heads = [
        WORDS["tag"].text(language),
        WORDS["machine"].text(language),
        say("Coverage", language),
        say("Came", language),
        say("Gaps", language),
        say("Faults", language),
        say("Last heard", language),
        say("What to do", language),
    ]
    heading = say("How each tag arrives, those that want looking at first", language)
    subtitle = say(
        "Coverage: share of the planned time in which the value was known; {period}",
        language,
        period=period,
    )
    if len(found) > len(ordered):
        subtitle += say(
            " · {shown} of {count} tags", language, shown=len(ordered), count=len(found)
        )
    return Card("tags", heading, subtitle, source, heads, rows, figures=frozenset({3, 4}),
                story="coverage")  # fmt: skip


def _row(one: TagQuality, site: Site, language: Language) -> list[Content]:
    faults = [
        f"{label.text(language)} {count}"
        for name, label in _FAULTS
        if (count := getattr(one, name))
    ]
    asset = site.assets.get(one.asset)
    expected = "" if one.expected is None else f" / {one.expected}"
    last = "–" if one.last_ms is None else f"{from_ms(one.last_ms, site.zone):%m-%d %H:%M:%S}"
    if one.stale_since_ms is not None:
        moment = f"{from_ms(one.stale_since_ms, site.zone):%m-%d %H:%M}"
        last = say("stale since {time}", language, time=moment)
    name = one.name.text(language)
    more = visible(one.tag)
    return [
        Markup("{}<small>{}</small>").format(name, more) if name != more else name,
        (one.asset if asset is None else asset.name.text(language)) or "–",
        _meter(one.coverage, language),
        f"{one.received}{expected}",
        str(one.gap_count),
        ", ".join(faults) or "–",
        last,
        " ".join([advice(one, language), *(note.text(language) for note in one.notes)]).strip()
        or say("well", language),
    ]


def _meter(coverage: float | None, language: Language) -> Content:
    if coverage is None:
        return Absence.UNDEFINED.label.text(language)
    low = " fa-low" if coverage < _LOW else ""
    wide = max(0.0, min(coverage, 1.0)) * 100
    return Markup(
        '<span class="bd-once"><span class="fa-meter{}" aria-hidden="true">'
        '<span style="width:{}%"></span></span>{}</span>'
    ).format(low, round(wide), share(coverage))


def _gaps(
    found: Sequence[TagQuality], site: Site, span: Span, source: str, language: Language
) -> Card | None:
    held = [(gap, one) for one in found for gap in one.gaps]
    if not held:
        return None
    now = span.window.end_ms
    held.sort(key=lambda pair: pair[0].since_ms - (pair[0].until_ms or now))
    rows = []
    for gap, one in held[:_MOST_GAPS]:
        until = gap.until_ms
        ends = [f"{from_ms(at, site.zone):%m-%d %H:%M:%S}" for at in (gap.since_ms, until or now)]
        minutes = round(((until or now) - gap.since_ms) / 60_000, 1)
        rows.append(
            [
                _called(one, site, language),
                ends[0],
                say("still lasts", language) if until is None else ends[1],
                str(minutes),
                gap.why.text(language),
            ]
        )
    heads = [
        WORDS["tag"].text(language),
        WORDS["from"].text(language),
        WORDS["until"].text(language),
        say("Minutes", language),
        say("Why", language),
    ]
    heading = say("The longest gap: {minutes} min in {tag}", language, minutes=rows[0][3],
                  tag=rows[0][0])  # fmt: skip
    return Card("gaps", heading, say("The longest gaps first", language), source, heads, rows,
                figures=frozenset({3}))  # fmt: skip


def _story(
    found: Sequence[TagQuality], site: Site, span: Span, source: str, language: Language
) -> Story:
    window = span.window
    lines = (
        Line(
            Label("公式", "Formula").text(language),
            (
                say(
                    "time in which the value was known ÷ planned time, tag by tag; the mean over "
                    "the tags",
                    language,
                ),
            ),
        ),
        Line(Label("时段", "Period").text(language), (window_text(window),)),
        Line(Label("范围", "Sample").text(language),
             (say("{count} tags", language, count=len(found)),)),
        Line(Label("来源", "Sources").text(language), (source, "telemetry, telemetry_event")),
        Line(Label("复现命令", "Command").text(language),
             (quality_command(window),), code=True),
    )  # fmt: skip
    title = say("Coverage of the tags", language)
    return Story("coverage", title, share(_mean(found)) or "–", "", lines,
                 site.provenance == "synthetic")  # fmt: skip
