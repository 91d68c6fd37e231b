"""One identifier over the interface: registered once, read by right, revoked and brought back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.records import record_of
from ballast.node.wire.value import Value
from ballast.portal.identifiers_desk import node_of
from ballast.state.audit import entries
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role

AT = 1_780_000_000
PATH = "/api/v1/identifiers/records"
VALUES = [
    {"type": "URL", "data": "https://example.cn/a"},
    {"type": "PRICE", "data": "12.50", "public": False},
]


@pytest.fixture(scope="module")
def noded(stocked: Any, make_node: Callable[[Path], Any]) -> Any:
    """Return a filled portal with a node and its writer; each test takes names of its own."""
    own, other = (with_check_character(f"91371500MA3C0000{n}") for n in (1, 2))
    node = make_node(stocked.door.context.lake.home.path)
    node.put(
        PrefixEntry("88.118.8", PrefixState.HOMED, own, "自家铜业", allotted_at=AT),
        PrefixEntry("88.118.9", PrefixState.HOMED, other, "别家", allotted_at=AT),
        PrefixEntry("88.118.10", PrefixState.DELEGATED, own, "自家铜业", allotted_at=AT),
        records=[record_of(b"88.118.9/A", [Value(1, "URL", b"https://secret.example")], AT)],
    )
    stocked.node = node
    node.start_writer()
    return stocked


def register(noded: Any, handle: str, role: Role = Role.ENTERPRISE, **more: Any) -> Any:
    return noded.caller(role).post(PATH, json={"handle": handle, "values": VALUES} | more)


def test_an_identifier_is_registered_once_and_read_back(noded: Any) -> None:
    made = register(noded, "88.118.8/Q-1", expires_at="2030-01-01T00:00:00Z")
    assert made.status_code == 201, made.text
    told = noded.caller(Role.ENTERPRISE).get(PATH, params={"handle": "88.118.8/q-1"}).json()
    assert told == made.json()
    assert [(one["type"], one["data"], one["public"]) for one in told["values"]] == [
        ("URL", "https://example.cn/a", True), ("PRICE", "12.50", False),
    ]  # fmt: skip
    assert (told["handle"], told["expires_at"], told["hidden"]) == (
        "88.118.8/Q-1", "2030-01-01T00:00:00Z", 0,
    )  # fmt: skip
    again = register(noded, "88.118.8/q-1")
    assert again.status_code == 409
    assert "already" in again.json()["detail"]


def test_the_nodes_own_trail_names_the_person(noded: Any) -> None:
    register(noded, "88.118.8/T-1")
    with node_of(noded.door.context).reading() as moment:
        actors = {one.handle: one.actor for one in moment.outbox()}
    assert actors["88.118.8/T-1"] == "portal:the-enterprise"
    newest = entries(noded.door.state, who="the-enterprise", limit=1)[0]
    assert (newest.action, newest.what) == ("register", "identifier 88.118.8/T-1")


def test_a_suffix_is_minted_under_the_beginning_given(noded: Any) -> None:
    handles = {
        register(noded, beginning, mint=True).json()["handle"]
        for beginning in ("88.118.8", "88.118.8/", "88.118.8/B-", "88.118.8/B-")
    }
    assert len(handles) == 4
    assert sum(handle.startswith("88.118.8/B-") for handle in handles) == 2


def test_who_does_not_own_the_prefix_registers_nothing(noded: Any) -> None:
    for handle in ("88.118.9/B", "88.118.90/B", "0.NA/88.118.8", "0.na/88.118.11"):
        answer = register(noded, handle)
        assert answer.status_code == 403, answer.text
    delegated = register(noded, "88.118.10/B")
    assert delegated.status_code == 422
    assert "the node that does" in delegated.json()["detail"]
    for role in (Role.ANALYST, Role.ADMINISTRATOR, Role.OPERATOR):
        assert register(noded, "88.118.8/B", role).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"handle": "88.118.8"},
        {"handle": "88.118.8/\u0007"},
        {"values": []},
        {"values": [{"type": "URL", "data": "!", "format": "base64"}]},
        {"values": [{"type": "HS_ADMIN", "data": "x"}]},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"expires_at": "2200-01-01T00:00:00Z"},
        {"colour": "red"},
    ],
)
def test_what_cannot_be_kept_is_refused_whole(noded: Any, wrong: dict[str, Any]) -> None:
    answer = register(noded, **({"handle": "88.118.8/W"} | wrong))
    assert answer.status_code == 422, answer.text
    gone = noded.caller(Role.ENTERPRISE).get(PATH, params={"handle": "88.118.8/W"})
    assert gone.status_code == 404


def test_a_record_is_revoked_restored_and_renewed(noded: Any) -> None:
    register(noded, "88.118.8/S")
    program = noded.caller(Role.ENTERPRISE)

    def patch(**wish: Any) -> Any:
        return program.patch(PATH, params={"handle": "88.118.8/S"}, json=wish)

    assert patch(state="revoked", reason="recalled").json()["state"] == "revoked"
    assert patch(state="valid").json()["state"] == "valid"
    assert patch(expires_at="2031-01-01T00:00:00Z").json()["expires_at"] == "2031-01-01T00:00:00Z"
    assert patch(expires_at=None).json()["expires_at"] is None
    assert patch().status_code == 422
    other = program.patch(PATH, params={"handle": "88.118.9/A"}, json={"state": "revoked"})
    assert other.status_code == 403
    missing = program.patch(PATH, params={"handle": "88.118.8/none"}, json={"state": "revoked"})
    assert missing.status_code == 404


def test_values_that_are_not_public_are_read_by_their_enterprise_and_the_analyst(
    noded: Any, secret: str
) -> None:
    register(noded, "88.118.8/R")
    asked = {"handle": "88.118.8/R"}
    for role, hidden in ((Role.ENTERPRISE, 0), (Role.ANALYST, 0), (Role.OPERATOR, 1)):
        told = noded.caller(role).get(PATH, params=asked).json()
        assert (told["hidden"], len(told["values"])) == (hidden, 2 - hidden)
    assert noded.caller(Role.ADMINISTRATOR).get(PATH, params=asked).status_code == 403
    other = noded.caller(Role.ENTERPRISE).get(PATH, params={"handle": "88.118.9/A"})
    assert other.status_code == 403
    assert "secret.example" not in other.text
    assert secret not in other.text


def test_while_the_writer_is_down_reading_goes_on_and_writing_says_why(noded: Any) -> None:
    register(noded, "88.118.8/D")
    noded.node.stop_writer()
    answer = register(noded, "88.118.8/E")
    assert answer.status_code == 503
    assert "does not run" in answer.json()["detail"]
    noded.node.start_writer()
    read = noded.caller(Role.ENTERPRISE).get(PATH, params={"handle": "88.118.8/D"})
    assert read.status_code == 200
