"""The inbox keeps what arrived, in the order in which it was written; keys are known or not."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from tests.state.conftest import START, HandClock

from ballast.errors import NotFound, Refused
from ballast.state.plant_consent import note_consent, standing_consent
from ballast.state.plant_days import (
    inbox_last,
    inbox_messages,
    inbox_name,
    take_in,
    trust,
    trusted,
    trusted_key,
    withdraw_trust,
)
from ballast.state.plant_key import plant_key
from ballast.state.store import State

A, B = "91371502YL55678518", "91110000600037341L"
RAW = bytes(range(32))


def put(state: State, minute: int = 0, body: bytes = b"body", uscc: str = A) -> tuple[int, bool]:
    return take_in(
        state, uscc=uscc, made_at=START + timedelta(minutes=minute), key_id="k",
        signature=b"s", body=body, who="li",
    )  # fmt: skip


def test_messages_are_numbered_in_the_order_of_arrival(state: State) -> None:
    assert inbox_last(state) == 0
    assert [put(state, 1), put(state, 2), put(state, 1, uscc=B)] == [
        (1, True),
        (2, True),
        (3, True),
    ]
    found = inbox_messages(state, 1, 10)
    assert [(one.seq, one.uscc, one.body, one.who) for one in found] == [
        (2, A, b"body", "li"), (3, B, b"body", "li"),
    ]  # fmt: skip
    assert [one.seq for one in inbox_messages(state, 0, 2)] == [1, 2]
    assert inbox_last(state) == 3


def test_the_same_message_again_is_the_one_that_is_there(state: State) -> None:
    put(state, 1)
    put(state, 2, b"later")
    assert put(state, 1) == (1, False)
    assert inbox_last(state) == 2


def test_an_older_message_never_sets_days_back(state: State) -> None:
    put(state, 5, b"newer")
    for minute in (4, 5):
        with pytest.raises(Refused, match="no newer"):
            put(state, minute, b"older")


def test_the_inbox_is_append_only(state: State) -> None:
    put(state)
    for change in (
        "DELETE FROM plant_inbox",
        "UPDATE plant_inbox SET uscc = 'x'",
        "INSERT OR REPLACE INTO plant_inbox SELECT * FROM plant_inbox",
    ):
        with pytest.raises(IntegrityError, match="append only"), state.write() as connection:
            connection.execute(text(change))
    assert inbox_last(state) == 1


def test_each_inbox_has_a_name_of_its_own(tmp_path: Path, clock: HandClock, state: State) -> None:
    (tmp_path / "other").mkdir()
    with State(tmp_path / "other", clock) as other:
        assert inbox_name(other) != inbox_name(state)
    with State(tmp_path, clock) as again:
        assert inbox_name(again) == inbox_name(state)


def test_a_key_is_known_for_one_enterprise_until_it_is_withdrawn(
    state: State, clock: HandClock
) -> None:
    trust(state, "k1", A, RAW, "wang")
    clock.move(hours=1)
    assert trust(state, "k1", A, RAW, "zhao").added_at == START
    assert trusted_key(state, "k1").public == RAW
    with pytest.raises(Refused, match="one key speaks for one"):
        trust(state, "k1", B, RAW, "wang")
    withdraw_trust(state, "k1")
    with pytest.raises(NotFound):
        trusted_key(state, "k1")
    with pytest.raises(Refused, match="was withdrawn"):
        trust(state, "k1", A, RAW, "wang")
    assert [one.withdrawn_at for one in trusted(state)] == [START + timedelta(hours=1)]
    clock.move(hours=1)
    assert withdraw_trust(state, "k1").withdrawn_at == START + timedelta(hours=1)
    with pytest.raises(NotFound):
        withdraw_trust(state, "k2")


def test_consent_is_what_was_last_said(state: State, clock: HandClock) -> None:
    assert standing_consent(state, A) is None
    note_consent(state, A, "li", given=True)
    clock.move(days=1)
    note_consent(state, A, "wang", given=False)
    said = standing_consent(state, A)
    assert said is not None
    assert (said.given, said.who, said.at) == (False, "wang", START + timedelta(days=1))
    assert standing_consent(state, B) is None
    with pytest.raises(IntegrityError, match="append only"), state.write() as connection:
        connection.execute(text("DELETE FROM plant_consents"))


def test_the_key_of_a_plant_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    made = plant_key(tmp_path).private_bytes_raw()
    assert plant_key(tmp_path).private_bytes_raw() == made
    path = tmp_path / "plant" / "keys" / "push-key.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["push-key.pem"]
    path.chmod(0o640)
    with pytest.raises(Refused, match="other users"):
        plant_key(tmp_path)
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(Refused, match="no Ed25519 key"):
        plant_key(tmp_path)
