"""The mapping of a plant becomes its home's own: the file, and its assets and tags in the lake.

The collector reads the file; whoever joins values with names and units reads
the tables. Both are of one mapping at a time: with a new one the rows of the
old are withdrawn, so that a tag that was taken out does not live on.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import polars as pl
import pyarrow as pa

from ballast.cli.context import viewer
from ballast.cli.plant_opening import site_path
from ballast.lake.home import storage_errors
from ballast.lake.lake import Lake
from ballast.lake.tables import table
from ballast.plant.site import Site, asset_rows, tag_rows

__all__ = ["RECIPE", "keep_site"]

#: Under which the ledger knows the loads that a mapping made.
RECIPE = "plant-site"


def keep_site(lake: Lake, site: Site, text: str) -> bool:
    """Make a mapping the home's own; return whether anything changed.

    Parameters
    ----------
    lake
        Of the home.
    site
        What the mapping says.
    text
        The mapping itself.

    Raises
    ------
    StorageFailed
        If the disk says no.
    """
    changed = _load(lake, site, text)
    target = site_path(lake.home.path)
    with storage_errors(target):
        if target.is_file() and target.read_text(encoding="utf-8") == text:
            return changed
        target.parent.mkdir(parents=True, exist_ok=True)
        new = target.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(target)
    return True


def _load(lake: Lake, site: Site, text: str) -> bool:
    digest = sha256(f"{RECIPE}\n{text}".encode()).hexdigest()
    standing = lake.ledger.live().filter(pl.col("recipe") == RECIPE)
    if standing.height == 1 and standing["file_hash"][0] == digest:
        return False
    rows = {"asset": asset_rows(site), "tag": tag_rows(site)}
    lake.commit(
        {name: _frame(name, found) for name, found in rows.items() if found},
        viewer(),
        # Not the digest where that mapping was here before and stands still: it is loaded anew.
        file_hash=digest if digest not in standing["file_hash"].to_list() else None,
        file=str(Path("plant") / "site.toml"),
        recipe=RECIPE,
        provenance=site.provenance,
    )
    for load_id in standing["load_id"].to_list():
        lake.withdraw(load_id, viewer(), note="another mapping")
    return True


def _frame(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    made = pl.from_arrow(pa.Table.from_pylist(rows, schema=table(name).arrow_schema))
    if not isinstance(made, pl.DataFrame):
        raise TypeError("a table did not become a frame")
    return made
