"""Ballast (压舱石): an open industrial brain for a manufacturing city."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
