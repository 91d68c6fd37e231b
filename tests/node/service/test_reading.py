"""What is answered, to whom, and what is not."""

from __future__ import annotations

import pytest
from tests.node.service.node_at_hand import (
    ENTERPRISE,
    NODE,
    SITE,
    STRANGER,
    USCC,
    Node,
    admin,
    creation,
    url,
    values_of,
)

from ballast.node.service.caller import ANONYMOUS, OPERATOR, Caller
from ballast.node.service.changes import AllotPrefix, SetState, UnhomePrefix
from ballast.node.service.reading import list_handles, list_prefixes, site_info
from ballast.node.wire.codes import ResponseCode as Code
from ballast.node.wire.value import Reference, Value

HANDLE = "88.118.8/PUMP-1"
SECRET = Value(10, "BATCH", b"only for us", 0x0C)


@pytest.fixture
def pump(node: Node) -> Node:
    node.apply(
        creation(
            HANDLE, url(1), url(2, b"https://b.cn"), Value(3, "URL.mobile", b"m"), SECRET,
            Value(11, "SEALED", b"for nobody", 0x04),
        )
    )  # fmt: skip
    return node


def indexes(answer: object) -> list[int]:
    return [value.index for value in values_of(answer)]  # type: ignore[arg-type]


def test_all_public_values_are_answered_in_the_spelling_that_was_asked_for(pump: Node) -> None:
    answer = pump.resolve("88.118.8/pump-1")
    assert answer.code == Code.SUCCESS
    assert answer.handle == b"88.118.8/pump-1"
    assert indexes(answer) == [1, 2, 3]


@pytest.mark.parametrize(
    ("asked", "types", "found"),
    [
        ([2], [], [2]),
        ([], ["url"], [1, 2]),
        ([3], ["URL"], [1, 2, 3]),
        ([], ["URL."], [3]),
        ([], ["uRl.MO", "url.mobile"], [3]),
        ([3, 3, 77], [], [3]),
    ],
)
def test_an_index_or_a_type_or_the_beginning_of_a_type_is_enough(
    pump: Node, asked: list[int], types: list[str], found: list[int]
) -> None:
    assert indexes(pump.resolve(HANDLE, indexes=asked, types=types)) == found


def test_types_are_not_folded_outside_ascii(node: Node) -> None:
    node.apply(creation(HANDLE, Value(1, "ÉTAT", b"x")))
    assert node.resolve(HANDLE, types=["état"]).code == Code.VALUES_NOT_FOUND
    assert node.resolve(HANDLE, types=["État".upper()]).ok


def test_a_handle_that_is_not_there_is_told_from_a_value_that_is_not_there(pump: Node) -> None:
    assert pump.resolve("88.118.8/other").code == Code.HANDLE_NOT_FOUND
    assert pump.resolve(HANDLE, types=["EMAIL"]).code == Code.VALUES_NOT_FOUND


@pytest.mark.parametrize("handle", ["10.1000/1", "noslash", "88.118.80/x", "88.118", "0.NA/10"])
def test_what_was_not_allotted_here_is_not_ours(pump: Node, handle: str) -> None:
    assert pump.resolve(handle).code == Code.SERVER_NOT_RESPONSIBLE


def test_an_empty_handle_is_none(node: Node) -> None:
    assert node.resolve("").code == Code.INVALID_HANDLE


def test_the_record_of_a_prefix_is_a_handle_like_any_other(node: Node) -> None:
    answer = node.resolve("0.na/88.118.8")
    assert [value.type for value in values_of(answer)] == ["HS_SERV", "HS_ADMIN"]


def test_a_delegated_prefix_is_referred_to_the_enterprises_node(node: Node) -> None:
    node.apply(AllotPrefix("88.118.9", USCC, "示范", delegated_site=SITE))
    answer = node.resolve("88.118.9/any")
    assert answer.code == Code.PREFIX_REFERRAL
    assert answer.handle == b"0.NA/88.118.9"
    assert [value.data for value in values_of(answer)] == [SITE]
    assert node.resolve("88.118.9/any", refer=False).code == Code.SERVER_NOT_RESPONSIBLE
    assert node.resolve("0.NA/88.118.9").ok


def test_an_unhomed_prefix_is_not_answered_for_but_its_own_record_is(pump: Node) -> None:
    pump.apply(UnhomePrefix(b"0.NA/88.118.8"))
    assert pump.resolve(HANDLE).code == Code.SERVER_NOT_RESPONSIBLE
    assert pump.resolve("0.NA/88.118.8").ok


def test_a_value_that_is_not_public_is_left_out_beside_one_that_is(pump: Node) -> None:
    # Flags 0, as the captured client of China asks: a 402 would keep it from resolving at all.
    assert indexes(pump.resolve(HANDLE)) == [1, 2, 3]
    assert indexes(pump.resolve(HANDLE, indexes=[1, 10])) == [1]


def test_a_value_that_is_not_public_is_asked_for_by_authenticating(pump: Node) -> None:
    answer = pump.resolve(HANDLE, indexes=[10])
    assert answer.code == Code.AUTHENTICATION_NEEDED
    assert answer.need_authentication
    assert not answer.values


def test_with_the_flag_for_public_values_nobody_is_asked_who_he_is(pump: Node) -> None:
    answer = pump.resolve(HANDLE, indexes=[10], public_only=True)
    assert answer.code == Code.VALUES_NOT_FOUND
    assert not answer.need_authentication


def test_a_value_that_nobody_may_read_is_as_if_it_were_not_there(pump: Node) -> None:
    assert pump.resolve(HANDLE, indexes=[11]).code == Code.VALUES_NOT_FOUND
    assert pump.resolve(HANDLE, ENTERPRISE, indexes=[11]).code == Code.VALUES_NOT_FOUND


def test_an_administrator_reads_what_administrators_may_read(pump: Node) -> None:
    assert indexes(pump.resolve(HANDLE, ENTERPRISE)) == [1, 2, 3, 10]
    assert indexes(pump.resolve(HANDLE, ENTERPRISE, indexes=[10])) == [10]
    assert indexes(pump.resolve(HANDLE, ENTERPRISE, public_only=True)) == [1, 2, 3]
    assert indexes(pump.resolve(HANDLE, OPERATOR)) == [1, 2, 3, 10, 11]


def test_a_known_stranger_sees_what_anybody_sees(pump: Node) -> None:
    assert indexes(pump.resolve(HANDLE, STRANGER)) == [1, 2, 3]
    assert pump.resolve(HANDLE, STRANGER, indexes=[10]).code == Code.INSUFFICIENT_PERMISSIONS


def test_reading_needs_the_right_to_read(node: Node) -> None:
    reader, writer = (Caller(Reference("88.118.8/STAFF", index)) for index in (300, 301))
    node.apply(
        creation(
            HANDLE, SECRET, admin(100, 0x0400, "88.118.8/STAFF", 300),
            admin(101, 0x0BFF, "88.118.8/STAFF", 301),
        )
    )  # fmt: skip
    assert indexes(node.resolve(HANDLE, reader, types=["BATCH"])) == [10]
    assert node.resolve(HANDLE, writer, types=["BATCH"]).code == Code.INSUFFICIENT_PERMISSIONS


def test_a_secret_key_is_not_public_even_where_it_was_stored_so(node: Node) -> None:
    node.put(HANDLE, url(1), Value(300, "hs_seckey", b"open secret", 0x0E))
    for answer in (node.resolve(HANDLE), node.resolve(HANDLE, public_only=True)):
        assert indexes(answer) == [1]
        assert b"open secret" not in answer.values
    assert node.resolve(HANDLE, types=["HS_SECKEY"]).code == Code.AUTHENTICATION_NEEDED
    assert indexes(node.resolve(HANDLE, ENTERPRISE, types=["HS_SECKEY"])) == [300]


def test_a_secret_key_in_the_data_of_another_value_hides_nothing(node: Node) -> None:
    node.apply(creation(HANDLE, Value(1, "NOTE", b"about HS_SECKEY")))
    assert indexes(node.resolve(HANDLE)) == [1]


def test_a_revoked_record_is_still_resolved_and_says_so(pump: Node) -> None:
    pump.apply(SetState(HANDLE.encode(), state=1, reason="recall"))
    everything = values_of(pump.resolve(HANDLE))
    assert [value.index for value in everything] == [1, 2, 3, 1900]
    status = everything[-1]
    assert (status.type, status.data, status.timestamp) == ("STATUS", b"revoked", 1_750_000_000)
    assert indexes(pump.resolve(HANDLE, types=["URL"])) == [1, 2, 1900]
    assert indexes(pump.resolve(HANDLE, types=["status"])) == [1900]
    assert indexes(pump.resolve(HANDLE, indexes=[1900])) == [1900]
    assert pump.resolve(HANDLE, types=["EMAIL"]).code == Code.VALUES_NOT_FOUND


def test_a_record_expires_by_itself_at_its_second(node: Node) -> None:
    node.apply(creation(HANDLE, url(), expires_at=1_750_000_100))
    node.now = 1_750_000_099.9
    assert indexes(node.resolve(HANDLE)) == [1]
    node.now = 1_750_000_100.0
    assert values_of(node.resolve(HANDLE))[-1].data == b"expired"


def test_a_record_without_public_values_answers_its_status_alone(node: Node) -> None:
    node.apply(creation(HANDLE, SECRET, expires_at=1_750_000_100))
    node.now += 1000
    assert node.resolve(HANDLE).code == Code.AUTHENTICATION_NEEDED
    assert indexes(node.resolve(HANDLE, public_only=True)) == [1900]


def listed(node: Node, prefix: str, caller: Caller, limit: int = 1000) -> list[str]:
    found: list[str] = []
    cursor = b""
    with node.store.snapshot() as snapshot:
        while True:
            page = list_handles(
                snapshot, prefix.encode(), caller, node.now, cursor=cursor, limit=limit
            )
            assert page.ok, page.message
            found += [handle.decode() for handle in page.handles]
            if not page.more:
                return found
            cursor = page.cursor


def test_handles_are_listed_in_pages_without_gaps_or_repeats(node: Node) -> None:
    names = [f"88.118.8/Part-{number:02}" for number in range(7)]
    names += ["88.118.8/" + "z" * 600, "88.118.8/" + "z" * 601]
    for name in names:
        node.apply(creation(name, url()))
    for limit in (1, 2, 3, 9, 100):
        found = listed(node, "0.NA/88.118.8", ENTERPRISE, limit)
        assert sorted(found) == sorted(names)
        assert len(found) == len(names)


def test_the_last_page_does_not_promise_another(node: Node) -> None:
    for number in range(4):
        node.apply(creation(f"88.118.8/{number}", url()))
    with node.store.snapshot() as snapshot:
        page = list_handles(snapshot, b"0.na/88.118.8", ENTERPRISE, node.now, limit=4)
        assert len(page.handles) == 4
        assert not page.more


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        (ANONYMOUS, Code.AUTHENTICATION_NEEDED),
        (STRANGER, Code.INSUFFICIENT_PERMISSIONS),
        (ENTERPRISE, Code.SUCCESS),
        (NODE, Code.SUCCESS),
        (OPERATOR, Code.SUCCESS),
    ],
)
def test_only_administrators_list_handles(node: Node, caller: Caller, code: Code) -> None:
    with node.store.snapshot() as snapshot:
        assert list_handles(snapshot, b"0.NA/88.118.8", caller, node.now).code == code


def test_handles_of_others_are_not_listed(node: Node) -> None:
    node.apply(AllotPrefix("88.118.9", USCC, "示范", delegated_site=SITE))
    with node.store.snapshot() as snapshot:
        for prefix, code in (
            (b"0.NA/10.1", Code.SERVER_NOT_RESPONSIBLE),
            (b"0.NA/88.118.9", Code.PREFIX_REFERRAL),
            (b"", Code.SERVER_NOT_RESPONSIBLE),
        ):
            assert list_handles(snapshot, prefix, OPERATOR, node.now).code == code


def test_prefixes_are_listed_for_administrators_of_the_node(node: Node) -> None:
    for number in range(10, 15):
        assert node.apply(AllotPrefix(f"88.118.{number}", USCC, "示范")).ok
    node.apply(AllotPrefix("88.118.20", USCC, "示范", delegated_site=SITE))
    node.apply(AllotPrefix("88.200.1", USCC, "示范"))
    homed = [b"0.NA/88.118", *(b"0.NA/88.118.%d" % n for n in range(10, 15))]
    homed += [b"0.NA/88.118.8", b"0.NA/88.200.1"]
    with node.store.snapshot() as snapshot:
        assert list(list_prefixes(snapshot, NODE, node.now).handles) == homed
        found: list[bytes] = []
        cursor, more = b"", True
        while more:
            page = list_prefixes(snapshot, NODE, node.now, cursor=cursor, limit=3)
            found += page.handles
            cursor, more = page.cursor, page.more
        assert found == homed
        under = list_prefixes(snapshot, NODE, node.now, under=b"0.NA/88.118").handles
        assert b"0.NA/88.118.20" in under
        assert b"0.NA/88.200.1" not in under
        assert list_prefixes(snapshot, ENTERPRISE, node.now).code == Code.INSUFFICIENT_PERMISSIONS
        assert list_prefixes(snapshot, ENTERPRISE, node.now, under=b"88.118.8").ok
        assert list_prefixes(snapshot, ANONYMOUS, node.now).need_authentication
        assert list_prefixes(snapshot, NODE, node.now, under=b"99").code == 301


def test_anybody_learns_where_the_node_is(node: Node) -> None:
    with node.store.snapshot() as snapshot:
        assert site_info(snapshot).values == SITE
