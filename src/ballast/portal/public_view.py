"""What the open City page says: sentences, tiles and charts of published figures.

The page's counterpart for readers with rights is another module, because it
shows other things: here stand yearly figures that somebody published, each
with its status and rank, and never a sum over enterprises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from ballast.brain.published import Published, PublishedItem, PublishedLine
from ballast.charts.bar import Bar, bar_chart
from ballast.charts.figure import Caption, Figure, sparkline, svg
from ballast.charts.line import Series, line_chart
from ballast.portal.picture_tables import Table
from ballast.portal.picture_words import absent_reason, change_text
from ballast.terms.label import Label, Language
from ballast.terms.unit import PERCENTAGE_POINTS
from ballast.words import say
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Absence, Written, exact, exact_scale, movement, scale_for, written

__all__ = ["Card", "OpenView", "Tile", "open_view"]

_HALF = 384
"""Width of a chart: a column of the page shows it a quarter larger, a phone a little less."""

_MOST_BARS = 15
_LEADING = (
    "above_scale_output",
    "rd_intensity",
    "high_tech_share",
    "upgrade_investment",
)
"""What the answer opens with, as far as it is known."""

_COMPARED = ("rd_intensity", "high_tech_share", "above_scale_output", "upgrade_investment")
_ENTERPRISES = Label("家", "")
_STATUS = {
    "preliminary": Label("初步数", "preliminary"),
    "estimated": Label("估计数", "estimated"),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One macro item at a glance, with the story behind it."""

    key: str
    label: str
    number: str
    unit: str
    change: str
    change_reason: str
    year: str
    status: str
    rank: str
    spark: Markup
    table: Table
    loads: str


@dataclass(frozen=True, slots=True)
class Card:
    """A chart with its words and the table behind it."""

    key: str
    heading: str
    subtitle: str
    source: str
    chart: Markup
    table: Table


@dataclass(frozen=True, slots=True)
class OpenView:
    """The open City page in one language."""

    answer: tuple[str, ...]
    tiles: tuple[Tile, ...]
    lines: tuple[Card, ...]
    bars: tuple[Card, ...]


def open_view(found: Published, language: Language, today: date) -> OpenView:
    """Return what the page says of published figures.

    Parameters
    ----------
    found
        The figures.
    language
        In which they are read.
    today
        The day on which the page is made.
    """
    items = {item.name: item for item in found.items}
    source = _source(found, language, today)
    compared = [items[name] for name in _COMPARED if name in items]
    return OpenView(
        answer=_answer(found, items, language),
        tiles=tuple(_tile(item, found, language) for item in found.items),
        lines=tuple(
            card
            for item in compared
            if item.nature == "ratio" and (card := _line(item, language, source)) is not None
        ),
        bars=tuple(
            _bars(item, language, source)
            for item in sorted(compared, key=lambda each: each.ranked or 0)  # the tallest last
            if item.ranked is not None
        ),
    )


def _answer(
    found: Published, items: dict[str, PublishedItem], language: Language
) -> tuple[str, ...]:
    said = [_sentence(items[name], language) for name in _LEADING if name in items]
    if found.rankings:
        first = found.rankings[0]
        said.append(
            say(
                "Place {place} on the list “{list}” of {year} ({publisher}).",
                language,
                place=first.place,
                list=first.list_name,
                year=first.year,
                publisher=first.publisher,
            )
        )
    return tuple(said)


def _sentence(item: PublishedItem, language: Language) -> str:
    name = item.label.text(language)
    values = {
        "item": name[:1].upper() + name[1:],
        "value": str(_written(item, item.own.latest.value, language)),
        "year": item.own.latest.period.year,
        "change": change_text(item.change, language),
    }
    if item.rank is None or item.within is None:
        return say("{item}: {value} in {year} ({change} on the year before).", language, **values)
    return say(
        "{item}: {value} in {year} ({change} on the year before), place {rank} of {count} cities "
        "of {within} with figures.",
        language,
        **values,
        rank=item.rank,
        count=item.ranked,
        within=item.within,
    )


def _tile(item: PublishedItem, found: Published, language: Language) -> Tile:
    latest = item.own.latest
    shown = _written(item, latest.value, language)
    told = f"{item.label.text(language)}, {len(item.own.figures)}"
    rank = ""
    if item.rank is not None:
        rank = say("place {rank} of {count}", language, rank=item.rank, count=item.ranked)
    reason = ""
    if item.change.value is None:
        reason = absent_reason(item.change.absence or Absence.NO_DATA, language)
    name = item.label.text(language)
    return Tile(
        key=item.name.replace("_", "-"),
        label=name[:1].upper() + name[1:],
        number=shown.number,
        unit=shown.unit,
        change=change_text(item.change, language),
        change_reason=reason,
        year=latest.period.label.text(language),
        status=_STATUS[latest.status].text(language) if latest.status in _STATUS else "",
        rank=rank,
        # The label in it is escaped where the line is drawn.
        spark=Markup(sparkline(tuple(float(f.value) for f in item.own.figures), told, width=60)),  # noqa: S704
        table=_table(item, language),
        loads=_loads(item, found),
    )


def _written(item: PublishedItem, value: Decimal, language: Language) -> Written:
    noun = _ENTERPRISES if item.name.endswith("_enterprises") else None
    return written(Decimal(int(value)) if noun else value, item.unit, language, noun=noun)


def _loads(item: PublishedItem, found: Published) -> str:
    used = {figure.load_id for figure in item.own.figures}
    return "; ".join(f"{s.load_id} ({s.at:%Y-%m-%d})" for s in found.sources if s.load_id in used)


def _line(item: PublishedItem, language: Language, source: str) -> Card | None:
    beside = [line for line in item.others if line.role in ("province", "nation")]
    if not beside and len(item.own.figures) < 2:
        return None
    ordered = [*sorted(beside, key=lambda line: line.role), item.own]
    series = [
        Series(
            line.label.text(language),
            tuple((date(f.period.year, 1, 1), float(f.value)) for f in line.figures),
            line is item.own,
        )
        for line in ordered
    ]
    subtitle = f"{item.label.text(language)}, {item.unit.label.text(language)}"
    caption = Caption(_beside(item, language), subtitle, source)
    figure = line_chart(series, caption, language, width=_HALF, height=200, years_only=True)
    key = f"line-{item.name.replace('_', '-')}"
    return _card(key, caption, figure, _table(item, language, ordered))


def _beside(item: PublishedItem, language: Language) -> str:
    """Return how the ratio stands to the province's of the same year."""
    latest = item.own.latest
    province = next((line for line in item.others if line.role == "province"), None)
    other = None if province is None else province.at(latest.period)
    if province is None or other is None:
        return _sentence(item, language)
    name = item.label.text(language)
    return say(
        "{item}: {value} in {year}, {difference} beside {province}.",
        language,
        item=name[:1].upper() + name[1:],
        value=str(_written(item, latest.value, language)),
        year=latest.period.year,
        difference=movement(latest.value - other.value, PERCENTAGE_POINTS, language, places=2),
        province=province.label,
    )


def _bars(item: PublishedItem, language: Language, source: str) -> Card:
    period = item.own.latest.period
    known = [
        (line, held.value)
        for line in (item.own, *item.others)
        if line.role in ("own", "peer") and (held := line.at(period)) is not None
    ]
    order = sorted(known, key=lambda pair: -pair[1])
    kept = order[:_MOST_BARS]
    if all(line is not item.own for line, _ in kept):  # the own city is always shown
        kept = [*kept[:-1], next(pair for pair in order if pair[0] is item.own)]
    scale = scale_for(item.unit, language, max(value for _, value in known))
    bars = [
        Bar(
            line.label.text(language),
            float(value / scale.size),
            str(written(value, item.unit, language, scale=scale)),
            accent=line is item.own,
        )
        for line, value in kept
    ]
    name = item.label.text(language)
    subtitle = say(
        "{item} in {year}, {unit}; {shown} of {count} cities with figures",
        language,
        item=name[:1].upper() + name[1:],
        year=period.year,
        unit=scale.name,
        shown=len(kept),
        count=len(known),
    )
    heading = say(
        "Place {rank} of {count} cities of {within} with figures.",
        language,
        rank=item.rank,
        count=item.ranked,
        within=item.within or Label("", ""),
    )
    caption = Caption(f"{name[:1].upper()}{name[1:]} · {heading}", subtitle, source)
    figure = bar_chart(bars, caption, language, width=_HALF)
    return _card(
        f"bar-{item.name.replace('_', '-')}", caption, figure, _ranking_table(item, order, language)
    )


def _card(key: str, caption: Caption, figure: Figure, table: Table) -> Card:
    # Vega escapes every name that it draws; what comes back is markup.
    drawn = Markup(svg(figure, inline=True, key=key))  # noqa: S704
    return Card(key, caption.title, caption.subtitle, caption.source, drawn, table)


def _table(
    item: PublishedItem, language: Language, lines: Iterable[PublishedLine] | None = None
) -> Table:
    shown = list(lines or [item.own])
    unit = exact_scale(item.unit, language).name
    years = sorted({f.period for line in shown for f in line.figures})
    heads = [Label("年份", "year").text(language)]
    for line in shown:
        name = line.label.text(language)
        heads.append(
            name if not unit else f"{name}（{unit}）" if language == "zh" else f"{name} ({unit})"
        )
    heads.append(Label("数据状态", "status").text(language))
    rows = []
    for year in years:
        cells = [str(year.year)]
        for line in shown:
            figure = line.at(year)
            cells.append(_cell(None if figure is None else figure.value, item, language))
        own = item.own.at(year)
        status = "" if own is None else _status(own.status, language)
        rows.append((*cells, status))
    return Table(tuple(heads), tuple(rows))


def _ranking_table(
    item: PublishedItem, order: list[tuple[PublishedLine, Decimal]], language: Language
) -> Table:
    unit = exact_scale(item.unit, language).name
    name = item.label.text(language)
    value = name if not unit else f"{name}（{unit}）" if language == "zh" else f"{name} ({unit})"
    return Table(
        (Label("位次", "place").text(language), Label("城市", "city").text(language), value),
        tuple(
            (
                str(1 + sum(other > figure for _, other in order)),
                line.label.text(language),
                _cell(figure, item, language),
            )
            for line, figure in order
        ),
        names=2,
    )


def _cell(value: Decimal | None, item: PublishedItem, language: Language) -> str:
    if value is None:
        return Absence.NO_DATA.label.text(language)
    return exact(value, item.unit, language).number


def _status(status: str, language: Language) -> str:
    final = Label("最终数", "final")
    return _STATUS.get(status, final).text(language)


def _source(found: Published, language: Language, today: date) -> str:
    mark = SYNTHETIC.text(language) if found.synthetic else ""
    return say(
        "Source: published figures loaded up to {day}, read on {today}. {mark}",
        language,
        day=max((s.at.date() for s in found.sources), default=today).isoformat(),
        today=today.isoformat(),
        mark=mark,
    ).strip()
