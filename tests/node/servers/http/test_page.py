from __future__ import annotations

import pytest

from ballast.node.servers.http.page import Shown, record_page
from ballast.node.wire.value import Value
from ballast.terms.label import Language

NAMES = (
    Value(2000, "NAME", "深沟球轴承".encode()),
    Value(2001, "NAME_EN", b"Deep groove ball bearing"),
)


def page(language: Language, *values: Value) -> str:
    return record_page(Shown("88.118.8/A-1", "node", values=values), language)[0].decode()


@pytest.mark.parametrize(
    ("language", "name"), [("zh", "深沟球轴承"), ("en", "Deep groove ball bearing")]
)
def test_a_page_is_headed_with_the_name_in_the_readers_language(
    language: Language, name: str
) -> None:
    assert f"<h1>{name}</h1>" in page(language, *NAMES)


def test_a_name_in_the_other_language_is_better_than_none() -> None:
    assert "<h1>深沟球轴承</h1>" in page("en", NAMES[0])
    assert "<h1>Deep groove ball bearing</h1>" in page("zh", NAMES[1])


def test_a_record_without_a_name_is_headed_with_its_handle() -> None:
    assert '<h1 class="handle">88.118.8/A-1</h1>' in page("en", Value(3, "BATCH", b"B-1"))
    long = Value(2000, "NAME", b"x" * 121)
    assert '<h1 class="handle">88.118.8/A-1</h1>' in page("en", long)


def test_types_of_the_trade_are_said_in_words_and_others_as_they_are() -> None:
    text = page("en", Value(2004, "MADE_ON", b"2026-11-20"), Value(2005, "浇次", b"7"))
    assert "Made on" in text
    assert "浇次" in text
