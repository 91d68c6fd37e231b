"""A bulletin as a Word document, the form that offices use: headings, tables, pictures, notes.

Figures carry raised numbers; the notes stand at the end as a numbered list with the commands, and
each number is a link to its note. The fonts are named as Chinese offices have them (仿宋, 黑体);
where they are not installed Word takes its own.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from ballast.brain.bulletin.drawing import drawn
from ballast.brain.bulletin.heading import heading
from ballast.brain.bulletin.shape import Bars, Bulletin, Note, Section, Table, pieces, plain
from ballast.charts.figure import png
from ballast.terms.label import Language
from ballast.words import Sentence, say

__all__ = ["as_document"]

_BODY, _HEAD = "仿宋", "黑体"
_LATIN = "Times New Roman"
_WIDTH = 640
_TEXT_CM = 15.6  # between the margins of the page


def as_document(bulletin: Bulletin, language: Language) -> bytes:
    """Return the bulletin as the bytes of a .docx file.

    Parameters
    ----------
    bulletin, language
        What is written, and in which language.

    Raises
    ------
    EngineMissing
        If Chinese is to be drawn and no installed font has it.
    """
    made: Any = Document()
    _styles(made)
    head = heading(bulletin, language)
    _properties(made, head.title, bulletin)
    title = made.add_paragraph(style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run(head.title)
    line = made.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run(head.line)
    if head.mark:
        mark = made.add_paragraph()
        mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
        mark.add_run(f"〔{head.mark}〕" if language == "zh" else f"[{head.mark}]").bold = True
    seen: set[int] = set()
    for number, section in enumerate(bulletin.sections, start=1):
        _section(made, bulletin, section, number, language, seen)
    _notes(made, bulletin.notes, language)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def _styles(made: Any) -> None:
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.7)
    page.top_margin = page.bottom_margin = Cm(2.8)
    for name, size, font in (("Normal", 12, _BODY), ("Title", 20, _HEAD), ("Heading 1", 14, _HEAD)):
        style = made.styles[name]
        style.font.size, style.font.name = Pt(size), _LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            if fonts.get(qn(attribute)) is not None:
                del fonts.attrib[qn(attribute)]
        fonts.set(qn("w:eastAsia"), font)
        fonts.set(qn("w:hAnsi"), _LATIN)
        style.font.color.rgb = None
    made.styles["Normal"].paragraph_format.line_spacing = 1.5


def _properties(made: Any, title: str, bulletin: Bulletin) -> None:
    """Set what the file says of itself; python-docx's own author and date would stand otherwise."""
    noon = datetime(bulletin.made.year, bulletin.made.month, bulletin.made.day, 12, tzinfo=UTC)
    about = made.core_properties
    about.title, about.author, about.comments = title, "Ballast", ""
    about.created = about.modified = noon.replace(tzinfo=None)
    about.last_modified_by = "Ballast"


def _section(
    made: Any,
    bulletin: Bulletin,
    section: Section,
    number: int,
    language: Language,
    seen: set[int],
) -> None:
    made.add_heading(f"{number} {section.title.text(language)}", level=1)
    for sentences in section.paragraphs:
        _paragraph(made, sentences, language, seen)
    for table in section.tables:
        _table(made, table, language)
    for chart in section.charts:
        _picture(made, chart, language, synthetic=bulletin.synthetic)


def _paragraph(
    made: Any, sentences: tuple[Sentence, ...], language: Language, seen: set[int]
) -> None:
    text = ("" if language == "zh" else " ").join(one.text(language) for one in sentences)
    paragraph = made.add_paragraph()
    if language == "zh":
        paragraph.paragraph_format.first_line_indent = Pt(24)
    for piece, note in pieces(text):
        if note is None:
            paragraph.add_run(piece)
        else:
            _link(paragraph, note, first=note not in seen)
            seen.add(note)


def _link(paragraph: Any, note: int, *, first: bool) -> None:
    """Add the raised number of a note, which leads to it."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), f"note{note}")
    run = paragraph.add_run(str(note))
    run.font.superscript = True
    link.append(run._r)  # noqa: SLF001 the library has no links inside a document of its own
    if first:
        _bookmark(paragraph, f"at{note}", 10_000 + note)
    paragraph._p.append(link)  # noqa: SLF001


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), str(number))
        if tag == "w:bookmarkStart":
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)  # noqa: SLF001


def _table(made: Any, table: Table, language: Language) -> None:
    caption = made.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.add_run(table.caption.text(language)).bold = True
    grid = made.add_table(rows=1, cols=len(table.columns))
    grid.style, grid.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    rows = [table.columns, *table.rows]
    widths = _widths([[plain(cell.text(language)) for cell in cells] for cells in rows])
    for column, width in enumerate(widths):  # of the grid too, which some programs go by
        grid.columns[column].width = width
    for at, cells in enumerate(rows):
        row = grid.rows[0] if at == 0 else grid.add_row()
        for column, width in enumerate(widths):
            row.cells[column].width = width
        if at == 0:
            _repeat(row)
        for column, label in enumerate(cells):
            paragraph = row.cells[column].paragraphs[0]
            paragraph.paragraph_format.line_spacing = 1.0
            run = paragraph.add_run(plain(label.text(language)))
            run.bold, run.font.size = at == 0, Pt(10.5)
            if column in table.right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made.add_paragraph().paragraph_format.line_spacing = 1.0


def _widths(rows: list[list[str]]) -> list[Any]:
    """Return the widths of columns by their longest cell, of which forty letters count."""
    longest = [
        min(max(sum(2 if ord(c) > 0x2E7F else 1 for c in cell) for cell in column), 40) + 3
        for column in zip(*rows, strict=True)
    ]
    return [Cm(_TEXT_CM * length / sum(longest)) for length in longest]


def _repeat(row: Any) -> None:
    """Let the heading of a table stand again on each page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001


def _picture(made: Any, chart: Bars, language: Language, *, synthetic: bool) -> None:
    image = png(drawn(chart, language, width=_WIDTH, synthetic=synthetic))
    made.add_picture(io.BytesIO(image), width=Cm(15.5))
    inline = made.inline_shapes[-1]._inline  # noqa: SLF001
    inline.docPr.set("descr", f"{chart.title.text(language)}: {chart.unit.text(language)}")


def _notes(made: Any, notes: tuple[Note, ...], language: Language) -> None:
    made.add_heading(say("Notes", language), level=1)
    for note in notes:
        paragraph = made.add_paragraph()
        paragraph.paragraph_format.line_spacing = 1.0
        _bookmark(paragraph, f"note{note.number}", note.number)
        number = paragraph.add_run(f"{note.number}  ")
        text = paragraph.add_run(f"{note.text(language)}  ")
        command = paragraph.add_run(note.command)
        command.font.name = "Consolas"
        for run in (number, text, command):
            run.font.size = Pt(9)
