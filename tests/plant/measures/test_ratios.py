from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ballast.plant.measures.ratios import defined, ratio

finite = st.floats(-1e9, 1e9, allow_nan=False)


@given(finite, finite)
def test_a_quotient_is_that_of_python_or_undefined(top: float, bottom: float) -> None:
    found = float(ratio(top, bottom))
    exact = math.nan if bottom == 0 else top / bottom
    assert math.isnan(found) if not math.isfinite(exact) else found == exact


def test_what_is_unknown_stays_unknown() -> None:
    assert np.isnan(ratio([np.nan, 1.0], [1.0, np.nan])).all()


def test_a_number_without_a_finite_value_is_no_number() -> None:
    assert defined(np.inf) is None
    assert defined(np.nan) is None
    assert defined(0.0) == 0.0
