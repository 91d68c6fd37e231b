"""Columns that do not fit together are no samples."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ballast.errors import Refused
from ballast.plant.spool.samples import GOOD, Flag, Samples, concatenate

THREE = Samples.of([0, 1, 2], [10, 11, 12], [1.0, 2.0, 3.0], received_at=20)


def test_single_values_hold_for_every_row() -> None:
    assert THREE.received_at.tolist() == [20, 20, 20]
    assert THREE.quality.tolist() == [GOOD] * 3
    assert THREE.text is None


def test_columns_of_another_length_are_refused() -> None:
    with pytest.raises(Refused, match=r"column value .* must be float64 of shape \(3,\)"):
        replace(THREE, value=np.zeros(2))


def test_columns_of_another_type_are_refused() -> None:
    with pytest.raises(Refused, match="column time"):
        replace(THREE, time=np.zeros(3))  # type: ignore[arg-type]


def test_rows_are_taken_by_slice_place_and_mask() -> None:
    assert THREE.take(slice(1, None)).tag.tolist() == [1, 2]
    assert THREE.take(np.array([2, 0])).tag.tolist() == [2, 0]
    assert THREE.take(THREE.value > 1.5).tag.tolist() == [1, 2]


def test_parts_with_and_without_texts_become_one() -> None:
    worded = Samples.of(7, [13], [float("nan")], received_at=20, text=["阀"], flags=Flag.LATE)
    both = concatenate([THREE, worded])
    assert both.text is not None
    assert both.text.tolist() == [None, None, None, "阀"]
    assert both.flags.tolist() == [0, 0, 0, 1]
