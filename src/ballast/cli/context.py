"""What every command shares: the settings of the run, the lake, the viewer."""

from __future__ import annotations

import getpass
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated

import typer

from ballast.cli.output import Format
from ballast.errors import NoHome
from ballast.lake.lake import Lake
from ballast.settings import Settings, read_settings
from ballast.terms.label import Language
from ballast.terms.viewer import PUBLIC, Viewer, operator
from ballast.words import say

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Directory of the home (BALLAST_HOME).", show_default=False),
]
FormatOption = Annotated[
    Format, typer.Option("--format", help="How the table is printed.", show_choices=True)
]
EngineOption = Annotated[
    str | None,
    typer.Option("--engine", help="duckdb or spark (BALLAST_ENGINE).", show_default=False),
]

_AS_ANYONE: ContextVar[bool] = ContextVar("the command asks as anyone may", default=False)


def _as_anyone(context: typer.Context, value: bool) -> bool:
    _AS_ANYONE.set(value)
    context.call_on_close(lambda: _AS_ANYONE.set(False))
    return value


PublicOption = Annotated[
    bool,
    typer.Option(
        "--public",
        callback=_as_anyone,
        help="Only what anyone may see: published figures and the sealed cube, the withheld named.",
    ),
]
"""Of a command that answers; what it prints may then be passed on."""


def settings() -> Settings:
    """Return the settings of this run."""
    return read_settings(os.environ)


def language() -> Language:
    """Return the language of what is shown."""
    return settings().language


def viewer() -> Viewer:
    """Return who runs the command; whoever can read the home's files has every right.

    With ``--public`` it is anyone: not to keep something from who asks, but to
    show what others are shown.
    """
    if _AS_ANYONE.get():
        return PUBLIC
    try:
        return operator(getpass.getuser())
    except (KeyError, OSError):  # a container whose user has no name
        return operator(f"uid {os.getuid()}")


def open_lake(home: Path | None, engine: str | None = None) -> Lake:
    """Open the lake of a home that exists."""
    found = settings()
    return Lake.open(home or found.home, engine or found.engine)


def create_lake(home: Path | None) -> Lake:
    """Open the lake of a home, making the home where there is none."""
    found = settings()
    return Lake.create(home or found.home, found.engine)


@contextmanager
def trial_lake(home: Path | None) -> Iterator[Lake]:
    """Open the lake of a home for a trial, which makes none: where there is none, a passing one."""
    try:
        yield open_lake(home)
    except NoHome:
        with tempfile.TemporaryDirectory() as passing:
            yield Lake.create(Path(passing) / "home")


def tell(template: str, **values: object) -> None:
    """Say a sentence on standard error, where it stays out of what is piped."""
    typer.echo(say(template, language(), **values), err=True)
