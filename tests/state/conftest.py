"""A state in a new home, a clock that moves by hand, and hashing that costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from ballast.state import passwords
from ballast.state.store import State
from ballast.state.users import User, add_user
from ballast.terms.role import Role

START = datetime(2026, 6, 1, 8, tzinfo=UTC)
PASSWORD = "correct horse battery"


class HandClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def state(tmp_path: Path, clock: HandClock) -> Iterator[State]:
    with State(tmp_path, clock) as opened:
        yield opened


@pytest.fixture(autouse=True)
def cheap_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "real_hashes" in request.fixturenames:
        return
    cheap = PasswordHasher.from_parameters(CHEAPEST)
    monkeypatch.setattr(passwords, "HASHER", cheap)
    monkeypatch.setattr(passwords, "_NOBODY", cheap.hash("nobody"))


@pytest.fixture
def real_hashes() -> None:
    """Ask for the parameters of the product."""


@pytest.fixture
def zhao(state: State) -> User:
    return add_user(state, "zhao", role=Role.ANALYST, password=PASSWORD)


def stored_bytes(state: State) -> bytes:
    """Return every byte of the file and of what SQLite keeps beside it."""
    return b"".join(path.read_bytes() for path in state.path.parent.glob(f"{state.path.name}*"))
