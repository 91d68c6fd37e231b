"""Carbon dioxide of the energy that an enterprise reports, as an estimate.

Forms give energy in standard coal, electricity included, and electricity by
itself; which fuels the rest is, they do not say. So what is no electricity is
taken as coal, the usual and the highest factor, and the figure is named an
estimate. The node of a plant knows its own contract and fuels and reckons
apart from this.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["CARBON_TCO2", "GRID_TCO2_PER_1E4_KWH", "carbon"]

CARBON_TCO2 = "carbon_tco2"
#: Calorific value of electricity, tce per 10,000 kWh: from memory of GB/T 2589-2020.
_TCE_PER_1E4_KWH = 1.229
#: Coal, t CO2 per tce: from memory of the ministry's reckoning of carbon intensity.
_TCO2_PER_TCE = 2.66
#: The nation's average factor of electricity by the year it is of; a later year takes the last
#: one. The figures and the reports of the announcements they were read in are those that
#: ``plant/measures/carbon.py`` names; the floors do not allow to import them.
GRID_TCO2_PER_1E4_KWH = ((2021, 5.568), (2022, 5.366), (2023, 5.306))


def carbon(
    energy_tce: ir.NumericValue, electricity_1e4_kwh: ir.NumericValue, period: ir.StringValue
) -> ir.FloatingValue:
    """Return the carbon dioxide of energy use in tonnes.

    Parameters
    ----------
    energy_tce
        Energy of the period, calorific, electricity included, in tce.
    electricity_1e4_kwh
        Electricity of the period, in 10,000 kWh.
    period
        The canonical text of the period; its year decides the grid's factor.

    Notes
    -----
    E = max(0, e − 1.229 k) · 2.66 + k · f(year); unknown where either is.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"e": [100.0, 100.0], "k": [10.0, None], "p": ["2023-05", "2023-05"]}
    >>> t = ibis.memtable(pa.table(rows))
    >>> found = t.select(c=carbon(t.e, t.k, t.p)).to_pyarrow()["c"].to_pylist()
    >>> round(found[0], 4), found[1]
    (286.3686, None)
    """
    used, bought = energy_tce.cast("float64"), electricity_1e4_kwh.cast("float64")
    fuel = used - bought * _TCE_PER_1E4_KWH
    fuel = (fuel < 0).ifelse(0.0, fuel)
    year = period.substr(0, 4).cast("int64")
    first = GRID_TCO2_PER_1E4_KWH[0][1]
    factor = ibis.cases(
        *((year >= since, value) for since, value in reversed(GRID_TCO2_PER_1E4_KWH)), else_=first
    )
    return fuel * _TCO2_PER_TCE + bought * factor
