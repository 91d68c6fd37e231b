"""``plant serve``: the collector and the shipper of a home, run until stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ballast.cli.context import HomeOption, create_lake

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
    """Hear the machines behind a broker and keep what they say, until stopped (Ctrl-C)."""
    create_lake(home)
