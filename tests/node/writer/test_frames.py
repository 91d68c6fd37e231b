"""Frames come out as they went in, however the stream is cut; impossible lengths end it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.node.writer.frames import MAX_FRAME_BYTES, Frame, FrameCutter, frame

FRAMES = st.lists(
    st.builds(Frame, st.integers(0, 2**32 - 1), st.integers(0, 255), st.binary(max_size=300)),
    max_size=8,
)


@given(FRAMES, st.lists(st.integers(1, 50), max_size=40))
def test_frames_survive_any_cut(frames: list[Frame], cuts: list[int]) -> None:
    stream = b"".join(frame(*one) for one in frames)
    cutter = FrameCutter()
    found: list[Frame] = []
    for size in [*cuts, len(stream)]:
        found += cutter.feed(stream[:size])
        stream = stream[size:]
    assert found == frames


@pytest.mark.parametrize("length", [0, 4, MAX_FRAME_BYTES + 1, 2**32 - 1])
def test_an_impossible_length_is_refused_before_its_body_is_kept(length: int) -> None:
    with pytest.raises(Refused, match="is another program talking"):
        FrameCutter().feed(struct.pack(">IIB", length, 1, 1))


@given(st.binary(max_size=200))
def test_garbage_is_refused_or_waits_for_more(garbage: bytes) -> None:
    cutter = FrameCutter(max_bytes=1000)
    try:
        found = cutter.feed(garbage)
    except Refused:
        return
    assert sum(9 + len(one.body) for one in found) <= len(garbage)
