"""ECI and PCI: identities, the package ecomplexity on one table, and data without an answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ecomplexity import ecomplexity
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ballast.brain.complexity.indices import complexity
from ballast.brain.complexity.presence import Bools, Floats, presence, rectangle
from ballast.brain.complexity.space import density, outlook, proximity
from ballast.errors import Undefined


def nested(random: np.random.Generator, places: int, industries: int) -> Bools:
    """Return a matrix in which rich places do nearly all and poor ones the common things."""
    reach = np.sort(random.uniform(0.15, 0.95, places))[::-1]
    ease = np.sort(random.uniform(0.05, 1, industries))[::-1]
    found = random.uniform(size=(places, industries)) < reach[:, None] * ease * 1.5
    found[:, 0] = found[0] = True  # nothing falls apart
    return np.asarray(found)


@given(st.integers(0, 2**32 - 1), st.integers(5, 30), st.integers(5, 30))
@settings(deadline=None)
def test_a_places_complexity_is_the_mean_of_what_is_present_there(
    seed: int, places: int, industries: int
) -> None:
    present = nested(np.random.default_rng(seed), places, industries)
    try:
        found = complexity(present)
    except Undefined:  # a small matrix now and then ranks nothing
        assume(False)
    mean = (present @ found.pci) / present.sum(axis=1)
    np.testing.assert_allclose(found.eci, mean, atol=1e-7)
    assert found.eci.mean() == pytest.approx(0, abs=1e-9)
    assert found.eci.std() == pytest.approx(1)
    assert np.corrcoef(found.eci, found.diversity)[0, 1] > 0


def test_the_order_of_places_and_products_changes_nothing() -> None:
    random = np.random.default_rng(5)
    present = nested(random, 20, 35)
    rows, columns = random.permutation(20), random.permutation(35)
    found, mixed = complexity(present), complexity(present[np.ix_(rows, columns)])
    np.testing.assert_allclose(found.eci[rows], mixed.eci, atol=1e-9)
    np.testing.assert_allclose(found.pci[columns], mixed.pci, atol=1e-9)


@pytest.mark.filterwarnings("ignore")  # the package's own
def test_it_agrees_with_the_package_ecomplexity_on_the_same_long_table() -> None:
    random = np.random.default_rng(2026)
    places, industries = 40, 60
    size = nested(random, places, industries) * random.lognormal(3, 1, (places, industries))
    place, industry = np.nonzero(size)
    long = pd.DataFrame(
        {
            "year": 2020,
            "place": [f"p{number:02}" for number in place],
            "industry": [f"i{number:02}" for number in industry],
            "value": size[place, industry],
        }
    )
    columns = {"time": "year", "loc": "place", "prod": "industry", "val": "value"}
    theirs = ecomplexity(long, columns, check_logsupermodularity=False, verbose=False)
    theirs = theirs.sort_values(["place", "industry"])

    rows, names, values = rectangle(long["place"], long["industry"], long["value"])
    present = presence(values)
    ours = complexity(present)
    shape = (len(rows), len(names))
    near = proximity(present)
    close = density(present, near)

    def grid(name: str) -> Floats:
        return np.asarray(theirs[name], dtype=np.float64).reshape(shape)

    np.testing.assert_allclose(ours.eci, grid("eci")[:, 0], atol=1e-9)
    np.testing.assert_allclose(ours.pci, grid("pci")[0], atol=1e-9)
    np.testing.assert_allclose(close, grid("density"), atol=1e-9)
    # The package takes the eigenvector as it comes for its outlook, not the PCI that it returns:
    # its zero lies elsewhere, so that the same absent product adds there and takes away here.
    centre = (ours.ubiquity @ ours.pci) / ours.ubiquity.sum()
    found = outlook(present, near, close, ours.pci - centre)
    standard = (found.outlook - found.outlook.mean()) / found.outlook.std()
    np.testing.assert_allclose(standard, grid("coi")[:, 0], atol=1e-9)
    np.testing.assert_allclose(found.gain, grid("cog"), atol=1e-9)


def test_a_place_without_an_industry_has_no_complexity_and_disturbs_no_other() -> None:
    present = nested(np.random.default_rng(1), 12, 14)
    wider = np.pad(present, ((0, 1), (0, 2)))
    found = complexity(wider)
    assert np.isnan(found.eci[12])
    assert np.isnan(found.pci[14:]).all()
    np.testing.assert_allclose(found.eci[:12], complexity(present).eci, atol=1e-12)


@pytest.mark.parametrize(
    ("present", "why"),
    [
        (np.ones((2, 9), dtype=bool), "at least three"),
        (np.zeros((9, 9), dtype=bool), "at least three"),
        (np.kron(np.eye(2), np.triu(np.ones((4, 4)))).astype(bool), "groups"),
        (np.ones((5, 6), dtype=bool), "equally well"),
    ],
)
def test_data_that_rank_nothing_have_no_complexity(present: Bools, why: str) -> None:
    with pytest.raises(Undefined, match=why):
        complexity(present)


def test_where_all_places_have_equally_many_industries_the_sign_is_undefined() -> None:
    ring = np.zeros((7, 9), dtype=bool)
    for place in range(7):
        ring[place, [place, place + 1, place + 2]] = True
    with pytest.raises(Undefined, match="no sign"):
        complexity(ring)
