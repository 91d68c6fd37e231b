"""What goes into a frame comes out of it, to the last bit."""

from __future__ import annotations

import math

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
    texts = texts_of(samples.text)
    kind, payload = samples_payload(samples, texts)
    assert rows_of(samples_of([(kind, payload)])) == rows_of(samples)


@given(ROWS, ROWS)
def test_frames_with_and_without_texts_are_read_as_one(one: list[Row], two: list[Row]) -> None:
    worded, plain = made(one), made([(*row[:5], None, *row[6:]) for row in two])
    frames = [samples_payload(worded, texts_of(worded.text)), samples_payload(plain, None)]
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
        texts_of(["a", 3])
    with pytest.raises(Refused, match="no text"):
        texts_of(["\ud800", object()])


def test_a_large_integer_keeps_its_text_beside_the_nearest_float() -> None:
    exact = str(2**63 - 1)
    samples = Samples.of(0, [1], [float(2**63 - 1)], received_at=1, text=[exact])
    kind, payload = samples_payload(samples, texts_of(samples.text))
    back = samples_of([(kind, payload)])
    assert back.text is not None
    assert back.text.tolist() == [exact]
    assert math.isclose(back.value[0], 2.0**63)
