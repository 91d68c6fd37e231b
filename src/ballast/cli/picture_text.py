"""The picture of a region in a terminal: the page's answer, for those who live in a shell.

Laid out by rich, which knows that a Chinese character is two columns wide;
a layout of our own would have to learn it again. Everything must read without
colour, so colour is used for nothing but emphasis.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ballast.brain.picture_shape import Indicator, Point, RegionPicture
from ballast.portal import picture_words as words
from ballast.portal.sealed_words import sealed_text
from ballast.terms import unit as units
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Absence, Number, Scale, movement, percent, scale_for, written

__all__ = ["print_picture", "spark"]

_BLOCKS = "▁▂▃▄▅▆▇█"
_BAR = "█"
_FRACTIONS = " ▏▎▍▌▋▊▉"
_TOP = 10
_NAME: dict[Language, int] = {"zh": 36, "en": 31}  # columns of a name


def print_picture(picture: RegionPicture, console: Console, language: Language) -> None:
    """Print a picture, readable at 100 columns and without colour.

    Parameters
    ----------
    picture
        What is shown.
    console
        Where to; its width is kept.
    language
        In which it is read.
    """
    console.print()
    console.print(_head(picture, language))
    for sentence in words.answer(picture, language):
        _line(console, sentence)
    console.print()
    if picture.indicators:
        _show(console, _headline(picture.indicators, language))
    if picture.sealed is not None:
        _line(console, sealed_text(picture.sealed, language))
    elif picture.indicators:
        _line(console, _reported(picture, language))
    if picture.divisions:
        _title(
            console, Label("产业结构：前十大类", "Structure: the ten largest divisions"), language
        )
        _show(console, _divisions(picture, language))
    if picture.clusters:
        _title(console, Label("产业集群", "Clusters"), language)
        shown = _clusters if picture.sealed is None else _sealed_clusters
        _show(console, shown(picture, language))
    if picture.specialisations and picture.reference is not None:
        title = Label(
            f"区位商最高的十个中类（参照{picture.reference.zh}）",
            f"Highest location quotients of groups (against {picture.reference.en})",
        )
        _title(console, title, language)
        _show(console, _special(picture, language))
    if len(picture.places) > 1:
        _title(console, Label("各地", "Places"), language)
        _show(console, _places(picture, language))
    for line in _others(picture, language):
        _line(console, line)
    _line(console, _source(picture, language))
    console.print()


def spark(points: Sequence[Point]) -> str:
    """Return a series as blocks of eight heights; a gap is a blank.

    Examples
    --------
    >>> from ballast.terms.period import month
    >>> spark([Point(month(2026, m), v) for m, v in ((3, 1.0), (4, None), (5, 3.0))])
    '▁ █'
    """
    known = [p.value for p in points if p.value is not None]
    if not known:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1.0
    return "".join(
        " " if p.value is None else _BLOCKS[min(7, int((p.value - low) / span * 8))] for p in points
    )


def _head(picture: RegionPicture, language: Language) -> Text:
    text = Text(words.QUESTION.text(language), style="bold")
    parts = [picture.label.text(language)]
    if picture.period is not None:
        parts.append(picture.period.label.text(language))
    parts.append(
        f"{Label('截至', 'as of').text(language)} {picture.as_of.isoformat()}",
    )
    text.append("  " + " · ".join(parts), style="not bold")
    if picture.synthetic:
        text.append(f"  [{SYNTHETIC.text(language)}]", style="bold")
    return text


def _title(console: Console, title: Label, language: Language) -> None:
    console.print()
    console.print(Text(f"  {title.text(language)}", style="bold"))


def _line(console: Console, text: str) -> None:
    console.print(Padding(Text(text), (0, 0, 0, 2), expand=False))


def _show(console: Console, table: Table) -> None:
    console.print(Padding(table, (0, 0, 0, 2), expand=False))


def _grid(*columns: tuple[Label, bool], language: Language, gap: int = 2) -> Table:
    """Return an empty table; of each column the head, and whether it holds figures.

    Names give way where a line is too long, figures never.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap, 0, 0), show_edge=False)
    for head, is_figure in columns:
        table.add_column(
            head.text(language),
            justify="right" if is_figure else "left",
            no_wrap=True,
            overflow="ellipsis",
            max_width=None if is_figure else _NAME[language],
        )
    return table


def _headline(indicators: Sequence[Indicator], language: Language) -> Table:
    table = _grid(
        (Label("主要指标", "Headline"), False),
        (Label("", ""), True),
        (Label("同比", "change"), True),
        (Label("同口径", "comparable"), True),
        (Label("近 24 期", "24 periods"), False),
        language=language,
        gap=1,
    )
    for one in indicators:
        table.add_row(
            one.label.text(language),
            str(words.value_of(one, language)),
            words.change_text(one.published, language),
            "" if one.comparable is None else words.change_text(one.comparable, language),
            spark(one.series),
        )
    return table


def _divisions(picture: RegionPicture, language: Language) -> Table:
    shown = picture.divisions[:_TOP]
    scale = scale_for(units.CNY_1E4, language, shown[0].output or 0)
    table = _grid(
        (Label("大类", "division"), False),
        (Label("占比", "share"), True),
        (Label("", ""), False),
        (Label(f"总产值 {scale.name}", f"output, {scale.name}"), True),
        (Label("同比", "growth"), True),
        (Label("企业", "firms"), True),
        language=language,
    )
    most = max((d.share or 0.0 for d in shown), default=0.0)
    for division in shown:
        table.add_row(
            f"{division.code} {words.short(division.label, language)}",
            _share(division.share, language, division.absence),
            _bar(division.share, most),
            _amount(division.output, language, scale, division.absence),
            _growth(division.growth, language, division.growth_absence),
            words.count_text(division.enterprises, language),
        )
    return table


def _clusters(picture: RegionPicture, language: Language) -> Table:
    largest = max((c.revenue or 0 for c in picture.clusters), default=0)
    scale = scale_for(units.CNY_1E4, language, largest)
    year = "" if picture.year is None else str(picture.year)
    table = _grid(
        (Label("集群", "cluster"), False),
        (Label("级别", "tier"), False),
        (Label("星级", "stars"), False),
        (Label(f"{year} 营收 {scale.name}", f"{scale.name}, {year}"), True),
        (Label("同比", "growth"), True),
        (Label("企业", "firms"), True),
        (Label("区位商", "LQ"), True),
        language=language,
    )
    for cluster in picture.clusters:
        table.add_row(
            cluster.label.text(language),
            "" if cluster.tier is None else words.tier_text(cluster.tier, language),
            words.stars_text(cluster.stars, language),
            _amount(cluster.revenue, language, scale, cluster.absence),
            _growth(cluster.growth, language, cluster.growth_absence),
            words.count_text(cluster.enterprises, language),
            _quotient(cluster.quotient, language),
        )
    return table


def _sealed_clusters(picture: RegionPicture, language: Language) -> Table:
    largest = max((c.revenue or 0 for c in picture.clusters), default=0)
    scale = scale_for(units.CNY_1E4, language, largest)
    year = "" if picture.year is None else str(picture.year)
    table = _grid(
        (Label("集群", "cluster"), False),
        (Label("级别", "tier"), False),
        (Label(f"{year} 营收 {scale.name}", f"{scale.name}, {year}"), True),
        (Label("同比", "growth"), True),
        language=language,
    )
    for cluster in picture.clusters:
        table.add_row(
            cluster.label.text(language),
            words.sealed_tier(cluster, language),
            _amount(cluster.revenue, language, scale, cluster.absence),
            _growth(cluster.growth, language, cluster.growth_absence),
        )
    return table


def _special(picture: RegionPicture, language: Language) -> Table:
    shown = picture.specialisations[:_TOP]
    table = _grid(
        (Label("中类", "group"), False),
        (Label("区位商", "LQ"), True),
        (Label("", ""), False),
        (Label("本地占比", "share here"), True),
        (Label("参照占比", "reference"), True),
        language=language,
    )
    most = max((s.quotient or 0.0 for s in shown), default=0.0)
    for one in shown:
        table.add_row(
            f"{one.code} {words.short(one.label, language)}",
            _quotient(one.quotient, language),
            _bar(one.quotient, most),
            _share(one.share, language),
            _share(one.reference_share, language),
        )
    return table


def _places(picture: RegionPicture, language: Language) -> Table:
    scale = scale_for(units.CNY_1E4, language, picture.places[0].revenue or 0)
    table = _grid(
        (Label("地区", "place"), False),
        (Label("占比", "share"), True),
        (Label("", ""), False),
        (Label(f"营收 {scale.name}", f"revenue, {scale.name}"), True),
        (Label("同比", "growth"), True),
        (Label("企业", "firms"), True),
        language=language,
    )
    most = max((p.share or 0.0 for p in picture.places), default=0.0)
    for place in picture.places:
        table.add_row(
            place.label.text(language),
            _share(place.share, language, place.absence),
            _bar(place.share, most),
            _amount(place.revenue, language, scale, place.absence),
            _growth(place.growth, language, place.growth_absence),
            words.count_text(place.enterprises, language),
        )
    return table


def _reported(picture: RegionPicture, language: Language) -> str:
    """Return what time the headline is of, and the least coverage of its figures."""
    shares = [i.coverage for i in picture.indicators if i.coverage is not None]
    least = min(shares, key=lambda c: c.share or 0.0, default=None)
    period = "" if picture.period is None else picture.period.label.text(language)
    latest = "" if picture.latest is None else picture.latest.label.text(language)
    return say(
        "Sums are of {period}, counts and employment of {latest}; {coverage}.",
        language,
        period=period,
        latest=latest,
        coverage=words.coverage_text(least, language),
    )


def _others(picture: RegionPicture, language: Language) -> list[str]:
    lines = [words.macro_finding(item, language) for item in picture.macro]
    return ["", *lines] if lines else [""]


def _source(picture: RegionPicture, language: Language) -> str:
    loads = ", ".join(f"{s.load_id} ({s.at:%Y-%m-%d})" for s in picture.sources)
    mark = f" [{SYNTHETIC.text(language)}]" if picture.synthetic else ""
    return f"{Label('来源', 'Sources').text(language)}: {loads}{mark}"


def _bar(value: float | None, most: float, width: int = 12) -> str:
    """Return a bar of blocks, to an eighth of a character."""
    eighths = round((value or 0.0) / most * width * 8) if most > 0 else 0
    whole, rest = divmod(max(eighths, 0), 8)
    return _BAR * whole + (_FRACTIONS[rest] if rest else "")


def _amount(
    value: Number | None, language: Language, scale: Scale, absence: Absence | None = None
) -> str:
    if value is None:
        return (absence or Absence.NO_DATA).label.text(language)
    return written(value, units.CNY_1E4, language, scale=scale).number


def _share(value: float | None, language: Language, absence: Absence | None = None) -> str:
    if value is None:
        return (absence or Absence.UNDEFINED).label.text(language)
    return percent(value)


def _growth(value: float | None, language: Language, absence: Absence | None = None) -> str:
    if value is None:
        return (absence or Absence.UNDEFINED).label.text(language)
    return movement(value, units.PERCENT, language)


def _quotient(value: float | None, language: Language) -> str:
    return Absence.UNDEFINED.label.text(language) if value is None else f"{value:.1f}"
