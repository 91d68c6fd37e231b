"""Every table of the lake, in the order of the design's list."""

from __future__ import annotations

from ballast.errors import NotFound
from ballast.lake.declare import Table
from ballast.lake.tables.bureau import PROJECT, TITLE, TRADE
from ballast.lake.tables.chain import CHAIN_DEFINITION
from ballast.lake.tables.cluster import CLUSTER_DEFINITION
from ballast.lake.tables.enterprise import ENTERPRISE, ENTERPRISE_PERIOD
from ballast.lake.tables.fact import ENTERPRISE_FACT
from ballast.lake.tables.goals import GOAL
from ballast.lake.tables.indicator import INDICATOR_VALUE
from ballast.lake.tables.inputoutput import IO_FLOW, IO_SECTOR, IO_VECTOR
from ballast.lake.tables.ledger import LOAD
from ballast.lake.tables.node import ENTERPRISE_PREFIX, HANDLE_DAILY, HANDLE_EVENT
from ballast.lake.tables.plant_assets import ASSET, TAG
from ballast.lake.tables.plant_daily import PLANT_DAILY
from ballast.lake.tables.plant_telemetry import (
    TELEMETRY,
    TELEMETRY_1H,
    TELEMETRY_1MIN,
    TELEMETRY_EVENT,
)
from ballast.lake.tables.plant_work import DOWNTIME, ENERGY_METER, INSPECTION, PRODUCTION
from ballast.lake.tables.pool import POLICY_POOL
from ballast.lake.tables.projects import PROJECT_EVENT, PROJECT_MONTH
from ballast.lake.tables.region import RANKING, REGION, REGION_INDUSTRY, REGION_PERIOD

__all__ = ["LOAD", "TABLES", "table"]

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        LOAD,
        ENTERPRISE,
        ENTERPRISE_PERIOD,
        REGION,
        REGION_PERIOD,
        RANKING,
        REGION_INDUSTRY,
        IO_SECTOR,
        IO_FLOW,
        IO_VECTOR,
        CLUSTER_DEFINITION,
        INDICATOR_VALUE,
        POLICY_POOL,
        CHAIN_DEFINITION,
        PROJECT,
        TITLE,
        ENTERPRISE_FACT,
        TRADE,
        PROJECT_MONTH,
        PROJECT_EVENT,
        GOAL,
        ENTERPRISE_PREFIX,
        HANDLE_EVENT,
        HANDLE_DAILY,
        ASSET,
        TAG,
        TELEMETRY,
        TELEMETRY_1MIN,
        TELEMETRY_1H,
        TELEMETRY_EVENT,
        PRODUCTION,
        DOWNTIME,
        INSPECTION,
        ENERGY_METER,
        PLANT_DAILY,
    )
}


def table(name: str) -> Table:
    """Return the declaration of a table.

    Raises
    ------
    NotFound
        If there is no table of that name; the message lists those there are.

    Examples
    --------
    >>> table("region_industry").key[-1]
    'period'
    """
    try:
        return TABLES[name]
    except KeyError:
        raise NotFound(
            "there is no table {name}; there are: {known}", name=name, known=", ".join(TABLES)
        ) from None
