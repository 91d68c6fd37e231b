"""One node for all tests of this folder that do not change how it is set up."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from .running import PREFIX, Node, running_node


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Return a node that takes passwords over plain HTTP, as one behind a proxy does."""
    with running_node(tmp_path_factory.mktemp("home"), basic_over_plain=True) as running:
        yield running


@pytest.fixture
def client(node: Node) -> Iterator[httpx.Client]:
    """Return a client that follows no redirect and has no proof of identity."""
    with httpx.Client(base_url=node.base, timeout=20.0, trust_env=False) as made:
        yield made


@pytest.fixture(scope="session")
def secret(node: Node) -> str:
    """Return the password of the node's own administrator."""
    return next((node.home / "node" / "keys").glob("*secret*")).read_text().strip()


@pytest.fixture
def writing(node: Node, secret: str) -> Iterator[httpx.Client]:
    """Return a client with the password of the node's own administrator."""
    auth = (f"301%3A0.NA/{PREFIX}", secret)
    with httpx.Client(base_url=node.base, timeout=20.0, trust_env=False, auth=auth) as made:
        yield made
