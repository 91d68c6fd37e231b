"""Every sentence a user sees, Chinese and English, through one catalogue.

The English template is the key: code raises or says
``say("{count} rows loaded", language, count=3)``; the Chinese stands in
``zh/<room>.toml`` under the same English text. A test finds every template
in the source and fails when its Chinese is missing or has other places.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import PurePath

from ballast.errors import BallastError
from ballast.terms.label import Label, Language

__all__ = ["Sentence", "catalogue", "explain", "pack", "say", "unpack", "visible"]

# Line breaks, terminal commands, direction overrides, letters without width, bytes of no text.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


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
    said = {place: _shown(value, language) for place, value in values.items()}
    return chosen.format(**said) if said else chosen


def _shown(value: object, language: Language) -> object:
    """Return what fills a place; what came from a file cannot break the line it is said in."""
    if isinstance(value, Label):
        return value.text(language)
    return visible(str(value)) if isinstance(value, (str, PurePath, BaseException)) else value


def visible(text: str) -> str:
    """Return a text in which nothing hides: control characters are written out.

    A cell, a header or the name of a file may hold what moves the cursor,
    turns the line around, or cannot be written as UTF-8 at all.

    Examples
    --------
    >>> visible("阀门\\x1b[2J\\n")
    '阀门\\\\x1b[2J\\\\n'
    """
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


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


def pack(sentences: Sequence[Sentence]) -> str | None:
    """Return sentences as one text that can be stored and said later in either language.

    Examples
    --------
    >>> said = Sentence("row {row}", {"row": 3})
    >>> unpack(pack([said]), "en"), unpack(pack([said]), "zh")
    ('row 3', '第 3 行')
    """
    if not sentences:
        return None
    values = [[s.template, {k: _packed(v) for k, v in s.values.items()}] for s in sentences]
    return json.dumps(values, ensure_ascii=False)


def _packed(value: object) -> object:
    if isinstance(value, Label):
        return {"zh": value.zh, "en": value.en}
    return value if isinstance(value, (int, float)) else str(value)


def _unpacked(value: object) -> object:
    return Label(**value) if isinstance(value, dict) else value


def unpack(text: str | None, language: Language) -> str:
    """Return stored sentences in one language; a text that was not packed, as it stands."""
    if text is None or not text.startswith("[["):
        return text or ""
    said = [
        say(template, language, **{k: _unpacked(v) for k, v in values.items()})
        for template, values in json.loads(text)
    ]
    return ("" if language == "zh" else " ").join(said)


def explain(error: BallastError, language: Language) -> str:
    """Return what went wrong as one line in the reader's language."""
    return say(error.template, language, **error.values)
