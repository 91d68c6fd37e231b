"""What the commands of the plant share: where its files lie, and its mapping, read.

Everything of the plant lies below ``<home>/plant``: ``site.toml`` is the
mapping that ties tags to machines, ``spool`` what the collector heard.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ballast.cli.context import settings
from ballast.errors import NotFound, UnreadableFile

if TYPE_CHECKING:
    from ballast.plant.site import Site

__all__ = [
    "find_site",
    "home_path",
    "open_site",
    "read_site_file",
    "site_path",
    "site_text",
    "spool_folder",
]

_SITE = Path("plant") / "site.toml"
_SPOOL = Path("plant") / "spool"
_MOST_BYTES = 16 << 20  # the reader of mappings has a bound of its own, and says it better


def home_path(home: Path | None) -> Path:
    """Return the home that a command is about."""
    return home or settings().home


def site_path(home: Path) -> Path:
    """Return where the mapping of a home stands."""
    return home / _SITE


def spool_folder(home: Path) -> Path:
    """Return where the collector of a home writes what it heard."""
    return home / _SPOOL


def read_site_file(path: Path) -> Site:
    """Read a mapping file.

    Raises
    ------
    UnreadableFile
        If it cannot be read, or is no UTF-8.
    Refused
        If the mapping is wrong, naming the table and the key.
    """
    from ballast.plant.site import read_site

    return read_site(site_text(path))


def site_text(path: Path) -> str:
    """Return the text of a mapping file.

    Raises
    ------
    UnreadableFile
        If it cannot be read, or is no UTF-8.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UnreadableFile(
                "{path}: {size} bytes are too many for a mapping; it is a TOML file in UTF-8",
                path=path,
                size=path.stat().st_size,
            )
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(
            "{path}: cannot be read ({reason}); a mapping is a TOML file in UTF-8",
            path=path,
            reason=getattr(error, "strerror", None) or "UTF-8",
        ) from None


def find_site(home: Path | None) -> Site | None:
    """Return the mapping of a home; ``None`` where it has none.

    Raises
    ------
    UnreadableFile, Refused
        As `read_site_file`.
    """
    path = site_path(home_path(home))
    return read_site_file(path) if path.is_file() else None


def open_site(home: Path | None) -> Site:
    """Return the mapping of a home.

    Raises
    ------
    NotFound
        If it has none.
    UnreadableFile, Refused
        As `read_site_file`.
    """
    found = find_site(home)
    if found is None:
        raise NotFound(
            "{path}: this home has no mapping of a plant; give one with "
            "`ballast plant serve --site FILE`",
            path=home_path(home),
        )
    return found
