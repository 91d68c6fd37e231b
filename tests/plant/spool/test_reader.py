"""Readers take what is committed from any number on, in parts, from any process."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plant.spool.written import TAG, append, event, numbers_in, samples_from

from ballast.errors import StorageFailed
from ballast.plant.spool.reader import SpoolReader, Stream
from ballast.plant.spool.samples import Samples
from ballast.plant.spool.spool import Bounds, Spool
from ballast.plant.spool.waiting import Waiting

SMALL = Bounds(segment_bytes=4_000)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a log of 500 samples and 60 events in many commits and segments."""
    path = tmp_path_factory.mktemp("log")
    with Spool.open(path, bounds=SMALL) as spool:
        for number in range(100):
            if number % 5 < 3:
                spool.put_event(event(number))
            append(spool, 5)
    return path


def test_a_log_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    reader = SpoolReader(tmp_path / "none")
    assert (reader.last(Stream.SAMPLES), reader.identity(), reader.names()) == (-1, None, ())
    assert list(reader.samples(-1, 10)) == []
    assert list(reader.events(-1, 10)) == []
    assert reader.waiting() == Waiting(0, 0, 0)
    reader.forget(Stream.SAMPLES, 5)
    assert not (tmp_path / "none").exists()


@given(after=st.integers(-1, 520), limit=st.integers(1, 600))
def test_samples_come_from_any_number_on_in_parts_of_any_size(
    log: Path, after: int, limit: int
) -> None:
    parts = list(SpoolReader(log).samples(after, limit))
    assert all(len(part) <= limit for _, part in parts)
    assert numbers_in(log, after, limit) == list(range(after + 1, 500))


@given(after=st.integers(-1, 65), limit=st.integers(1, 70))
def test_events_come_from_any_number_on_in_parts_of_any_size(
    log: Path, after: int, limit: int
) -> None:
    expected = [n for n in range(100) if n % 5 < 3][after + 1 :]
    found: list[int] = []
    for last, part in SpoolReader(log).events(after, limit):
        assert len(part) <= limit
        found += [e.at for e in part]
        assert last == after + len(found)
    assert found == expected


def test_a_reader_that_asks_again_goes_on_where_it_was(tmp_path: Path) -> None:
    with Spool.open(tmp_path, bounds=SMALL) as spool:
        reader, after = SpoolReader(tmp_path), -1
        for round_ in range(60):
            append(spool, 7)
            parts = list(reader.samples(after, 1000))
            assert [(last, len(part)) for last, part in parts] == [(round_ * 7 + 6, 7)]
            after = parts[-1][0]
        # And back, as after the lake was set back.
        assert sum(len(part) for _, part in reader.samples(-1, 100)) == 420


def test_what_is_put_aside_by_the_appender_for_its_next_write_is_not_read(tmp_path: Path) -> None:
    with Spool.open(tmp_path) as spool:
        append(spool, 2)
        spool.put(samples_from(spool, 2, 3))
        assert numbers_in(tmp_path) == [0, 1]


def test_names_are_those_of_what_is_durable(tmp_path: Path) -> None:
    with Spool.open(tmp_path) as spool:
        reader = SpoolReader(tmp_path)
        spool.number("never/used")
        assert reader.names() == ()
        spool.put(Samples.of(spool.number("阀/压力"), [1], [2.0], received_at=3))
        spool.commit()
        assert reader.names() == ("never/used", "阀/压力")


def test_segments_go_when_both_streams_are_shipped_and_the_newest_stay(tmp_path: Path) -> None:
    with Spool.open(tmp_path, bounds=SMALL) as spool:
        for number in range(60):
            spool.put_event(event(number))
            append(spool, 20)

        def files() -> int:
            return len(list(tmp_path.glob("*.log")))

        many = files()
        reader = SpoolReader(tmp_path, kept_segments=1)
        reader.forget(Stream.SAMPLES, 1199)
        assert files() == many > 5
        assert spool.waiting().events == 60
        reader.forget(Stream.EVENTS, 29)
        assert 2 < files() < many
        reader.forget(Stream.EVENTS, 59)
        assert files() == 2
        assert spool.waiting() == Waiting(0, 0, 0)
        # Told less than before, as after a restart of the shipper: nothing comes back.
        reader.forget(Stream.EVENTS, 3)
        assert spool.waiting() == Waiting(0, 0, 0)
        append(spool, 1)
        assert numbers_in(tmp_path, 1199) == [1200]


def test_numbers_never_come_again_when_all_is_shipped_and_gone(tmp_path: Path) -> None:
    for round_ in range(4):
        with Spool.open(tmp_path, bounds=SMALL) as spool:
            assert spool.position.sample == round_ * 300 - 1
            for _ in range(10):
                append(spool, 30)
        reader = SpoolReader(tmp_path, kept_segments=0)
        reader.forget(Stream.SAMPLES, reader.last(Stream.SAMPLES))
        assert len(list(tmp_path.glob("*.log"))) == 1
    assert SpoolReader(tmp_path).names() == (TAG,)


def test_a_file_that_may_not_be_read_is_one_clear_line(tmp_path: Path) -> None:
    with Spool.open(tmp_path) as spool:
        append(spool, 1)
    path = sorted(tmp_path.glob("*.log"))[0]
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageFailed, match="cannot be read or written"):
        numbers_in(tmp_path)


def test_long_texts_are_not_held_all_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ballast.plant.spool.reader._HELD_BYTES", 50_000)
    with Spool.open(tmp_path) as spool:
        tag = spool.number(TAG)
        for number in range(20):
            text = [f"{number}".rjust(9_000)]
            spool.put(Samples.of(tag, [number], float("nan"), received_at=1, text=text))
            spool.commit()
    parts = list(SpoolReader(tmp_path).samples(-1, 1000))
    assert [int(t) for _, part in parts if part.text is not None for t in part.text] == [*range(20)]
    assert 3 <= len(parts) <= 5


def test_a_shipper_that_tells_more_than_there_is_hides_nothing_that_comes(tmp_path: Path) -> None:
    with Spool.open(tmp_path) as spool:
        append(spool, 3)
        SpoolReader(tmp_path).forget(Stream.SAMPLES, 1_000)
        append(spool, 4)
        assert spool.waiting().samples == 4
