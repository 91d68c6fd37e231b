"""Names of tags keep their numbers, or the log says that it cannot tell them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused, StorageFailed
from ballast.plant.spool.names import LONGEST_NAME, encoded, parsed, recovered, usable

NAMES = st.lists(st.text(min_size=1, max_size=8).map(usable), max_size=8)


@given(NAMES, NAMES)
def test_names_added_at_different_times_are_read_as_one_list(
    first: list[str], more: list[str]
) -> None:
    data = encoded(first, 0) + encoded(more, len(first))
    assert parsed(data) == (first + more, len(data))


@given(NAMES.filter(bool), st.data())
def test_a_torn_tail_of_any_length_costs_the_last_name_only(
    names: list[str], draw: st.DataObject
) -> None:
    whole, last = encoded(names[:-1], 0), encoded(names[-1:], len(names) - 1)
    cut = draw.draw(st.integers(0, len(last) - 1))
    assert parsed(whole + last[:cut]) == (names[:-1], len(whole))


def test_a_name_cannot_slip_to_another_number() -> None:
    assert parsed(encoded(["a", "b"], 1)) == ([], 0)


def test_empty_and_endless_names_are_refused() -> None:
    for name in ("", "x" * (LONGEST_NAME + 1)):
        with pytest.raises(Refused, match="the name of a tag"):
            usable(name)


def test_names_that_were_durable_and_are_gone_stop_the_opening(tmp_path: Path) -> None:
    path = tmp_path / "tags"
    path.write_bytes(encoded(["a", "b"], 0)[:-1])
    with pytest.raises(StorageFailed, match="only 1 of 2 names"):
        recovered(path, 2)
    handle, names, _, torn = recovered(path, 1)
    os.close(handle)
    assert (names, torn) == (["a"], 8)
