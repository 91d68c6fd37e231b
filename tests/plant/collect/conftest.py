from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.plant.collect.mosquitto import Mosquitto


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """Start a broker for one test."""
    folder = tmp_path / "broker"
    folder.mkdir()
    broker = Mosquitto(folder)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def spool_folder(tmp_path: Path) -> Path:
    """Return where the collector of a test writes."""
    return tmp_path / "spool"
