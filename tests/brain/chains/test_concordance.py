"""The concordance: every industrial class once, no sector without one, names that agree."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ballast.brain.chains import concordance
from ballast.brain.chains.concordance import sector_of, sectors_by_class
from ballast.errors import NotFound
from ballast.terms.industry import exists
from ballast.terms.scheme import IndustryScheme

from .tables import china

SCHEMES = {IndustryScheme.IO42_2020: (2, 26), IndustryScheme.IO153_2020: (6, 102)}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_of_the_666_industrial_classes_has_one_sector_and_each_sector_a_class(
    scheme: IndustryScheme, shared_data: Path
) -> None:
    found = sectors_by_class(scheme)
    with (shared_data / "classification" / "gbt4754_2017.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == "class"]
    industrial = {row["code"] for row in rows if "06" <= row["code"][:2] <= "46"}
    assert len(industrial) == 666
    assert set(found) == industrial
    first, last = SCHEMES[scheme]
    width = 2 if scheme is IndustryScheme.IO42_2020 else 3
    assert set(found.values()) == {f"{number:0{width}}" for number in range(first, last + 1)}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_prefix_stands_in_one_sector_and_is_a_code(scheme: IndustryScheme) -> None:
    prefixes = [p for each in concordance._COVERED[scheme].values() for p in each.split()]
    assert len(set(prefixes)) == len(prefixes)
    assert all(exists(prefix) for prefix in prefixes)


def test_a_sector_of_153_lies_in_one_sector_of_42() -> None:
    """The two tables are of one nation and one year: the finer is a division of the coarser."""
    coarse = sectors_by_class(IndustryScheme.IO42_2020)
    fine = sectors_by_class(IndustryScheme.IO153_2020)
    pairs = {(fine[code], coarse[code]) for code in fine}
    assert len(pairs) == len({sector for sector, _ in pairs})


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("3443", "泵、阀门、压缩机及类似机械"),
        ("3252", "有色金属压延加工品"),
        ("3130", "钢压延产品"),
        ("3670", "汽车零部件及配件"),
        ("1371", "蔬菜、水果、坚果和其他农副食品加工品"),
    ],
)
def test_a_class_stands_in_the_sector_that_bears_its_name(
    code: str, name: str, shared_data: Path
) -> None:
    table, names = china(shared_data / "io" / "china_2020_153.csv")
    sector = sector_of(code, IndustryScheme.IO153_2020)
    assert names[table.sectors.index(sector)] == name


def test_what_is_no_industrial_class_or_no_known_scheme_is_not_found() -> None:
    with pytest.raises(NotFound, match="0111"):
        sector_of("0111", IndustryScheme.IO42_2020)
    with pytest.raises(NotFound, match="io42-2020"):
        sectors_by_class(IndustryScheme.NAICS_2017)
