"""What a factory tells its city, as bytes that are signed: written here, and read here again.

The signature is over the exact bytes, which travel inside the envelope as they
were signed; a text that is parsed and written again would have to be brought
to one canonical form first, and two programs never agree on that for long.
The same envelope goes over HTTP or as a file: what carries it is not trusted.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ballast.errors import BallastError, Refused
from ballast.plant.reports.daily import FIGURES, PlantDay
from ballast.terms.enterprise_code import parse_uscc

__all__ = [
    "ENVELOPE_BYTES", "Signed", "Told", "key_id", "open_envelope", "parse_public_key", "public_key",
    "read_told", "seal", "told_bytes",
]  # fmt: skip

#: The largest envelope that is looked at.
ENVELOPE_BYTES = 256 * 1024
#: Days of so long ago are taken; a longer past is no daily summary.
OLDEST = timedelta(days=400)
_FORMAT = "ballast plant days 1"
# What is signed begins with this, so that no signature over anything else can stand for one.
_DOMAIN = b"ballast plant days 1\n"
_CLOCK = timedelta(days=1)  # clocks and zones differ by less
_ROWS = 4_000
_GROUP_SIGNS = 100
_LARGEST = 1e15
_RATIOS = {"oee": 100.0, "availability": 100.0, "effectiveness": 100.0, "quality": 1.0,
           "coverage": 1.0}  # fmt: skip
_MACHINES = 1_000_000
_EXACTLY = {"format", "uscc", "made_at", "provenance", "days"}


@dataclass(frozen=True, slots=True)
class Told:
    """What one envelope says.

    Parameters
    ----------
    uscc
        The enterprise that speaks.
    made_at
        When it was written, UTC. Of several about one day the one written last holds.
    provenance
        Whether the machines are real.
    days
        Of each group and day at most one.
    """

    uscc: str
    made_at: datetime
    provenance: Literal["real", "synthetic"]
    days: tuple[PlantDay, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """An envelope that was opened and whose signature is right.

    Parameters
    ----------
    key_id
        The key it was checked with.
    body, signature
        The exact bytes, and what was signed over them.
    told
        What the bytes say.
    """

    key_id: str
    body: bytes
    signature: bytes
    told: Told


def public_key(private: Ed25519PrivateKey) -> str:
    """Return the public key as people hand it on: base64 of its 32 bytes."""
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def parse_public_key(text: str) -> bytes:
    """Return the 32 bytes of a public key.

    Raises
    ------
    Refused
        If it is none.
    """
    try:
        raw = base64.b64decode(text.strip(), validate=True)
        Ed25519PublicKey.from_public_bytes(raw)
    except (ValueError, binascii.Error):
        raise Refused(
            "“{text}” is no public key; the factory shows its own with `ballast plant push "
            "--show-key`",
            text=text[:60],
        ) from None
    return raw


def key_id(raw: bytes) -> str:
    """Return the short name of a public key: the first 16 hexadecimal digits of its SHA-256.

    Examples
    --------
    >>> len(key_id(bytes(32)))
    16
    """
    return hashlib.sha256(raw).hexdigest()[:16]


def told_bytes(told: Told) -> bytes:
    """Return the bytes that are signed."""
    days = [asdict(day) | {"day": day.day.isoformat()} for day in told.days]
    whole = {
        "format": _FORMAT,
        "uscc": told.uscc,
        "made_at": told.made_at.astimezone(UTC).isoformat(),
        "provenance": told.provenance,
        "days": days,
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1).encode()


def seal(told: Told, private: Ed25519PrivateKey) -> bytes:
    """Return the envelope: the bytes, who signed them, and the signature.

    Parameters
    ----------
    told
        What is told.
    private
        The factory's key.
    """
    body = told_bytes(told)
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    envelope = {
        "key": key_id(raw),
        "signature": base64.b64encode(private.sign(_DOMAIN + body)).decode(),
        "body": base64.b64encode(body).decode(),
    }
    return json.dumps(envelope).encode()


def open_envelope(
    envelope: bytes, key_of: Callable[[str], tuple[str, bytes]], now: datetime
) -> Signed:
    """Return what an envelope says, once its signature and its contents are found right.

    Parameters
    ----------
    envelope
        As it came.
    key_of
        Gives the enterprise and the public key of a short name.
    now
        By our clock; with its zone.

    Raises
    ------
    Refused
        If anything about it is wrong: one line that says what.
    NotFound
        If ``key_of`` knows no such key.
    """
    if len(envelope) > ENVELOPE_BYTES:
        raise Refused(
            "a message of {size} bytes is too large; {most} bytes hold a year of days",
            size=len(envelope), most=ENVELOPE_BYTES,
        )  # fmt: skip
    found = _object(envelope)
    try:
        name = _text(found["key"])
        signature = base64.b64decode(_text(found["signature"]), validate=True)
        body = base64.b64decode(_text(found["body"]), validate=True)
    except (KeyError, ValueError, binascii.Error):
        raise _no_envelope() from None
    uscc, raw = key_of(name)
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, _DOMAIN + body)
    except InvalidSignature:
        raise Refused(
            "the signature does not fit what is told; it was changed on its way, or the city "
            "knows another key by this name"
        ) from None
    told = read_told(body, now)
    if told.uscc != uscc:
        raise Refused(
            "key {key} signs for {uscc}, and not for {other}", key=name, uscc=uscc, other=told.uscc
        )
    return Signed(name, body, signature, told)


def read_told(body: bytes, now: datetime | None = None) -> Told:
    """Return what signed bytes say.

    Parameters
    ----------
    body
        The bytes.
    now
        By our clock; none for bytes that were judged when they came.

    Raises
    ------
    Refused
        If they are no summary of days, or say what cannot be.
    """
    found = _object(body)
    if set(found) != _EXACTLY or found["format"] != _FORMAT:
        raise _no_envelope()
    try:
        uscc = str(parse_uscc(_text(found["uscc"])))
        made_at = datetime.fromisoformat(_text(found["made_at"]))
    except (BallastError, ValueError):
        raise _no_envelope() from None
    if made_at.tzinfo is None or found["provenance"] not in ("real", "synthetic"):
        raise _no_envelope()
    if not isinstance(found["days"], list) or not 0 < len(found["days"]) <= _ROWS:
        raise _no_envelope()
    days = tuple(_day(one) for one in found["days"])
    if len({(one.asset_group, one.day) for one in days}) < len(days):
        raise Refused("the message tells one day of a group twice")
    if now is not None:
        _require_of_now(made_at, days, now)
    return Told(uscc, made_at, found["provenance"], days)


def _require_of_now(made_at: datetime, days: Sequence[PlantDay], now: datetime) -> None:
    if made_at > now + _CLOCK:
        raise Refused(
            "the message says that it was written at {at}, which is to come; set the clock of the "
            "factory's computer",
            at=made_at.isoformat(timespec="minutes"),
        )
    first, last = (now - OLDEST).date(), (now + _CLOCK).date()
    for one in days:
        if not first <= one.day <= last:
            raise Refused(
                "{day} is not between {first} and {last}; only days of the last year are taken",
                day=one.day, first=first, last=last,
            )  # fmt: skip


def _day(row: Any) -> PlantDay:
    names = {"asset_group", "day", "machines", *FIGURES}
    if not isinstance(row, dict) or set(row) != names:
        raise _no_envelope()
    try:
        day = date.fromisoformat(_text(row["day"]))
    except ValueError:
        raise _no_envelope() from None
    group, machines = row["asset_group"], row["machines"]
    if (
        not isinstance(group, str)
        or not 0 < len(group) <= _GROUP_SIGNS
        or not group.isprintable()
        or type(machines) is not int
        or not 0 <= machines <= _MACHINES
    ):
        raise _no_envelope()
    figures = {name: _figure(day, name, row[name]) for name in FIGURES}
    return PlantDay(asset_group=group, day=day, machines=machines, **figures)


def _figure(day: date, name: str, value: Any) -> float | None:
    if value is None:
        return None
    try:
        number = float(value) if type(value) in (int, float) else math.nan
    except OverflowError:
        number = math.inf
    if not 0 <= number <= _RATIOS.get(name, _LARGEST):
        raise Refused("{day}: {name} cannot be {value}", day=day, name=name, value=str(value)[:40])
    return number


def _object(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise _no_envelope() from None
    if not isinstance(found, dict):
        raise _no_envelope()
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _no_envelope() -> Refused:
    return Refused(
        "this is no summary of days; write one with `ballast plant push --file`, and send it "
        "as it is"
    )
