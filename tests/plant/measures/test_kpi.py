from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import NotFound, Refused
from ballast.plant.measures.kpi import ELEMENTS, KPIS, Element, compute, kpi

E = Element
# A shift worked out by hand: 480 min planned, 60 min stopped, 20 min setup, 400 min producing;
# a piece is planned to take 2 min; 180 made, 171 good, 5 scrapped, 4 reworked.
SHIFT = {
    E.PBT: 480.0, E.APT: 400.0, E.AUST: 20.0, E.AUPT: 420.0, E.ADET: 60.0, E.AUBT: 480.0,
    E.AOET: 500.0, E.PRU: 2.0, E.PQ: 180.0, E.GQ: 171.0, E.SQ: 5.0, E.RQ: 4.0, E.GP: 171.0,
    E.IP: 180.0, E.EPC: 240.0, E.CMT: 45.0, E.PMT: 15.0,
}  # fmt: skip
BY_HAND = {
    "availability": 400 / 480,
    "effectiveness": 360 / 400,
    "quality_ratio": 171 / 180,
    "oee": 342 / 480,
    "nee": (420 / 480) * 0.9 * 0.95,
    "allocation_ratio": 480 / 500,
    "allocation_efficiency": 1.0,
    "utilization_efficiency": 400 / 480,
    "technical_efficiency": 400 / 460,
    "setup_rate": 20 / 420,
    "throughput_rate": 180 / 500,
    "production_process_ratio": 400 / 500,
    "scrap_ratio": 5 / 180,
    "rework_ratio": 4 / 180,
    "first_pass_yield": 171 / 180,
    "equipment_load_ratio": 180 / 240,
    "corrective_maintenance_ratio": 45 / 60,
}


@pytest.mark.parametrize("name", KPIS)
def test_each_indicator_of_a_shift_is_what_the_formula_gives_by_hand(name: str) -> None:
    assert float(compute(kpi(name), SHIFT)) == pytest.approx(BY_HAND[name], rel=1e-12)


@pytest.mark.parametrize(
    ("elements", "printed"),
    [
        # waycalculator.com, "Overall Equipment Effectiveness", example 1, minutes; it cuts OEE off.
        ((480.0, 420.0, 1.0, 400.0, 380.0), (0.875, 0.952, 0.95, 0.791)),
        # cncoptimization.com, "OEE guide": 480 less 60 planned, 42 broken down, 6 of 300 scrapped.
        ((420.0, 378.0, 1.0, 300.0, 294.0), (0.9, 0.794, 0.98, 0.70)),
    ],
)
def test_oee_is_the_one_of_worked_examples(
    elements: tuple[float, ...], printed: tuple[float, ...]
) -> None:
    known = dict(zip((E.PBT, E.APT, E.PRU, E.PQ, E.GQ), elements, strict=True))
    names = ("availability", "effectiveness", "quality_ratio", "oee")
    found = [float(compute(kpi(name), known)) for name in names]
    assert found == pytest.approx(printed, abs=7e-4)


def test_oee_is_availability_times_effectiveness_times_quality() -> None:
    product = math.prod(
        float(compute(kpi(name), SHIFT))
        for name in ("availability", "effectiveness", "quality_ratio")
    )
    assert float(compute(kpi("oee"), SHIFT)) == pytest.approx(product, rel=1e-12)


def test_many_machines_are_computed_at_once_and_one_without_a_denominator_is_undefined() -> None:
    found = compute(kpi("scrap_ratio"), {E.SQ: [1.0, 0.0, np.nan], E.PQ: [4.0, 0.0, 4.0]})
    assert found[0] == 0.25
    assert np.isnan(found[1:]).all()


def test_a_machine_may_run_faster_than_planned() -> None:
    assert kpi("effectiveness").most is None
    assert float(compute(kpi("effectiveness"), {E.PRU: 2, E.PQ: 30, E.APT: 50})) == 1.2


def test_a_missing_element_is_named() -> None:
    with pytest.raises(Refused, match="oee cannot be computed without PBT, PQ"):
        compute(kpi("oee"), {E.APT: 1, E.PRU: 1, E.GQ: 1})


def test_an_unknown_indicator_is_answered_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="availability"):
        kpi("speed")


def test_every_element_has_its_words() -> None:
    assert set(ELEMENTS) == set(Element)


share = st.floats(0, 1)


@given(share, share, share, st.floats(1, 1e6))
def test_shares_of_agreeing_records_stay_within_their_bounds(
    a: float, e: float, q: float, pbt: float
) -> None:
    apt = a * pbt
    pq = e * apt
    found = compute(kpi("oee"), {E.PBT: pbt, E.APT: apt, E.PRU: 1.0, E.PQ: pq, E.GQ: q * pq})
    assert math.isnan(float(found)) or -1e-9 <= float(found) <= 1 + 1e-9
