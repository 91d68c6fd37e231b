"""Which regions lie in which, on columns of codes.

``terms.region`` answers that for one code at a time, with the dates on which a
code was valid. Here only the shape of the code counts (two digits province,
four prefecture, six county), because a column cannot be looked up row by row
inside an engine and the codes in the lake were checked when they were loaded.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ballast.terms.region import NATION
from ballast.terms.scheme import RegionScheme

__all__ = ["finest", "inside", "stem"]


def stem(code: ir.StringValue) -> ir.StringValue:
    """Return what the codes of all parts of a GB/T 2260 region begin with.

    Parameters
    ----------
    code
        Six digits, or a zone's extension code, which is its own stem.

    Examples
    --------
    >>> import pyarrow as pa
    >>> t = ibis.memtable(pa.table({"c": ["000000", "370000", "371500", "371502", "371500-KFQ"]}))
    >>> t.select(s=stem(t.c)).to_pyarrow()["s"].to_pylist()
    ['', '37', '3715', '371502', '371500-KFQ']
    """
    return ibis.cases(
        (code == NATION, ""),
        (code.endswith("0000"), code.substr(0, 2)),
        (code.endswith("00"), code.substr(0, 4)),
        else_=code,
    )


def inside(
    region: ir.StringValue, place_scheme: ir.StringValue, place: ir.StringValue
) -> ir.BooleanValue:
    """Return whether a region is a place or lies in it.

    Parameters
    ----------
    region
        The code of the region that is asked about.
    place_scheme, place
        What it should lie in; an empty or unknown place is anywhere. Under
        GB/T 2260 a place holds its parts; under other schemes only itself.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"region": ["371502"] * 3, "place": ["371500", "371581", ""]}
    >>> t = ibis.memtable(pa.table(rows))
    >>> t.select(i=inside(t.region, ibis.literal("gb2260"), t.place)).to_pyarrow()["i"].to_pylist()
    [True, False, True]
    """
    anywhere = place.isnull() | (place == "")
    part = (place_scheme == RegionScheme.GB2260.value) & region.startswith(stem(place))
    return anywhere | (region == place) | part.fill_null(False)


def finest(table: ir.Table, region: str = "region") -> ir.Table:
    """Return the rows of regions of which no part is in the table too.

    A table may hold a province beside its cities; adding them up would count
    every city twice. The parts are kept, the whole is left out.

    Parameters
    ----------
    table
        Rows with GB/T 2260 codes.
    region
        The column with the code.

    Examples
    --------
    >>> import pyarrow as pa
    >>> t = ibis.memtable(pa.table({"region": ["370000", "371500", "371502", "410000"]}))
    >>> finest(t).order_by("region").to_pyarrow()["region"].to_pylist()
    ['371502', '410000']
    """
    codes = table.select(part__=table[region]).distinct()
    codes = codes.filter(codes.part__.length() == 6)  # a zone's code has a tail
    wholes = ibis.union(
        codes.mutate(whole__=ibis.literal(NATION)),
        codes.mutate(whole__=codes.part__.substr(0, 2) + ibis.literal("0000")),
        codes.mutate(whole__=codes.part__.substr(0, 4) + ibis.literal("00")),
    )
    wholes = wholes.filter(wholes.part__ != wholes.whole__).select("whole__").distinct()
    return table.anti_join(wholes, table[region] == wholes.whole__)
