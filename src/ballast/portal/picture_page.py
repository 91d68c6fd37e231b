"""The page that answers "Where does our industry stand?", in one file that needs nothing else.

Charts are drawn here and put into the page as SVG, each once for a desk and
once for a phone; both languages are in the page and a style rule shows one.
So it opens from a memory stick in a meeting room: no script, no load from
anywhere, which the content policy in its head also forbids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ballast.brain.picture_shape import RegionPicture
from ballast.charts.figure import svg
from ballast.charts.theme import dark_rules
from ballast.portal import picture_words as words
from ballast.portal.headline_tile import Tile, tile
from ballast.portal.picture_chart import Chart, source_line
from ballast.portal.picture_charts import charts
from ballast.portal.picture_tables import Table, tables
from ballast.terms.label import LANGUAGES, Label, Language
from ballast.words import say
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Absence

__all__ = ["render"]

WIDE, PHONE = 1040, 340
"""Widths of the one chart that is laid out twice: across the page, and for a phone."""

HALF = 384
"""Width of the others: a column of the page shows them a quarter larger, a phone a little less."""

_LIST = "cluster-list"
_SECTIONS: tuple[tuple[str, Label, tuple[str, ...]], ...] = (
    ("structure", Label("产业结构", "Structure"), ("structure",)),
    ("clusters", Label("产业集群", "Clusters"), ("clusters", _LIST)),
    ("special", Label("专业化", "Specialisation"), ("quotients", "specialisation")),
    ("growth", Label("增长", "Growth"), ("contribution", "trend")),
    ("places", Label("地区与技改投入", "Places and investment"), ("places", "upgrade")),
    (
        "others",
        Label("与全省、全国相比", "Beside the province and the nation"),
        ("macro-rd-intensity", "macro-high-tech-share"),
    ),
)

_WORDS: dict[str, Label] = {
    "other_language": Label("English", "中文"),
    "as_of": Label("截至", "as of"),
    "headline": Label("主要指标", "Headline figures"),
    "story": Label("口径与来源", "How it is made"),
    "formula": Label("公式", "Formula"),
    "sample": Label("范围", "Sample"),
    "coverage": Label("报送情况", "Coverage"),
    "period": Label("时期", "Period"),
    "change": Label("同比", "Change"),
    "comparable": Label("同口径", "comparable"),
    "sources": Label("来源", "Sources"),
    "command": Label("复现命令", "Command"),
    "status": Label("公布状态", "Disclosure"),
    "published": Label(
        "未经保密处理，仅供有权查看单位数据者使用",
        "not suppressed: for readers with the right to unit data",
    ),
    "table": Label("数据表", "The figures"),
    "loads": Label("数据来源", "What this rests on"),
    "load": Label("装载编号", "load"),
    "at": Label("装载时间", "loaded"),
    "tables": Label("表", "tables"),
    "nature": Label("数据性质", "nature"),
    "real": Label("真实", "real"),
    "synthetic": SYNTHETIC,
    "synthetic_note": Label(
        "本页数据为合成样例，不指任何真实企业或地区的实际情况。",
        "The figures on this page are a synthetic sample and say nothing about any real "
        "enterprise or place.",
    ),
    "rankings": Label("外部榜单", "External lists"),
    "place": Label("第 {} 位", "place {}"),
    "link": Label("链接", "link"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A card of the page: a chart with its table, or a table alone."""

    key: str
    heading: str
    subtitle: str
    source: str
    table: Table
    alone: bool = False
    desk: Markup | None = None
    phone: Markup | None = None


@dataclass(frozen=True, slots=True)
class _Section:
    key: str
    title: str
    drawn: tuple[_Drawn, ...]


@dataclass(frozen=True, slots=True)
class _Edition:
    """The page in one language."""

    language: Language
    lang: str
    question: str
    answer: tuple[str, ...]
    tiles: tuple[Tile, ...]
    sections: tuple[_Section, ...]
    words: dict[str, str]


def render(
    picture: RegionPicture, language: Language, *, languages: Sequence[Language] = LANGUAGES
) -> str:
    """Return the page of a picture.

    Parameters
    ----------
    picture
        What it shows.
    language
        The one that shows first.
    languages
        Those that the page holds; the reader changes between them by a link.

    Returns
    -------
    str
        HTML, complete in one file.
    """
    held = [language, *(other for other in languages if other != language)]
    template = _environment().get_template("picture.html.j2")
    return template.render(
        picture=picture,
        first=language,
        editions=[_edition(picture, each) for each in held],
        dark=Markup(dark_rules()),  # noqa: S704 - our own style rules
        title=" ".join(words.QUESTION.text(each) for each in held),
        region=picture.label.text(language),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ballast.portal", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # A word that stands for a missing number is marked so that it reads as one.
    environment.globals["absences"] = {
        absence.label.text(language): words.absent_reason(absence, language)
        for absence in Absence
        for language in LANGUAGES
    }
    return environment


def _edition(picture: RegionPicture, language: Language) -> _Edition:
    return _Edition(
        language=language,
        lang="zh-CN" if language == "zh" else "en",
        question=words.QUESTION.text(language),
        answer=words.answer(picture, language),
        tiles=tuple(tile(indicator, language, width=60) for indicator in picture.indicators),
        sections=_sections(picture, language),
        words={name: label.text(language) for name, label in _WORDS.items()},
    )


def _sections(picture: RegionPicture, language: Language) -> tuple[_Section, ...]:
    drawable, behind = charts(picture, language), tables(picture, language)
    found = []
    for key, title, names in _SECTIONS:
        cards = [
            _drawn(drawable[name], behind[name], language) for name in names if name in drawable
        ]
        if _LIST in names and picture.clusters:
            cards.append(_cluster_list(picture, behind[_LIST], language))
        if len(cards) == 1:
            cards = [replace(cards[0], alone=True)]
        if cards:
            found.append(_Section(key, title.text(language), tuple(cards)))
    return tuple(found)


def _drawn(chart: Chart, table: Table, language: Language) -> _Drawn:
    key = f"{language}-{chart.key}"
    phone = svg(chart.draw(PHONE), inline=True, key=f"{key}-phone") if chart.wide else None
    return _Drawn(
        key=chart.key,
        heading=chart.heading,
        subtitle=chart.subtitle,
        source=chart.source,
        table=table,
        alone=chart.wide,
        # Vega escapes every name it draws; what comes back is markup.
        desk=Markup(svg(chart.draw(WIDE if chart.wide else HALF), inline=True, key=key)),  # noqa: S704
        phone=None if phone is None else Markup(phone),  # noqa: S704
    )


def _cluster_list(picture: RegionPicture, table: Table, language: Language) -> _Drawn:
    return _Drawn(
        key=_LIST,
        heading=words.stars_finding(picture, language),
        subtitle=say(
            "A star each for size, specialisation and focus by persons employed, among the places "
            "of the region; LQ: location quotient there",
            language,
        ),
        source=source_line(picture, language),
        table=table,
    )
