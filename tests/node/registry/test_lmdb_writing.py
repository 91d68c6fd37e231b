"""A registry that is filled in order takes little more space than what is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import unpack_record

from .records_made import made, many, put

RECORDS, BLOCK = 20_000, 2_000


def overhead(store: LmdbStore, items: list[tuple[bytes, bytes]]) -> float:
    """Return the bytes of the records' pages above keys and values, for each record."""
    with store.env.begin() as txn:
        stat = txn.stat(store.env.open_db(b"records", txn=txn))
    pages = stat["branch_pages"] + stat["leaf_pages"] + stat["overflow_pages"]
    records = [unpack_record(key, packed) for key, packed in items]
    payload = sum(len(r.key) + len(r.public) + len(r.restricted) for r in records)
    return (pages * stat["psize"] - payload) / len(items)


@pytest.mark.parametrize(
    ("neighbours", "most"),
    [([], 64), (["88.118.7/a"], 64), (["88.118.7/a", *[f"88.118.9/{n}" for n in range(60)]], 64)],
    ids=["alone", "behind another prefix", "between other prefixes"],
)
def test_records_in_key_order_have_a_small_overhead(
    tmp_path: Path, neighbours: list[str], most: int
) -> None:
    items = many("88.118.8", 0, RECORDS)
    with LmdbStore.open(tmp_path) as store:
        put(store, *neighbours)
        for start in range(0, RECORDS, BLOCK):
            with store.write() as transaction:
                assert transaction.put_new_records(items[start : start + BLOCK]) is None
        assert overhead(store, items) <= most
        with store.snapshot() as moment:
            assert moment.records(b"88.118.8", limit=RECORDS + 1) == items
            assert moment.total() == RECORDS + len(neighbours)
            assert moment.miscounts() == {}


@pytest.mark.parametrize("behind", ["8/a" + "\0" * 3, "8/b"])
def test_a_block_goes_in_front_of_a_key_that_leaves_no_room_for_fillers(
    tmp_path: Path, behind: str
) -> None:
    items = [made(f"8/A{number:03d}") for number in range(400)] + [made("8/a\0")]
    items.sort()
    with LmdbStore.open(tmp_path) as store:
        put(store, behind)
        with store.write() as transaction:
            assert transaction.put_new_records(items[:-1]) is None
        with store.snapshot() as moment:
            assert moment.records(b"8") == sorted([*items[:-1], made(behind)])


def test_a_wrong_count_is_found_and_corrected(tmp_path: Path) -> None:
    with LmdbStore.open(tmp_path) as store:
        put(store, "1/a", "1/b", "2/a", "3/a")
        with store.env.begin(write=True) as txn:  # past the store
            records = store.env.open_db(b"records", txn=txn)
            txn.delete(b"1/a", db=records)
            txn.delete(b"3/a", db=records)
            txn.put(*made("4/a"), db=records)
        wrong = {b"1": (2, 1), b"3": (1, 0), b"4": (0, 1)}
        with store.snapshot() as moment:
            assert moment.miscounts() == wrong
        with store.write() as transaction:
            transaction.put_record(*made("1/c"))
            assert transaction.correct_counts() == {
                prefix: (counted + (prefix == b"1"), found + (prefix == b"1"))
                for prefix, (counted, found) in wrong.items()
            }
        with store.snapshot() as moment:
            assert moment.miscounts() == {}
            assert moment.counts() == {b"1": 2, b"2": 1, b"4": 1}
