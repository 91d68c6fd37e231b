"""An input–output table (投入产出表) as arrays: what the models of this room start from.

A frozen value and not a frame, because every model here is linear algebra on
aligned arrays: once the sectors are in one order, nothing may put them in
another. Reading it from the lake is somebody else's work (``reading``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused

__all__ = ["Floats", "InputOutput"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class InputOutput:
    """A square table of n sectors, in money of one unit, at the prices of one year.

    Parameters
    ----------
    name
        What it is called in refusals, such as ``china_2020_42``.
    sectors
        Codes, in the order of every array.
    flows
        Shape (n, n): what the sector of the column uses of the sector of the row. Domestic
        products alone in a non-competitive table (非竞争型), all products in a competitive one.
    output
        Shape (n,): gross output.
    value_added
        Shape (n,): total value added.
    exports
        Shape (n,): exports of domestic products; None where the table does not tell them.
    imported
        Shape (n, n): what the sector of the column uses of imported products of the sector of
        the row; None for a competitive table.

    Raises
    ------
    Refused
        A shape that does not fit, a value that is no number, a negative flow or output, no
        output at all, a sector without output that nevertheless buys.

    Examples
    --------
    >>> t = InputOutput("two", ("a", "b"), np.array([[1.0, 2.0], [3.0, 0.0]]),
    ...                 np.array([10.0, 8.0]), np.array([6.0, 6.0]))
    >>> t.present.tolist()
    [True, True]
    """

    name: str
    sectors: tuple[str, ...]
    flows: Floats
    output: Floats
    value_added: Floats
    exports: Floats | None = None
    imported: Floats | None = None

    def __post_init__(self) -> None:
        self._require_shapes()
        self._require_numbers()
        if not self.present.any():
            raise Refused(
                "{table}: no sector has any output, so nothing can be computed of it; load the "
                "table again with its gross output",
                table=self.name,
            )
        idle = ~self.present & ((self.flows.sum(axis=0) > 0) | (self._bought_abroad() > 0))
        if idle.any():
            raise Refused(
                "{table}, sector {sector}: it has no output and buys nevertheless; check its "
                "gross output",
                table=self.name,
                sector=self.sectors[int(np.flatnonzero(idle)[0])],
            )

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        """Which sectors have output, shape (n,); of the others every coefficient is undefined."""
        return np.asarray(self.output > 0)

    def _bought_abroad(self) -> Floats:
        none = np.zeros(len(self.sectors))
        return none if self.imported is None else np.asarray(self.imported.sum(axis=0))

    def _require_shapes(self) -> None:
        n = len(self.sectors)
        wanted = {
            "flows": (self.flows, (n, n)),
            "imported": (self.imported, (n, n)),
            "output": (self.output, (n,)),
            "value_added": (self.value_added, (n,)),
            "exports": (self.exports, (n,)),
        }
        for part, (array, shape) in wanted.items():
            if array is not None and array.shape != shape:
                raise Refused(
                    "{table}: {part} has the shape {found}, and {sectors} sectors need {wanted}",
                    table=self.name,
                    part=part,
                    found=array.shape,
                    sectors=n,
                    wanted=shape,
                )

    def _require_numbers(self) -> None:
        for part, array, least in (
            ("flows", self.flows, 0.0),
            ("imported", self.imported, 0.0),
            ("output", self.output, 0.0),
            ("value_added", self.value_added, -np.inf),
            ("exports", self.exports, -np.inf),
        ):
            if array is None:
                continue
            bad = ~np.isfinite(array) | (array < least)
            if bad.any():
                where = tuple(self.sectors[place] for place in np.argwhere(bad)[0])
                raise Refused(
                    "{table}: {part} of {sector} is {value}; the model needs a number that is "
                    "not negative there",
                    table=self.name,
                    part=part,
                    sector=" → ".join(where),
                    value=array[bad][0],
                )
