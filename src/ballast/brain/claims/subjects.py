"""The words by which texts call the figures of the house.

The dictionary is data, longest words first, so that 营业收入利润率 is no
营业收入. Words whose figure the house does not have (固定资产投资) stand in it
too, without a key: known to be something else, they are not taken for a
figure that was said before them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

__all__ = ["GOALS", "SubjectToken", "subjects"]

GOALS = frozenset({"goals", "goals_behind", "goals_unknown"})
"""Counts of goals: how many run, how many lie behind their path, how many cannot be told."""


@dataclass(frozen=True, slots=True)
class SubjectToken:
    """A word for a figure: where it stands, and its key; ``None`` for a figure that is not ours."""

    start: int
    end: int
    key: str | None
    words: str


def _pattern(language: str, flags: int = 0) -> tuple[re.Pattern[str], list[str]]:
    """Return one pattern of all words, the longest first, and the key of each of its groups."""
    source = (files(__package__) / "data" / "subjects.toml").read_text(encoding="utf-8")
    listed: dict[str, list[str]] = tomllib.loads(source)[language]
    options = [(key, word) for key, words in listed.items() for word in words]
    options.sort(key=lambda pair: -len(pair[1]))
    chosen = [word.replace("规上", _SCALE) for _, word in options]
    bounded = (rf"\b{word}\b" for word in chosen) if flags else chosen
    return re.compile("|".join(f"({word})" for word in bounded), flags), [key for key, _ in options]


_NONE = "none"
_OWNER = re.compile(r"\s+(?:of|by)\s+(?:the\s+)?", re.IGNORECASE)
_SCALE = "(?:规模以上|规上)"
_ZH_PATTERN, _ZH_KEYS = _pattern("zh")
_EN_PATTERN, _EN_KEYS = _pattern("en", re.IGNORECASE)


def subjects(text: str, *, english: bool) -> Iterator[SubjectToken]:
    """Yield the words for figures in a mended text, in order.

    Examples
    --------
    >>> [t.key for t in subjects("规模以上工业企业实现营业收入2136亿元", english=False)]
    ['enterprises', 'revenue']
    """
    pattern, keys = (_EN_PATTERN, _EN_KEYS) if english else (_ZH_PATTERN, _ZH_KEYS)
    owned = -1
    for match in pattern.finditer(text):
        key = keys[(match.lastindex or 1) - 1]
        if key == "enterprises" and owned >= 0 and _OWNER.fullmatch(text[owned : match.start()]):
            continue  # revenue of enterprises: whose it is, not how many there are
        owned = match.end()
        yield SubjectToken(match.start(), match.end(), None if key == _NONE else key, match[0])
