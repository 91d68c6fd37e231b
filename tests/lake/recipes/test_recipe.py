"""The registry of recipes, and what every recipe has in common."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from ballast.errors import UnreadableFile, WrongUsage
from ballast.lake.recipes import RECIPES, Recipe, RecipeFrames, find_recipe
from ballast.lake.tables import table
from ballast.terms.label import Label
from ballast.words import Sentence, catalogue


def a_recipe(**changed: object) -> Recipe:
    given: dict[str, object] = {
        "name": "made",
        "label": Label("自制", "made"),
        "meaning": Label("自制", "made"),
        "files": (Label("甲", "first"), Label("乙", "second")),
        "options": {"level": Label("层级", "level")},
        "tables": ("region",),
        "reader": lambda paths, options: RecipeFrames({}, ()),
        **changed,
    }
    return Recipe(**given)  # type: ignore[arg-type]


def test_the_recipes_are_there_under_their_names() -> None:
    assert list(RECIPES) == [
        "us-cbp",
        "porter-clusters",
        "china-census-employment",
        "china-io",
        "uci-steel-energy",
    ]
    assert all(name == recipe.name for name, recipe in RECIPES.items())
    assert find_recipe("us-cbp") is RECIPES["us-cbp"]


def test_an_unknown_recipe_is_refused_naming_those_there_are() -> None:
    with pytest.raises(WrongUsage, match="there is no recipe cbp; there are: us-cbp, porter"):
        find_recipe("cbp")


def test_an_unknown_option_is_refused_naming_those_there_are() -> None:
    with pytest.raises(WrongUsage, match="no option depth; it has: level"):
        a_recipe().read([Path("a"), Path("b")], {"depth": "3"})


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_wrong_number_of_files_is_refused_naming_the_files(count: int) -> None:
    with pytest.raises(WrongUsage, match=rf"reads 2 file\(s\), {count} given.*first.*second"):
        a_recipe().read([Path("x")] * count, {})


def test_a_file_that_may_be_left_out_may_be_left_out() -> None:
    assert a_recipe(fewest_files=1).read([Path("a")], {}).frames == {}
    with pytest.raises(WrongUsage, match="reads 1–2 file"):
        a_recipe(fewest_files=1).read([], {})


def test_a_recipe_of_an_unknown_table_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="no table regions"):
        a_recipe(tables=("regions",))


def test_every_recipe_says_what_it_is_in_both_languages() -> None:
    for recipe in RECIPES.values():
        labels = [recipe.label, recipe.meaning, *recipe.files, *recipe.options.values()]
        assert all(label.zh and label.en and label.zh != label.en for label in labels)


def test_a_note_is_said_in_the_language_asked_for() -> None:
    template = "The file of population was not given: there are shares alone, and no counts."
    frames = RecipeFrames({}, (Sentence(template), Sentence(template)))
    assert frames.note == f"{template} {template}"
    assert frames.note_in("zh") == catalogue()[template] * 2


@pytest.mark.parametrize("name", list(RECIPES))
def test_a_missing_file_is_refused_with_its_path(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"nowhere_2020.*there is no such file"):
        RECIPES[name].read([tmp_path / "nowhere_2020"], {})


@pytest.mark.parametrize("name", list(RECIPES))
def test_an_empty_file_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "empty_2020"
    path.write_bytes(b"")
    with pytest.raises(UnreadableFile, match="empty_2020"):
        RECIPES[name].read([path], {})


@pytest.mark.parametrize("name", list(RECIPES))
def test_a_folder_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "folder_2020"
    path.mkdir()
    with pytest.raises(UnreadableFile, match=r"folder_2020.*cannot be opened"):
        RECIPES[name].read([path], {})


FILES = {
    "uci-steel-energy": ["telemetry/steel_energy.csv"],
    "us-cbp": ["clusters/us_cbp_2018.parquet"],
    "porter-clusters": ["clusters/porter_clusters_naics.csv"],
    "china-census-employment": [
        "regions/china_counties_2020_employment.csv",
        "regions/china_counties_2020_population.csv",
    ],
    "china-io": ["io/china_2020_42.csv"],
}


@pytest.mark.parametrize("name", list(RECIPES))
def test_frames_have_declared_columns_types_and_unique_filled_keys(
    name: str, shared_data: Path
) -> None:
    recipe = RECIPES[name]
    frames = recipe.read([shared_data / file for file in FILES[name]], {}).frames
    assert tuple(frames) == recipe.tables
    for table_name, frame in frames.items():
        declared = table(table_name)
        wanted = pl.DataFrame(declared.arrow_schema.empty_table()).schema
        assert {c: frame.schema[c] for c in frame.columns} == {c: wanted[c] for c in frame.columns}
        required = [c.name for c in declared if c.required and c.default is None]
        assert set(required) <= set(frame.columns)
        assert sum(frame.select(required).null_count().row(0)) == 0
        key = [c for c in declared.key if c in frame.columns]
        assert frame.select(key).is_unique().all()
        for column in declared:
            if column.choices and column.name in frame.columns:
                allowed = {choice.value for choice in column.choices}
                assert set(frame[column.name].drop_nulls().unique()) <= allowed
