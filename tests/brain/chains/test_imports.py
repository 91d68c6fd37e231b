"""Import content: the published figures of China, and the identity that a balanced table keeps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.chains.imports import import_content, imported_use, vertical_specialisation
from ballast.brain.chains.leontief import inverses
from ballast.brain.chains.table import Floats
from ballast.errors import Undefined

from .tables import china, made


@pytest.mark.parametrize(("year", "share"), [(2017, 0.210), (2018, 0.213), (2020, 0.195)])
def test_the_vertical_specialisation_of_china_is_the_known_one(
    shared_data: Path, year: int, share: float
) -> None:
    """Source: the figures that the indicators' page of the design names; 2018 is 0.2125 here."""
    table, _ = china(shared_data / "io" / f"china_{year}_42.csv")
    assert vertical_specialisation(inverses(table)) == pytest.approx(share, abs=0.00051)


@pytest.mark.parametrize(
    ("sector", "share"),
    [
        ("金属冶炼和压延加工品", 0.236),
        ("通用设备", 0.171),
        ("电气机械和器材", 0.211),
        ("通信设备、计算机和其他电子设备", 0.430),
    ],
)
def test_the_import_content_of_chinas_output_is_the_known_one(
    shared_data: Path, sector: str, share: float
) -> None:
    """Source: as above, China 2020 in 42 sectors."""
    table, names = china(shared_data / "io" / "china_2020_42.csv")
    found = import_content(inverses(table))
    assert found.total[names.index(sector)] == pytest.approx(share, abs=0.0006)
    np.testing.assert_allclose(found.total + found.domestic, 1, atol=1e-12)


@given(st.integers(0, 2**32 - 1), st.integers(1, 10))
def test_what_is_not_imported_is_value_added_at_home(seed: int, sectors: int) -> None:
    found = import_content(inverses(made(np.random.default_rng(seed), sectors)))
    np.testing.assert_allclose(found.total + found.domestic, 1, atol=1e-9)
    np.testing.assert_allclose(found.by_product.sum(axis=0), found.total)
    assert (found.total >= found.direct - 1e-12).all()


def test_a_table_that_tells_no_imports_apart_has_no_import_content() -> None:
    table = replace(made(np.random.default_rng(1), 3), imported=None)
    with pytest.raises(Undefined, match="non-competitive"):
        import_content(inverses(table))


@pytest.mark.parametrize("exports", [None, np.zeros(3)])
def test_without_exports_their_import_content_is_undefined(exports: Floats | None) -> None:
    table = replace(made(np.random.default_rng(1), 3), exports=exports)
    with pytest.raises(Undefined, match="no exports"):
        vertical_specialisation(inverses(table))


def test_the_share_of_a_product_that_is_imported_is_a_ratio_of_sums() -> None:
    table = made(np.random.default_rng(5), 4)
    assert table.imported is not None
    found = imported_use(table)
    whole = table.flows + table.imported
    for product in range(4):
        assert found[product] == pytest.approx(table.imported[product].sum() / whole[product].sum())
    unused = replace(
        table,
        flows=table.flows * [[0], [1], [1], [1]],
        imported=table.imported * [[0], [1], [1], [1]],
    )
    assert np.isnan(imported_use(unused)[0])
    with pytest.raises(Undefined, match="does not tell imported products"):
        imported_use(replace(table, imported=None))
