"""Tells the city a factory's days once a day: ``python -m ballast.serve.daily_push_process``.

It keeps the time and nothing else. What is told, whether the enterprise agreed,
how it is signed and sent is the command ``ballast plant push``, which it runs
as its user would; so a push at night is the one that was tried by hand, and
what it takes of memory is given back.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ballast.serve.lifeline import end_with, read_orders
from ballast.serve.push_orders import PushOrders

__all__ = ["main", "seconds_until"]

_AGAIN_SECONDS = 600.0
_NICE = 10  # nobody waits for it


def seconds_until(minute: int, now: datetime) -> float:
    """Return how long it is until a minute of the wall clock comes next.

    Parameters
    ----------
    minute
        Of the day, 0 to 1439.
    now
        With the zone whose wall clock is meant.

    Examples
    --------
    >>> noon = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> seconds_until(12 * 60 + 1, noon), seconds_until(12 * 60, noon)
    (60.0, 86400.0)
    """
    due = now.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
    if due <= now:
        due += timedelta(days=1)
    return (due - now).total_seconds()


async def _run(orders: PushOrders) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    wait = orders.first_seconds
    last = ""
    while not await _within(stop, wait):
        code, said = await _push(orders, stop)
        if code == 0:
            last, wait = "", seconds_until(orders.minute, datetime.now(ZoneInfo(orders.zone)))
            continue
        # The city may be away, the day not recorded yet: said once, and tried again.
        if said and said != last and not stop.is_set():
            print(said, file=sys.stderr, flush=True)  # noqa: T201
        last, wait = said, _AGAIN_SECONDS


async def _push(orders: PushOrders, stop: asyncio.Event) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ballast", "plant", "push",
        "--to", orders.to, "--api-key-file", orders.key_file,
        "--days", str(orders.days), "--home", orders.home,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "BALLAST_LANGUAGE": orders.language},
    )  # fmt: skip
    told = asyncio.create_task(process.communicate())
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((told, stopped), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        if process.returncode is None and not told.done():
            process.kill()
    _, said = await told
    return process.returncode or 0, said.decode("utf-8", "replace").strip()


async def _within(stop: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True


def main() -> None:
    """Push once a day until asked to end."""
    signal.signal(signal.SIGTERM, _leave)
    orders = PushOrders.parse(read_orders())
    end_with()
    os.nice(_NICE)
    asyncio.run(_run(orders))


def _leave(_number: int, _frame: object) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
