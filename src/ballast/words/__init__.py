"""Every sentence a user sees, Chinese and English, through one catalogue.

The English template is the key: code raises or says
``say("{count} rows loaded", language, count=3)``; the Chinese stands in
``zh/<room>.toml`` under the same English text. A test finds every template
in the source and fails when its Chinese is missing or has other places.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from ballast.errors import BallastError
from ballast.terms.label import Label, Language

__all__ = ["Sentence", "catalogue", "explain", "say"]


@cache
def catalogue() -> dict[str, str]:
    """Return the Chinese of every English template.

    Returns
    -------
    dict
        English template to Chinese template, all rooms together.
    """
    merged: dict[str, str] = {}
    for entry in sorted((files(__package__) / "zh").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            merged |= tomllib.loads(entry.read_text(encoding="utf-8"))
    return merged


def say(template: str, language: Language, **values: object) -> str:
    """Return a sentence in one language.

    Parameters
    ----------
    template
        The English sentence with named places.
    language
        ``"zh"`` or ``"en"``.
    **values
        What fills the places.

    Examples
    --------
    >>> say("{count} rows accepted", "en", count=3)
    '3 rows accepted'
    """
    chosen = catalogue().get(template, template) if language == "zh" else template
    said = {
        place: value.text(language) if isinstance(value, Label) else value
        for place, value in values.items()
    }
    return chosen.format(**said) if said else chosen


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, kept apart from the language it will be said in.

    Parameters
    ----------
    template
        The English sentence with named places; the key of its Chinese.
    values
        What fills the places; a ``Label`` is said in the reader's language.

    Examples
    --------
    >>> Sentence("{count} rows accepted", {"count": 3}).text("en")
    '3 rows accepted'
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """Return the sentence in one language."""
        return say(self.template, language, **self.values)


def explain(error: BallastError, language: Language) -> str:
    """Return what went wrong as one line in the reader's language."""
    return say(error.template, language, **error.values)
