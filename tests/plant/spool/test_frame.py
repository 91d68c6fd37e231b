"""Frames: whatever is cut off, flipped or left over, only whole commits are found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ballast.plant.spool.frame import (
    HEADER_BYTES,
    FrameKind,
    ReadAt,
    Scanned,
    header,
    is_sound,
    read,
    scan,
)

START, BASE = 80, 1_000
KINDS = st.sampled_from(FrameKind)
COMMITS = st.lists(
    st.lists(st.tuples(KINDS, st.binary(max_size=60), st.integers(0, 9)), min_size=1, max_size=3),
    max_size=5,
)
Commits = list[list[tuple[FrameKind, bytes, int]]]


def reading(data: bytes) -> ReadAt:
    return lambda offset, count: data[offset : offset + count]


def written(commits: Commits, base: int = BASE) -> tuple[bytes, list[tuple[int, int, int]]]:
    """Return the bytes of a file, and end and next numbers behind each commit."""
    data = bytearray(b"H" * START)
    following = {False: 0, True: 0}
    ends = [(START, 0, 0)]
    for commit in commits:
        for place, (kind, payload, rows) in enumerate(commit):
            stream = kind is FrameKind.EVENTS
            data += header(
                kind, payload, rows=rows, first=following[stream], position=base + len(data),
                ends_commit=place == len(commit) - 1,
            )  # fmt: skip
            data += payload
            following[stream] += rows
        ends.append((len(data), following[False], following[True]))
    return bytes(data), ends


def scanned(data: bytes) -> Scanned:
    return scan(reading(data), len(data), START, BASE)


def reached(found: Scanned) -> tuple[int, int, int]:
    return found.end, found.samples or 0, found.events or 0


@given(COMMITS)
def test_whole_commits_are_all_found(commits: Commits) -> None:
    data, ends = written(commits)
    found = scanned(data)
    assert reached(found) == ends[-1]
    assert (found.torn, found.damaged) == (0, ())


@given(COMMITS, st.data())
def test_a_tail_of_any_length_is_found_and_only_that(commits: Commits, draw: st.DataObject) -> None:
    data, ends = written(commits)
    cut = draw.draw(st.integers(START, len(data)))
    zeros = draw.draw(st.sampled_from([0, 1, 50, 5000]))
    found = scanned(data[:cut] + bytes(zeros))
    whole = max(end for end in ends if end[0] <= cut)
    assert reached(found) == whole
    # Zeros at the very end of what was written cannot be told from room that was set aside.
    tail = data[whole[0] : cut]
    assert found.torn == len(tail.rstrip(b"\0"))


@given(COMMITS.filter(bool), st.data())
def test_a_flipped_bit_is_never_taken_for_what_was_written(
    commits: Commits, draw: st.DataObject
) -> None:
    data, ends = written(commits)
    place = draw.draw(st.integers(START, len(data) - 1))
    flipped = bytearray(data)
    flipped[place] ^= 1 << draw.draw(st.integers(0, 7))
    found = scanned(bytes(flipped))
    assert found.end in {end for end, _, _ in ends}
    if found.end > place:
        # The commit stands, for a whole one follows it; the frame that was hit is named.
        assert any(f.position - BASE <= place < f.end - BASE for f in found.damaged)
    else:
        assert found.torn > 0


@given(COMMITS.filter(bool), st.data())
def test_what_an_earlier_cut_left_behind_never_passes_for_a_frame_of_today(
    commits: Commits, draw: st.DataObject
) -> None:
    old, ends = written(commits)
    cut, _, _ = draw.draw(st.sampled_from(ends[:-1]))
    moved = draw.draw(st.integers(1, 100))
    # The bytes of a later commit, standing where another one ended since.
    found = scanned(old[:cut] + b"\1" * moved + old[cut:])
    assert found.end == cut
    shifted = old[:cut] + old[min(cut + moved, len(old)) :]
    assert scanned(shifted).end <= len(shifted)


def test_a_frame_of_another_place_is_none() -> None:
    data = header(FrameKind.EVENTS, b"x", rows=1, first=0, position=500, ends_commit=True)
    assert read(data, 500) is not None
    assert read(data, 501) is None
    assert read(data[: HEADER_BYTES - 1], 500) is None


def test_a_payload_that_is_longer_or_other_is_not_sound() -> None:
    data = header(FrameKind.EVENTS, b"xyz", rows=1, first=0, position=0, ends_commit=True)
    frame = read(data, 0)
    assert frame is not None
    assert is_sound(frame, b"xyz")
    assert not is_sound(frame, b"xyzz")
    assert not is_sound(frame, b"xyy")


@given(st.binary(max_size=300))
def test_noise_is_no_frame(noise: bytes) -> None:
    assert scanned(b"H" * START + noise).end == START


def test_a_commit_of_which_only_the_last_frame_reached_the_disk_never_happened() -> None:
    """Sectors reach a disk in any order."""
    commit = [(FrameKind.SAMPLES, b"x" * 50, 3), (FrameKind.EVENTS, b"y" * 50, 1)]
    data, ends = written([commit, commit])
    torn = bytearray(data)
    torn[ends[1][0] + HEADER_BYTES + 5] = 0
    found = scanned(bytes(torn))
    assert reached(found) == ends[1]
    assert (found.damaged, found.torn) == ((), len(data) - ends[1][0])
    more, _ = written([commit, commit, commit])
    torn += more[len(data) :]
    found = scanned(bytes(torn))
    assert found.end == len(more)
    assert [frame.first for frame in found.damaged] == [3]
