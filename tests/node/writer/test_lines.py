"""Lines come out whole and in order, however the load is cut; long ones are dropped, not kept."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from ballast.node.writer.lines import LineBlock, LineCutter

TEXTS = st.lists(st.binary(max_size=30).map(lambda b: b.replace(b"\n", b"")), max_size=30)


def cut(data: bytes, cuts: list[int], cutter: LineCutter, *, idle: bool = False) -> list[LineBlock]:
    found: list[LineBlock] = []
    for size in [*cuts, max(len(data), 1)]:
        found += cutter.feed(data[:size])
        data = data[size:]
        if idle and cutter.begun:
            found.append(cutter.flush_whole())
    last = cutter.flush()
    return [*found, last] if last.lines else found


@given(TEXTS, st.booleans(), st.lists(st.integers(1, 40), max_size=40), st.booleans())
def test_a_load_comes_out_as_it_went_in(
    texts: list[bytes], ended: bool, cuts: list[int], idle: bool
) -> None:
    data = b"\n".join(texts) + (b"\n" if ended else b"")
    blocks = cut(data, cuts, LineCutter(block_lines=4, block_bytes=64), idle=idle)
    assert b"".join(block.data for block in blocks) == data
    lines = 0
    seen = b""
    for block in blocks:
        assert block.first_line == lines + 1
        assert block.lines <= 4
        seen += block.data
        lines += block.lines
        assert block.last_line == lines
        assert block.digest == hashlib.sha256(seen).digest()
    assert lines == data.count(b"\n") + (not data.endswith(b"\n") and bool(data))


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=20), st.lists(st.integers(1, 60), max_size=40)
)
def test_long_lines_leave_an_empty_line_and_their_number(
    lengths: list[int], cuts: list[int]
) -> None:
    data = b"".join(b"x" * length + b"\n" for length in lengths)
    cutter = LineCutter(block_lines=3, block_bytes=50, max_line_bytes=20)
    blocks = cut(data, cuts, cutter)
    kept = b"".join(block.data for block in blocks).split(b"\n")[:-1]
    assert [len(line) for line in kept] == [n if n <= 20 else 0 for n in lengths]
    dropped = [block.first_line + n for block in blocks for n in block.too_long]
    assert dropped == [number for number, n in enumerate(lengths, 1) if n > 20]
    assert blocks[-1].digest == hashlib.sha256(data).digest()


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(1, 19))
def test_a_block_ends_where_it_is_told_to(cuts: list[int], stop: int) -> None:
    data = b"".join(b"%d\n" % n for n in range(20))
    cutter = LineCutter(block_lines=7)
    cutter.stop_at(stop)
    blocks = cut(data, cuts, cutter)
    assert stop in [block.last_line for block in blocks]
    assert b"".join(block.data for block in blocks) == data


def test_an_endless_line_takes_no_memory() -> None:
    cutter = LineCutter(max_line_bytes=1000)
    for _ in range(100):
        assert list(cutter.feed(b"x" * 1000)) == []
    assert len(cutter._part) <= 1000
    assert [b.too_long for b in cutter.feed(b"\nok\n")] == []
    assert cutter.flush().data == b"\nok\n"
