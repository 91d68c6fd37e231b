"""Set-shaped measures of regions and industries: Ibis tables in, Ibis tables out.

Nothing here runs a query: what comes back is an expression that DuckDB and
Spark answer alike. They are written as expressions and not as functions over
arrays because the rows under them (establishments) do not fit an array's
machine, and the engine decides where to add them up.

In all of them NULL in a quantity means unknown (left out of sums, never zero)
and NULL in a result means that the number does not exist. Columns are named by
the caller; ``within`` names columns, such as the period, whose values are kept
apart.
"""

from __future__ import annotations

from ballast.brain.measures.cluster_stars import cluster_stars
from ballast.brain.measures.ellison_glaeser import ellison_glaeser
from ballast.brain.measures.herfindahl import herfindahl
from ballast.brain.measures.inequality import gini, hoover
from ballast.brain.measures.localisation import hoover_localisation, krugman, locational_gini
from ballast.brain.measures.location_quotient import location_quotients
from ballast.brain.measures.shares import shares
from ballast.brain.measures.shift_share import shift_share
from ballast.brain.measures.theil import theil
from ballast.brain.measures.turnover import structural_change, turnover

__all__ = [
    "cluster_stars",
    "ellison_glaeser",
    "gini",
    "herfindahl",
    "hoover",
    "hoover_localisation",
    "krugman",
    "location_quotients",
    "locational_gini",
    "shares",
    "shift_share",
    "structural_change",
    "theil",
    "turnover",
]
