"""The bulletin as one HTML file: nothing is loaded, nothing runs, every mark leads to its note."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from ballast.brain.bulletin.page import as_page
from ballast.brain.bulletin.shape import Bar, Bars, Bulletin, Section, Table
from ballast.terms.label import LANGUAGES, Label, Language
from ballast.words import Sentence


class Seen(HTMLParser):
    """What a document holds: its tags, its addresses, its anchors."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.anchors: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("href", "src", "xlink:href"):
                self.links.append(value or "")
            if name == "id":
                self.anchors.append(value or "")
            assert not name.startswith("on"), (tag, name)


def seen(text: str) -> Seen:
    found = Seen()
    found.feed(text)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_needs_nothing_else_and_every_link_leads_somewhere(
    own: Bulletin, language: Language
) -> None:
    text = as_page(own, language)
    found = seen(text)
    assert not {"script", "link", "img", "iframe"} & set(found.tags)
    assert len(found.anchors) == len(set(found.anchors))
    for link in found.links:
        assert link.startswith("#")
        assert link[1:] in found.anchors
    assert "default-src 'none'" in text
    assert not re.search(r"url\((?!['\"]?#)|@import", text)  # url(#…) is a part of a drawing


def test_what_was_loaded_is_shown_and_never_run(own: Bulletin) -> None:
    nasty = Label("<script>坏</script>", "<script>bad</script>")
    section = Section(
        "x",
        nasty,
        ((Sentence("{x}", {"x": nasty}),),),
        (Table(nasty, (nasty,), ((nasty,),), frozenset()),),
        (Bars(Sentence("{x}", {"x": nasty}), nasty, (Bar(nasty, 1.0, nasty),)),),
    )
    text = as_page(replace(own, sections=(section,)), "en")
    assert "script" not in seen(text).tags
    assert "&lt;script&gt;bad" in text


def test_an_invented_region_says_so(own: Bulletin) -> None:
    assert "synthetic sample" in as_page(replace(own, synthetic=True), "en")
    assert "合成样例" in as_page(replace(own, synthetic=True), "zh")
