"""``/health`` and ``/metrics``: what those who run the node look at.

Both are cheap and say nothing about single records, and both are answered by
whichever worker is asked, for all of them. ``/health`` asks the parts that can
fail apart from this process: the writer, the store, the disk.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ballast.errors import BallastError
from ballast.node.servers.counters import Series, totals
from ballast.node.servers.http.context import HttpContext
from ballast.node.servers.http.replies import json_reply
from ballast.words import explain

__all__ = ["Watching", "exposition"]

_log = logging.getLogger(__name__)
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
# Below this the next commits may not find room; readers are not affected.
_LEAST_DISK_BYTES = 256 << 20
_WRITER_SECONDS = 3.0


class Watching:
    """The handlers of ``/health`` and ``/metrics``.

    Parameters
    ----------
    context
        What the door was given.
    """

    def __init__(self, context: HttpContext) -> None:
        self._context = context

    async def health(self, _: Request) -> Response:
        """Answer 200 where the node can do its work, otherwise 503 and what is wrong."""
        checks = {
            "store": self._store(),
            "disk": self._disk(),
            "writer": await self._writer(),
        }
        well = not any(checks.values())
        told: dict[str, Any] = {
            "status": "ok" if well else "failing",
            "checks": {name: wrong or "ok" for name, wrong in checks.items()},
        }
        return json_reply(told, status=200 if well else 503)

    def _store(self) -> str:
        try:
            with self._context.store.snapshot() as snapshot:
                snapshot.total()
        except BallastError as error:
            # Where the files lie is for the log; whoever asks here may be anybody.
            _log.error("the store cannot be read: %s", explain(error, "en"))
            return "the store cannot be read; the log of the node says why"
        except Exception as error:
            return f"the store cannot be read ({type(error).__name__})"
        return ""

    def _disk(self) -> str:
        try:
            free = shutil.disk_usage(self._context.folder).free
        except OSError as error:
            return f"the disk cannot be asked ({error.strerror})"
        if free < _LEAST_DISK_BYTES:
            return f"{free >> 20} MiB are free; changes need {_LEAST_DISK_BYTES >> 20} MiB"
        return ""

    async def _writer(self) -> str:
        try:
            writing = self._context.writer.statistics()
            reached = await asyncio.wait_for(writing, _WRITER_SECONDS) is not None
        except TimeoutError:
            reached = False
        return "" if reached else "the writer does not answer; records are read, not changed"

    async def metrics(self, _: Request) -> Response:
        """Answer the counts of all workers in the form of Prometheus."""
        context = self._context
        context.counters.publish()
        counted = totals(context.counters_folder)
        with context.store.snapshot() as snapshot:
            gauges: dict[Series, int] = {
                ("ballast_node_records", ()): snapshot.total(),
                ("ballast_node_events", ()): snapshot.outbox_last(),
            }
        free = shutil.disk_usage(context.folder).free
        gauges[("ballast_node_disk_free_bytes", ())] = free
        writing = await context.writer.statistics()
        if writing is not None:
            for name in ("waiting", "connections", "pending", "sessions", "loads"):
                gauges[(f"ballast_node_writer_{name}", ())] = getattr(writing, name)
        text = exposition(counted, "counter") + exposition(gauges, "gauge")
        return PlainTextResponse(text, 200, {"cache-control": "no-store"}, _PROMETHEUS)


def exposition(counts: dict[Series, int], kind: str) -> str:
    r"""Return counts in the text form of Prometheus, version 0.0.4.

    Parameters
    ----------
    counts
        By name and labels.
    kind
        ``counter`` or ``gauge``.

    Examples
    --------
    >>> print(exposition({("asked_total", (("door", "http"),)): 3}, "counter"), end="")
    # TYPE asked_total counter
    asked_total{door="http"} 3
    """
    lines: list[str] = []
    said = ""
    for (name, labels), count in sorted(counts.items()):
        if name != said:
            lines.append(f"# TYPE {name} {kind}")
            said = name
        shown = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels)
        lines.append(f"{name}{{{shown}}} {count}" if shown else f"{name} {count}")
    return "".join(line + "\n" for line in lines)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
