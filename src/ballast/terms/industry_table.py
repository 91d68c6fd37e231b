"""The table of GB/T 4754-2017: read, searched, and asked what a wrong code may have meant.

It stands apart from ``industry``, which answers questions about good codes,
because all that depends on the layout of the file and on how people mistype
is here and may change without those answers changing. The file holds code,
Chinese and English name alone: level, parent and section are not in it,
since the numbering of the standard already says them (a letter is a section,
two digits a division, each further digit one level down, and a division
belongs to the section that stands before it) and could only be contradicted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from ballast.errors import InvalidTerm
from ballast.terms.label import Label
from ballast.terms.scheme import IndustryLevel

LEVELS: tuple[IndustryLevel, ...] = (
    IndustryLevel.SECTION,
    IndustryLevel.DIVISION,
    IndustryLevel.GROUP,
    IndustryLevel.CLASS,
)
"""The levels of this classification, coarsest first."""

LEVEL_LABELS: dict[IndustryLevel, Label] = {
    IndustryLevel.SECTION: Label("门类", "section"),
    IndustryLevel.DIVISION: Label("大类", "division"),
    IndustryLevel.GROUP: Label("中类", "group"),
    IndustryLevel.CLASS: Label("小类", "class"),
}

TRANSLATION_NOTE = Label(
    "行业英文名称为本系统自译，非国家标准内容",
    "English names of industries are Ballast's own translation, not part of the standard",
)

_SUGGESTIONS = 3
_LONGEST_ECHO = 40
_LONGEST_MISTYPED = 8


@dataclass(frozen=True, slots=True)
class Industry:
    """One industry of the classification.

    Parameters
    ----------
    code
        A letter (section) or two to four digits (division, group, class).
    level
        The level that the form of the code says.
    parent
        The code one level up; none for a section.
    label
        The official Chinese name and our English one. English reaches down
        to the divisions everywhere and to the groups of B, C and D; below
        that it is empty and ``label.text("en")`` gives the Chinese name.
    translated
        Whether there is an English name, which then is our translation:
        show ``TRANSLATION_NOTE`` beside it.
    """

    code: str
    level: IndustryLevel
    parent: str | None
    label: Label
    translated: bool


@cache
def table() -> Mapping[str, Industry]:
    """Return every industry by its code, in the order of the standard.

    Examples
    --------
    >>> table()["34"].label.zh
    '通用设备制造业'
    """
    text = (files("ballast.terms") / "data" / "gbt4754_2017.tsv").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    built: dict[str, Industry] = {}
    section = ""
    for row in rows[1:]:
        code, zh, en = row.split("\t")
        level = LEVELS[len(code) - 1]
        parent: str | None = code[:-1]
        if level is IndustryLevel.SECTION:
            section, parent = code, None
        elif level is IndustryLevel.DIVISION:
            parent = section
        built[code] = Industry(code, level, parent, Label(zh, en), bool(en))
    return MappingProxyType(built)


def search(text: str) -> tuple[Industry, ...]:
    """Return the industries whose code begins with a text or whose name holds its words.

    Parameters
    ----------
    text
        The beginning of a code, or one or more words of the Chinese or the
        English name; letter case and the width of characters do not matter.

    Returns
    -------
    tuple of Industry
        Hits by code first, each part in the order of the standard; empty
        where nothing fits.

    Examples
    --------
    >>> [hit.code for hit in search("轴承")]
    ['345', '3451', '3452']
    >>> [hit.code for hit in search("vegetable oil")]
    ['133']
    >>> [hit.code for hit in search("345")]
    ['345', '3451', '3452', '3453', '3459']
    """
    wanted = _folded(text).strip()
    words = wanted.split()
    if not words:
        return ()
    if len(wanted) == 1 and wanted.isascii() and wanted.isalpha():
        # One Latin letter stands in nearly every English name; only the section can be meant.
        return tuple(each for each in table().values() if each.code == wanted.upper())
    by_code = [each for each in table().values() if each.code.startswith(wanted)]
    by_name = [
        table()[code]
        for code, names in _folded_names().items()
        if any(all(word in name for word in words) for name in names)
    ]
    return tuple(dict.fromkeys(by_code + by_name))


def unknown(code: str) -> InvalidTerm:
    """Return the refusal of an unknown code, with the nearest codes where there are any.

    Examples
    --------
    >>> str(unknown("C3451"))
    'C3451 is no code of GB/T 4754-2017; did you mean 3451 (滚动轴承制造)?'
    """
    if not code.strip():
        return InvalidTerm(
            "an industry code of GB/T 4754-2017 is missing here; "
            "it is a letter from A to T, or two to four digits, as 3451"
        )
    shown = code if len(code) <= _LONGEST_ECHO else code[:_LONGEST_ECHO] + "…"
    if shown != shown.strip() or not shown.isprintable():
        shown = repr(shown)  # otherwise "3451 is no code; did you mean 3451?"
    nearest = _nearest(code)
    if not nearest:
        return InvalidTerm(
            "{code} is no code of GB/T 4754-2017; "
            "a code is a letter from A to T, or two to four digits, as 3451",
            code=shown,
        )
    return InvalidTerm(
        "{code} is no code of GB/T 4754-2017; did you mean {nearest}?",
        code=shown,
        nearest=", ".join(named(each) for each in nearest),
    )


def _nearest(code: str) -> tuple[Industry, ...]:
    """Return the codes that may be meant, the likeliest first, at most three.

    What a spreadsheet or a form does to a code is undone first (a dropped
    zero, ``3451.0``, ``C3451``, full-width digits); then a typing mistake is
    looked for under the longest beginning that exists; then the text is
    taken for a name.
    """
    known = table()
    forms = _rewritten(code)
    undone = [known[form] for form in forms if form in known]
    if undone:
        return tuple(dict.fromkeys(undone))[:_SUGGESTIONS]
    for form in forms:
        if len(form) > _LONGEST_MISTYPED:
            continue
        # A wrong division says nothing about the group: only two digits may share just one.
        for length in range(len(form) - 1, 0 if len(form) == 2 else 1, -1):
            alike = [each for each in known.values() if each.code.startswith(form[:length])]
            if alike:
                alike.sort(key=lambda each: _distance(each.code, form))
                return tuple(alike[:_SUGGESTIONS])
    return search(code)[:_SUGGESTIONS] if len(code) > 1 else ()


def _rewritten(code: str) -> tuple[str, ...]:
    """Return the forms in which a code may have been meant, the likeliest first."""
    text = "".join(_folded(code).upper().split())
    whole = text.removesuffix(".0")
    packed = "".join(character for character in whole if character.isalnum())
    bare = packed[1:] if packed[:1].isalpha() and packed[1:2].isdigit() else packed
    forms = [whole, packed, bare]
    if bare.isdigit() and len(bare) < len(LEVELS):
        forms.append("0" + bare)
    if bare.isdigit() and bare.endswith("0") and len(bare) == len(LEVELS):
        # Older forms fill a division or group with zeros to four digits: 3400.
        forms.append(bare.rstrip("0"))
    return tuple(dict.fromkeys(form for form in forms if form.isascii() and form.isalnum()))


def _distance(candidate: str, form: str) -> tuple[int, int, int]:
    """Return how far a code is from a form: in length, in places that differ, in value."""
    differing = sum(a != b for a, b in zip(candidate, form, strict=False))
    value = abs(int(candidate) - int(form)) if candidate.isdigit() and form.isdigit() else 0
    return abs(len(candidate) - len(form)), differing, value


@cache
def _folded_names() -> dict[str, tuple[str, str]]:
    return {
        each.code: (_folded(each.label.zh), _folded(each.label.en)) for each in table().values()
    }


def _folded(text: str) -> str:
    # The standard itself mixes （） and () in its names, and forms mix widths of digits.
    return unicodedata.normalize("NFKC", text).casefold()


def named(one: Industry) -> str:
    """Return a code with its Chinese name, as messages show it."""
    return f"{one.code} ({one.label.zh})"
