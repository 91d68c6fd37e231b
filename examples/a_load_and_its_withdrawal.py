"""A home, two loads, a withdrawal: what stands now, and what stood then.

Figures are invented; the home is made in the folder where you run this.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from ballast.lake.lake import Lake
from ballast.lake.tables import table
from ballast.terms.viewer import operator

me = operator("example")
lake = Lake.create(Path("example-home"))


def zone(name: str) -> pl.DataFrame:
    """Return one row of the table of regions, with every declared column."""
    row = {
        "region_scheme": "ext",
        "region": "371500-01",
        "name": name,
        "parent": "371500",
        "valid_from": date(2020, 1, 1),
    }
    columns = pl.DataFrame(table("region").arrow_schema.empty_table()).schema
    return pl.DataFrame([row], schema=columns)


lake.commit({"region": zone("Development zone")}, me)
renamed = lake.commit({"region": zone("High-tech zone")}, me)
print("now:       ", lake.read("region", me).to_polars()["name"].to_list())

before = lake.ledger.rows()["at"].to_list()[-1]
lake.withdraw(renamed, me)
print("withdrawn: ", lake.read("region", me).to_polars()["name"].to_list())
print("as it was: ", lake.read("region", me, as_of=before).to_polars()["name"].to_list())
