"""Numbers as they are written, and how exactly: Arabic, Chinese, mixed, in English words.

A number keeps what one in its last written digit is worth: 17.5 % is a claim to
a tenth, 1800 to one, 1.2万 to a thousand. Without that a check can only be too
strict or too kind.
"""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["ARABIC", "CHINESE", "ENGLISH", "MAGNITUDES", "english", "last_digit", "number"]

ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
CHINESE = r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?"
MAGNITUDES = {
    "百": Decimal(10) ** 2,
    "千": Decimal(10) ** 3,
    "万": Decimal(10) ** 4,
    "百万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7,
    "亿": Decimal(10) ** 8,
    "万亿": Decimal(10) ** 12,
    "thousand": Decimal(10) ** 3,
    "k": Decimal(10) ** 3,
    "million": Decimal(10) ** 6,
    "mn": Decimal(10) ** 6,
    "m": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "bn": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
    "": Decimal(1),
}
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_TENS = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ENGLISH: dict[str, Decimal] = {word: Decimal(n) for n, word in enumerate(_WORDS)}
_ENGLISH |= {word: Decimal(10 * n) for n, word in enumerate(_TENS, start=3)}
_ENGLISH |= {"a hundred": Decimal(100), "a dozen": Decimal(12)}
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_ENGLISH |= {word: Decimal(n) for n, word in enumerate(_ORDINALS, start=1)}
# "second" counts as a number where a rank is read, not elsewhere.
ENGLISH = (
    "(?:" + "|".join(sorted((*_WORDS, *_TENS, "a hundred", "a dozen"), key=len)[::-1]) + r")\b"
)


def number(text: str) -> Decimal:
    """Return the number that Arabic or Chinese digits mean.

    Parameters
    ----------
    text
        ``1,986.5``, ``一百二十亿``, ``五点三``, ``两千``, ``千`` (one thousand), ``二〇二六``.

    Examples
    --------
    >>> [str(number(t)) for t in ("1,986.5", "一千九百", "一百二十亿", "五点三", "十二", "千")]
    ['1986.5', '1900', '12000000000', '5.3', '12', '1000']
    """
    if text[0].isdigit() and text[0].isascii():
        return Decimal(text.replace(",", ""))
    whole, _, behind = text.partition("点")
    if not re.search("[十百千万亿]", whole) and len(whole) > 1:
        return Decimal("".join(str(_DIGITS[c]) for c in whole))
    total = _integer(whole)
    return Decimal(f"{total}.{''.join(str(_DIGITS[c]) for c in behind)}") if behind else total


def _integer(text: str) -> Decimal:
    """Return a Chinese integer, magnitude by magnitude from the largest."""
    for word in ("亿", "万"):
        if word in text:
            above, _, below = text.rpartition(word)
            return (_integer(above) if above else Decimal(1)) * MAGNITUDES[word] + (
                _integer(below) if below else 0
            )
    total, digit = 0, None
    for character in text:
        if character in _SMALL:
            total += (1 if digit is None else digit) * _SMALL[character]
            digit = None
        else:
            digit = _DIGITS[character]
    return Decimal(total + (digit or 0))


def english(text: str) -> Decimal | None:
    """Return the number that an English word, an ordinal, or digits mean.

    Examples
    --------
    >>> english("Third"), english("12th"), english("1,852"), english("largest")
    (Decimal('3'), Decimal('12'), Decimal('1852'), None)
    """
    lower = text.strip().lower()
    if lower in _ENGLISH:
        return _ENGLISH[lower]
    found = re.fullmatch(rf"({ARABIC})(?:st|nd|rd|th)?", lower)
    return None if found is None else Decimal(found[1].replace(",", ""))


def last_digit(text: str) -> Decimal:
    """Return what one in the last written digit of a number is worth.

    Of Chinese numerals the last place that is named: a hundred in 一千九百.

    Examples
    --------
    >>> str(last_digit("17.5")), str(last_digit("1,800")), str(last_digit("一千九百"))
    ('0.1', '1', '100')
    """
    if text[0].isdigit() and text[0].isascii():
        digits = len(text.partition(".")[2])
        return Decimal(1).scaleb(-digits)
    if "点" in text:
        return Decimal(1).scaleb(-len(text.partition("点")[2]))
    size = Decimal(1)
    while text and text[-1] in "十百千万亿":
        size *= MAGNITUDES.get(text[-1], Decimal(10))
        text = text[:-1]
    return size
