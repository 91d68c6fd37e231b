"""One table of the mapping, read key by key: what is missing, wrong or unknown is said at once.

A schema library would report a path and a type ("tag.12.unit: str expected").
Whoever writes the mapping is an electrician with a text editor: each refusal
names the table by what stands in it, the key, and what to write.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from ballast.errors import BallastError, InvalidTerm, Refused
from ballast.terms.handle import Handle
from ballast.terms.label import Label
from ballast.words import explain, visible

__all__ = ["LONGEST", "Entry", "entries", "path_of"]

LONGEST = 200  # characters of a name or an id: enough for any, and a page can show it
_Choice = TypeVar("_Choice", bound=StrEnum)
_CLOCK = re.compile(r"([01]?\d|2[0-3]|24):([0-5]\d)(?::00)?")
# Ids are ours: blanks, wildcards of MQTT and the mark of automatic tags would confuse a reader.
_PATH = re.compile(r"[^\s/+#:\x00-\x1f\x7f]+(?:/[^\s/+#:\x00-\x1f\x7f]+)*")


class Entry:
    """One table of the mapping.

    Parameters
    ----------
    where
        How it is named in a refusal, ``[[tag]] 12``.
    table
        What TOML read; a key that nobody asks for is refused by `done`.
    """

    def __init__(self, where: str, table: object) -> None:
        if not isinstance(table, Mapping):
            raise Refused("{where} must be a table of keys and values", where=where)
        self.where = where
        self.table: Mapping[str, object] = table
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self.table

    def raw(self, key: str) -> object:
        """Return what stands under a key; ``None`` where nothing does."""
        self._asked.add(key)
        return self.table.get(key)

    def done(self) -> None:
        """Refuse keys that nobody asked for: a misspelt key must not be silently without effect."""
        for key in self.table:
            if key not in self._asked:
                near = difflib.get_close_matches(str(key), sorted(self._asked), n=1, cutoff=0.6)
                raise Refused(
                    "{where}: there is no key {key}; keys here are: {known}",
                    where=self.where,
                    key=_short(key),
                    known=", ".join([*near, *sorted(self._asked - set(near))]),
                )

    def because(self, key: str, error: BallastError) -> Refused:
        """Return the refusal of a value for a reason that is known already."""
        why = Label(explain(error, "zh"), explain(error, "en"))
        return Refused("{where}, key {key}: {why}", where=self.where, key=key, why=why)

    def missing(self, key: str) -> Refused:
        """Return the refusal of a key that must be there."""
        return Refused("{where}: the key {key} is missing; write it", where=self.where, key=key)

    def wrong(self, key: str, right: str) -> Refused:
        """Return the refusal of a value that is not what ``right`` shows."""
        return Refused(
            "{where}, key {key}: {found} does not fit; write it like {right}",
            where=self.where,
            key=key,
            found=_short(self.table.get(key)),
            right=right,
        )

    def text(self, key: str, default: str | None = None) -> str | None:
        """Return a text, trimmed, on one line, of at most `LONGEST` characters."""
        found = self.raw(key)
        if found is None:
            return default
        if not isinstance(found, str) or not found.strip() or len(found) > LONGEST:
            raise self.wrong(key, f'{key} = "…"')
        if visible(found.strip()) != found.strip():
            raise Refused(
                "{where}, key {key}: {found} holds characters that nobody sees; remove them",
                where=self.where,
                key=key,
                found=_short(found),
            )
        return found.strip()

    def must_text(self, key: str) -> str:
        """Return a text that must be there."""
        found = self.text(key)
        if found is None:
            raise self.missing(key)
        return found

    def path(self, key: str) -> str | None:
        """Return an id, ``valve-shop/machining/lathe-1``."""
        found = self.text(key)
        return None if found is None else path_of(found, f"{self.where}, {key}")

    def label(self, key: str, default: str) -> Label:
        """Return a name: one text, or ``{zh = "…", en = "…"}``."""
        found = self.raw(key)
        if isinstance(found, Mapping):
            inner = Entry(f"{self.where}, {key}", found)
            zh, en = inner.text("zh"), inner.text("en")
            inner.done()
            if zh is None and en is None:
                raise inner.missing("zh")
            return Label(zh or en or "", en or zh or "")
        name = self.text(key, default) or default
        return Label(name, name)

    def number(self, key: str, *, above: float | None = None) -> float | None:
        """Return a finite number, above a bound where one is given."""
        found = self.raw(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, (int, Decimal)):
            raise self.wrong(key, f"{key} = 1.5")
        try:
            value = float(found)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value) or (above is not None and not value > above):
            raise self.wrong(key, f"{key} = 1.5")
        return value

    def whole(self, key: str, default: int, *, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        found = self.raw(key)
        if found is None:
            return default
        if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
            raise self.wrong(key, f"{key} = {default} ({least}-{most})")
        return found

    def money(self, key: str) -> Decimal | None:
        """Return a price or factor exactly as written: 0 to 1,000,000, at most 8 decimals."""
        found = self.raw(key)
        if found is None:
            return None
        if isinstance(found, str):
            plain = re.fullmatch(r"\d{1,7}(\.\d{1,8})?", found.strip())
            found = Decimal(found.strip()) if plain else None
        if not isinstance(found, bool) and isinstance(found, (int, Decimal)):
            exact = Decimal(found)
            exponent = exact.as_tuple().exponent
            if isinstance(exponent, int) and exponent >= -8 and 0 <= exact <= 10**6:
                return exact
        raise self.wrong(key, f'{key} = "0.6789"')

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        found = self.raw(key)
        if found is None:
            return default
        if not isinstance(found, bool):
            raise self.wrong(key, f"{key} = true")
        return found

    def choice(self, key: str, choices: type[_Choice], default: _Choice | None = None) -> _Choice:
        """Return one of some words."""
        found = self.text(key)
        if found is None:
            if default is None:
                raise self.missing(key)
            return default
        try:
            return choices(found)
        except ValueError:
            raise self.wrong(key, " | ".join(one.value for one in choices)) from None

    def handle(self, key: str) -> str | None:
        """Return a handle, or none."""
        found = self.raw(key)
        if found is None:
            return None
        try:
            return Handle.parse(found if isinstance(found, str) else repr(found)).text
        except InvalidTerm as error:
            raise self.because(key, error) from error

    def day(self, key: str) -> date:
        """Return a date, given as TOML has it or as text."""
        found = self.raw(key)
        if found is None:
            raise self.missing(key)
        return self.as_day(found, key)

    def as_day(self, found: object, key: str) -> date:
        """Return what is a date, or refuse the key it stands under."""
        if isinstance(found, date) and not isinstance(found, datetime):
            return found
        try:
            return date.fromisoformat(found if isinstance(found, str) else "")
        except ValueError:
            raise self.wrong(key, f"{key} = 2024-01-01") from None

    def clock(self, key: str) -> time:
        """Return a time of the wall clock, ``"08:00"``."""
        found = self.raw(key)
        if found is None:
            raise self.missing(key)
        if isinstance(found, time) and found.second == 0 and found.microsecond == 0:
            return found
        spelled = _CLOCK.fullmatch(found.strip()) if isinstance(found, str) else None
        if spelled is None or (spelled[1] == "24" and spelled[2] != "00"):
            raise self.wrong(key, f'{key} = "08:00"')
        return time(int(spelled[1]) % 24, int(spelled[2]))

    def listed(self, key: str) -> tuple[object, ...] | None:
        """Return a list, or none."""
        found = self.raw(key)
        if found is None:
            return None
        if not isinstance(found, list) or len(found) > 1000:
            raise self.wrong(key, f"{key} = […]")
        return tuple(found)


def path_of(text: str, where: str) -> str:
    """Return an id, or refuse it.

    Examples
    --------
    >>> path_of("valve-shop/machining/lathe-1", "")
    'valve-shop/machining/lathe-1'
    """
    if _PATH.fullmatch(text) is None or visible(text) != text:
        raise Refused(
            "{where}: {found} is no id; write words joined by single strokes, without blanks, "
            "+, # or colon, as valve-shop/machining/lathe-1",
            where=where,
            found=_short(text),
        )
    return text


def entries(document: Entry, key: str, most: int) -> Iterator[Entry]:
    """Yield the tables of ``[[key]]``, numbered as they stand in the file."""
    found = document.raw(key)
    if found is None:
        return
    if not isinstance(found, list):
        raise Refused(
            "{where}: [{key}] is written once for each of several; write [[{key}]]",
            where=document.where,
            key=key,
        )
    if len(found) > most:
        raise Refused(
            "{where}: there are {count} of [[{key}]], and {most} are taken; split the site",
            where=document.where,
            key=key,
            count=len(found),
            most=most,
        )
    for number, table in enumerate(found, start=1):
        yield Entry(f"[[{key}]] {number}", table)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return visible(text[:80] + ("…" if len(text) > 80 else ""))
