"""A factory's days are taken from its own account with its own key, once, and from nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ballast.plant.reports.daily import PlantDay
from ballast.plant.reports.told_days import Told, key_id, parse_public_key, public_key, seal
from ballast.serve.ship_once import ship_once
from ballast.state.audit import entries
from ballast.state.plant_days import inbox_last, trust, withdraw_trust
from ballast.terms.role import Role
from ballast.terms.viewer import operator

PATH = "/api/v1/plant-days"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
RAW = parse_public_key(public_key(KEY))


@pytest.fixture
def home(own_stocked: Any, own_code: str) -> Any:
    trust(own_stocked.door.state, key_id(RAW), own_code, RAW, "wang")
    return own_stocked


def envelope(home: Any, uscc: str, *, minutes: int = 0, good: float = 90.0) -> bytes:
    now = home.door.clock()
    day = PlantDay(
        asset_group="plant", day=now.date() - timedelta(days=1), machines=2, oee=0.5, good=good
    )
    return seal(Told(uscc, now + timedelta(minutes=minutes), "synthetic", (day,)), KEY)


def told(home: Any, content: bytes, role: Role = Role.ENTERPRISE) -> Any:
    return home.caller(role).post(PATH, content=content)


def test_a_signed_day_is_taken_in_and_reaches_the_lake(home: Any, own_code: str) -> None:
    answer = told(home, envelope(home, own_code))
    assert (answer.status_code, answer.json()) == (
        201, {"message": 1, "uscc": own_code, "days": 1, "repeated": False},
    )  # fmt: skip
    lake = home.door.context.lake
    ship_once(lake)
    (row,) = lake.read("plant_daily", operator("x")).to_pyarrow().to_pylist()
    assert (row["uscc"], row["oee"], row["signature_key"]) == (own_code, 0.5, key_id(RAW))
    assert (row["provenance"], row["energy_kwh"]) == ("synthetic", None)
    noted = [one for one in entries(home.door.state) if one.action == "receive"]
    assert [one.what for one in noted] == [f"plant_daily: {own_code}"]


def test_the_same_message_again_changes_nothing_and_a_newer_one_replaces_its_day(
    home: Any, own_code: str
) -> None:
    first = envelope(home, own_code)
    told(home, first)
    assert told(home, first).json()["repeated"]
    assert told(home, envelope(home, own_code, minutes=5, good=91.0)).status_code == 201
    replayed = told(home, first)
    assert replayed.json()["repeated"]
    assert inbox_last(home.door.state) == 2
    lake = home.door.context.lake
    ship_once(lake)
    (row,) = lake.read("plant_daily", operator("x")).to_pyarrow().to_pylist()
    assert row["good"] == 91.0
    older = told(home, envelope(home, own_code, minutes=2, good=7.0))
    assert older.status_code == 422
    assert "no newer" in older.json()["detail"]


def test_one_enterprise_cannot_speak_for_another(home: Any, own_code: str, other_code: str) -> None:
    """Neither by a key of its own over the other's code, nor with the other's own message."""
    answer = told(home, envelope(home, other_code))
    assert answer.status_code == 422
    assert "signs for" in answer.json()["detail"]
    theirs = Ed25519PrivateKey.from_private_bytes(bytes(32))
    raw = parse_public_key(public_key(theirs))
    trust(home.door.state, key_id(raw), other_code, raw, "wang")
    now = home.door.clock()
    day = PlantDay(asset_group="plant", day=now.date(), machines=1)
    answer = told(home, seal(Told(other_code, now, "real", (day,)), theirs))
    assert answer.status_code == 403
    assert inbox_last(home.door.state) == 0


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.ANALYST, Role.OPERATOR, Role.ADMINISTRATOR])
def test_nobody_but_an_enterprise_s_account_tells_days(
    home: Any, own_code: str, role: Role
) -> None:
    assert told(home, envelope(home, own_code), role).status_code in (401, 403)
    assert inbox_last(home.door.state) == 0


def test_what_was_changed_on_its_way_is_refused(home: Any, own_code: str) -> None:
    content = envelope(home, own_code).replace(b'"signature": "', b'"signature": "AAAA')
    answer = told(home, content)
    assert answer.status_code == 422
    assert "signature does not fit" in answer.json()["detail"]


def test_a_key_that_is_not_known_or_withdrawn_is_refused(home: Any, own_code: str) -> None:
    withdraw_trust(home.door.state, key_id(RAW))
    answer = told(home, envelope(home, own_code))
    assert answer.status_code == 404
    assert "no factory is known" in answer.json()["detail"]


def test_a_body_that_is_too_large_is_refused(home: Any) -> None:
    assert told(home, b"x" * (256 * 1024 + 1)).status_code == 413


def test_an_enterprise_reads_its_own_days_and_nobody_else_s(
    home: Any, own_code: str, other_code: str
) -> None:
    told(home, envelope(home, own_code))
    ship_once(home.door.context.lake)
    rows = home.caller(Role.ENTERPRISE).get("/api/v1/tables/plant_daily/rows").json()["rows"]
    assert [row["uscc"] for row in rows] == [own_code]
