"""Unified social credit codes (统一社会信用代码, GB 32100-2015), one at a time and by the million.

One code is checked with python-stdnum's arithmetic; a column is checked here
with numpy, because a loader must judge a million of them in less than a
second and a loop over python-stdnum takes ten. The two must never differ,
and a test holds them together. The rest of python-stdnum's check is not used:
it wants digits at the first two places, where the standard allows letters.

====  ========  ====================================================================
place length    what stands there
====  ========  ====================================================================
1     1         registering authority, digit or letter; 9 for enterprises, N for rural
                collectives, Y for others
2     1         kind of body, digit or letter
3     6         region of the registering office, GB/T 2260, digits
9     9         organisation code, GB 11714, with its own check character at place 17
18    1         check character over places 1 to 17, modulo 31
====  ========  ====================================================================

Two things are deliberately not checked. The region digits need not be a
region code in force, nor one at all: codes are for life, and many carry a
region that has since been renamed, merged or promoted. And the organisation
code's own check character is left alone: the check character at place 18
already finds every single wrong character and every swap of two neighbours.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

import numpy as np
import polars as pl
from stdnum.cn import uscc

from ballast.errors import InvalidTerm

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
REGION = slice(2, 8)
_DIGITS = "0123456789"
# Blanks, marks without width that come along when text is pasted, and everything like a hyphen.
_NOISE = r"[\s\x1c-\x1f\u200b-\u200d\u2060\ufeff\-‐‑‒–—―−]"
_LOOKALIKES = str.maketrans("IOSZ", "1052")


class Verdict(StrEnum):
    """What is wrong with a code; the first that applies, in this order."""

    OK = "ok"
    LENGTH = "length"  # not 18 characters
    CHARACTERS = "characters"  # one that is not in the alphabet
    REGION = "region"  # places 3 to 8 are not all digits
    CHECK_CHARACTER = "check character"


VERDICTS = pl.Enum([verdict.value for verdict in Verdict])


def normalise(text: str) -> str:
    """Return a code as it should stand: half-width, upper case, no blanks, no hyphens.

    Examples
    --------
    >>> normalise(" ９１11 0000-600037341l")
    '91110000600037341L'
    """
    return re.sub(_NOISE, "", unicodedata.normalize("NFKC", text).upper())


def check(code: str) -> Verdict:
    """Return what is wrong with one code as it stands, without normalising it.

    Examples
    --------
    >>> check("91110000600037341L"), check("91110000600037341l")
    (<Verdict.OK: 'ok'>, <Verdict.CHARACTERS: 'characters'>)
    """
    if len(code) != LENGTH:
        return Verdict.LENGTH
    if any(character not in ALPHABET for character in code):
        return Verdict.CHARACTERS
    if any(character not in _DIGITS for character in code[REGION]):
        return Verdict.REGION
    if code[-1] != uscc.calc_check_digit(code[:-1]):
        return Verdict.CHECK_CHARACTER
    return Verdict.OK


def expected_check_character(first17: str) -> str:
    r"""Return the check character that the first 17 places ask for.

    .. math:: c_{18} = -\sum_{i=1}^{17} c_i w_i \bmod 31, \qquad w_i = 3^{i-1} \bmod 31

    with :math:`c_i` the place of the character in the alphabet (GB 32100-2015).

    Raises
    ------
    InvalidTerm
        If it is not 17 characters of the alphabet.

    Examples
    --------
    >>> expected_check_character("91110000600037341")
    'L'
    """
    if len(first17) != LENGTH - 1:
        raise InvalidTerm(
            "{code}: has {length} characters; the check character is made of the first 17",
            code=first17,
            length=len(first17),
        )
    _refuse_foreign_character(first17)
    return uscc.calc_check_digit(first17)


def with_check_character(first17: str) -> str:
    """Return the whole code of its first 17 places.

    Raises
    ------
    InvalidTerm
        If it is not 17 characters of the alphabet.

    Examples
    --------
    >>> with_check_character("91110000600037341")
    '91110000600037341L'
    """
    return first17 + expected_check_character(first17)


def parse_uscc(text: str) -> str:
    """Return the code that a form means, checked.

    Parameters
    ----------
    text
        A code; full-width characters, blanks, hyphens and lower case are put right.

    Raises
    ------
    InvalidTerm
        Naming the rule that failed and, as far as it can be known, what would be right.

    Examples
    --------
    >>> parse_uscc("91110000-600037341l ")
    '91110000600037341L'
    >>> parse_uscc("911100006000373412")
    Traceback (most recent call last):
    ...
    ballast.errors.InvalidTerm: 911100006000373412: the check character is 2, but the first 17 \
places ask for L; compare the code with the business licence
    """
    code = normalise(text)
    match check(code):
        case Verdict.OK:
            return code
        case Verdict.LENGTH:
            raise _wrong_length(code)
        case Verdict.CHARACTERS:
            _refuse_foreign_character(code)
        case Verdict.REGION:
            raise InvalidTerm(
                "{code}: places 3 to 8 hold the digits of a region, but these are {found}",
                code=code,
                found=code[REGION],
            )
    raise InvalidTerm(
        "{code}: the check character is {found}, but the first 17 places ask for {right}; "
        "compare the code with the business licence",
        code=code,
        found=code[-1],
        right=expected_check_character(code[:-1]),
    )


def _wrong_length(code: str) -> InvalidTerm:
    if len(code) == 15 and code.isdecimal():
        return InvalidTerm(
            "{code}: 15 digits are a registration number from before 2015; "
            "give the unified social credit code of the enterprise (18 characters)",
            code=code,
        )
    return InvalidTerm(
        "“{code}” has {length} characters; a unified social credit code has 18",
        code=code,
        length=len(code),
    )


def _refuse_foreign_character(code: str) -> None:
    """Refuse a character that no code holds; I, O, S, Z are usually 1, 0, 5, 2 misread."""
    place = next((p for p, c in enumerate(code) if c not in ALPHABET), None)
    if place is None:
        return
    lookalike = code.translate(_LOOKALIKES)
    if len(code) == LENGTH and check(lookalike) is Verdict.OK:
        raise InvalidTerm(
            "{code}: {character} at place {place} occurs in no code; probably {right} is meant",
            code=code,
            character=code[place],
            place=place + 1,
            right=lookalike,
        )
    raise InvalidTerm(
        "{code}: {character} at place {place} occurs in no code; "
        "only digits and capital letters without I, O, S, V, Z do",
        code=code,
        character=code[place],
        place=place + 1,
    )


def normalise_many(codes: pl.Series) -> pl.Series:
    """Return a column of codes as they should stand; like ``normalise``, row by row.

    Parameters
    ----------
    codes
        Text; null stays null.

    Examples
    --------
    >>> normalise_many(pl.Series(["91110000-600037341l", None])).to_list()
    ['91110000600037341L', None]
    """
    folded = codes.cast(pl.String).str.normalize("NFKC").str.to_uppercase()
    return folded.str.replace_all(_NOISE, "")


def check_many(codes: pl.Series) -> pl.Series:
    """Return what is wrong with each code of a column, as it stands.

    The same as ``check`` row by row, computed on fixed-width bytes: a
    million codes take a fraction of a second.

    Parameters
    ----------
    codes
        Text, one code a row, normalised or not; null stays null.

    Returns
    -------
    pl.Series
        One verdict a row, of type ``VERDICTS``.

    Examples
    --------
    >>> check_many(pl.Series(["91110000600037341L", "91110000600037341M", "9111", None])).to_list()
    ['ok', 'check character', 'length', None]
    """
    texts = codes.cast(pl.String).rename("verdict")
    right_length = (texts.str.len_chars() == LENGTH).fill_null(False)
    ascii_only = right_length & (texts.str.len_bytes() == LENGTH)
    verdicts = np.full(len(texts), _POSITION[Verdict.LENGTH], dtype=np.uint32)
    verdicts[right_length.to_numpy()] = _POSITION[Verdict.CHARACTERS]
    if ascii_only.any():
        together = texts.filter(ascii_only).str.join("").item().encode("ascii")
        places = np.frombuffer(together, dtype=np.uint8).reshape(-1, LENGTH)
        verdicts[ascii_only.to_numpy()] = _judge(places)
    named = _NAMED.gather(pl.Series(verdicts)).rename(codes.name)
    return named.zip_with(codes.is_not_null(), pl.Series([None], dtype=VERDICTS))


_NAMED = pl.Series([verdict.value for verdict in Verdict], dtype=VERDICTS)
_POSITION = {verdict: position for position, verdict in enumerate(Verdict)}
_FOREIGN = 255
_VALUE = np.full(256, _FOREIGN, dtype=np.uint8)
_VALUE[np.frombuffer(ALPHABET.encode(), dtype=np.uint8)] = np.arange(len(ALPHABET))


def _judge(places: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> np.ndarray:
    """Return the position of the verdict of each row of 18 bytes."""
    values = _VALUE[np.ascontiguousarray(places.T)]  # a place a row: whole rows are quick
    total = values[-1].astype(np.uint16)  # at most 30 + 30 * 310, far below 65,536
    for place, weight in enumerate(WEIGHTS):
        total += values[place] * np.uint16(weight)
    verdicts = np.where(total % 31 == 0, _POSITION[Verdict.OK], _POSITION[Verdict.CHECK_CHARACTER])
    verdicts[values[REGION].max(axis=0) > 9] = _POSITION[Verdict.REGION]
    verdicts[values.max(axis=0) == _FOREIGN] = _POSITION[Verdict.CHARACTERS]
    return verdicts
