"""The three real inputs, by the commands of the README, to their known numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ballast.cli.app import run

IO_TABLES = ("2017_42", "2018_42", "2020_42", "2020_153")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    path = tmp_path_factory.mktemp("real") / "home"
    loads = [
        ["us-cbp", "clusters/us_cbp_2018.parquet"],
        ["porter-clusters", "clusters/porter_clusters_naics.csv"],
        ["china-census-employment", "regions/china_counties_2020_employment.csv",
         "regions/china_counties_2020_population.csv"],
        *(["china-io", f"io/china_{name}.csv"] for name in IO_TABLES),
    ]  # fmt: skip
    for recipe, *files in loads:
        paths = [str(shared_data / file) for file in files]
        assert run(["load", "--recipe", recipe, *paths, "--home", str(path)]) == 0
    return path


def asked(
    capsys: pytest.CaptureFixture[str], home: Path, *arguments: str
) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run([*arguments, "--home", str(home), "--format", "json"]) == 0
    rows: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return rows


@pytest.mark.parametrize(
    ("region", "cluster", "quotient", "persons"),
    [
        # US Census Bureau, County Business Patterns 2018; definitions of Delgado, Porter and
        # Stern; the numbers as the README of the data states them.
        ("Wichita, KS", "aerospace_vehicles_and_defense", 30.04, 25_705),
        ("Detroit", "automotive", 11.08, 95_759),
        ("Houston", "upstream_chemical_products", 8.62, 20_125),
    ],
)
def test_known_clusters_of_the_united_states_in_2018(
    region: str,
    cluster: str,
    quotient: float,
    persons: int,
    home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (row,) = asked(capsys, home, "clusters", "--region", region, "--cluster", cluster)
    assert round(float(str(row["location_quotient"])), 2) == quotient
    assert row["employment_persons"] == persons


def test_the_eight_counties_of_liaocheng_against_the_nation(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = asked(
        capsys, home, "measure", "location-quotient",
        "--where", "region=371500", "--where", "industry=C", "--period", "2020",
    )  # fmt: skip
    shares = {str(row["region"]): row["region_share"] for row in rows}
    # Shares of section C in the 2020 census, as the README of the data states them.
    assert shares == {
        "371502": 0.1432, "371503": 0.2536, "371521": 0.1391, "371522": 0.1010,
        "371524": 0.1388, "371525": 0.1764, "371526": 0.2071, "371581": 0.2761,
    }  # fmt: skip
    assert {row["basis"] for row in rows} == {"estimated"}
    assert rows[0]["region"] == "371581"


def test_four_input_output_tables_stand_with_their_identities_checked(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loads = asked(capsys, home, "loads")
    notes = [str(row["note"]) for row in loads if row["recipe"] == "china-io"]
    assert len(notes) == 4
    assert all("identities hold" in note for note in notes)


def test_a_changed_cell_of_an_input_output_table_is_refused_with_sector_and_amount(
    home: Path, tmp_path: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (shared_data / "io" / "china_2020_42.csv").read_text(encoding="utf-8")
    changed = tmp_path / "china_2020_42.csv"
    changed.write_text(text.replace("179170246.20290548", "179180246.20290548"), encoding="utf-8")
    capsys.readouterr()
    assert run(["load", "--recipe", "china-io", str(changed), "--home", str(home)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "01" in told.err
    assert "10,000" in told.err or "10000" in told.err
