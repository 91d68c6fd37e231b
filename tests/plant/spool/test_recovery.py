"""What a log looks like after kills, power cuts, bad disks and hands of people."""

from __future__ import annotations

import shutil
import struct
import tempfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plant.spool.conftest import MEMORY
from tests.plant.spool.written import (
    append,
    event,
    events_in,
    last_numbers,
    newest_file,
    numbers_in,
)

from ballast.errors import HomeVersion, StorageFailed
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.plant.spool.marks import DURABLE, SHIPPED, read_durable
from ballast.plant.spool.reader import Damage, SpoolReader, Stream
from ballast.plant.spool.segments import SEGMENT_HEADER_BYTES
from ballast.plant.spool.spool import Bounds, Position, Spool
from ballast.words import unpack

NOW = 1_780_000_000_000
SMALL = Bounds(segment_bytes=4_000)


def opened(path: Path, bounds: Bounds | None = None) -> Spool:
    return Spool.open(path, bounds=bounds, clock=lambda: NOW)


def torn(path: Path) -> list[CollectEvent]:
    return events_in(path, EventKind.TORN_LOG)


def flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x40
    path.write_bytes(data)


@pytest.mark.parametrize("set_aside", [0, 4096])
def test_a_torn_tail_of_any_byte_length_is_cut_and_told(tmp_path: Path, set_aside: int) -> None:
    """The tail of a commit of one sample and one event, as a power cut leaves it."""
    whole = tmp_path / "whole"
    with opened(whole) as spool:
        append(spool, 3)
        mark = (whole / DURABLE).read_bytes()
        end = spool.waiting().bytes
        spool.put_event(event(1))
        append(spool, 1)
        log = newest_file(whole).read_bytes()
        tail = log[end:].rstrip(b"\0")
    assert len(tail) > 500
    lengths = {*range(0, len(tail), 11), *range(60), *range(len(tail) - 60, len(tail))}
    for length in sorted(lengths if not set_aside else range(0, len(tail), 50)):
        path = tmp_path / "torn"
        shutil.copytree(whole, path)
        newest_file(path).write_bytes(log[:end] + tail[:length] + bytes(set_aside))
        (path / DURABLE).write_bytes(mark)
        with opened(path) as spool:
            assert numbers_in(path) == [0, 1, 2]
            written = len(tail[:length].rstrip(b"\0"))
            assert spool.position == Position(2, 0 if written else -1)
            append(spool, 1)
        said = torn(path)
        assert [unpack(e.detail, "en") for e in said] == (
            [f"{written} bytes of a write that did not end were cut off 000000000000.log; "
             "nothing of it had been acknowledged"] if written else []
        )  # fmt: skip
        assert numbers_in(path) == [0, 1, 2, 3]
        shutil.rmtree(path)


def test_a_torn_tail_is_told_once(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        append(spool, 3)
    with newest_file(tmp_path).open("ab") as file:
        file.write(b"BLfr and no more")
    for _ in range(3):
        opened(tmp_path).close()
    assert [(e.source, e.at, e.count) for e in torn(tmp_path)] == [("spool", NOW, 0)]
    assert "16 字节" in unpack(torn(tmp_path)[0].detail, "zh")


def test_a_commit_that_was_synced_and_not_marked_stands_after_opening(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        append(spool, 3)
        mark = (tmp_path / DURABLE).read_bytes()
        append(spool, 2)
    (tmp_path / DURABLE).write_bytes(mark)
    assert last_numbers(tmp_path) == (2, -1)
    assert numbers_in(tmp_path) == [0, 1, 2]
    with opened(tmp_path) as spool:
        assert spool.position == Position(4, -1)
    assert numbers_in(tmp_path) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("mark", [None, b"", b"noise" * 20])
def test_a_log_without_its_marks_is_whole_all_the_same(tmp_path: Path, mark: bytes | None) -> None:
    with opened(tmp_path) as spool:
        append(spool, 5)
    for name in (DURABLE, SHIPPED):
        if mark is None:
            (tmp_path / name).unlink()
        else:
            (tmp_path / name).write_bytes(mark)
    assert numbers_in(tmp_path) == []
    opened(tmp_path).close()
    assert numbers_in(tmp_path) == [0, 1, 2, 3, 4]


def test_acknowledged_samples_that_are_gone_are_told_and_their_numbers_not_reused(
    tmp_path: Path,
) -> None:
    with opened(tmp_path) as spool:
        append(spool, 3)
        append(spool, 4)
    path = newest_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-10])
    with opened(tmp_path) as spool:
        assert spool.position == Position(6, 0)
        append(spool, 1)
    assert [e.count for e in torn(tmp_path)] == [4]
    assert "4 samples or events that had been acknowledged" in unpack(
        torn(tmp_path)[0].detail, "en"
    )
    lost: list[Damage] = []
    reader = SpoolReader(tmp_path, on_damage=lost.append)
    assert [(last, len(part)) for last, part in reader.samples(-1, 100)] == [(2, 3), (7, 1)]
    assert [(d.stream, d.first, d.last) for d in lost] == [(Stream.SAMPLES, 3, 6)]
    # It is told at the opening that found it, and by a reader once.
    list(reader.samples(-1, 100))
    opened(tmp_path).close()
    assert (len(lost), len(torn(tmp_path))) == (1, 1)


def test_a_rotten_frame_in_the_middle_costs_that_frame_only(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        append(spool, 3)
        begin = newest_file(tmp_path), spool.waiting().bytes
        append(spool, 2)
        append(spool, 1)
    flip(begin[0], begin[1] + 300)
    with pytest.raises(StorageFailed, match=r"samples 3 to 4 cannot be read any more.*byte"):
        numbers_in(tmp_path)
    with opened(tmp_path) as spool:
        assert spool.position == Position(5, 0)
        append(spool, 1)
    assert [e.count for e in torn(tmp_path)] == [2]
    reader = SpoolReader(tmp_path, on_damage=lambda _: None)
    found = [int(n) for _, part in reader.samples(-1, 100) for n in part.value]
    assert found == [0, 1, 2, 5, 6]


def test_a_rotten_header_costs_the_rest_of_its_segment(tmp_path: Path) -> None:
    with opened(tmp_path, SMALL) as spool:
        while len(list(tmp_path.glob("*.log"))) < 3:
            append(spool, 20)
        last = spool.position.sample
    first = sorted(tmp_path.glob("*.log"))[0]
    flip(first, SEGMENT_HEADER_BYTES + 5)
    with pytest.raises(StorageFailed, match="samples 0 to"):
        numbers_in(tmp_path)
    lost: list[Damage] = []
    reader = SpoolReader(tmp_path, on_damage=lost.append)
    found = [int(n) for _, part in reader.samples(-1, 100) for n in part.value]
    assert found == list(range(lost[0].last + 1, last + 1))
    first.rename(tmp_path.parent / first.name)
    assert numbers_in(tmp_path) == found


def test_a_file_that_does_not_begin_as_a_segment_is_put_aside(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        append(spool, 3)
    flip(newest_file(tmp_path), 20)
    with opened(tmp_path) as spool:
        assert spool.position == Position(2, 0)
        append(spool, 1)
        assert spool.position == Position(3, 0)
    assert [p.name for p in tmp_path.glob("*.damaged")] == ["000000000000.0.damaged"]
    assert [e.count for e in torn(tmp_path)] == [3]
    assert numbers_in(tmp_path) == [3]


def test_numbers_go_on_when_somebody_deleted_the_files(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        append(spool, 9)
    newest_file(tmp_path).unlink()
    with opened(tmp_path) as spool:
        append(spool, 1)
        assert spool.position == Position(9, 0)
    assert numbers_in(tmp_path) == [9]
    assert [e.count for e in torn(tmp_path)] == [9]


def test_a_log_begun_anew_is_another_log(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        append(spool, 9)
    reader = SpoolReader(tmp_path)
    reader.forget(Stream.SAMPLES, 8)
    before = reader.identity()
    for path in [*tmp_path.glob("*.log"), tmp_path / DURABLE]:
        path.unlink()
    with opened(tmp_path) as spool:
        append(spool, 2)
        assert spool.waiting().samples == 2
    assert SpoolReader(tmp_path).identity() != before
    assert numbers_in(tmp_path) == [0, 1]


def test_what_a_kill_left_of_a_new_segment_is_removed(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / "000000000001.new").write_bytes(b"half")
    opened(tmp_path).close()
    assert not list(tmp_path.glob("*.new"))


def test_a_torn_name_is_cut_and_told(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        append(spool, 1)
    with (tmp_path / "tags").open("ab") as file:
        file.write(b"\x05\0\0\0abc")
    with opened(tmp_path) as spool:
        assert spool.number("other") == 1
    assert "7 bytes" in unpack(torn(tmp_path)[0].detail, "en")


def test_lost_names_stop_the_opening_and_leave_no_lock(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        append(spool, 1)
    (tmp_path / "tags").write_bytes(b"")
    for _ in range(2):
        with pytest.raises(StorageFailed, match="only 0 of 1 names"):
            opened(tmp_path)


def test_a_log_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        append(spool, 1)
    path = newest_file(tmp_path)
    data = bytearray(path.read_bytes())
    data[8] = 2
    size = struct.calcsize("<8sIIqqqqq16s")
    data[size : size + 4] = zlib.crc32(data[:size]).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(HomeVersion, match="format 2, this version reads format 1"):
        opened(tmp_path)
    assert path.read_bytes() == bytes(data)


def test_a_directory_that_cannot_be_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageFailed, match="cannot be read or written"):
        Spool.open(tmp_path / "file" / "spool")


@pytest.mark.parametrize("place", [0, 1, -1])
def test_a_rotten_beginning_of_a_segment_stops_a_reader_until_it_is_moved_away(
    tmp_path: Path, place: int
) -> None:
    with opened(tmp_path, SMALL) as spool:
        while len(list(tmp_path.glob("*.log"))) < 4:
            append(spool, 20)
        last = spool.position.sample
    rotten = sorted(tmp_path.glob("*.log"))[place]
    flip(rotten, 30)
    with pytest.raises(StorageFailed, match=r"samples .* cannot be read any more"):
        numbers_in(tmp_path)
    lost: list[Damage] = []
    found = [
        int(n)
        for _, part in SpoolReader(tmp_path, on_damage=lost.append).samples(-1, 100)
        for n in part.value
    ]
    assert len(lost) == 1
    gone = set(range(lost[0].first, lost[0].last + 1))
    assert sorted([*found, *gone]) == list(range(last + 1))
    if place >= 0:
        rotten.rename(tmp_path.parent / rotten.name)
        assert numbers_in(tmp_path) == found
    opened(tmp_path).close()
    assert numbers_in_spite_of_damage(tmp_path) == found


def numbers_in_spite_of_damage(path: Path) -> list[int]:
    reader = SpoolReader(path, on_damage=lambda _: None)
    return [int(n) for _, part in reader.samples(-1, 100) for n in part.value]


HURTS = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "zero", "grow", "delete"]), st.integers(0, 99),
        st.integers(0, 20_000),
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "log"
    with opened(path, SMALL) as spool:
        for number in range(20):
            spool.put_event(event(number))
            append(spool, 15)
    return path


def hurt(path: Path, how: str, offset: int) -> None:
    data = bytearray(path.read_bytes())
    offset %= len(data) + 1
    if how == "delete":
        path.unlink()
        return
    if how == "flip" and offset < len(data):
        data[offset] ^= 1 << offset % 8
    elif how == "cut":
        del data[offset:]
    elif how == "zero":
        data[offset : offset + 700] = bytes(len(data[offset : offset + 700]))
    elif how == "grow":
        data += bytes(range(offset % 256))
    path.write_bytes(data)


def first_appended(path: Path) -> int | None:
    """Append ten samples, and return the number of the first; None where names are lost."""
    try:
        with opened(path, SMALL) as spool:
            append(spool, 10)
            return spool.position.sample - 9
    except StorageFailed as error:
        if "names of tags" in str(error):
            return None
        raise


@settings(max_examples=60)
@given(hurts=HURTS)
def test_whatever_happens_to_the_files_nothing_false_is_read_and_no_number_comes_twice(
    sound: Path, hurts: list[tuple[str, int, int]]
) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="spool-") as folder:
        path = Path(folder) / "log"
        shutil.copytree(sound, path)
        for how, which, offset in hurts:
            files = sorted(path.iterdir())
            if files:
                hurt(files[which % len(files)], how, offset)
        known = read_durable(path) is not None
        for turn in range(2):
            first = first_appended(path)
            if first is None:
                return
            if known:
                assert first == 300 + 10 * turn
            reader = SpoolReader(path, on_damage=lambda _: None)
            seen = -1
            for last, part in reader.samples(-1, 50):
                begin = last - len(part) + 1
                assert begin > seen
                assert part.value.tolist() == list(range(begin, last + 1))
                seen = last
            assert seen == first + 9
            for _, events in reader.events(-1, 50):
                assert all(e.at in (NOW, *range(20)) for e in events)
