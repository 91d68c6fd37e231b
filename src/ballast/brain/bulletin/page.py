"""A bulletin as one HTML file: charts inside, no script, nothing loaded from elsewhere.

It opens from a memory stick; printed, it is the paper that goes round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ballast.brain.bulletin.drawing import drawn
from ballast.brain.bulletin.heading import heading
from ballast.brain.bulletin.shape import Bulletin, Section, Table, pieces, plain
from ballast.charts.figure import svg
from ballast.charts.theme import FONT_STACK, dark_rules
from ballast.terms.label import Label, Language
from ballast.words import say

__all__ = ["as_page", "as_part"]

_WIDTH = 720
_PAGES = Environment(
    loader=PackageLoader("ballast.brain", "bulletin"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_BETWEEN = {"zh": Markup(""), "en": Markup(" ")}
_BACK = Label("返回正文", "back to the text")


@dataclass(frozen=True, slots=True)
class _Shown:
    number: int
    title: str
    paragraphs: tuple[Markup, ...]
    tables: tuple[_Grid, ...]
    charts: tuple[_Picture, ...]


@dataclass(frozen=True, slots=True)
class _Picture:
    title: str
    unit: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class _Grid:
    caption: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]


def as_page(bulletin: Bulletin, language: Language) -> str:
    """Return the bulletin as one HTML document.

    Parameters
    ----------
    bulletin, language
        What is written, and in which language.
    """
    return _PAGES.get_template("page.html.j2").render(
        lang="zh-CN" if language == "zh" else "en",
        fonts=Markup(FONT_STACK),  # noqa: S704 a constant of ours
        dark=Markup(dark_rules()),  # noqa: S704 a constant of ours
        **_parts(bulletin, language, inline=False),
    )


def as_part(bulletin: Bulletin, language: Language) -> str:
    """Return the sections and notes of the bulletin, for a page that has a head of its own.

    Parameters
    ----------
    bulletin, language
        What is written, and in which language.
    """
    return _PAGES.get_template("body.html.j2").render(**_parts(bulletin, language, inline=True))


def _parts(bulletin: Bulletin, language: Language, *, inline: bool) -> dict[str, Any]:
    seen: set[int] = set()
    return {
        "head": heading(bulletin, language),
        "sections": [
            _section(bulletin, section, number, language, seen, inline=inline)
            for number, section in enumerate(bulletin.sections, start=1)
        ],
        "notes_title": say("Notes", language),
        "notes": [(n.number, n.text(language), n.command) for n in bulletin.notes],
        "back": _BACK.text(language),
        "inline": inline,
    }


def _section(
    bulletin: Bulletin,
    section: Section,
    number: int,
    language: Language,
    seen: set[int],
    *,
    inline: bool,
) -> _Shown:
    paragraphs = tuple(
        _BETWEEN[language].join(_noted(one.text(language), seen) for one in paragraph)
        for paragraph in section.paragraphs
    )
    return _Shown(
        number=number,
        title=section.title.text(language),
        paragraphs=paragraphs,
        tables=tuple(_grid(table, language) for table in section.tables),
        charts=tuple(
            _Picture(
                chart.title.text(language),
                chart.unit.text(language),
                Markup(  # noqa: S704 the drawing escapes its own text
                    svg(
                        drawn(chart, language, width=_WIDTH, synthetic=bulletin.synthetic),
                        inline=inline,
                        key=f"{section.key}{at}",
                    )
                ),
            )
            for at, chart in enumerate(section.charts)
        ),
    )


def _noted(text: str, seen: set[int]) -> Markup:
    """Return a sentence with links to its notes; a note leads back to its first mark."""
    parts = []
    for piece, note in pieces(text):
        if note is None:
            parts.append(Markup("{}").format(piece))
            continue
        anchor = Markup("") if note in seen else Markup(' id="at-{}"').format(note)
        seen.add(note)
        parts.append(
            Markup('\u2060<sup{}><a href="#note-{}">{}</a></sup>').format(anchor, note, note)
        )
    return Markup("").join(parts)


def _grid(table: Table, language: Language) -> _Grid:
    def cells(labels: tuple[Label, ...]) -> tuple[tuple[str, bool], ...]:
        return tuple(
            (plain(label.text(language)), at in table.right) for at, label in enumerate(labels)
        )

    return _Grid(
        table.caption.text(language), cells(table.columns), tuple(cells(row) for row in table.rows)
    )
