"""``plant``: the machines of a home, heard, shown and measured at the command line.

Each command stands in a file of its own, ``plant_<name>.py``, and gets its
place here by its name in the two lists below.
"""

from __future__ import annotations

import typer

from ballast.cli import (
    plant_detect,
    plant_energy,
    plant_oee,
    plant_push,
    plant_quality,
    plant_replay,
    plant_serve,
    plant_spc,
    plant_tags,
)

__all__ = ["plant"]

plant = typer.Typer(
    help="The machines of a home: what they send, what they make, how well.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

for command in (
    plant_serve.serve,
    plant_detect.detect,
    plant_spc.spc,
    plant_oee.oee,
    plant_quality.quality,
    plant_energy.energy,
    plant_tags.tags,
    plant_replay.replay,
    plant_push.push,
    plant_push.receive,
    plant_push.trust,
):
    plant.command()(command)
