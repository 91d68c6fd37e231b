"""The head of a bulletin: its title, its line, the mark of what is invented."""

from __future__ import annotations

from dataclasses import dataclass

from ballast.brain.bulletin.shape import Bulletin
from ballast.terms.label import Language
from ballast.words import say
from ballast.words.marks import SYNTHETIC

__all__ = ["Heading", "heading"]


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the first section; ``mark`` is empty where nothing is invented."""

    title: str
    line: str
    mark: str


def heading(bulletin: Bulletin, language: Language) -> Heading:
    """Return the head of a bulletin in one language."""
    title = say(
        "{region}: industry in {period}",
        language,
        region=bulletin.label,
        period=bulletin.period.label,
    )
    made = f"{bulletin.made:%Y-%m-%d}"
    line = (
        say("For everybody · made on {day}", language, day=made)
        if bulletin.open_to_all
        else say("For the bureau's own use · made on {day}", language, day=made)
    )
    return Heading(title, line, SYNTHETIC.text(language) if bulletin.synthetic else "")
