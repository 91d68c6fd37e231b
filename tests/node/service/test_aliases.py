"""Aliases lead on, and end."""

from __future__ import annotations

import pytest
from tests.node.service.node_at_hand import SITE, USCC, Node, creation, url, values_of

from ballast.node.service.aliases import MAX_ALIASES
from ballast.node.service.changes import AllotPrefix, SetState
from ballast.node.wire.codes import ResponseCode as Code
from ballast.node.wire.value import Value


def alias(handle: str, index: int = 5, permissions: int = 0x0E) -> Value:
    return Value(index, "HS_ALIAS", handle.encode(), permissions)


def chain(node: Node, length: int) -> None:
    for number in range(length):
        node.apply(creation(f"88.118.8/{number}", alias(f"88.118.8/{number + 1}")))
    node.apply(creation(f"88.118.8/{length}", url()))


def test_an_alias_is_followed_only_where_that_is_asked_for(node: Node) -> None:
    chain(node, 1)
    assert values_of(node.resolve("88.118.8/0"))[0].type == "HS_ALIAS"
    answer = node.resolve("88.118.8/0", follow_aliases=True)
    assert (answer.handle, values_of(answer)[0].type) == (b"88.118.8/1", "URL")


def test_who_asks_for_the_alias_gets_it(node: Node) -> None:
    chain(node, 1)
    answer = node.resolve("88.118.8/0", types=["hs_alias"], follow_aliases=True)
    assert values_of(answer)[0].data == b"88.118.8/1"


def test_a_chain_has_a_bound(node: Node) -> None:
    chain(node, MAX_ALIASES + 1)
    assert node.resolve("88.118.8/1", follow_aliases=True).ok
    assert node.resolve("88.118.8/0", follow_aliases=True).code == Code.RECURSION_LIMIT


@pytest.mark.parametrize("target", ["88.118.8/a", "88.118.8/B"])
def test_a_circle_is_seen_whatever_the_spelling(node: Node, target: str) -> None:
    node.apply(creation("88.118.8/A", alias("88.118.8/b")))
    node.apply(creation("88.118.8/B", alias(target)))
    answer = node.resolve("88.118.8/a", follow_aliases=True)
    assert answer.code == Code.RECURSION_LIMIT
    assert "circle" in answer.message


def test_an_alias_of_nothing_is_not_found(node: Node) -> None:
    node.apply(creation("88.118.8/A", alias("88.118.8/gone")))
    answer = node.resolve("88.118.8/A", follow_aliases=True)
    assert answer.code == Code.HANDLE_NOT_FOUND
    assert "88.118.8/gone" in answer.message


def test_an_alias_of_another_node_is_left_to_who_asks(node: Node) -> None:
    node.apply(AllotPrefix("88.118.9", USCC, "示范", delegated_site=SITE))
    for target in ("10.1000/1", "88.118.9/x"):
        node.apply(creation("88.118.8/A", alias(target), overwrite=True))
        answer = node.resolve("88.118.8/A", follow_aliases=True)
        assert [value.data for value in values_of(answer)] == [target.encode()]


def test_an_alias_that_is_not_public_leads_nobody(node: Node) -> None:
    node.apply(creation("88.118.8/A", alias("88.118.8/B", permissions=0x0C), url()))
    node.apply(creation("88.118.8/B", Value(1, "EMAIL", b"b@example.cn")))
    answer = node.resolve("88.118.8/A", follow_aliases=True)
    assert [value.type for value in values_of(answer)] == ["URL"]


def test_the_alias_of_a_revoked_record_leads_nobody(node: Node) -> None:
    chain(node, 1)
    node.apply(SetState(b"88.118.8/0", state=1))
    answer = node.resolve("88.118.8/0", follow_aliases=True)
    assert [value.type for value in values_of(answer)] == ["HS_ALIAS", "STATUS"]
