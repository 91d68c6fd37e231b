"""The command line writes through the writer that runs, or in its place."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ballast.errors import HomeBusy
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.service.caller import OPERATOR, Caller
from ballast.node.service.changes import CreateHandle, DeleteHandle
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.value import Value
from ballast.node.writer import local
from ballast.node.writer.local import LocalWriter, RemoteWriter, connect, writer_answers
from ballast.node.writer.socket_path import SOCKET_NAME

from .conftest import end, found, launch
from .loads import codes, lines

CREATE = CreateHandle(b"88.118.8/A", Value(1, "URL", b"https://example.cn").to_wire(), 1)


def test_where_no_writer_runs_its_place_is_taken(home: Path, administrator: Caller) -> None:
    with connect(home) as writer:
        assert isinstance(writer, LocalWriter)
        assert writer.apply(CREATE, administrator).ok
        assert writer.apply(CREATE, administrator).code == ResponseCode.HANDLE_ALREADY_EXISTS
        assert codes(writer.bulk([lines(0, 3)], OPERATOR, key="k")) == [(1, 1), (2, 1), (3, 1)]
        assert writer.apply(DeleteHandle(b"88.118.8/a"), administrator).ok
    with connect(home) as writer:
        assert writer.apply(CREATE, OPERATOR).ok


def test_a_writer_that_runs_is_used(
    home: Path, start_writer: Callable[[], subprocess.Popen[bytes]], administrator: Caller
) -> None:
    start_writer()
    with connect(home) as writer:
        assert isinstance(writer, RemoteWriter)
        assert writer.apply(CREATE, administrator).ok
        assert writer.apply(CREATE, administrator).code == ResponseCode.HANDLE_ALREADY_EXISTS
        for _ in range(2):
            assert codes(writer.bulk([lines(0, 3)], OPERATOR, key="k")) == [(1, 1), (2, 1), (3, 1)]


def test_a_registry_that_somebody_holds_without_listening_is_busy(
    home: Path, store: LmdbStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "_AGAIN_SECONDS", 0.01)
    with pytest.raises(HomeBusy, match="another program writes this registry"):
        connect(home)


def test_a_socket_left_behind_is_no_writer(
    home: Path, start_writer: Callable[[], subprocess.Popen[bytes]]
) -> None:
    process = start_writer()
    process.kill()
    process.wait()
    assert (home / "node" / SOCKET_NAME).exists()
    assert not writer_answers(home / "node" / SOCKET_NAME)
    with connect(home) as writer:
        assert isinstance(writer, LocalWriter)
        assert writer.apply(CREATE, OPERATOR).ok
    start_writer()
    assert writer_answers(home / "node" / SOCKET_NAME)


def test_a_home_may_lie_deeper_than_the_address_of_a_socket_reaches(tmp_path: Path) -> None:
    home = tmp_path / ("deep" * 20) / ("deeper" * 20)
    home.mkdir(parents=True)
    found(home)
    process = launch(home)
    try:
        with connect(home) as writer:
            assert isinstance(writer, RemoteWriter)
            assert writer.apply(CREATE, OPERATOR).ok
    finally:
        end(process)
