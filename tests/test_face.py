"""The face of the package: explicit, sorted, and everything on it is there."""

from __future__ import annotations

import importlib.metadata
import inspect

import ballast


def test_the_exported_names_are_sorted_and_unique() -> None:
    assert list(ballast.__all__) == sorted(set(ballast.__all__), key=str.casefold)


def test_every_exported_name_can_be_imported() -> None:
    missing = [name for name in ballast.__all__ if not hasattr(ballast, name)]
    assert missing == []


def test_every_public_name_is_exported() -> None:
    public = {
        name
        for name, value in vars(ballast).items()
        if not name.startswith("_") and not inspect.ismodule(value) and name != "annotations"
    }
    assert public <= set(ballast.__all__)


def test_the_version_is_that_of_the_installed_package() -> None:
    assert ballast.__version__ == importlib.metadata.version("ballast")
