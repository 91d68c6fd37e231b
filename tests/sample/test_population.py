from __future__ import annotations

import numpy as np
import pytest

from ballast.sample.clusters import CLUSTERS, is_member
from ballast.sample.population import NO_CLUSTER, draw, groups_present


@pytest.mark.parametrize("seed", [1, 2, 3, 20260601])
def test_the_shape_holds_for_every_seed(seed: int) -> None:
    people = draw(seed, 2025)
    above = slice(0, people.above)
    assert len({code[:3] for code in people.industry_class[above]}) == 137
    assert len(set(people.division[above])) == 32
    anchored = {code[:3] for code in people.industry_class[people.anchor]}
    assert anchored == {group for groups in groups_present().values() for group in groups}
    for index, cluster in enumerate(CLUSTERS):
        own = people.cluster == index
        assert own.sum() == cluster.firms
        assert people.revenue[own].sum() / 1e4 == pytest.approx(cluster.revenue_1e8_cny)


def test_only_its_members_count_to_a_cluster() -> None:
    people = draw(20260601, 2025)
    for at in range(people.above):
        code, county, zone = people.industry_class[at], people.county[at], people.zone[at]
        found = [
            index
            for index, cluster in enumerate(CLUSTERS)
            if is_member(cluster, str(code), str(county), str(zone))
        ]
        own = int(people.cluster[at])
        assert found == ([] if own == NO_CLUSTER else [own])


def test_the_valve_maker_is_in_no_cluster_and_no_zone() -> None:
    people = draw(20260601, 2025)
    at = people.valve
    assert (people.industry_class[at], people.county[at], people.zone[at]) == (
        "3443",
        "371502",
        "",
    )
    assert people.cluster[at] == NO_CLUSTER
    assert people.closed_year[at] == 0


def test_sizes_are_skewed_as_enterprises_are() -> None:
    people = draw(20260601, 2025)
    revenue = np.sort(people.revenue[: people.above])[::-1]
    top_tenth = revenue[: len(revenue) // 10].sum() / revenue.sum()
    assert 0.5 < top_tenth < 0.9
