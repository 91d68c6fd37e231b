"""People who click through a portal; started by ``portal.py``, which tells it where.

Apart from it, because locust replaces the sockets of the whole process it is
imported into. Where it is run without being told anything, it does nothing.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from pathlib import Path
from typing import Any

WORDS = ("铝", "Chiping", "轴承", "3216", "steel", "东阿")
# What a browser asks when it opens the line of a page.
LINE = (
    "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"
    "&next_message_id=0&implicit_handshake=true&tab_id=t&document_id=d&client_id="
)


# longer than 60 lines because people are a class of a library that only this process may import
def people(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Let people click for a while; return what they met, kind by kind, all together last."""
    import gevent
    import websocket
    from locust import HttpUser, between, events, task
    from locust.env import Environment

    tokens, regions = list(told["tokens"]), list(told["regions"])
    chance = random.Random(20260601)

    class Person(HttpUser):
        host = told["url"]
        wait_time = between(1, 5)

        def on_start(self) -> None:
            token, self.analyst = tokens.pop()
            self.client.cookies.set(*token.split("=", 1))
            self.line: Any = None

        def on_stop(self) -> None:
            if self.line is not None:
                self.line.close()

        def page(self, path: str, name: str, *, live: bool = True) -> None:
            answer = self.client.get(path, name=name)
            named = re.search(r"'client_id': '([^']+)'", answer.text)
            if live and answer.ok and named:
                self.follow(named[1])

        def follow(self, page: str) -> None:
            """Open the page's line as its script does, and leave the one of the page before."""
            if self.line is not None:
                self.line.close()
            begun, fault = time.perf_counter(), None
            try:
                self.line = websocket.create_connection(
                    told["url"].replace("http", "ws", 1) + LINE + page,
                    cookie="; ".join(f"{k}={v}" for k, v in self.client.cookies.items()),
                    timeout=20,
                )
                self.line.send("40")
                while not str(self.line.recv()).startswith("40"):
                    pass
            except Exception as error:
                fault = error
            events.request.fire(  # type: ignore[no-untyped-call]
                request_type="LINE", name="the line of a page", response_length=0,
                response_time=(time.perf_counter() - begun) * 1000, exception=fault, context={},
            )  # fmt: skip

        @task(5)
        def city(self) -> None:
            self.page(f"/city?region={chance.choice(regions)}&lang=en", "City")

        @task(2)
        def home(self) -> None:
            self.page("/city?lang=zh", "City")

        @task(2)
        def find(self) -> None:
            self.page(f"/search?q={chance.choice(WORDS)}", "search")

        @task(2)
        def public(self) -> None:
            self.page("/public", "public page", live=False)

        @task(2)
        def interface(self) -> None:
            self.client.get("/api/v1/city/371500", name="interface: City")

        @task(1)
        def table(self) -> None:
            if self.analyst:
                self.client.get("/download/table/structure.csv", name="a table taken away")

    environment = Environment(user_classes=[Person], events=events)
    runner = environment.create_local_runner()
    runner.start(len(tokens), spawn_rate=len(tokens) / 5)
    gevent.spawn_later(told["seconds"], runner.quit)
    runner.greenlet.join()
    stats = environment.stats
    for error in stats.errors.values():
        print(f"{error.occurrences} × {error.name}: {error.error}", file=sys.stderr)
    return [
        _row(name, one)
        for name, one in [
            *((entry.name, entry) for entry in stats.entries.values()),
            ("all together", stats.total),
        ]
    ]


def _row(name: str, entry: Any) -> dict[str, Any]:
    return {
        "name": name,
        "asked": entry.num_requests,
        "failed": entry.num_failures,
        "median": (entry.median_response_time or 0) / 1000,
        "p95": (entry.get_response_time_percentile(0.95) or 0) / 1000,
        "most": (entry.max_response_time or 0) / 1000,
    }


if __name__ == "__main__" and not sys.stdin.isatty() and (orders := sys.stdin.read().strip()):
    told = json.loads(orders)
    Path(told["found"]).write_text(json.dumps(people(told)), encoding="utf-8")
