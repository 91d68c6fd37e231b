"""Checkpoints of a load: few, evenly apart, the last one always there; keys of nobody else."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.node.service.caller import ANONYMOUS, OPERATOR, Caller
from ballast.node.wire.value import Reference
from ballast.node.writer.idempotency import (
    MOST_CHECKPOINTS,
    add_checkpoint,
    load_key,
    read_checkpoints,
)


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=2000))
def test_checkpoints_stay_few_and_evenly_apart(sizes: list[int]) -> None:
    packed, lines = b"", 0
    for size in sizes:
        lines += size
        packed = add_checkpoint(packed, lines, hashlib.sha256(b"%d" % lines).digest())
    found = read_checkpoints(packed)
    assert len(found) <= MOST_CHECKPOINTS
    assert found[-1].lines == lines
    assert all(one.fits(hashlib.sha256(b"%d" % one.lines).digest()) for one in found)
    assert not found[-1].fits(bytes(32))
    places = [0, *(one.lines for one in found)]
    apart = max(b - a for a, b in pairwise(places))
    assert apart <= 2 * lines / (MOST_CHECKPOINTS / 2) + max(sizes)


def test_a_load_of_many_equal_blocks_holds_back_little() -> None:
    packed = b""
    for block in range(1, 5001):
        packed = add_checkpoint(packed, block * 2000, bytes(32))
    places = [0, *(one.lines for one in read_checkpoints(packed))]
    assert max(b - a for a, b in pairwise(places)) <= 10_000_000 / 200
    assert len(packed) <= MOST_CHECKPOINTS * 24


def test_a_key_is_of_its_caller() -> None:
    callers = [
        ANONYMOUS,
        OPERATOR,
        Caller(Reference("0.NA/88.118.8", 300)),
        Caller(Reference("0.NA/88.118.8", 301)),
    ]
    assert len({load_key("k", caller) for caller in callers}) == 4
    assert load_key("k", OPERATOR) == load_key("k", OPERATOR)
    # The name of a caller and a key cannot be read as another name and another key.
    other = Caller(Reference("0.NA/88.118.8x", 300))
    assert load_key("xk", callers[2]) != load_key("k", other)


@pytest.mark.parametrize("key", ["", "长" * 86, "k" * 256])
def test_keys_are_bounded(key: str) -> None:
    with pytest.raises(Refused, match="1 to 255 bytes"):
        load_key(key, OPERATOR)
