"""Refused attempts are noted, but nobody fills the disk with them."""

from __future__ import annotations

from tests.node.service.node_at_hand import STRANGER, Node, creation, url

from ballast.node.service.caller import Caller
from ballast.node.service.changes import DeleteHandle, NoteAudit
from ballast.node.service.refusals import OF_ALL, OF_ONE
from ballast.node.wire.codes import ResponseCode as Code
from ballast.node.wire.value import Reference

HANDLE = "88.118.8/PUMP-1"


def refused(node: Node, caller: Caller, times: int) -> None:
    with node.store.write() as transaction:
        for _ in range(times):
            answer = node.apply_in(transaction, DeleteHandle(HANDLE.encode()), caller)
            assert answer.code == Code.INSUFFICIENT_PERMISSIONS


def test_one_source_has_its_share_of_a_minute_and_the_rest_is_counted(node: Node) -> None:
    assert node.apply(creation(HANDLE, url())).ok
    before = len(node.audited())
    refused(node, STRANGER, 5 * OF_ONE)
    assert len(node.audited()) == before + OF_ONE
    other = Caller(Reference("0.NA/77.1.2", 300), "203.0.113.10", "tcp")
    refused(node, other, 1)
    assert node.audited()[-1].actor == other.name
    node.now += 60
    refused(node, STRANGER, 1)
    count, one = node.audited()[-2:]
    assert (count.action, count.actor) == ("refused", "")
    assert count.detail.startswith(f"{4 * OF_ONE} more attempts ")
    assert one.actor == STRANGER.name
    assert len(node.audited()) == before + OF_ONE + 3


def test_all_sources_together_have_theirs(node: Node) -> None:
    before = len(node.audited())
    note = NoteAudit("prove", "300:0.NA/88.118.8", int(Code.AUTHENTICATION_FAILED), "no")
    with node.store.write() as transaction:
        for number in range(2 * OF_ALL):
            caller = Caller(None, f"198.51.{number >> 8}.{number & 255}", "tcp")
            assert node.apply_in(transaction, note, caller).ok
    assert len(node.audited()) == before + OF_ALL


def test_what_was_done_is_always_noted(node: Node) -> None:
    before = len(node.audited())
    note = NoteAudit("login", "300:0.NA/88.118.8", int(Code.SUCCESS), "")
    with node.store.write() as transaction:
        for _ in range(2 * OF_ONE):
            node.apply_in(transaction, note, STRANGER)
    assert len(node.audited()) == before + 2 * OF_ONE
