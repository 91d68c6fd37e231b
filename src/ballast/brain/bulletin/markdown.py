"""A bulletin as Markdown: for whoever keeps texts in a repository or pastes them into a form."""

from __future__ import annotations

import re

from ballast.brain.bulletin.heading import heading
from ballast.brain.bulletin.shape import Bars, Bulletin, Section, Table, pieces, plain
from ballast.terms.label import Language
from ballast.words import say

__all__ = ["as_markdown"]

# What Markdown or the HTML in it would read as its own.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")


def as_markdown(bulletin: Bulletin, language: Language) -> str:
    """Return the bulletin as one Markdown text with footnotes.

    Parameters
    ----------
    bulletin, language
        What is written, and in which language.
    """
    head = heading(bulletin, language)
    lines = [f"# {_safe(head.title)}", "", _safe(head.line), ""]
    if head.mark:
        lines += [f"**{_safe(head.mark)}**", ""]
    for number, section in enumerate(bulletin.sections, start=1):
        lines += _section(section, number, language)
    lines += [f"## {say('Notes', language)}", ""]
    for note in bulletin.notes:
        lines.append(f"[^{note.number}]: {_safe(note.text(language))}: `{note.command}`")
    return "\n".join(lines) + "\n"


def _section(section: Section, number: int, language: Language) -> list[str]:
    lines = [f"## {number} {_safe(section.title.text(language))}", ""]
    between = "" if language == "zh" else " "
    for paragraph in section.paragraphs:
        lines += [between.join(_noted(one.text(language)) for one in paragraph), ""]
    for table in section.tables:
        lines += _table(table, language)
    for chart in section.charts:
        lines += _bars(chart, language)
    return lines


def _noted(text: str) -> str:
    return "".join(
        _safe(piece) if number is None else f"[^{number}]" for piece, number in pieces(text)
    )


def _table(table: Table, language: Language) -> list[str]:
    def row(cells: tuple[str, ...]) -> str:
        return f"| {' | '.join(cells)} |"

    rule = tuple("---:" if at in table.right else "---" for at in range(len(table.columns)))
    return [
        f"**{_safe(table.caption.text(language))}**",
        "",
        row(tuple(_safe(column.text(language)) for column in table.columns)),
        row(rule),
        *(row(tuple(_safe(plain(c.text(language))) for c in cells)) for cells in table.rows),
        "",
    ]


def _bars(chart: Bars, language: Language) -> list[str]:
    """Return a chart as its title alone: the table above it holds the figures."""
    return [f"*{_safe(chart.title.text(language))} ({_safe(chart.unit.text(language))})*", ""]


def _safe(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
