"""The accounting identities of an input–output table (投入产出表), as a table to check by eye.

A table that adds up is the only evidence that it was copied whole, so all
identities are checked and none is repaired: balancing a table (RAS) is a
measure with a name, not something that happens while loading.

Sums are compared by relative error |a − b| / max(|a|, |b|, 1), because the
sectors differ by four orders of magnitude; 1 is 10,000 CNY.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.terms.label import Label

Floats = npt.NDArray[np.float64]

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class InputOutputTable:
    """An input–output table as numbers, in 10,000 CNY.

    Parameters
    ----------
    name
        What the table is called.
    codes, names
        Of the n sectors, in the order of rows and columns.
    origins
        ``("all",)`` if flows include imports (competitive, 竞争型), else
        ``("domestic", "imported")`` (non-competitive, 非竞争型).
    flows
        Shape (origins, n, n): row sector supplies, column sector uses.
    uses
        Item to shape (origins, n): intermediate use, final uses, imports, output.
    inputs
        Item to shape (n,): value added and its parts, intermediate and total input.
    use_totals
        Item of ``uses`` to the table's own total over all its rows.
    input_totals
        Item of ``inputs`` to the table's own total over the sectors.
    """

    name: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    origins: tuple[str, ...]
    flows: Floats
    uses: Mapping[str, Floats]
    inputs: Mapping[str, Floats]
    use_totals: Mapping[str, float]
    input_totals: Mapping[str, float]

    @property
    def competitive(self) -> bool:
        """Whether the flows include imports."""
        return self.origins == ("all",)

    @property
    def output(self) -> Floats:
        """Gross output by sector."""
        if self.competitive:
            return _sum([*self.uses["gross_output"]])
        domestic = self.origins.index("domestic")
        return _sum([self.uses["gross_output_or_total_imports"][domestic]])

    @property
    def total_imports(self) -> float:
        """Imports of all sectors."""
        if self.competitive:
            return float(self.uses["imports"].sum())
        imported = self.origins.index("imported")
        return float(self.uses["gross_output_or_total_imports"][imported].sum())


Reading = Callable[[InputOutputTable], Floats]
Test = Callable[[InputOutputTable], bool]


def _use(*items: str) -> Reading:
    """Columns of uses, added up; shape (origins, n)."""
    return lambda table: _sum([table.uses[item] for item in items])


def _input(*codes: str) -> Reading:
    """Rows of inputs, added up; shape (n,)."""
    return lambda table: _sum([table.inputs[code] for code in codes])


def _sum(vectors: Sequence[Floats]) -> Floats:
    return np.asarray(np.sum(vectors, axis=0), dtype=np.float64)


def _always(table: InputOutputTable) -> bool:  # noqa: ARG001
    return True


def _has(*items: str) -> Test:
    return lambda table: all(item in table.uses for item in items)


def _competitive(table: InputOutputTable) -> bool:
    return table.competitive


def _split(table: InputOutputTable) -> bool:
    return not table.competitive


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One equation that a table must satisfy.

    Parameters
    ----------
    label
        What it says.
    formula
        The equation, in the column names and row codes of the file.
    left, right
        Its sides: shape (origins, n) for rows, (n,) for columns, or one
        figure per item of ``places``.
    applies
        To which tables: all, where it is left out.
    places
        What the figures belong to where they are not the sectors', in the names of the file.
    """

    label: Label
    formula: str
    left: Reading
    right: Reading
    applies: Test = _always
    places: Callable[[InputOutputTable], Sequence[str]] | None = None


IDENTITIES: tuple[Identity, ...] = (
    Identity(
        label=Label(
            "行的流量之和等于中间使用合计", "the flows of a row add up to its intermediate use"
        ),
        formula="Σ sector_* = total_intermediate_use",
        left=lambda table: table.flows.sum(axis=2),
        right=_use("total_intermediate_use"),
    ),
    Identity(
        label=Label("列的流量之和等于中间投入合计", "the flows of a column add up to its input"),
        formula="Σ rows = TII",
        left=lambda table: table.flows.sum(axis=(0, 1)),
        right=_input("TII"),
    ),
    Identity(
        label=Label("使用列之和等于其合计", "a column of uses adds up to its total"),
        formula="Σ rows = TII",
        left=lambda table: np.array([table.uses[item].sum() for item in table.use_totals]),
        right=lambda table: np.array(list(table.use_totals.values())),
        places=lambda table: [f"{item}_1e4_cny" for item in table.use_totals],
    ),
    Identity(
        label=Label("增加值各项之和等于增加值合计", "the parts of value added add up to it"),
        formula="VA001 + VA002 + VA003 + VA004 = TVA",
        left=_input("VA001", "VA002", "VA003", "VA004"),
        right=_input("TVA"),
    ),
    Identity(
        label=Label("中间投入加增加值等于总投入", "intermediate input and value added make input"),
        formula="TII + TVA = TI",
        left=_input("TII", "TVA"),
        right=_input("TI"),
    ),
    Identity(
        label=Label("投入与增加值的行之和等于其合计", "a row of inputs adds up to its total"),
        formula="Σ sector_* = total_intermediate_use",
        left=lambda table: np.array([table.inputs[code].sum() for code in table.input_totals]),
        right=lambda table: np.array(list(table.input_totals.values())),
        places=lambda table: list(table.input_totals),
    ),
    Identity(
        label=Label(
            "农村与城镇居民消费之和等于居民消费", "rural and urban make household consumption"
        ),
        formula="rural_household_consumption + urban_household_consumption = household_consumption",
        left=_use("rural_household_consumption", "urban_household_consumption"),
        right=_use("household_consumption"),
        applies=_has(
            "rural_household_consumption", "urban_household_consumption", "household_consumption"
        ),
    ),
    Identity(
        label=Label("居民与政府消费之和等于最终消费", "households and government make consumption"),
        formula="household_consumption + government_consumption = final_consumption",
        left=_use("household_consumption", "government_consumption"),
        right=_use("final_consumption"),
        applies=_has("household_consumption", "government_consumption"),
    ),
    Identity(
        label=Label(
            "固定资本与存货之和等于资本形成总额", "fixed capital and stocks make capital formation"
        ),
        formula="gross_fixed_capital_formation + inventory_change = gross_capital_formation",
        left=_use("gross_fixed_capital_formation", "inventory_change"),
        right=_use("gross_capital_formation"),
        applies=_has("gross_capital_formation"),
    ),
    Identity(
        label=Label("最终使用各项之和等于其合计", "the parts of final use add up to it"),
        formula="final_consumption + gross_fixed_capital_formation + inventory_change + exports"
        " = total_final_use",
        left=_use(
            "final_consumption", "gross_fixed_capital_formation", "inventory_change", "exports"
        ),
        right=_use("total_final_use"),
    ),
    Identity(
        label=Label("使用减进口等于总产出", "uses less imports make output"),
        formula="total_intermediate_use + total_final_use − imports = gross_output",
        left=lambda t: _use("total_intermediate_use", "total_final_use")(t) - t.uses["imports"],
        right=_use("gross_output"),
        applies=_competitive,
    ),
    Identity(
        label=Label("使用等于总产出或进口", "uses make output, or imports"),
        formula="total_intermediate_use + total_final_use = gross_output_or_total_imports",
        left=_use("total_intermediate_use", "total_final_use"),
        right=_use("gross_output_or_total_imports"),
        applies=_split,
    ),
    Identity(
        label=Label("总投入等于总产出", "total input equals gross output"),
        formula="TI = gross_output",
        left=_input("TI"),
        right=lambda table: table.output,
    ),
    Identity(
        label=Label("增加值等于最终使用减进口", "value added equals final use less imports"),
        formula="Σ TVA = Σ total_final_use − Σ imports",
        left=lambda table: np.array([table.inputs["TVA"].sum()]),
        right=lambda table: np.array([table.uses["total_final_use"].sum() - table.total_imports]),
        places=lambda _: ["TVA"],
    ),
)


@dataclass(frozen=True, slots=True)
class Breach:
    """One figure for which an identity does not hold.

    Parameters
    ----------
    identity
        The equation.
    place
        The sector with code and name, with the origin where rows are told
        apart; or the total, by its name in the file.
    left, right
        Both sides, 10,000 CNY.
    """

    identity: Identity
    place: str
    left: float
    right: float

    @property
    def difference(self) -> float:
        """Left less right, 10,000 CNY."""
        return self.left - self.right


def relative_error(left: Floats, right: Floats) -> Floats:
    r"""Return how far two amounts are apart, as a share of the larger one.

    .. math:: e = \frac{|a - b|}{\max(|a|, |b|, 1)}

    Parameters
    ----------
    left, right
        a and b, 10,000 CNY, of one shape.

    Returns
    -------
    ndarray
        e, without unit, of the same shape.

    Examples
    --------
    >>> relative_error(np.array([100.0, 0.5]), np.array([99.0, 0.25]))
    array([0.01, 0.25])
    """
    larger = np.maximum(np.maximum(np.abs(left), np.abs(right)), 1.0)
    return np.asarray(np.abs(left - right) / larger, dtype=np.float64)


def check_identities(table: InputOutputTable, tolerance: float = TOLERANCE) -> tuple[Breach, ...]:
    """Return every figure for which an identity does not hold, in the order of ``IDENTITIES``.

    Parameters
    ----------
    table
        The table; all figures finite.
    tolerance
        The largest relative error that is let pass.

    Returns
    -------
    tuple of Breach
        Empty if the table adds up.
    """
    breaches = []
    for identity in IDENTITIES:
        if not identity.applies(table):
            continue
        left, right = identity.left(table), identity.right(table)
        for at in np.argwhere(relative_error(left, right) > tolerance):
            index = tuple(int(i) for i in at)
            breaches.append(
                Breach(
                    identity,
                    _place(identity, table, index),
                    float(left[index]),
                    float(right[index]),
                )
            )
    return tuple(breaches)


def _place(identity: Identity, table: InputOutputTable, index: tuple[int, ...]) -> str:
    if identity.places is not None:
        return identity.places(table)[index[0]]
    sector = f"{table.codes[index[-1]]} {table.names[index[-1]]}"
    if len(index) == 2 and not table.competitive:
        return f"{sector} ({table.origins[index[0]]})"
    return sector
