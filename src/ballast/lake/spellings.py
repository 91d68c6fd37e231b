"""One cell at a time: what a number, a date, a time or a list of weights is written like."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from ballast.errors import InvalidTerm
from ballast.lake.declare import Choice
from ballast.terms.industry import exists as industry_exists
from ballast.terms.label import Label

_GROUPED = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$")


def parse_number(text: str) -> Decimal:
    """Return a number as people write it: grouped thousands, full-width digits, a percent sign.

    Raises
    ------
    InvalidTerm
        If it is none.

    Examples
    --------
    >>> parse_number("１,234.5")
    Decimal('1234.5')
    """
    plain = text.translate(_FULL_WIDTH).replace(" ", "")
    if _GROUPED.match(plain):
        plain = plain.replace(",", "")
    percent = plain.endswith("%")
    try:
        number = Decimal(plain.removesuffix("%"))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 40:
        raise InvalidTerm(
            "{found} is not a number; write digits, or leave the cell empty if it is unknown",
            found=text,
        )
    return number / 100 if percent else number


_FULL_WIDTH = {
    **{ord("０") + i: str(i) for i in range(10)},
    ord("．"): ".",
    ord("，"): ",",
    ord("－"): "-",
    ord("−"): "-",
    ord("％"): "%",
    ord("\xa0"): "",
    ord("\u3000"): "",
}


_DATE = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$"
    r"|^(\d{4})(\d{2})(\d{2})$"
)


def parse_date(text: str) -> date:
    """Return a date in one of the spellings of forms.

    Raises
    ------
    InvalidTerm
        If it is none, or a day that does not exist.

    Examples
    --------
    >>> parse_date("2026年5月31日")
    datetime.date(2026, 5, 31)
    """
    found = _DATE.match(text)
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part) for part in found.groups() if part is not None)
        return date(year, month, day)
    except ValueError:
        raise InvalidTerm("{found} is no date; write it as 2026-05-31", found=text) from None


_CLOCK = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]+(\d{1,2})[:：](\d{2})(.*)")


def parse_timestamp(text: str, zone: tzinfo | None = None) -> datetime:
    """Return a moment; without a zone it is one only where the zone is known.

    Parameters
    ----------
    text
        As ISO 8601 has it, or as a sheet shows it: ``2026/5/31 8:00``.
    zone
        Whose clock a time without a zone is by; ``None``: it is refused.

    Raises
    ------
    InvalidTerm
        If it is none.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> parse_timestamp("2026/5/31 8:00", ZoneInfo("Asia/Shanghai")).isoformat()
    '2026-05-31T08:00:00+08:00'
    """
    shown, spelled = _CLOCK.fullmatch(text), text
    if shown is not None:
        year, month, day, hour, minute, rest = shown.groups()
        spelled = (
            f"{year}-{month:>02}-{day:>02}T{hour:>02}:{minute}{rest.strip().replace('：', ':')}"
        )
    try:
        moment = datetime.fromisoformat(spelled)
        if moment.tzinfo is None:
            if zone is None:
                raise ValueError
            moment = moment.replace(tzinfo=zone)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidTerm(
            "{found} is no time with a zone; write it as 2026-05-31T08:00:00+08:00", found=text
        ) from None
    return moment


def parse_weights(text: str) -> str:
    """Return a list of industries with weights in its stored form.

    Raises
    ------
    InvalidTerm
        If a code is unknown, or the weights reach 1 together.

    Examples
    --------
    >>> parse_weights("3452：0.3；2929：0.1")
    '3452:0.3;2929:0.1'
    """
    total = Decimal(0)
    for part in text.replace("；", ";").replace("：", ":").split(";"):
        code, _, weight = part.partition(":")
        try:
            share = Decimal(weight)
        except InvalidOperation:
            share = Decimal(-1)
        if not 0 < share < 1 or not industry_exists(code):
            raise InvalidTerm(
                "{found}: write industry codes with weights below 1, such as 3452:0.3;2929:0.1",
                found=text,
            )
        total += share
    if total >= 1:
        raise InvalidTerm(
            "{found}: the weights add up to {total}; together they must stay below 1, "
            "the rest is the main industry's",
            found=text,
            total=total,
        )
    return text.replace("；", ";").replace("：", ":")


def nearest_choices(choices: Sequence[Choice], words: Mapping[str, str], text: str) -> Label:
    """Return the choices whose spellings come nearest to what was written, at most three.

    Parameters
    ----------
    choices
        Of a column.
    words
        Every spelling, in lower case, and the value that it means.
    text
        As it stands in the cell.

    Examples
    --------
    >>> colours = [Choice("red", Label("红", "red")), Choice("green", Label("绿", "green"))]
    >>> nearest_choices(colours, {"red": "red", "green": "green"}, "gren").en
    'green, red'
    """
    close = difflib.get_close_matches(text.lower(), words, n=3, cutoff=0.0)
    named = {choice.value: choice.label for choice in choices}
    near = [(value, named[value]) for value in dict.fromkeys(words[word] for word in close)]
    return Label(
        "、".join(f"{label.zh}（{value}）" for value, label in near),
        ", ".join(value for value, _ in near),
    )
