"""The commands that make the page's figures again, as a story tells them.

In one place, because a story that names an option which the command does not
have is worse than none; a test reads each with the commands' own parser.
"""

from __future__ import annotations

import shlex
from datetime import timedelta

from ballast.plant.reports.charts import ByCount, ByTime, Characteristic, TagSubject
from ballast.plant.reports.window import Window

__all__ = ["chart_command", "energy_command", "oee_command", "quality_command"]


def oee_command(window: Window, asset: str) -> str:
    """Return the command of the indicators of an asset; of all machines where it is empty."""
    return _said("oee", *_moments(window), *_only(asset), "--explain")


def quality_command(window: Window) -> str:
    """Return the command of the quality of the data."""
    return _said("quality", *_moments(window))


def energy_command(window: Window, asset: str) -> str:
    """Return the command of energy, which counts whole days."""
    first = window.start.astimezone(window.zone).date()
    last = (window.end - timedelta(milliseconds=1)).astimezone(window.zone).date()
    return _said("energy", "--from", f"{first}", "--to", f"{last}", *_only(asset))


def chart_command(
    subject: TagSubject | Characteristic,
    window: Window,
    kind: str,
    subgroup: ByCount | ByTime | None,
    rules: str,
) -> str:
    """Return the command of a control chart.

    Parameters
    ----------
    subject, window, kind, subgroup
        As they were charted.
    rules
        The set of rules as in the address of the page.
    """
    named = (
        [subject.tag]
        if isinstance(subject, TagSubject)
        else [subject.characteristic, "--asset", subject.asset]
    )
    grouped: list[str] = []
    if isinstance(subgroup, ByCount):
        grouped = ["--subgroup", str(subgroup.size)]
    elif isinstance(subgroup, ByTime):
        grouped = ["--subgroup", f"{subgroup.seconds:g}s"]
    judged = ["--rules", "western_electric"] if rules == "western" else []
    return _said("spc", *named, "--kind", kind, *_moments(window), *grouped, *judged)


def _moments(window: Window) -> tuple[str, ...]:
    start, end = (
        at.astimezone(window.zone).replace(tzinfo=None).isoformat(timespec="minutes")
        for at in (window.start, window.end)
    )
    return "--from", start, "--to", end


def _only(asset: str) -> tuple[str, ...]:
    return ("--asset", asset) if asset else ()


def _said(*words: str) -> str:
    return shlex.join(("ballast", "plant", *words))
