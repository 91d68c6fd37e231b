"""What is read of the registry for the Identifiers page: no more than the viewer may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import InvalidTerm, NotFound, NotPermitted
from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import RecordState, record_of
from ballast.node.registry.store import Snapshot
from ballast.node.service.lifecycle import LifeState
from ballast.node.wire.value import ADMIN_READ, Value
from ballast.portal.identifiers_counts import overview
from ballast.portal.identifiers_reading import (
    one_prefix,
    open_record,
    prefixes_of,
    search,
)
from ballast.portal.identifiers_search import _after, _packed
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role
from ballast.terms.viewer import viewer_for

OWN, OTHER = (with_check_character(f"91371500MA000000{n}") for n in range(2))
AT = 1_780_000_000
NOW = datetime.fromtimestamp(AT + 10 * 86_400, UTC)
ANALYST = viewer_for(Role.ANALYST, "a")
ADMINISTRATOR = viewer_for(Role.ADMINISTRATOR, "b")
ENTERPRISE = viewer_for(Role.ENTERPRISE, "c", frozenset({OWN}))
OPERATOR = viewer_for(Role.OPERATOR, "d", frozenset({OWN}), frozenset({"k"}))


@pytest.fixture(scope="module")
def moment(
    tmp_path_factory: pytest.TempPathFactory, make_node: Callable[[Path], Any]
) -> Iterator[Snapshot]:
    home = tmp_path_factory.mktemp("node") / "home"
    url, locked = Value(1, "URL", b"https://x.cn"), Value(2, "PRICE", b"7", ADMIN_READ)
    secret = Value(301, "HS_SECKEY", b"hidden", ADMIN_READ)
    names = ["a-1", "A-2", "A-10", "B-1", "阀门/1"]
    make_node(home).put(
        PrefixEntry("88.118", PrefixState.HOMED, enterprise="node", allotted_at=AT),
        PrefixEntry("88.118.8", PrefixState.HOMED, OWN, "自家", allotted_at=AT),
        PrefixEntry("88.118.10", PrefixState.HOMED, OTHER, "别家", allotted_at=AT),
        PrefixEntry("88.118.80", PrefixState.DELEGATED, OTHER, "别家", allotted_at=AT),
        records=[
            *(record_of(f"88.118.8/{n}".encode(), [url, locked, secret], AT) for n in names),
            record_of(b"88.118.8/gone", [url], AT, state=RecordState.REVOKED),
            record_of(b"88.118.8/old", [url], AT, expires_at=AT + 60),
            record_of(b"88.118.10/X-1", [url], AT),
        ],
    )
    with LmdbStore.open(home / "node" / "registry", map_bytes=1 << 28) as store:
        with store.write() as transaction:
            for n in range(11):
                day = date.fromordinal(date(2026, 5, 29).toordinal() + n)
                transaction.add_daily(day, b"88.118.8", registered=n, resolved=10 * n)
                transaction.add_daily(day, b"88.118.10", registered=1, resolved=1000)
                transaction.add_daily(day, b"0.na", resolved=5)
        with store.snapshot() as found:
            yield found


def handles(moment: Snapshot, viewer: Any, asked: str, **more: Any) -> list[str]:
    return [hit.handle for hit in search(moment, viewer, asked, NOW.timestamp(), **more).hits]


def test_prefixes_stand_in_the_order_of_their_numbers(moment: Snapshot) -> None:
    assert [entry.prefix for entry in prefixes_of(moment, ANALYST)] == [
        "88.118", "88.118.8", "88.118.10", "88.118.80",
    ]  # fmt: skip
    assert [entry.prefix for entry in prefixes_of(moment, ENTERPRISE)] == ["88.118.8"]


def test_how_much_an_enterprise_names_is_hidden_from_the_administrator(moment: Snapshot) -> None:
    assert [e.count for e in prefixes_of(moment, ADMINISTRATOR)] == [0, -1, -1, -1]
    assert one_prefix(moment, ADMINISTRATOR, "88.118.8").count == -1
    assert one_prefix(moment, ENTERPRISE, "88.118.8").count == 7
    found = overview(moment, ADMINISTRATOR, NOW)
    assert (found.identifiers, found.counted, found.top, found.whole) == (0, 1, (), False)
    assert sum(day.registered + day.resolved for day in (*found.days, found.today)) == 0
    assert found.states.total() == 4


def test_a_prefix_of_another_is_not_there(moment: Snapshot) -> None:
    with pytest.raises(NotFound):
        one_prefix(moment, ENTERPRISE, "88.118.10")
    with pytest.raises(NotFound):
        one_prefix(moment, ENTERPRISE, "99.1")


def test_an_overview_counts_what_its_viewer_sees_by_day(moment: Snapshot) -> None:
    own, whole = overview(moment, OPERATOR, NOW), overview(moment, ANALYST, NOW)
    assert (own.identifiers, own.enterprises, own.whole) == (7, 1, False)
    assert [day.registered for day in own.days] == list(range(10))
    assert own.today.registered == 10
    assert own.lives == {LifeState.VALID: 5, LifeState.REVOKED: 1, LifeState.EXPIRED: 1}
    # What was asked about prefixes themselves, under 0.NA, is nothing that was named.
    assert whole.today.resolved == 10 * 10 + 1000
    assert [entry.prefix for entry, _ in whole.top] == ["88.118.8", "88.118.10"]
    assert whole.top[1][1] == 11 * 1000


def test_a_beginning_finds_every_spelling_and_no_neighbour(moment: Snapshot) -> None:
    assert handles(moment, ENTERPRISE, "88.118.8/a-") == [
        "88.118.8/a-1", "88.118.8/A-10", "88.118.8/A-2",
    ]  # fmt: skip
    assert handles(moment, ENTERPRISE, " 88.118.8/A-1 ") == ["88.118.8/a-1", "88.118.8/A-10"]
    assert handles(moment, ANALYST, "88.118.8/阀门/") == ["88.118.8/阀门/1"]
    assert handles(moment, ANALYST, "88.118.8/z") == []
    assert handles(moment, ANALYST, "") == []


def test_pages_follow_each_other_without_gap_or_repeat(moment: Snapshot) -> None:
    seen: list[str] = []
    after = b""
    while True:
        found = search(moment, ENTERPRISE, "88.118.8", NOW.timestamp(), after=after, limit=2)
        seen += [hit.handle for hit in found.hits]
        if not found.after:
            break
        after = found.after
    assert seen == handles(moment, ENTERPRISE, "88.118.8/")
    assert len(seen) == len(set(seen)) == 7


def test_a_prefix_without_slash_lists_its_own_and_names_the_others(moment: Snapshot) -> None:
    found = search(moment, ANALYST, "88.118.8", NOW.timestamp())
    assert len(found.hits) == 7
    assert [entry.prefix for entry in found.prefixes] == ["88.118.80"]
    assert search(moment, ENTERPRISE, "88", NOW.timestamp()).hits[0].handle == "88.118.8/a-1"


def test_what_is_not_the_viewers_to_list_is_not_listed(moment: Snapshot) -> None:
    assert handles(moment, ENTERPRISE, "88.118.10/") == []
    for asked in ("88.118.8/", "88.118.8", "88.118.8/a-1"):
        with pytest.raises(NotPermitted):
            handles(moment, ADMINISTRATOR, asked)
    assert search(moment, ADMINISTRATOR, "88", NOW.timestamp()).prefixes == ()


@pytest.mark.parametrize("after", [b"\xff" * 5000, b"a" * 600, b"\0"])
def test_any_place_to_go_on_from_is_a_page_or_nothing(moment: Snapshot, after: bytes) -> None:
    assert len(handles(moment, ENTERPRISE, "88.118.8/", after=after)) <= 7


def test_what_became_of_a_record_is_told(moment: Snapshot) -> None:
    lives = {
        hit.handle: hit.life
        for hit in search(moment, ENTERPRISE, "88.118.8/", NOW.timestamp()).hits
    }
    assert lives["88.118.8/gone"] is LifeState.REVOKED
    assert lives["88.118.8/old"] is LifeState.EXPIRED
    assert lives["88.118.8/a-1"] is LifeState.VALID


def test_a_record_opens_with_the_values_that_its_viewer_reads(moment: Snapshot) -> None:
    asked = "88.118.8/A-1"
    for viewer, readable in ((ENTERPRISE, [1, 2]), (ANALYST, [1, 2]), (OPERATOR, [1])):
        found = open_record(moment, viewer, asked, NOW.timestamp())
        assert (found.handle, sorted(found.readable)) == ("88.118.8/a-1", readable)


def test_a_record_is_called_by_its_name_in_the_readers_language(
    tmp_path: Path, make_node: Callable[[Path], Any]
) -> None:
    values = [
        Value(1, "NAME", "阀门\u202e".encode()),
        Value(2, "NAME_EN", b"Valve"),
        Value(3, "TITLE", b"not that"),
    ]
    make_node(tmp_path).put(
        PrefixEntry("88.118.8", PrefixState.HOMED, OWN, "自家", allotted_at=AT),
        records=[
            record_of(b"88.118.8/both", values, AT),
            record_of(b"88.118.8/locked", [Value(1, "NAME", b"secret", ADMIN_READ)], AT),
            record_of(b"88.118.8/none", [Value(1, "URL", b"https://x.cn")], AT),
        ],
    )
    with (
        LmdbStore.open(tmp_path / "node" / "registry", readonly=True) as store,
        store.snapshot() as moment,
    ):
        both, locked, none = (
            open_record(moment, OPERATOR, f"88.118.8/{n}", AT) for n in ("both", "locked", "none")
        )
    assert (both.name("zh"), both.name("en")) == ("阀门\\u202e", "Valve")
    assert (locked.name("en"), none.name("zh")) == ("", "")


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ("88.118.10/X-1", NotPermitted),
        ("88.118.10/nothing", NotPermitted),  # whether it is there is not told
        ("88.118.8/nothing", NotFound),
        ("99.1/x", NotFound),
        ("noslash", NotFound),
        (" ", InvalidTerm),
    ],
)
def test_a_record_that_does_not_open_says_why(
    moment: Snapshot, asked: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        open_record(moment, ENTERPRISE, asked, NOW.timestamp())


@given(st.binary(max_size=600))
def test_where_a_page_ended_survives_the_address(key: bytes) -> None:
    assert _after(_packed(key)) == key


@given(st.text(max_size=80))
def test_a_damaged_address_only_begins_anew(text: str) -> None:
    assert isinstance(_after(text), bytes)
