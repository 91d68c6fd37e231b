"""A small region of two years, sealed, and its bulletins: the bureau's own, and everybody's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.brain.cube.world import SEALER, framed, loaded, region

from ballast.brain.bulletin.making import bulletin
from ballast.brain.bulletin.shape import Bulletin
from ballast.cli.app import run
from ballast.lake.lake import Lake
from ballast.terms.viewer import PUBLIC

PERIODS = ("2025-01..02", "2025-03", "2026-01..02", "2026-03")
TODAY = date(2026, 4, 20)


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    path = tmp_path_factory.mktemp("bulletin") / "home"
    lake = loaded(path, region(11, enterprises=70, periods=PERIODS))
    aim = {
        "programme": "plan", "item": "output", "period": "2026", "region_scheme": "gb2260",
        "region": "371500", "measure": "level", "target": Decimal(10_000_000), "path": "even",
    }  # fmt: skip
    lake.commit({"goal": framed("goal", [aim])}, SEALER)
    assert run(["cube", "seal", "--home", str(path)]) == 0
    return lake


@pytest.fixture(scope="package")
def own(town: Lake) -> Bulletin:
    """Return what the bureau reads."""
    return bulletin(town, SEALER, "371500", today=TODAY)


@pytest.fixture(scope="package")
def everybodys(town: Lake) -> Bulletin:
    """Return what anyone may read."""
    return bulletin(town, PUBLIC, "371500", today=TODAY)
