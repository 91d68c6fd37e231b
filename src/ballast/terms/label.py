"""A name in the two languages of the house.

Names of things (a column, an industry, an indicator) stand beside the thing
as a ``Label``; sentences stand in ``ballast.words``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Label:
    """One name, in Chinese and in English.

    Examples
    --------
    >>> Label("区位商", "location quotient").text("en")
    'location quotient'
    """

    zh: str
    en: str

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: Language) -> str:
        """Return the name in one language; an empty English name falls back to the Chinese one."""
        return (self.en or self.zh) if language == "en" else self.zh
