"""The bulletin as Markdown: parsed again by a reader of Markdown, it holds what it was made of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from ballast.brain.bulletin.markdown import as_markdown
from ballast.brain.bulletin.shape import Bulletin, Section, Table
from ballast.terms.label import LANGUAGES, Label, Language
from ballast.words import Sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_tables_and_notes_are_there(own: Bulletin, language: Language) -> None:
    text = as_markdown(own, language)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    headings = [tokens[at + 1].content for at, t in enumerate(tokens) if t.type == "heading_open"]
    assert len(headings) == 1 + len(own.sections) + 1
    tables = sum(t.type == "table_open" for t in tokens)
    assert tables == sum(len(section.tables) for section in own.sections)
    for note in own.notes:
        assert f"\n[^{note.number}]: " in text
        assert f"`{note.command}`" in text


def test_a_name_that_is_markdown_stays_a_name(own: Bulletin) -> None:
    nasty = Label("甲|乙*丙*<script>", "a|b*c*<script>[x](y)")
    table = Table(nasty, (nasty, nasty), ((nasty, nasty),), frozenset())
    section = Section("x", nasty, ((Sentence("{x}", {"x": nasty}),),), (table,))
    html = (
        MarkdownIt("commonmark", {"html": True})
        .enable("table")
        .render(as_markdown(replace(own, sections=(section,)), "en"))
    )
    assert "<script>" not in html
    assert "<em>" not in html
    assert "<a " not in html
    assert html.count("<td") == 2
