"""The complexity of the regions in the lake: cells to a rectangle, and everything made of it."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from ballast.brain.complexity.fitness import Fitness, fitness
from ballast.brain.complexity.indices import Complexity, complexity
from ballast.brain.complexity.presence import Bools, Floats, advantage, presence, rectangle
from ballast.brain.complexity.space import Outlook, density, outlook, proximity
from ballast.brain.coverage import CellSet
from ballast.brain.specialisation import cells_of, parts_of
from ballast.errors import NotFound
from ballast.lake.lake import Lake

__all__ = ["Landscape", "landscape"]

_FITNESS_ROUNDS = 100  # the order of places has settled by then


@dataclass(frozen=True, eq=False)
class Landscape:
    """The complexity of some regions and industries, in one order.

    Parameters
    ----------
    regions, industries
        Codes of rows and columns.
    values, advantage, present, near, density
        Persons employed; RCA; where it is at least 1; proximity of industries; density.
    complexity, fitness, outlook
        What was computed of them.
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    values: Floats
    advantage: Floats
    present: Bools
    near: Floats
    density: Floats
    complexity: Complexity
    fitness: Fitness
    outlook: Outlook

    def place(self, region: str) -> int:
        """Return the row of a region.

        Raises
        ------
        NotFound
            If it has no cells, or is left out because parts of it are there.
        """
        if region not in self.regions:
            raise NotFound(
                "{region}: it is not among the {count} regions compared; a region of which parts "
                "are loaded is not compared with its own parts",
                region=region,
                count=len(self.regions),
            )
        return self.regions.index(region)


def landscape(lake: Lake, region_industry: ir.Table, cells: CellSet) -> Landscape:
    """Return the complexity of the regions of a set of cells, by persons employed.

    Parameters
    ----------
    lake
        Whose engine answers.
    region_industry
        The table of that name.
    cells
        Which of its cells. Regions of which parts are loaded are left out; so are cells of which
        the number of persons is not known.

    Raises
    ------
    Undefined
        If the data rank nothing (``indices.complexity``).
    """
    rows = cells_of(
        region_industry,
        region_scheme=cells.region_schemes,
        industry_scheme=cells.industry_scheme,
        level=cells.level,
        period=cells.period,
    )
    rows = parts_of(rows)
    known = rows.filter(rows.employment_persons.notnull())
    found = lake.engine.collect(known.select("region", "industry", "employment_persons"))
    regions, industries, values = rectangle(
        found["region"].combine_chunks(),
        found["industry"].combine_chunks(),
        np.asarray(found["employment_persons"].to_numpy(), dtype=np.float64),
    )
    present = presence(values)
    ranked = complexity(present)
    near = proximity(present)
    close = density(present, near)
    return Landscape(
        _codes(regions),
        _codes(industries),
        values,
        advantage(values),
        present,
        near,
        close,
        ranked,
        fitness(present, rounds=_FITNESS_ROUNDS),
        outlook(present, near, close, ranked.pci),
    )


def _codes(names: npt.NDArray[np.object_]) -> tuple[str, ...]:
    return tuple(str(name) for name in names)
