"""Loads for the tests: lines, and what came of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any


def line(handle: str, data: str = "https://example.cn") -> bytes:
    """Return one line of a load."""
    values = [{"index": 1, "type": "URL", "data": data}]
    return json.dumps({"handle": handle, "values": values}).encode() + b"\n"


def lines(first: int, behind: int, prefix: str = "88.118.8") -> bytes:
    """Return lines with numbered handles, in the order of their keys."""
    return b"".join(line(f"{prefix}/M-{n:07d}") for n in range(first, behind))


def pieces(data: bytes, size: int = 5000) -> Iterator[bytes]:
    """Yield a load in pieces that end anywhere."""
    for at in range(0, len(data), size):
        yield data[at : at + size]


def results(answers: Iterable[bytes]) -> list[dict[str, Any]]:
    """Return the result lines."""
    return [json.loads(one) for one in b"".join(answers).splitlines()]


def codes(answers: Iterable[bytes]) -> list[tuple[int, int]]:
    """Return number and code of each result line."""
    return [(one["line"], one["code"]) for one in results(answers)]
