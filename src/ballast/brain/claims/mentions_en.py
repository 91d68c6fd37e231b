"""The numbers of an English text: with unit, bound, and what they are no number of left out.

English writes the unit before the number (CNY 12 bn), spells small numbers
out, and counts things by their noun. So a bare number counts only where a noun
or a verb of number stands beside it; a year, a date or a room is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ballast.brain.claims.mention import PLACES, TIMES, Form, Mention, scaled
from ballast.brain.claims.numerals import ARABIC, ENGLISH, MAGNITUDES, english, last_digit
from ballast.brain.claims.statement import Amount, Bound
from ballast.terms.unit import COUNT, PERCENT

__all__ = ["mentions_en"]

_BEFORE = {
    Bound.MORE: (
        "more than|over|above|in excess of|exceed(?:ed|ing|s)?|surpass(?:ed|ing|es)?|"
        "pass(?:ed|ing)? the|passed|topp(?:ed|ing)"
    ),
    Bound.NEARLY: "nearly|almost|close to|just under|approaching",
    Bound.ABOUT: "about|around|roughly|some|approximately|circa",
    Bound.LEAST: "at least|no less than|no fewer than|not less than",
    Bound.LESS: "less than|under|below|fewer than|short of",
    Bound.MOST: "at most|up to|no more than|not more than",
}
_BOUNDS = [(bound, re.compile(words, re.IGNORECASE)) for bound, words in _BEFORE.items()]
_PRE = "|".join(_BEFORE.values())
_SCALE = "thousand|million|billion|trillion|bn|mn"
_UNITS: dict[str, str] = {
    "points": r"(?:percentage|percent) points?|pp\b|ppts?\b|points?\b(?! of)",
    "percent": r"%|per ?cent\b",
    "usd": r"(?:US )?dollars?\b|USD\b",
    "cny": r"yuan\b|CNY\b|RMB\b|renminbi\b",
    "tce": r"(?:tonnes?|tons?|t) of (?:standard )?coal equivalent|tce\b",
    "tco2": r"(?:tonnes?|tons?|t) of (?:carbon dioxide|CO2)|tCO2\b",
    "kwh": r"kWh\b|kilowatt[- ]hours?\b",
    "tonnes": r"tonnes?\b|tons?\b",
    "persons": r"people\b|persons?\b|employees\b|workers\b|jobs\b|inhabitants\b|residents\b",
    "times": r"times\b|-?fold\b",
    "place": r"places?\b",
}
_OTHERS = r"square kilometres?|square metres?|hectares?|kilometres?|km\b|acres?\b|mu\b"
_GROUPS = "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
_MONEY = r"CNY|RMB|USD|US\$|\$|¥"
_AMOUNT = re.compile(
    rf"(?:\b(?P<pre>{_PRE})\s+)?(?P<money>{_MONEY})?\s*(?<![\w.,/-])(?P<minus>-)?"
    rf"(?P<low>{ARABIC}|{ENGLISH})(?:\s*(?:to|-|–|—)\s*(?P<high>{ARABIC}|{ENGLISH}))?"
    rf"(?:[\s-]*(?P<scale>{_SCALE})\b)?(?:[\s-]*(?:{_GROUPS}|(?P<other>{_OTHERS})))?"
    r"(?P<head>\s+(?:per|a) (?:person|employee|worker|head)\b)?(?P<plus>\s+or more|\s+and more)?"
    r"(?=(?P<behind>\s+(?:of\s+)?[a-z][\w-]*)?)",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    rf"(?:\b(?P<pre>{_PRE})\s+)?\b(?P<n>an?|one|two|three)[ -]"
    r"(?P<part>thirds?|quarters?|half|fifths?|tenths?)\b"
    r"(?!\s+of\s+\d{4}|\s+quarter)",
    re.IGNORECASE,
)
_PARTS = {"third": 3, "quarter": 4, "half": 2, "fifth": 5, "tenth": 10}
_MULTIPLIED = re.compile(
    rf"(?:\b(?P<pre>{_PRE})\s+)?\b(?P<verb>doubled|trebled|tripled|quadrupled)\b", re.IGNORECASE
)
_MULTIPLES = {"doubled": 2, "trebled": 3, "tripled": 3, "quadrupled": 4}
_RISING = re.compile(
    r"\b(?:rose|grew|increased) in (?P<n>\d{1,3}|none) of (?:the )?(?P<of>\d{1,3}) "
    r"(?:places|counties|districts)\b",
    re.IGNORECASE,
)
_FLAT = re.compile(
    r"\b(?:remained|stayed|was|were) (?:flat|unchanged)\b|\bunchanged(?= on a year|\))",
    re.IGNORECASE,
)
_NTH = r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,3}(?:st|nd|rd|th)"
_RANK = re.compile(
    rf"\brank(?:ed|s|ing)?(?: (?:at|in|as))?(?: the)?(?: number| no\.?)? (?P<a>{_NTH}|\d{{1,3}})\b"
    rf"|\b(?P<b>{_NTH})[- ](?:largest|highest|biggest|lowest|place)\b"
    rf"|\b(?:came|was|placed|stood|is|place[ds]?) (?P<c>{_NTH})\b(?! (?:half|quarter|time|year))"
    r"|\btop (?P<d>three|five|ten|\d{1,2})\b(?! hundred)"
    r"|\b(?:the) (?P<e>largest|highest) (?:in|of) the (?:city|province|country)\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"\b(?P<name>(?:China's |the nation's |national )?top (?:100|hundred|500)"
    r"(?: [\w-]+){0,3} (?:cities|counties|enterprises|companies))\b",
    re.IGNORECASE,
)
# Lists are known by their Chinese names.
_LISTS = ((re.compile(r"advanced[- ]manufacturing", re.IGNORECASE), "全国先进制造业百强市"),)
_TIME = re.compile(
    r"\s*(?:years?|months?|days?|weeks?|hours?|minutes?|quarters?|January|February|March|April|May|"
    r"June|July|August|September|October|November|December|(?:st|nd|rd|th)\b|o'clock|a\.?m|p\.?m)\b",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"room|rooms|page|phone|tel\.?|number|no\.?|article|section|chapter|version|since|in|from|of|"
    r"between|and|until|by|to|year)\s*$",
    re.IGNORECASE,
)
_COUNTING = re.compile(
    r"(?:number(?:ed|s|ing)?|total(?:l?ed|s)?|reach(?:ed|es)?|stood at|were|was|to|came to|at|"
    r"counts?|grew to|rose to|by|of)\s*$",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(
    r"\s*(?:of\s+)?(?:in|on|at|by|from|to|and|or|was|were|is|are|than|as|with|for|up|down|per|the|a)\b",
    re.IGNORECASE,
)
_STANDING = re.compile(
    r"\s*(?:is|are) (?:known to be )?behind (?:its|their|the) path", re.IGNORECASE
)


def mentions_en(text: str) -> Iterator[Mention]:
    """Yield the numbers of a mended English text, in no order; none overlaps another.

    Examples
    --------
    >>> [(m.form.value, str(m.amount.low), m.amount.unit.name) for m in
    ...  mentions_en("revenue of CNY 213.6 billion in 2026, up 6.3% year on year")]
    [('amount', '213.6', '1e9_cny'), ('percent', '6.3', 'percent')]
    """
    taken: list[tuple[int, int]] = []
    for found in _special(text):
        if not any(found.start < end and start < found.end for start, end in taken):
            taken.append((found.start, found.end))
            yield found
    for match in _AMOUNT.finditer(text):
        made = _amount(match, text)
        if made and not any(made.start < end and start < made.end for start, end in taken):
            yield made


def _special(text: str) -> Iterator[Mention]:
    for match in _RISING.finditer(text):
        count = Decimal(0) if match["n"].lower() == "none" else Decimal(match["n"])
        amount = Amount(count, None, Bound.EXACT, COUNT, "places")
        yield Mention(*match.span(), Form.RISING, amount)
    for match in _LIST.finditer(text):
        yield Mention(*match.span(), Form.LISTED, Amount(None, unit=PLACES), _list(match["name"]))
    for match in _RANK.finditer(text):
        word = match["a"] or match["b"] or match["c"] or match["d"] or "first"
        bound = Bound.MOST if match["d"] else Bound.EXACT
        yield Mention(*match.span(), Form.PLACE, Amount(english(word), None, bound, PLACES, "th"))
    for match in _FRACTION.finditer(text):
        upper = english(match["n"]) or Decimal(1)
        value = Decimal(100) * upper / _PARTS[match["part"].lower().rstrip("s")]
        amount = Amount(
            value.quantize(Decimal("0.01")), None, _bound(match["pre"]), PERCENT, match["part"],
            Decimal(1),
        )  # fmt: skip
        yield Mention(*match.span(), Form.PERCENT, amount)
    for match in _MULTIPLIED.finditer(text):
        times = Decimal(_MULTIPLES[match["verb"].lower()])
        amount = Amount(times, None, _bound(match["pre"]), TIMES, match["verb"], Decimal("0.1"))
        yield Mention(*match.span(), Form.TIMES, amount)
    for match in _FLAT.finditer(text):
        amount = Amount(Decimal(0), None, Bound.EXACT, PERCENT, "", Decimal("0.1"))
        yield Mention(*match.span(), Form.GROWTH, amount)


def _list(name: str) -> str:
    return next((known for words, known in _LISTS if words.search(name)), name)


def _bound(before: str | None) -> Bound:
    if before:
        for bound, words in _BOUNDS:
            if words.fullmatch(before):
                return bound
    return Bound.EXACT


def _amount(match: re.Match[str], text: str) -> Mention | None:
    family = next((name for name in _UNITS if match[name] is not None), "")
    unit = match[family] if family else (match["other"] or "")
    money = match["money"]
    if money:
        family = "usd" if money.upper() in ("USD", "US$", "$") else "cny"
    if not family and not unit:
        if not _counted(match, text):
            return None
        family = "count"
    if match["head"] and family == "cny":
        family = "per_person"
    low, high = english(match["low"]), english(match["high"]) if match["high"] else None
    if low is None:
        return None
    worth = MAGNITUDES[(match["scale"] or "").lower()]
    step = (last_digit(match["low"]) if match["low"][0].isdigit() else Decimal(1)) * worth
    bound = Bound.RANGE if high is not None else _bound(match["pre"])
    if match["plus"]:
        bound = Bound.LEAST
    low = -low if match["minus"] else low
    form = {
        "percent": Form.PERCENT, "points": Form.POINTS, "times": Form.TIMES, "place": Form.PLACES,
    }.get(family, Form.AMOUNT)  # fmt: skip
    kept = "cny_en" if family == "cny" else family
    amount = scaled(kept, low * worth, None if high is None else high * worth, step, bound, unit)
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    return Mention(start, match.end(), form, amount)


def _counted(match: re.Match[str], text: str) -> bool:
    """Return whether a number without a unit counts something."""
    before = text[max(0, match.start("low") - 16) : match.start("low")]
    behind = text[match.end("low") : match.end("low") + 24]
    if _STANDING.match(text, match.end("low")):
        return True
    scale = match["scale"] is not None
    if _TIME.match(behind) or before.rstrip().endswith("#"):  # the number of a heading
        return False
    digits = match["low"].replace(",", "")
    spelled = not digits[0].isdigit()
    year = re.fullmatch(r"(?:19|20|21)\d\d", digits) is not None and "," not in match["low"]
    if year and not match["pre"]:
        return False
    noun = match["behind"] is not None and not _NO_NOUN.match(match["behind"])
    if not noun:
        verb = _COUNTING.search(before) is not None or match["pre"] is not None
        return verb and not spelled and ("," in match["low"] or scale or bool(match["pre"]))
    if _DATED.search(before) and not scale and not spelled:
        return re.search(r"(?:\bto|\bof|\band|\bin)\s*$", before, re.IGNORECASE) is not None and (
            len(digits) < 4 or "," in match["low"]
        )
    return not (spelled and digits.lower() == "one")
