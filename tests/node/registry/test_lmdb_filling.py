"""However a block is filled in, what stands then is the block and what stood before."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import lmdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.node.registry.lmdb_filling import PAYS_FROM, put_in_gap

Record = tuple[bytes, bytes]


class Tree:
    """One tree of LMDB."""

    def __init__(self, folder: str) -> None:
        self.env = lmdb.open(str(Path(folder) / "tree"), subdir=False, map_size=1 << 30, sync=False)

    def put(self, records: list[Record]) -> None:
        with self.env.begin(write=True) as txn:
            txn.cursor().putmulti(records)

    def put_in_gap(self, records: list[Record], behind: bytes) -> None:
        with self.env.begin(write=True) as txn:
            put_in_gap(txn.cursor(), records, behind, lambda: txn.stat()["leaf_pages"])

    def all(self) -> list[Record]:
        with self.env.begin() as txn:
            return list(txn.cursor())

    def bytes_a_page(self, prefix: bytes) -> float:
        """Return how much of keys and values stands on a leaf page on average."""
        held = sum(len(k) + len(v) for k, v in self.all() if k.startswith(prefix))
        return held / self.env.stat()["leaf_pages"]


@pytest.fixture
def tree() -> Iterator[Tree]:
    with tempfile.TemporaryDirectory() as folder:
        made = Tree(folder)
        yield made
        made.env.close()


lengths = st.one_of(st.integers(0, 400), st.integers(900, 5000), st.just(2030))
# A few lengths that repeat, as those of one kind of product do, or any.
values = st.one_of(
    st.lists(lengths, min_size=1, max_size=4).map(lambda few: few * 200),
    st.lists(lengths, min_size=PAYS_FROM, max_size=400),
)


@settings(max_examples=60)
@given(
    values,
    st.integers(1, 480),
    st.lists(st.integers(0, 3000), max_size=30),
    st.lists(st.integers(0, 3000), min_size=1, max_size=30),
    st.integers(0, 40),
)
def test_what_stands_then_is_the_block_and_what_stood_before(
    sizes: list[int], width: int, before: list[int], behind: list[int], first: int
) -> None:
    stood = [(b"a%04d" % n, b"b" * size) for n, size in enumerate(before)]
    stood += [(b"c%04d" % n, b"d" * size) for n, size in enumerate(behind)]
    block = [(b"b" + b"%04d" % n * width, b"x" * size) for n, size in enumerate(sizes)]
    block = [(key[:511], value) for key, value in block]
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(folder)
        tree.put(stood)
        if first:
            tree.put_in_gap(block[:first], b"c0000")
        tree.put_in_gap(block[first:], b"c0000")
        assert tree.all() == sorted(stood + block)
        tree.env.close()


@pytest.mark.parametrize("size", [60, 150, 240, 300, 400])
def test_pages_in_the_middle_are_as_full_as_at_the_end(tree: Tree, size: int) -> None:
    block = [(b"88.118.8/%08d" % n, b"x" * size) for n in range(20_000)]
    tree.put([(b"88.118/%04d" % n, b"y" * size) for n in range(100)])
    for start in range(0, len(block), 2000):
        tree.put_in_gap(block[start : start + 2000], b"88.118/0000")
    middle = tree.bytes_a_page(b"88.118.8/")
    records = 4080 // (10 + len(block[0][0]) + size + (len(block[0][0]) + size) % 2)
    whole = records * (len(block[0][0]) + size)
    assert middle > 0.97 * whole  # each block ends on a page that is not full


def test_keys_that_leave_no_room_between_them_are_put_all_the_same(tree: Tree) -> None:
    block = [(b"b" + b"\0" * n, b"x" * 300) for n in range(500)]
    tree.put([(b"b" + b"\0" * 500, b"y")])
    tree.put_in_gap(block, b"b" + b"\0" * 500)
    assert tree.all() == [*block, (b"b" + b"\0" * 500, b"y")]
