"""The sample's node: made once, continued where it was interrupted, synthetic in every row."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.serve.founded import found as found_real

from ballast.errors import Refused
from ballast.lake.lake import Lake
from ballast.node.registry.entries import EventKind
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import RecordState, record_key, unpack_record
from ballast.node.service.founding import PROVENANCE_META, Ports, founded_identity
from ballast.sample import identifier_node
from ballast.sample.identifier_node import SampleNode, load, standing
from ballast.sample.identifiers import DAYS, NODE_PREFIX
from ballast.sample.synthetic import NAME_MARK
from ballast.serve.ship_once import ship_once
from ballast.terms.viewer import operator

TODAY = date(2026, 6, 1)
COUNT = 15_000
ANALYST = operator("test")


def make(home: Path) -> SampleNode:
    return load(home, lambda _text, _done: None, today=TODAY, ports=Ports(), count=COUNT)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample-node") / "home"
    Lake.create(path)
    assert standing(path) is None
    assert make(path).made
    return path


def test_a_second_time_finds_it_done(home: Path) -> None:
    again = make(home)
    assert not again.made
    assert again == standing(home)
    assert again.identifiers == COUNT
    assert again.prefixes > 900


def test_the_identifier_that_is_shown_resolves_and_says_it_is_synthetic(home: Path) -> None:
    node = standing(home)
    assert node is not None
    key = record_key(node.handle.lower().encode())
    with LmdbStore.open(home / "node" / "registry", readonly=True) as store:
        with store.snapshot() as moment:
            packed = moment.record(key)
            identity = founded_identity(moment)
            assert moment.meta(PROVENANCE_META) == b"synthetic"
        assert packed is not None
        values = {v.type: v.data.decode() for v in unpack_record(key, packed).values()}
    assert "合成样例" in values["SOURCE"]
    assert identity is not None
    assert identity.prefix == NODE_PREFIX
    assert "Synthetic" in identity.title


def test_every_prefix_has_its_enterprise_and_the_counts_add_up(home: Path) -> None:
    with LmdbStore.open(home / "node" / "registry", readonly=True) as store:
        with store.snapshot() as moment:
            prefixes = moment.prefixes(limit=2000)
            days = moment.daily(TODAY - timedelta(days=60), TODAY)
        allotted = [one for one in prefixes if one.prefix != NODE_PREFIX]
        assert all(one.uscc and one.enterprise.endswith(NAME_MARK) for one in allotted)
        assert sum(one.count for one in allotted) == COUNT
        registered = Counter[date]()
        for one in days:
            registered[one.day] += one.registered
        assert sum(registered.values()) >= COUNT
        assert min(registered) == TODAY - timedelta(days=DAYS)
        assert max(registered) == TODAY - timedelta(days=1)
        assert all(sum(one.resolved for one in days if one.day == day) > 1000 for day in registered)


def test_some_are_recalled_corrected_or_expired(home: Path) -> None:
    with LmdbStore.open(home / "node" / "registry", readonly=True) as store:
        states, expired, after = Counter[RecordState](), 0, None
        now = 1_780_300_800  # 2026-06-01 in China
        while True:
            with store.snapshot() as moment:
                page = moment.records(after=after, limit=5000)
            for key, packed in page:
                record = unpack_record(key, packed)
                states[record.state] += 1
                expired += 0 < record.expires_at < now
            if len(page) < 5000:
                break
            after = page[-1][0]
    assert 100 < states[RecordState.REVOKED] < 400
    assert expired > 10


def test_what_happened_reaches_the_lake_marked_synthetic_and_by_division(home: Path) -> None:
    lake = Lake.open(home)
    assert ship_once(lake)
    events = lake.read("handle_event", ANALYST).to_pyarrow()
    kinds = Counter(events["kind"].to_pylist())
    assert kinds["registered"] == COUNT
    assert kinds["prefix-allotted"] > 900
    assert kinds["revoked"] > 100
    assert kinds["changed"] > 100
    assert set(kinds) <= {kind.name.lower().replace("_", "-") for kind in EventKind}
    for name in ("handle_event", "handle_daily", "enterprise_prefix"):
        rows = lake.read(name, ANALYST).to_pyarrow()
        assert set(rows["provenance"].to_pylist()) == {"synthetic"}, name
    assert lake.read("handle_daily", ANALYST).count().to_pyarrow().as_py() > 900 * 20


class Interrupted(Exception):
    """What a test raises in the midst of the work."""


def test_what_was_interrupted_is_continued_and_ends_as_if_it_had_not_been(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = tmp_path / "home"
    Lake.create(cut)
    live = identifier_node._live
    for stop in (0, 3, 11):
        calls = itertools.count()

        def stopping(*given: object, stop: int = stop, calls: itertools.count[int] = calls) -> None:
            if next(calls) == stop:
                raise Interrupted
            live(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(identifier_node, "_live", stopping)
        with pytest.raises(Interrupted):
            make(cut)
        assert standing(cut) is None
    monkeypatch.setattr(identifier_node, "_live", live)
    whole = standing(home)
    assert whole is not None
    assert make(cut) == replace(whole, made=True)
    assert prefixes(cut) == prefixes(home)


def test_a_day_that_was_loaded_and_not_marked_is_not_loaded_twice(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = tmp_path / "home"
    Lake.create(cut)

    def failing(*_: object) -> list[object]:
        raise Interrupted

    with monkeypatch.context() as patched:
        patched.setattr(identifier_node, "_mended", failing)
        with pytest.raises(Interrupted):
            make(cut)
    make(cut)
    assert prefixes(cut) == prefixes(home)


def prefixes(home: Path) -> dict[str, int]:
    with (
        LmdbStore.open(home / "node" / "registry", readonly=True) as store,
        store.snapshot() as moment,
    ):
        return {one.prefix: one.count for one in moment.prefixes(limit=2000)}


def test_a_node_of_somebody_s_own_is_left_alone(tmp_path: Path) -> None:
    home = found_real(tmp_path / "home")
    with pytest.raises(Refused, match=r"node of its own, 88\.118"):
        make(home)
    assert prefixes(home) == {"88.118": 0}
