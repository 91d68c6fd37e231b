"""Employment of Chinese counties: shares as published, counts as marked estimates."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from ballast.errors import RefusedRows, WrongColumns, WrongUsage
from ballast.lake.recipes import RecipeFrames
from ballast.lake.recipes.china_census import (
    CHINA_CENSUS_EMPLOYMENT,
    EMPLOYMENT,
    LAST_DAY,
    POPULATION,
    SECTIONS,
)
from ballast.terms import region

LIAOCHENG = {
    "371502": 0.1432,
    "371503": 0.2536,
    "371521": 0.1391,
    "371522": 0.1010,
    "371524": 0.1388,
    "371525": 0.1764,
    "371526": 0.2071,
    "371581": 0.2761,
}
PUBLISHED_EMPLOYED = 750_640_000


def county(code: str, name: str, share: str = "0.05", sections: str = "".join(SECTIONS)) -> str:
    return "".join(f"{code},{name},{section},{share}\n" for section in sections)


def shares(tmp_path: Path, *counties: str) -> Path:
    path = tmp_path / "employment.csv"
    path.write_text(",".join(EMPLOYMENT) + "\n" + "".join(counties), encoding="utf-8")
    return path


def population(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "population.csv"
    path.write_text(",".join(POPULATION) + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def files(shared_data: Path) -> list[Path]:
    stem = shared_data / "regions"
    return [
        stem / "china_counties_2020_employment.csv",
        stem / "china_counties_2020_population.csv",
    ]


@pytest.fixture(scope="module")
def real(files: list[Path]) -> RecipeFrames:
    return CHINA_CENSUS_EMPLOYMENT.read(files, {})


def test_all_counties_are_loaded_with_all_sections(real: RecipeFrames) -> None:
    rows = real.frames["region_industry"]
    assert (rows.height, rows["region"].n_unique()) == (59_720, 2_986)
    assert rows["period"].unique().to_list() == ["2020"]
    assert rows["basis"].unique().to_list() == ["estimated"]
    assert "4 units of the population file have no shares" in real.note
    assert "350527, 460301, 460302, 460303" in real.note


def test_shares_are_those_of_the_publication(real: RecipeFrames) -> None:
    rows = real.frames["region_industry"].filter(pl.col("industry") == "C")
    found = rows.filter(pl.col("region").is_in(list(LIAOCHENG)))
    assert dict(found.select("region", "employment_share").iter_rows()) == LIAOCHENG


def test_every_code_called_gb2260_is_in_force_in_2020_and_the_others_are_kept_apart(
    real: RecipeFrames,
) -> None:
    rows = real.frames["region_industry"].select("region_scheme", "region").unique()
    schemes = dict(rows["region_scheme"].value_counts().iter_rows())
    assert schemes == {"gb2260": 2_850, "ext": 136}
    national = rows.filter(pl.col("region_scheme") == "gb2260")["region"]
    assert all(region.valid_on(code, LAST_DAY) for code in national)
    assert "134 development zones" in real.note
    assert "2 unit(s) whose codes GB/T 2260 does not have in 2020 (320611" in real.note


def test_every_extension_has_a_name_a_kind_and_a_parent_in_force(real: RecipeFrames) -> None:
    extensions = real.frames["region"]
    rows = real.frames["region_industry"].filter(pl.col("region_scheme") == "ext")
    assert set(extensions["region"]) == set(rows["region"])
    assert all(region.valid_on(code, LAST_DAY) for code in extensions["parent"])
    zone = extensions.filter(pl.col("region") == "130171").row(0, named=True)
    assert zone == {
        "region_scheme": "ext",
        "region": "130171",
        "name": "石家庄高新技术产业开发区",
        "parent": "130100",
        "region_kind": "开发区等统计单元",
    }
    others = extensions.filter(pl.col("region").str.slice(4, 1) != "7")
    assert dict(others.select("region", "region_kind").iter_rows()) == {
        "320611": "县级单位",
        "632857": "县级单位",
    }


def test_the_estimated_total_is_a_tenth_below_the_published_number_employed(
    real: RecipeFrames,
) -> None:
    # 75,064 ten thousand at the end of 2020: Statistical Communiqué of the PRC on the 2020
    # National Economic and Social Development. The census long form finds fewer employed.
    total = real.frames["region_industry"]["employment_persons"].sum()
    assert total / PUBLISHED_EMPLOYED - 1 == pytest.approx(-0.106, abs=0.001)


def test_counts_of_a_county_give_its_shares_again(real: RecipeFrames) -> None:
    # 莘县: 930,370 residents, half a person of rounding in each of 20 sections.
    rows = real.frames["region_industry"].filter(pl.col("region") == "371522")
    persons = rows["employment_persons"]
    again = persons / persons.sum() - rows["employment_share"] / rows["employment_share"].sum()
    assert (again.abs() < 20 / 400_000).all()


def test_the_files_may_come_in_either_order(files: list[Path], real: RecipeFrames) -> None:
    turned = CHINA_CENSUS_EMPLOYMENT.read(files[::-1], {})
    for name, frame in real.frames.items():
        assert frame.equals(turned.frames[name])


def test_without_population_there_are_shares_and_no_counts(tmp_path: Path) -> None:
    path = shares(tmp_path, county("371502", "东昌府区"))
    read = CHINA_CENSUS_EMPLOYMENT.read([path], {})
    rows = read.frames["region_industry"]
    assert rows["employment_persons"].null_count() == rows["basis"].null_count() == 20
    assert rows["employment_share"].to_list() == [0.05] * 20
    assert "shares alone, and no counts" in read.note


def test_a_count_is_population_times_age_share_times_ratio_times_share(tmp_path: Path) -> None:
    paths = [
        shares(tmp_path, county("371502", "东昌府区"), county("371503", "茌平区")),
        population(tmp_path, "371502,东昌府区,100000,as_in_source,0.6", "371503,茌平区,,,"),
    ]
    read = CHINA_CENSUS_EMPLOYMENT.read(paths, {})
    rows = read.frames["region_industry"]
    assert set(rows.filter(pl.col("region") == "371502")["employment_persons"]) == {2462}
    unknown = rows.filter(pl.col("region") == "371503")
    assert unknown["employment_persons"].null_count() == unknown["basis"].null_count() == 20
    assert "1 of the counties lack the population" in read.note


def test_a_code_of_2019_is_not_lost_but_kept_apart(tmp_path: Path) -> None:
    frames = CHINA_CENSUS_EMPLOYMENT.read([shares(tmp_path, county("371523", "茌平县"))], {}).frames
    assert frames["region"].select("region_scheme", "region", "name", "parent").rows() == [
        ("ext", "371523", "茌平县", "371500")
    ]
    assert frames["region_industry"]["region_scheme"].unique().to_list() == ["ext"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (county("371502", "甲", "0.04"), "371502 甲 has 20 of 20 .* add up to 0.8000"),
        (county("371502", "甲", "0.06"), "shares that add up to 1.2000"),
        (county("371502", "甲", sections="ABC"), "has 3 of 20 sections"),
        (county("371502", "甲") + "371502,甲,A,0.05\n", "row 22: 371502 A stands in the file a"),
        (county("37150", "甲"), "row 2: 37150 is not a county code"),
        ("371502,甲,A,1.5\n", "row 2: section A with the share 1.5"),
        ("371502,甲,A,-0.1\n", "row 2: section A with the share -0.1"),
        ("371502,甲,U,0.5\n", "row 2: section U"),
        ("371502,甲,A,many\n", "row 2, column employment_share: 'many' is not a number"),
        ("371502,甲,A\n", "row 2, column employment_share: the cell is empty"),
    ],
)
def test_shares_that_cannot_be_right_are_refused(rows: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedRows, match=said):
        CHINA_CENSUS_EMPLOYMENT.read([shares(tmp_path, rows)], {})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("371502,甲,1.5,as_in_source,0.6", "row 2, column population_persons: '1.5' is not a co"),
        ("371502,甲,100,as_in_source,60", "county 371502 has an employment ratio of 60.0; give"),
        ("371502,,100,as_in_source,0.6", "row 2, column county_name: the cell is empty"),
    ],
)
def test_population_that_cannot_be_right_is_refused(line: str, said: str, tmp_path: Path) -> None:
    paths = [population(tmp_path, line), shares(tmp_path, county("371502", "甲"))]
    with pytest.raises(RefusedRows, match=said):
        CHINA_CENSUS_EMPLOYMENT.read(paths, {})


def test_the_shares_must_be_given_once(tmp_path: Path) -> None:
    one = shares(tmp_path, county("371502", "甲"))
    with pytest.raises(WrongUsage, match="here the shares come 2 times"):
        CHINA_CENSUS_EMPLOYMENT.read([one, one], {})
    with pytest.raises(WrongUsage, match="here the shares come 0 times"):
        CHINA_CENSUS_EMPLOYMENT.read([population(tmp_path, "371502,甲,1,as_in_source,0.6")], {})


def test_a_file_that_is_neither_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("county_code,share\n371502,0.1\n", encoding="utf-8")
    with pytest.raises(WrongColumns, match="missing: county_name, section, employment_share; unk"):
        CHINA_CENSUS_EMPLOYMENT.read([path], {})
