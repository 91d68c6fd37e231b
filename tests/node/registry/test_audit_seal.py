"""Seals: what the chain alone cannot show, a key kept apart does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ballast.errors import Refused
from ballast.node.registry.audit import note, verify
from ballast.node.registry.audit_seal import (
    CUT_BELOW,
    FORGED,
    REWRITTEN,
    check_seals,
    make_seal,
    parse_seals,
)
from ballast.node.registry.lmdb_store import LmdbStore

KEY = bytes(range(32))


def noted(store: LmdbStore, *subjects: str) -> None:
    with store.write() as transaction:
        for at, subject in enumerate(subjects):
            note(transaction, at=at, action="create", subject=subject, outcome=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LmdbStore]:
    with LmdbStore.open(tmp_path / "registry", map_bytes=1 << 24) as opened:
        noted(opened, "a/1", "a/2", "a/3")
        yield opened


def test_a_trail_that_went_on_is_still_what_was_sealed(store: LmdbStore) -> None:
    with store.snapshot() as snapshot:
        seal = make_seal(snapshot, KEY, 7)
    noted(store, "a/4")
    with store.snapshot() as snapshot:
        assert check_seals(snapshot, [seal], KEY) == ()
    assert parse_seals(seal.line() + "\n") == (seal,)


def test_an_empty_trail_can_be_sealed(tmp_path: Path) -> None:
    other = LmdbStore.open(tmp_path / "other", map_bytes=1 << 24)
    with other as empty, empty.snapshot() as snapshot:
        assert check_seals(snapshot, [make_seal(snapshot, KEY, 7)], KEY) == ()


def test_a_trail_rewritten_as_a_whole_is_sound_and_is_not_what_was_sealed(
    store: LmdbStore, tmp_path: Path
) -> None:
    with store.snapshot() as snapshot:
        seal = make_seal(snapshot, KEY, 7)
    with LmdbStore.open(tmp_path / "other", map_bytes=1 << 24) as rewritten:
        noted(rewritten, "a/1", "a/other", "a/3")
        with rewritten.snapshot() as snapshot:
            assert verify(snapshot).sound
            assert [f.template for f in check_seals(snapshot, [seal], KEY)] == [REWRITTEN]


def test_a_trail_cut_with_the_note_of_its_end_is_sound_and_too_short_for_its_seal(
    store: LmdbStore, tmp_path: Path
) -> None:
    with store.snapshot() as snapshot:
        seal = make_seal(snapshot, KEY, 7)
    with LmdbStore.open(tmp_path / "other", map_bytes=1 << 24) as cut:
        noted(cut, "a/1", "a/2")
        with cut.snapshot() as snapshot:
            assert verify(snapshot).sound
            (fault,) = check_seals(snapshot, [seal], KEY)
    assert (fault.template, fault.number, fault.other) == (CUT_BELOW, 2, 3)


def test_a_seal_without_the_key_is_worth_nothing(store: LmdbStore) -> None:
    with store.snapshot() as snapshot:
        seal = make_seal(snapshot, KEY, 7)
        for forged in (
            make_seal(snapshot, bytes(32), 7),
            replace(seal, count=2),
            replace(seal, at=8),
            replace(seal, digest=bytes(32)),
        ):
            assert [f.template for f in check_seals(snapshot, [forged], KEY)] == [FORGED]


@pytest.mark.parametrize("line", ["nonsense", "1 2 3", "1 2 zz zz", "x 2 aa bb"])
def test_a_line_that_is_no_seal_is_refused_by_its_number(line: str) -> None:
    good = "0 0 " + "00" * 32 + " " + "00" * 32
    with pytest.raises(Refused, match="line 2"):
        parse_seals(f"{good}\n{line}\n")
