"""The mapping file of a site, read: TOML in, a frozen ``Site`` or one clear line out."""

from __future__ import annotations

from ballast.errors import Refused
from ballast.plant.site.site import Site

__all__ = ["read_site"]


def read_site(text: str) -> Site:
    """Return the site that a mapping describes.

    Parameters
    ----------
    text
        The TOML of ``<home>/plant/site.toml``.

    Raises
    ------
    Refused
        Naming the table, the key and what to do.
    """
    raise Refused("the mapping cannot be read yet")
