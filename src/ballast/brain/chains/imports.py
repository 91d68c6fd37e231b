"""Import dependence (进口依存): what of a sector's product comes from abroad, along the chain.

Only a table that tells imported products apart can answer. Spreading the
imports of a competitive table evenly over its uses is a guess about just the
thing that is asked, so such a table gets no number here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ballast.brain.chains.leontief import Inverses
from ballast.brain.chains.table import Floats, InputOutput
from ballast.errors import Undefined

__all__ = ["ImportContent", "import_content", "imported_use", "vertical_specialisation"]


@dataclass(frozen=True, eq=False)
class ImportContent:
    """Shares of one unit of each sector's output, each shape (n,); nan without output.

    Parameters
    ----------
    direct
        Imported inputs that it uses itself.
    total
        Imported inputs along its whole domestic chain (完全进口含量).
    domestic
        Value added along its whole domestic chain. Where the table balances,
        ``total + domestic`` is 1.
    by_product
        Shape (n, n): ``total`` of the column, by the imported product of the row.
    """

    direct: Floats
    total: Floats
    domestic: Floats
    by_product: Floats


def import_content(of: Inverses) -> ImportContent:
    """Return direct and total import content and the domestic value added of each output.

    Raises
    ------
    Undefined
        If the table does not tell imported products apart.

    Notes
    -----
    Equations, with M the imported flows over output: direct_j = Σ_i m_ij;
    by_product = M (I − A)⁻¹;  total_j = Σ_i by_product_ij;  domestic = v (I − A)⁻¹ with v_j the
    value added over output.

    Source: D. Hummels, J. Ishii and K.-M. Yi, "The Nature and Growth of Vertical Specialization in
    World Trade", Journal of International Economics 54 (2001). From memory of it; the tests hold
    it against the published figures of China 2017, 2018 and 2020.
    """
    table = of.table
    if table.imported is None:
        raise Undefined(
            "{table}: it does not tell imported products from domestic ones, so import content is "
            "undefined; load a non-competitive table",
            table=table.name,
        )
    output = np.where(table.present, table.output, np.nan)
    here = table.present
    by_product = np.full(table.flows.shape, np.nan)
    chain = of.leontief_among
    by_product[:, here] = (table.imported[:, here] / table.output[here]) @ chain
    domestic = np.full(len(here), np.nan)
    domestic[here] = (table.value_added[here] / table.output[here]) @ chain
    return ImportContent(
        direct=table.imported.sum(axis=0) / output,
        total=by_product.sum(axis=0),
        domestic=domestic,
        by_product=by_product,
    )


def imported_use(table: InputOutput) -> Floats:
    """Return which share of a product, as all producers use it, comes from abroad; shape (n,).

    Parameters
    ----------
    table
        One that tells imported products apart.

    Returns
    -------
    Floats
        0 to 1; nan for a product that no producer uses.

    Raises
    ------
    Undefined
        If the table does not tell imported products apart.

    Notes
    -----
    Equation: s_i = Σ_j m_ij / Σ_j (z_ij + m_ij), z domestic and m imported intermediate flows of
    product i to producer j. Not the import content of its output, which asks what its makers
    import: this asks whether it is itself imported. What is imported for investment or for
    consumption is left out, machines bought abroad among it. A ratio of sums; no source needed.

    Examples
    --------
    >>> import numpy as np
    >>> t = InputOutput("two", ("a", "b"), np.array([[1.0, 2.0], [0.0, 0.0]]),
    ...                 np.array([9.0, 9.0]), np.array([7.0, 6.0]), None,
    ...                 np.array([[0.0, 1.0], [0.0, 0.0]]))
    >>> imported_use(t).tolist()
    [0.25, nan]
    """
    if table.imported is None:
        raise Undefined(
            "{table}: it does not tell imported products from domestic ones, so import content is "
            "undefined; load a non-competitive table",
            table=table.name,
        )
    abroad = table.imported.sum(axis=1)
    used = table.flows.sum(axis=1) + abroad
    found: Floats = np.divide(abroad, used, out=np.full(len(used), np.nan), where=used > 0)
    return found


def vertical_specialisation(of: Inverses) -> float:
    """Return the share of exports that is imported inputs (垂直专业化率), 0 to 1.

    Raises
    ------
    Undefined
        If the table tells no imports or no exports apart, or nothing is exported.
    """
    table = of.table
    content = import_content(of)
    if table.exports is None or not table.exports.sum() > 0:
        raise Undefined(
            "{table}: it has no exports, so their import content is undefined", table=table.name
        )
    here = table.present
    return float(content.total[here] @ table.exports[here] / table.exports.sum())
