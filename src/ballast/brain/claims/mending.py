"""A text as it came, made readable by rule, and every character's place in it kept.

Texts reach an office through converters: traditional characters where they
were simplified, the reading of a character behind it in brackets (區(qū)),
full-width digits, characters without width. Each is undone character by
character, because a statement must be marked in the text that was given, and
not in one that somebody else made of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

__all__ = ["Mended", "mended"]

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_READING = re.compile(rf"(?<=[\u3400-\u9fff])[(（]([a-zü{_TONED}]{{1,6}})[)）]")
# What a reading without a tone looks like; believed only where another one has a tone.
_SYLLABLE = re.compile(r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:[aeiouü]{1,3}(?:ng?|r)?)")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f\x7f]")
# The mark of a footnote in Markdown: it stands between a number and its noun.
_NOTE = re.compile(r"\[\^\d{1,4}\](?!:)")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Chinese punctuation parts clauses and stays what it is.
_WIDE |= {ord(c): ord(c) for c in "，；：！？"}
_WIDE |= {0x3000: 0x20, 0xA0: 0x20, 0x2212: 0x2D, ord("﹪"): ord("%"), ord("°"): ord("°")}
_HANZI = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Mended:
    """A readable text, and where each of its characters stood.

    Parameters
    ----------
    text
        Simplified, half-width, without readings.
    places
        Of each character its index in the text as given, and one more: the end.
    """

    text: str
    places: tuple[int, ...]

    def given(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch stood: from its first character to behind its last one."""
        if start >= end:
            return self.places[start], self.places[start]
        return self.places[start], self.places[end - 1] + 1


def mended(text: str) -> Mended:
    """Return a text without the damage of conversion.

    Examples
    --------
    >>> found = mended("東昌府區(qū)增長(zhǎng)７％")
    >>> found.text, found.given(5, 7)
    ('东昌府区增长7%', (9, 18))
    """
    dropped: set[int] = set()
    readings = list(_READING.finditer(text))
    toned = any(set(found[1]) & set(_TONED) for found in readings)
    for found in readings:
        if set(found[1]) & set(_TONED) or (
            toned and len(found[1]) > 1 and _SYLLABLE.fullmatch(found[1])
        ):
            dropped.update(range(*found.span()))
    for found in (*_UNSEEN.finditer(text), *_NOTE.finditer(text)):
        dropped.update(range(*found.span()))
    kept = [place for place in range(len(text)) if place not in dropped]
    plain = "".join(text[place] for place in kept).translate(_WIDE)
    return Mended(_simplified(plain), (*kept, len(text)))


def _simplified(text: str) -> str:
    """Return a text in simplified characters, of the same length."""
    if _HANZI.search(text) is None:
        return text
    whole: str = _converter().convert(text)
    if len(whole) == len(text):
        return whole
    return "".join(map(_one, text))


@cache
def _one(character: str) -> str:
    found: str = _converter().convert(character)
    return found if len(found) == 1 else character


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC  # a tenth of a second, and only for a text with Chinese in it

    return OpenCC("t2s")
