"""The bulletin as a Word document: opened again, it holds headings, tables, pictures and notes."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from typing import Any

import pytest
from docx import Document

from ballast.brain.bulletin.document import as_document
from ballast.brain.bulletin.shape import Bulletin, plain
from ballast.terms.label import LANGUAGES, Language

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module", params=LANGUAGES)
def spoken(request: pytest.FixtureRequest) -> Language:
    language: Language = request.param
    return language


@pytest.fixture(scope="module")
def content(own: Bulletin, spoken: Language) -> bytes:
    return as_document(own, spoken)


def test_it_opens_with_its_headings_tables_and_pictures(
    own: Bulletin, content: bytes, spoken: Language
) -> None:
    opened: Any = Document(io.BytesIO(content))
    headings = [p.text for p in opened.paragraphs if p.style.name == "Heading 1"]
    assert headings[:-1] == [
        f"{at} {section.title.text(spoken)}" for at, section in enumerate(own.sections, start=1)
    ]
    tables = [table for section in own.sections for table in section.tables]
    assert len(opened.tables) == len(tables)
    for made, shown in zip(tables, opened.tables, strict=True):
        assert len(shown.rows) == 1 + len(made.rows)
        first = [cell.text for cell in shown.rows[1].cells]
        assert first == [plain(cell.text(spoken)) for cell in made.rows[0]]
    assert len(opened.inline_shapes) == sum(len(section.charts) for section in own.sections)


def test_every_raised_number_leads_to_a_note(own: Bulletin, content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        body = ET.fromstring(packed.read("word/document.xml"))
    marks = {node.get(f"{W}name") for node in body.iter(f"{W}bookmarkStart")}
    links = [node.get(f"{W}anchor") for node in body.iter(f"{W}hyperlink")]
    assert links
    assert set(links) <= marks
    assert {f"note{note.number}" for note in own.notes} <= marks


def test_it_names_the_fonts_of_chinese_offices_and_says_when_it_was_made(
    own: Bulletin, content: bytes
) -> None:
    opened: Any = Document(io.BytesIO(content))
    fonts = opened.styles["Normal"].element.rPr.rFonts
    assert fonts.get(f"{W}eastAsia") == "仿宋"
    assert opened.core_properties.created.date() == own.made
    assert opened.core_properties.author == "Ballast"
