"""The node of these tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.node.service.node_at_hand import Node, node_in


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    made = node_in(tmp_path / "registry")
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def lasting_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node for many examples; whoever changes it undoes that."""
    made = node_in(tmp_path_factory.mktemp("lasting") / "registry")
    yield made
    made.store.close()
