"""What goes into a frame comes out of it, to the last bit."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.spool.columns import (
    events_of,
    events_payload,
    plain_text,
    samples_of,
    samples_payload,
    texts_of,
)
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.plant.spool.frame import FrameKind
from ballast.plant.spool.samples import Samples, concatenate

INT64 = st.integers(-(2**63), 2**63 - 1)
INT32 = st.integers(-(2**31), 2**31 - 1)
ROWS = st.lists(
    st.tuples(
        INT32, INT64, INT32, st.floats(), st.booleans(), st.none() | st.text(max_size=20),
        st.integers(-(2**15), 2**15 - 1), INT64, st.integers(0, 255),
    ),
    min_size=1, max_size=30,
)  # fmt: skip
EVENTS = st.lists(
    st.builds(
        CollectEvent, INT64, st.sampled_from(EventKind), st.text(max_size=9),
        st.none() | st.text(max_size=9), INT64, st.none() | INT64, INT64, st.text(max_size=9),
    ),
    min_size=1, max_size=9,
)  # fmt: skip
Row = tuple[int, int, int, float, bool, str | None, int, int, int]


def made(rows: list[Row]) -> Samples:
    tag, time, ordinal, value, null, text, quality, received, flags = zip(*rows, strict=True)
    return Samples.of(
        tag, time, value, received_at=received, ordinal=ordinal, null=null, text=list(text),
        quality=quality, flags=flags,
    )  # fmt: skip


def words(samples: Samples) -> Any:
    assert samples.text is not None
    return texts_of(samples.text)


def rows_of(samples: Samples) -> list[tuple[object, ...]]:
    texts = [None] * len(samples) if samples.text is None else samples.text.tolist()
    # Bits and not values: nan is nan of the same kind.
    bits = np.ascontiguousarray(samples.value).view(np.uint64)
    columns = (
        samples.tag, samples.time, samples.ordinal, bits, samples.null, samples.quality,
        samples.received_at, samples.flags,
    )  # fmt: skip
    return list(zip(*(c.tolist() for c in columns), texts, strict=True))


@given(ROWS)
def test_samples_come_back_as_they_were(rows: list[Row]) -> None:
    samples = made(rows)
    kind, payload = samples_payload(samples, words(samples))
    assert rows_of(samples_of([(kind, payload)])) == rows_of(samples)


@given(ROWS, ROWS)
def test_frames_with_and_without_texts_are_read_as_one(one: list[Row], two: list[Row]) -> None:
    worded, plain = made(one), made([(*row[:5], None, *row[6:]) for row in two])
    frames = [samples_payload(worded, words(worded)), samples_payload(plain, None)]
    assert [kind for kind, _ in frames] == [FrameKind.WORDED_SAMPLES, FrameKind.SAMPLES]
    assert rows_of(samples_of(frames)) == rows_of(concatenate([worded, plain]))


@given(EVENTS)
def test_events_come_back_as_they_were(events: list[CollectEvent]) -> None:
    assert events_of(events_payload(events)) == events


def test_half_letters_of_json_are_written_out_and_stop_nothing() -> None:
    assert texts_of(["a\ud800", None]).to_pylist() == ["a\\ud800", None]
    assert plain_text("\udfff阀") == "\\udfff阀"


def test_a_text_that_is_none_is_refused_before_it_can_spoil_a_commit() -> None:
    with pytest.raises(Refused, match="no text"):
        texts_of(["a", 3])  # type: ignore[list-item]
    with pytest.raises(Refused, match="no text"):
        texts_of([b"bytes", "\ud800"])  # type: ignore[list-item]


def test_a_large_integer_keeps_its_text_beside_the_nearest_float() -> None:
    exact = str(2**63 - 1)
    samples = Samples.of(0, [1], [float(2**63 - 1)], received_at=1, text=[exact])
    kind, payload = samples_payload(samples, words(samples))
    back = samples_of([(kind, payload)])
    assert back.text is not None
    assert back.text.tolist() == [exact]
    assert math.isclose(back.value[0], 2.0**63)


def test_a_collector_never_pays_for_pandas() -> None:
    """Arrow imports it where it makes arrays of lists: half a second, and 50 MB."""
    program = (
        "import sys, tempfile, pathlib\n"
        "from ballast.plant.spool.events import CollectEvent, EventKind\n"
        "from ballast.plant.spool.samples import Samples\n"
        "from ballast.plant.spool.spool import Spool\n"
        "with tempfile.TemporaryDirectory() as folder, Spool.open(pathlib.Path(folder)) as s:\n"
        "    s.put(Samples.of(s.number('a'), [1, 2], 1.0, received_at=1, text=['x', None]))\n"
        "    s.put(Samples.of(s.number('a'), [3], 1.0, received_at=1))\n"
        "    s.put_event(CollectEvent(1, EventKind.GAP, 'a', None, 1, None, 1))\n"
        "    s.commit()\n"
        "    assert [len(part) for part in s.recent(0)] == [3]\n"
        "print('pandas' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
