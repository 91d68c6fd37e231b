"""Keeps processes running until it is told to stop, and leaves none behind.

Each process gets its orders as one line on its standard input, which stays
open: when the supervisor goes, however it goes, the line ends and the process
ends with it (``lifeline``). Each is the head of a group of its own, so that
Ctrl-C reaches the supervisor alone, and what a process started is ended with it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ballast.errors import CannotServe
from ballast.serve.patience import Patience
from ballast.words import Sentence

__all__ = ["REFUSED", "Part", "supervise"]

# A process that ends with this said why on standard error; to start it again would change nothing.
# It is EX_CONFIG of sysexits.h.
REFUSED = 78
_STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_POLL_SECONDS = 0.1

Announce = Callable[[Sentence], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A process to keep running.

    Parameters
    ----------
    name
        What it is called where it is spoken of.
    command
        Program and arguments.
    orders
        The line that it finds on its standard input.
    sockets
        What it inherits.
    ready
        Tells whether it answers.
    """

    name: str
    command: tuple[str, ...]
    orders: str
    sockets: tuple[socket.socket, ...]
    ready: Callable[[], Awaitable[bool]]


async def supervise(
    parts: Sequence[Part],
    *,
    started: Callable[[], None],
    announce: Announce,
    patience: Patience | None = None,
) -> None:
    """Run parts until SIGTERM, SIGINT or SIGHUP.

    Parameters
    ----------
    parts
        What to run.
    started
        Called once, when every part answers.
    announce
        Told what happens to the parts.
    patience
        The rule of restarts.

    Raises
    ------
    CannotServe
        If a part refuses to start, never answers, or keeps ending.
    """
    rule = patience or Patience()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _STOPPING:
        loop.add_signal_handler(number, stop.set)
    try:
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(_keep(part, stop, rule, announce), name=part.name)
            group.create_task(_greet(parts, stop, rule, started), name="greeting")
    except ExceptionGroup as several:
        told = several.subgroup(CannotServe)
        if told is None:
            raise
        raise told.exceptions[0] from None
    finally:
        for number in _STOPPING:
            loop.remove_signal_handler(number)


async def _greet(
    parts: Sequence[Part], stop: asyncio.Event, rule: Patience, started: Callable[[], None]
) -> None:
    deadline = time.monotonic() + rule.start_seconds
    for part in parts:
        while not await part.ready():
            if await _stopped_within(stop, _POLL_SECONDS):
                return
            if time.monotonic() >= deadline:
                raise CannotServe(
                    "the {part} did not answer within {seconds:.0f} s; is the machine very busy?",
                    part=part.name,
                    seconds=rule.start_seconds,
                )
    if not stop.is_set():
        started()


async def _keep(part: Part, stop: asyncio.Event, rule: Patience, announce: Announce) -> None:
    failures = 0
    while not stop.is_set():
        begun = time.monotonic()
        code = await _run(part, stop, rule)
        if stop.is_set():
            return
        if code == REFUSED:
            raise CannotServe("the {part} refused to start; the reason is above", part=part.name)
        failures = rule.count(failures, time.monotonic() - begun)
        pause = rule.pause(failures)
        if pause is None:
            raise CannotServe(
                "the {part} ended {count} times soon after it was started, last with code {code}; "
                "what it said is above",
                part=part.name,
                count=failures,
                code=code,
            )
        announce(
            Sentence(
                "the {part} ended with code {code}; it is started again in {seconds:.0f} s",
                {"part": part.name, "code": code, "seconds": pause},
            )
        )
        await _stopped_within(stop, pause)


async def _run(part: Part, stop: asyncio.Event, rule: Patience) -> int | None:
    """Run a part until it ends or is to stop; whichever it is, its group is gone afterwards."""
    process = await asyncio.create_subprocess_exec(
        *part.command,
        stdin=asyncio.subprocess.PIPE,
        pass_fds=[one.fileno() for one in part.sockets],
        process_group=0,
    )
    ended = asyncio.create_task(process.wait())
    told = asyncio.create_task(stop.wait())
    try:
        if process.stdin is not None:
            process.stdin.write(part.orders.encode() + b"\n")
        await asyncio.wait((ended, told), return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()
        await _end(process, ended, rule.grace_seconds)
    return process.returncode


async def _end(
    process: asyncio.subprocess.Process, ended: asyncio.Task[int], grace_seconds: float
) -> None:
    if not ended.done():
        _signal_group(process.pid, signal.SIGTERM)
        await asyncio.wait((ended,), timeout=grace_seconds)
    # What the process started may outlive it; where nothing is left, there is no such group.
    _signal_group(process.pid, signal.SIGKILL)
    await ended
    if process.stdin is not None:
        process.stdin.close()


def _signal_group(leader: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


async def _stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()
