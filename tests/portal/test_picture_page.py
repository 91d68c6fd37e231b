"""The page is complete in one file, escapes every name, and has words for what is missing."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from ballast.brain.picture import RegionPicture
from ballast.portal.picture_page import render
from ballast.terms.label import LANGUAGES, Language

LARGEST_PAGE = 1_500_000
VOID = {"meta", "input", "br"}


class Reader(HTMLParser):
    """Collects tags, attributes and the text of each language."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.language = ""
        self.text: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and what it says of itself."""
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "main":
            self.language = dict(attrs)["lang"] or ""
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost tag, or note that it is another one."""
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        """Collect the text of the edition it stands in."""
        if "style" not in self.open:
            self.text[self.language] = self.text.get(self.language, "") + data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.fixture(scope="module")
def page(small_picture: RegionPicture) -> str:
    return render(small_picture, "zh")


def test_a_hostile_name_is_text_and_never_markup(page: str, hostile: str) -> None:
    found = read(page)
    assert "<script" not in page
    assert "script" not in found.tags
    assert all(hostile in text for language, text in found.text.items() if language)
    assert not [a for a in found.attributes if a[1].startswith("on")]


def test_the_page_loads_nothing_from_anywhere(page: str) -> None:
    assert set(re.findall(r"(?:https?:)?//[\w.]+[^\s\"'<]*", page)) <= {
        "http://www.w3.org/2000/svg"
    }
    found = read(page)
    assert not {"link", "img", "iframe", "object", "embed", "script", "base"} & set(found.tags)
    assert not re.findall(r"url\((?!#)", page)
    assert "@import" not in page
    linked = [value for _, name, value in found.attributes if name in ("href", "src", "xlink:href")]
    assert linked
    assert all(value.startswith("#") for value in linked)


def test_the_content_policy_forbids_everything_but_its_own_style(page: str) -> None:
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page


def test_tags_are_balanced_and_identifiers_unique(page: str) -> None:
    found = read(page)
    assert found.unbalanced == []
    assert found.open == []
    identifiers = [value for _, name, value in found.attributes if name == "id"]
    assert len(identifiers) == len(set(identifiers))


def test_every_link_within_the_page_leads_somewhere(page: str) -> None:
    found = read(page)
    identifiers = {value for _, name, value in found.attributes if name == "id"}
    for tag, name, value in found.attributes:
        if name == "href":
            assert value.removeprefix("#") in identifiers
        if (tag, name) == ("label", "for"):
            assert value in identifiers


def test_both_languages_are_complete(page: str) -> None:
    text = read(page).text
    assert "我们的工业现状如何？" in text["zh-CN"]
    assert "Where does our industry stand?" in text["en"]
    # What is Chinese in the English edition is a name that has no other, or the switch.
    left = re.sub(r"中文|名|某机构|百强市", "", text["en"])
    assert not re.findall("[\u4e00-\u9fff]+", left)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_asked_for_shows_first(
    small_picture: RegionPicture, language: Language
) -> None:
    first = re.search(r'id="show-(zh|en)" checked', render(small_picture, language))
    assert first is not None
    assert first[1] == language


def test_one_language_alone_has_no_switch(small_picture: RegionPicture) -> None:
    alone = render(small_picture, "en", languages=("en",))
    assert "show-zh" not in alone
    assert "我们的工业现状如何" not in alone


def test_synthetic_data_say_so_at_the_top_at_every_chart_and_in_the_sources(
    small_picture: RegionPicture,
) -> None:
    text = read(render(small_picture, "zh")).text
    charts = text["en"].count("Source: the lake of")
    assert charts >= 8
    assert text["en"].count("synthetic sample") >= charts + 2
    assert text["zh-CN"].count("合成样例") >= charts + 2
    real = replace(
        small_picture, sources=tuple(replace(s, synthetic=False) for s in small_picture.sources)
    )
    assert "合成样例" not in read(render(real, "zh")).text["zh-CN"]
    assert "synthetic" not in read(render(real, "zh")).text["en"]


def test_what_is_missing_is_a_word_with_a_reason(page: str) -> None:
    assert re.search(r'<abbr class="missing" title="[^"]*分母为零[^"]*">无定义</abbr>', page)
    assert re.search(
        r'<abbr class="missing" title="[^"]*would divide by zero[^"]*">undefined</abbr>', page
    )
    assert re.search(
        r'<abbr class="missing" title="[^"]*nobody has loaded[^"]*">no data</abbr>', page
    )
    text = read(page).text
    assert not re.search(r"\b(None|nan|inf)\b", text["en"] + text["zh-CN"])
    assert not re.search(r"<td[^>]*></td>", page)


def test_every_headline_figure_carries_its_story(page: str, small_picture: RegionPicture) -> None:
    text = read(page).text["en"]
    count = len(small_picture.indicators)
    for part in ("a sum", "above-scale enterprises", "L0000001-abc (2026-06-01", "ballast demo"):
        assert text.count(part) >= count
    assert "on the comparable sample of 1900 enterprises" in text
    assert "published levels" in text


def test_low_coverage_shows_at_the_figure_itself(page: str) -> None:
    head = re.search(r'id="en-enterprises">.*?</summary>', page, re.DOTALL)
    other = re.search(r'id="en-output">.*?</summary>', page, re.DOTALL)
    assert head is not None
    assert other is not None
    assert "1800 of 2000 enterprises reported (90.0%)" in head[0]
    assert "reported" not in other[0]


def test_the_table_behind_a_chart_has_all_digits(page: str) -> None:
    text = read(page).text
    assert "8537884.8527" in text["zh-CN"]
    assert "85\u202f378.848527" in text["en"]


def test_a_picture_with_headline_alone_is_a_page_too(small_picture: RegionPicture) -> None:
    bare = RegionPicture(
        region="370100",
        label=small_picture.label,
        as_of=small_picture.as_of,
        latest=None,
        period=None,
        year=None,
        indicators=small_picture.indicators,
    )
    found = read(render(bare, "en"))
    assert "Where does our industry stand?" in found.text["en"]
    assert "svg" in found.tags  # the sparklines
    assert "figure" not in found.tags


def test_a_city_without_a_tile_layout_shows_its_places_as_bars(
    small_picture: RegionPicture,
) -> None:
    elsewhere = replace(small_picture, region="370100")
    assert "Chiping District" in read(render(elsewhere, "en")).text["en"]


def test_the_page_stays_small(page: str) -> None:
    assert len(page.encode()) < LARGEST_PAGE
