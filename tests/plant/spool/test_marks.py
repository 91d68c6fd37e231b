"""The two marks are read whole while they are written."""

from __future__ import annotations

import threading
from pathlib import Path

from ballast.plant.spool.marks import (
    DURABLE,
    SHIPPED,
    DurableMark,
    MarkFile,
    ShippedMark,
    read_durable,
    read_shipped,
)

IDENTITY = bytes(range(16))


def test_a_mark_comes_back_as_it_was(tmp_path: Path) -> None:
    assert read_durable(tmp_path) is None
    assert read_shipped(tmp_path) == ShippedMark(-1, -1)
    mark, shipped = DurableMark(2**40, 7, 3, 2, IDENTITY), ShippedMark(5, -1)
    for name, packed in ((DURABLE, mark.pack()), (SHIPPED, shipped.pack())):
        file = MarkFile(tmp_path / name)
        file.write(packed)
        file.close()
    assert read_durable(tmp_path) == mark
    assert read_shipped(tmp_path) == shipped


def test_a_mark_that_is_noise_is_no_mark(tmp_path: Path) -> None:
    for noise in (b"", b"x", bytes(68), b"x" * 68, ShippedMark(5, 5).pack()):
        (tmp_path / DURABLE).write_bytes(noise)
        assert read_durable(tmp_path) is None


def test_a_reader_never_sees_half_a_mark(tmp_path: Path) -> None:
    file = MarkFile(tmp_path / DURABLE)
    file.write(DurableMark(0, 0, 0, 0, IDENTITY).pack())
    over = threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            file.write(DurableMark(number, number, number, number, IDENTITY).pack())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3000):
            found = read_durable(tmp_path)
            assert found is not None
            assert found.position == found.samples == found.tags
    finally:
        over.set()
        writer.join()
        file.close()
