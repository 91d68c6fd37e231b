"""The ladder drawn: what is held, the next title, what would be enough, why there is none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ballast.brain.policy.facts import Fact, Facts, Held
from ballast.brain.policy.ladder import ladder
from ballast.brain.policy.reading import laws
from ballast.portal.law_ladder import ladder_markup
from ballast.terms.label import LANGUAGES, Label, Language

DAY = date(2026, 6, 1)
SOURCE = Label("表", "form")


def facts(*titles: Held, known: bool = True, **values: str | bool) -> Facts:
    held: dict[tuple[str, int | None], Fact] = {}
    for name, value in values.items():
        key, _, year = name.partition("__")
        of = int(year) if year else None
        stated = value if isinstance(value, bool) else Decimal(value)
        held[key, of] = Fact(key, stated, SOURCE, of)
    return Facts(held, titles, titles_known=known)


def drawn(known: Facts, language: Language = "en") -> str:
    return str(ladder_markup(ladder(laws(), known, DAY), language))


SPECIALISED = Held("specialised_sme", date(2023, 7, 1), date(2026, 6, 30), "<b>证书</b>")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_held_ends_soon_and_its_name_is_text(language: Language) -> None:
    page = drawn(facts(SPECIALISED), language)
    assert "2026-06-30" in page
    assert ("29 days" if language == "en" else "29 天") in page
    assert "<b>证书" not in page
    assert "&lt;b&gt;证书" in page


def test_the_next_title_stands_open_and_the_others_are_folded() -> None:
    page = drawn(facts(SPECIALISED, revenue__2025="6000", rd__2025="100"))
    first = page.index('id="lt-little_giant"')
    assert "<details><summary><h3" not in page[first : first + 60]
    others = page[page.index('id="lt-', first + 10) :]
    assert others.index("<details><summary><h3") < 120


def test_what_would_be_enough_is_said_before_the_criteria() -> None:
    page = drawn(facts(SPECIALISED, revenue__2025="6000", rd__2025="100", rd__2024="90"))
    card = page[page.index('id="lt-little_giant"') :]
    assert card.index("at once") < card.index('class="lt-list"')


def test_few_enough_things_are_named_as_ways() -> None:
    page = drawn(facts(SPECIALISED, revenue__2025="6000", rd__2025="100", rd__2024="90"))
    named = page.index("What would be enough")
    assert "each line is one way" in page[named : named + 60]


def test_nobody_said_which_titles_are_held_is_not_none_held() -> None:
    assert "It is not known which titles are held." in drawn(facts(known=False))
    assert "No title is held now." in drawn(facts())


def test_every_card_has_a_name_of_its_own() -> None:
    page = drawn(facts(SPECIALISED))
    names = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert len(names) == len(set(names))
