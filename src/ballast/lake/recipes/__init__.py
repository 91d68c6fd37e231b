"""Recipes: ``load --recipe NAME FILE…`` turns a known kind of file into tables of the lake.

Every recipe stands in ``RECIPES``; command line and reference page are read
from there. A table in a layout of one's own needs no recipe: it is loaded
with ``--map``.
"""

from __future__ import annotations

from ballast.errors import WrongUsage
from ballast.lake.recipes.china_census import CHINA_CENSUS_EMPLOYMENT
from ballast.lake.recipes.china_io import CHINA_IO
from ballast.lake.recipes.porter_clusters import PORTER_CLUSTERS
from ballast.lake.recipes.recipe import Recipe, RecipeFrames
from ballast.lake.recipes.steel_energy import STEEL_ENERGY
from ballast.lake.recipes.us_cbp import US_CBP

__all__ = ["RECIPES", "Recipe", "RecipeFrames", "find_recipe"]

RECIPES: dict[str, Recipe] = {
    r.name: r for r in (US_CBP, PORTER_CLUSTERS, CHINA_CENSUS_EMPLOYMENT, CHINA_IO, STEEL_ENERGY)
}


def find_recipe(name: str) -> Recipe:
    """Return the recipe of a name.

    Raises
    ------
    WrongUsage
        If there is none of that name; the message lists those there are.
    """
    try:
        return RECIPES[name]
    except KeyError:
        raise WrongUsage(
            "there is no recipe {name}; there are: {known}", name=name, known=", ".join(RECIPES)
        ) from None
