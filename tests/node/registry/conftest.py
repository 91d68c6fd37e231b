"""The stores that there are; a test that takes ``opened`` runs over each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ballast.node.registry.store import Store

from .records_made import STORES


@pytest.fixture(params=STORES)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    store = STORES[request.param](tmp_path / "registry")
    yield store
    store.close()
