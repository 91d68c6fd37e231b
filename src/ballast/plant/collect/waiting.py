"""Waiting for the first of several things, and how long to wait before trying again."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

__all__ = ["pause_after", "until_any"]

_LONGEST_SECONDS = 30.0


async def until_any(*things: Coroutine[Any, Any, Any]) -> None:
    """Wait until the first of some coroutines is done, and drop the others."""
    tasks = [asyncio.ensure_future(one) for one in things]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


def pause_after(failures: int) -> float:
    """Return the seconds to wait after so many failures in a row.

    Examples
    --------
    >>> [pause_after(n) for n in (0, 1, 2, 3, 99)]
    [0.5, 0.5, 1.0, 2.0, 30.0]
    """
    return min(0.5 * 2.0 ** min(max(failures - 1, 0), 10), _LONGEST_SECONDS)
