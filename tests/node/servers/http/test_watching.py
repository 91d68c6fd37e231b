from __future__ import annotations

import asyncio
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from ballast.errors import StorageFailed
from ballast.node.servers.http.watching import Watching

from .running import Node, running_node


def test_a_node_that_can_work_is_well(client: httpx.Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {"store": "ok", "disk": "ok", "writer": "ok"},
    }


def test_a_node_without_its_writer_says_so_and_goes_on_reading(tmp_path: Path) -> None:
    with running_node(tmp_path) as node, httpx.Client(base_url=node.base, timeout=30) as client:
        (tmp_path / "node" / "writer.sock").rename(tmp_path / "node" / "away")
        answer = client.get("/health")
        assert answer.status_code == 503
        assert "writer" in answer.json()["checks"]["writer"]
        assert answer.json()["checks"]["store"] == "ok"
        assert client.get("/api/handles/88.118.8/A-1").status_code == 200
        (tmp_path / "node" / "away").rename(tmp_path / "node" / "writer.sock")
        assert client.get("/health").status_code == 200


def counted(client: httpx.Client, operation: str) -> int:
    text = client.get("/metrics").text
    found = re.search(rf'operation="{operation}"}} (\d+)', text)
    return int(found[1]) if found else 0


def test_what_is_asked_is_counted_on_both_ways(client: httpx.Client, node: Node) -> None:
    before = counted(client, "record"), counted(client, "resolve"), counted(client, "redirect")
    for _ in range(3):
        client.get("/api/handles/88.118.8/A-1")
        client.get("/api/handles/88.118.8/A-1?pretty")
        client.get("/88.118.8/A-1")
    after = counted(client, "record"), counted(client, "resolve"), counted(client, "redirect")
    assert [a - b for a, b in zip(after, before, strict=True)] == [3, 3, 3]
    assert node.context.counters_folder.is_dir()


def test_the_counts_are_in_the_form_of_prometheus(client: httpx.Client) -> None:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    shape = re.compile(r'(# TYPE \w+ (counter|gauge)|\w+(\{(\w+="[^"]*",?)+\})? \d+)')
    assert [one for one in lines if not shape.fullmatch(one)] == []
    typed = [one.split()[2] for one in lines if one.startswith("#")]
    assert len(typed) == len(set(typed))
    assert "ballast_node_records" in typed


def test_strangers_are_not_told_where_on_the_machine_the_node_lies(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Failing:
        def snapshot(self) -> None:
            raise StorageFailed("{path}: the disk is full", path="/srv/somewhere")

    class Away:
        async def statistics(self) -> None:
            return None

    context: Any = SimpleNamespace(store=Failing(), folder=Path("/nowhere"), writer=Away())
    answer = asyncio.run(Watching(context).health(cast("Any", None)))
    assert answer.status_code == 503
    assert b"somewhere" not in answer.body
    assert b"nowhere" not in answer.body
    assert "/srv/somewhere" in caplog.text
