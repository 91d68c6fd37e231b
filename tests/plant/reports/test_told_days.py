"""What a factory tells arrives as it was signed, or is refused in one line that says why."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import NotFound, Refused
from ballast.plant.reports.daily import PlantDay
from ballast.plant.reports.told_days import (
    ENVELOPE_BYTES,
    Told,
    key_id,
    open_envelope,
    parse_public_key,
    public_key,
    read_told,
    seal,
    told_bytes,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CODE, OTHER = "91371502YL55678518", "91110000600037341L"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
DAY = PlantDay(
    asset_group="plant", day=date(2026, 11, 22), machines=3, oee=0.78, availability=0.9,
    effectiveness=1.02, quality=0.85, planned_busy_s=3600.0, production_s=3000.5, produced=100.0,
    good=85.0, energy_kwh=None, coverage=1.0,
)  # fmt: skip
TOLD = Told(CODE, NOW, "synthetic", (DAY, replace(DAY, asset_group="机加工")))


def known(name: str) -> tuple[str, bytes]:
    raw = parse_public_key(public_key(KEY))
    if name != key_id(raw):
        raise NotFound("no such key")
    return CODE, raw


def signed(body: bytes) -> bytes:
    """Return an envelope over any bytes, rightly signed."""
    envelope = json.loads(seal(TOLD, KEY))
    envelope["body"] = base64.b64encode(body).decode()
    signature = KEY.sign(b"ballast plant days 1\n" + body)
    return json.dumps(envelope | {"signature": base64.b64encode(signature).decode()}).encode()


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return a rightly signed envelope over changed contents."""
    body = json.loads(told_bytes(TOLD))
    change(body)
    return signed(json.dumps(body).encode())


def test_what_is_sealed_is_what_is_opened() -> None:
    found = open_envelope(seal(TOLD, KEY), known, NOW)
    assert found.told == TOLD
    assert found.body == told_bytes(TOLD)
    assert read_told(found.body) == TOLD


figures = st.one_of(st.none(), st.floats(0, 1), st.just(0.0))


@given(figures, st.floats(0, 1e9), st.text(min_size=1, max_size=20).filter(str.isprintable))
def test_any_figures_survive_the_way(ratio: float | None, pieces: float, group: str) -> None:
    day = replace(DAY, oee=ratio, quality=ratio, produced=pieces, asset_group=group)
    told = replace(TOLD, days=(day,))
    assert open_envelope(seal(told, KEY), known, NOW).told == told


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_byte_that_changes_on_the_way_is_noticed(place: int, by: int) -> None:
    envelope = json.loads(seal(TOLD, KEY))
    body = bytearray(base64.b64decode(envelope["body"]))
    body[place % len(body)] ^= by
    envelope["body"] = base64.b64encode(bytes(body)).decode()
    with pytest.raises(Refused, match="signature does not fit"):
        open_envelope(json.dumps(envelope).encode(), known, NOW)


def test_a_signature_over_the_bytes_alone_is_none() -> None:
    """Without its beginning a signature made for another purpose could stand for a message."""
    body = told_bytes(TOLD)
    envelope = json.loads(seal(TOLD, KEY))
    envelope["signature"] = base64.b64encode(KEY.sign(body)).decode()
    with pytest.raises(Refused, match="signature does not fit"):
        open_envelope(json.dumps(envelope).encode(), known, NOW)


def test_a_key_signs_for_its_own_enterprise_alone() -> None:
    with pytest.raises(Refused, match=f"signs for {CODE}, and not for {OTHER}"):
        open_envelope(seal(replace(TOLD, uscc=OTHER), KEY), known, NOW)


def test_a_key_that_nobody_knows_opens_nothing() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(NotFound):
        open_envelope(seal(TOLD, other), known, NOW)


def test_a_message_that_is_too_large_is_not_even_read() -> None:
    with pytest.raises(Refused, match="too large"):
        open_envelope(b"{" * (ENVELOPE_BYTES + 1), known, NOW)


@pytest.mark.parametrize(
    "envelope",
    [
        b"", b"[]", b"null", b"\xff\xfe", b"{}", b'{"key": 1, "signature": "", "body": ""}',
        b"[" * 100_000, b'{"key": "a", "signature": "%%%", "body": ""}', b"1" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_envelope_is_refused(envelope: bytes) -> None:
    with pytest.raises(Refused, match="no summary of days"):
        open_envelope(envelope, known, NOW)


def _set(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda body: body.__setitem__(name, value)


def _in_day(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda body: body["days"][0].__setitem__(name, value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_set("format", "ballast plant days 2"), "no summary"),
        (_set("more", 1), "no summary"),
        (_set("uscc", "91371502YL55678519"), "no summary"),
        (_set("uscc", 9), "no summary"),
        (_set("made_at", "2026-11-23T09:00:00"), "no summary"),
        (_set("made_at", "yesterday"), "no summary"),
        (_set("made_at", "2026-11-25T09:00:00+00:00"), "which is to come"),
        (_set("provenance", "invented"), "no summary"),
        (_set("days", []), "no summary"),
        (_set("days", {"a": 1}), "no summary"),
        (_set("days", [7]), "no summary"),
        (_in_day("asset_group", ""), "no summary"),
        (_in_day("asset_group", "a\nb"), "no summary"),
        (_in_day("asset_group", "a" * 101), "no summary"),
        (_in_day("asset_group", "\ud800"), "no summary"),
        (_in_day("asset_group", "机加工"), "twice"),
        (_in_day("machines", -1), "no summary"),
        (_in_day("machines", True), "no summary"),
        (_in_day("machines", 2.5), "no summary"),
        (_in_day("day", "2026-11-26"), "is not between"),
        (_in_day("day", "2020-01-01"), "is not between"),
        (_in_day("day", "22.11.2026"), "no summary"),
        (_in_day("oee", -0.1), "oee cannot be -0.1"),
        (_in_day("quality", 1.01), "quality cannot be 1.01"),
        (_in_day("coverage", "1"), "coverage cannot be 1"),
        (_in_day("produced", float("nan")), "produced cannot be nan"),
        (_in_day("produced", float("inf")), "produced cannot be inf"),
        (_in_day("produced", 10**400), "produced cannot be"),
        (_in_day("good", True), "good cannot be True"),
        (_in_day("more", 1), "no summary"),
        (lambda body: body["days"][0].pop("oee"), "no summary"),
    ],
)
def test_contents_that_cannot_be_are_refused_though_rightly_signed(
    change: Callable[[dict[str, Any]], object], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        open_envelope(changed(change), known, NOW)


def test_what_was_judged_when_it_came_is_read_again_years_later() -> None:
    assert read_told(told_bytes(TOLD)) == TOLD
    with pytest.raises(Refused, match="is not between"):
        read_told(told_bytes(TOLD), NOW + timedelta(days=900))


@pytest.mark.parametrize("text", ["", "abc", "AAAA", "not base64!", base64.b64encode(bytes(33))])
def test_what_is_no_public_key_is_refused(text: Any) -> None:
    with pytest.raises(Refused, match="no public key"):
        parse_public_key(text.decode() if isinstance(text, bytes) else text)
