"""``plant serve``: the collector and the shipper of a home, run until stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ballast.cli.context import HomeOption, create_lake, tell
from ballast.cli.plant_hearing import hearing
from ballast.cli.plant_opening import home_path, site_path, site_text
from ballast.cli.plant_site import keep_site
from ballast.cli.serving import run_parts
from ballast.serve.ship_once import ship_once

__all__ = ["serve"]


def serve(
    broker: Annotated[
        str | None,
        typer.Option(
            "--broker",
            help="Address of the MQTT broker, mqtt://host:1883 or mqtts://host:8883 "
            "(BALLAST_PLANT_BROKER).",
            show_default=False,
        ),
    ] = None,
    site: Annotated[
        Path | None,
        typer.Option(
            "--site",
            help="Mapping of tags to machines (TOML); it becomes the home's own.",
            show_default=False,
        ),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Hear the machines behind a broker and keep what they say, until stopped (Ctrl-C).

    Where there is no home it is made. Without a mapping every tag is kept under
    the name of its metric; a mapping can be given later.
    """
    path = home_path(home)
    own = site_path(path)
    text = site_text(site or own) if site or own.is_file() else ""
    # Everything that can be wrong is found before a home is made.
    run = hearing(path, text, broker)
    run.ask()
    lake = create_lake(home)
    if run.site is not None and keep_site(lake, run.site, text):
        tell("{path}: the mapping is the home's own now", path=own)
    run_parts(run.parts(), run.greet)
    # All parts end at once: what the collector heard last came behind the shipper's last look.
    ship_once(lake)
