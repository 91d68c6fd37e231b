"""``demo``: the sample region and its sample factory, built, computed, shown and served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import polars as pl
import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from ballast.brain.cube.reading import vintages
from ballast.brain.cube.sealing import RECIPE as SEALED
from ballast.brain.cube.sealing import seal
from ballast.cli.context import HomeOption, create_lake, language, settings, tell, viewer
from ballast.cli.demo_accounts import Account, demo_accounts
from ballast.cli.demo_factory import factory_accounts, let_push, make_factory
from ballast.cli.output import Format, Shown, print_rows, screen
from ballast.cli.up import HostOption, PortOption, Running, serve
from ballast.errors import Refused
from ballast.lake.home import storage_errors
from ballast.lake.lake import Lake
from ballast.node.service.founding import Ports
from ballast.node.service.lifecycle import day_of
from ballast.sample.identifier_node import SampleNode
from ballast.sample.identifier_node import load as load_node
from ballast.sample.identifiers import NODE_PREFIX
from ballast.sample.plant_days import tell_days
from ballast.sample.region import RECIPE
from ballast.sample.region import load as load_sample
from ballast.serve.ship_once import ship_once
from ballast.terms.role import ROLE_LABELS
from ballast.words import say

_CITY = "371500"
_CLUSTER = "chiping-aluminium"
_PAGE = "picture.html"
_NATIVE, _HTTP = 2641, 8000  # what the node's site names where any free port is taken

Tell = Callable[[str, float], None]


def demo(
    home: HomeOption = None,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="Build, compute and print; start no server.")
    ] = False,
    port: PortOption = None,
    host: HostOption = None,
    page: Annotated[
        Path | None,
        typer.Option("--page", help="Where to write the page; in the home if left out."),
    ] = None,
) -> None:
    """Build the sample region, print its picture, write it as one HTML page, serve the portal.

    The portal gets one account of each role, with a new password. Beside the
    region stands a sample factory, a home of its own, whose machines are heard
    live. All of it is synthetic and says so wherever it is shown.
    """
    # The charts take most of a second to import, and every other command does without them.
    from ballast.brain.picture import picture
    from ballast.cli.picture_text import print_picture
    from ballast.portal.picture_page import render

    lake = create_lake(home)
    _refuse_real_data(lake)
    target = page or lake.home.path / _PAGE
    words = language()
    with _progress() as told:
        load_sample(lake, viewer(), lambda text, done: told(text, done * 0.3))
        node = _node(lake, told)
        make_factory(lake, lambda text, done: told(text, 0.5 + done * 0.2))
        tell_days(lake, viewer(), today=lake.clock().date())
        if not vintages(lake):
            seal(lake, viewer(), now=lake.clock(), progress=lambda text, _: told(text, 0.68))
        _step(told, "computing the picture", 0.7)
        shown = picture(lake, viewer(), _CITY, today=datetime.now(UTC).date())
        _step(told, "drawing the page", 0.85)
        html = render(shown, words)
        with storage_errors(target):
            target.write_text(html, encoding="utf-8")
        _step(told, "done", 1.0)
    print_picture(shown, screen(), words)
    tell("the picture as a page: {path}", path=target.resolve())
    tell(
        "the sample's node {prefix}: {identifiers} synthetic identifiers of {prefixes} invented "
        "enterprises",
        prefix=NODE_PREFIX,
        identifiers=f"{node.identifiers:,}",
        prefixes=f"{node.prefixes:,}",
    )
    if no_serve:
        tell("one of them: {handle}", handle=node.handle)
        return
    accounts = demo_accounts(lake, viewer(), words, cluster=_CLUSTER)
    workers = factory_accounts(lake.home.path)
    let_push(lake)
    serve(
        lake,
        _CITY,
        port=port,
        host=host,
        greet=partial(_greet, accounts, workers, node.handle),
        any_node_port=True,
    )


def _node(lake: Lake, told: Tell) -> SampleNode:
    """Make the sample's node, and bring what happened in it into the lake."""
    wanted = settings().node
    node = load_node(
        lake.home.path,
        lambda text, done: told(text, 0.3 + done * 0.18),
        today=day_of(lake.clock().timestamp()),
        ports=Ports(wanted.port or _NATIVE, wanted.http_port or _HTTP),
    )
    _step(told, "writing the node's events into the lake", 0.48)
    ship_once(lake)
    return node


def _step(told: Tell, template: str, done: float) -> None:
    """Tell what is being done, by the English under which the catalogue holds it."""
    told(template, done)


def _greet(
    accounts: tuple[Account, ...], workers: tuple[Account, ...], handle: str, up: Running
) -> None:
    """Print the addresses and the accounts; nothing else ever holds these passwords."""
    _print_accounts(accounts)
    tell("the portal answers at {url}; Ctrl-C stops it", url=up.base_url)
    if up.node is not None:
        up.node.greet()
        tell(
            "one of them, to look at: {url}",
            url=f"{up.node.ports.url}/{quote(handle, safe='/')}?noredirect",
        )
    if up.factory is not None:
        _print_accounts(workers)
        up.factory.greet()
    tell("these passwords are shown this once; the next demo makes new ones")


def _print_accounts(accounts: tuple[Account, ...]) -> None:
    words = language()
    rows = pl.DataFrame(
        {
            "role": [ROLE_LABELS[account.role].text(words) for account in accounts],
            "name": [account.name for account in accounts],
            "password": [account.password for account in accounts],
        }
    )
    typer.echo()
    print_rows(
        rows,
        [
            Shown("role", say("role", words)),
            Shown("name", say("name", words)),
            Shown("password", say("password", words)),
        ],
        Format.TABLE,
        words,
    )
    typer.echo()


def _refuse_real_data(lake: Lake) -> None:
    """Keep invented figures out of a home that holds real ones."""
    others = lake.ledger.live().filter(~pl.col("recipe").fill_null("").is_in([RECIPE, SEALED]))
    if others.height:
        raise Refused(
            "{path}: this home holds {count} loads of other data; the sample is invented and "
            "would mix with them. Name another home with --home",
            path=lake.home.path,
            count=others.height,
        )


@contextmanager
def _progress() -> Iterator[Tell]:
    """Show how far a long work is, on standard error; a line a step where that is no terminal."""
    console = screen(stderr=True)
    words = language()
    if not console.is_terminal:
        last = ""

        def line(template: str, _: float) -> None:
            nonlocal last
            if template != last:
                typer.echo(f"… {say(template, words)}", err=True)
            last = template

        yield line
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def advance(template: str, done: float) -> None:
            bar.update(task, description=say(template, words), completed=done)

        yield advance
