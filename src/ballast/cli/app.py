"""The command ``ballast``: its verbs, and the one place where errors become lines.

No traceback reaches a user: an error of the tree is said in the user's
language and ends with its exit code; anything else is our fault, is said so,
and its traceback goes to a file that can be sent to us.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from ballast import __version__
from ballast.cli import (
    bulletin,
    chain,
    claims,
    clusters,
    complexity,
    cube,
    data,
    demo,
    goals,
    keeping,
    measure,
    node,
    picture,
    plant,
    policy,
    projects,
    up,
    users,
)
from ballast.cli.context import language
from ballast.errors import BallastError, WrongUsage
from ballast.terms.label import Language
from ballast.words import explain, say

_STOPPED = 130  # by Ctrl-C, as shells say it

app = typer.Typer(
    name="ballast",
    help="Ballast (压舱石): an open industrial brain for a manufacturing city.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    demo.demo,
    up.up,
    data.tables,
    data.template,
    data.load,
    data.loads,
    data.unload,
    data.show,
    measure.measure,
    clusters.clusters,
    chain.chain,
    complexity.complexity,
    picture.picture,
    goals.goals,
    bulletin.bulletin,
    claims.claims,
    keeping.backup,
    keeping.restore,
    keeping.doctor,
):
    app.command()(command)
app.add_typer(projects.projects, name="projects")
app.add_typer(cube.cube, name="cube")
app.add_typer(policy.policy, name="policy")
app.add_typer(users.users, name="users")
app.add_typer(node.node, name="node")
app.add_typer(plant.plant, name="plant")


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Ballast (压舱石): an open industrial brain for a manufacturing city."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code: 0 success, 1 refused, 2 wrong usage."""
    try:
        ended = app(arguments, standalone_mode=False)
    except BallastError as error:
        typer.echo(explain(error, _words()), err=True)
        return error.exit_code
    except typer.Exit as end:
        return int(end.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        return _tell_stop()
    except TyperException as error:
        show = getattr(error, "show", None)
        if show is not None:
            show()
        return int(getattr(error, "exit_code", 2))
    except BrokenPipeError:
        # The reader of a pipe went away (`ballast show … | head`); that is no error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except BaseException as error:
        # A panic of a library in Rust derives from BaseException; it is a fault like another.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        typer.echo(
            say(
                "this is a fault of ours, not of your input; details are in {path}",
                _words(),
                path=_keep_traceback(),
            ),
            err=True,
        )
        return 70
    # Commands return nothing: a number is the code by which typer ended one, Ctrl-C among them.
    if ended == _STOPPED:
        return _tell_stop()
    return ended if isinstance(ended, int) else 0


def _tell_stop() -> int:
    typer.echo(say("stopped; nothing was half-done", _words()), err=True)
    return _STOPPED


def _words() -> Language:
    try:
        return language()
    except WrongUsage:  # the setting of the language itself is wrong
        return "en"


def _keep_traceback() -> Path:
    now = datetime.now(UTC)
    handle, name = tempfile.mkstemp(prefix=f"ballast-fault-{now:%Y%m%dT%H%M%S}-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"ballast {__version__}, {now.isoformat()}\n{traceback.format_exc()}")
    return Path(name)
