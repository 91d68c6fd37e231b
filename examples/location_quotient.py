"""A measure without a lake: Ibis in, Ibis out, nothing run until you ask.

The figures are invented.
"""

from __future__ import annotations

import ibis
import pyarrow as pa

from ballast.brain.measures import location_quotients

staff = pa.table(
    {
        "region": ["east", "east", "east", "west", "west", "west"],
        "industry": ["bearings", "textiles", "paper", "bearings", "textiles", "paper"],
        "persons": [9_000, 4_000, 2_000, 1_000, 12_000, 8_000],
    }
)
quotients = location_quotients(ibis.memtable(staff), value="persons")
special = quotients.filter(quotients.location_quotient > 1).order_by(ibis.desc("location_quotient"))
for row in special.to_pyarrow().to_pylist():
    print(f"{row['region']:5} {row['industry']:9} {row['location_quotient']:.2f}")
