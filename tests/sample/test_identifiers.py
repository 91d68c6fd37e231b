"""Identifiers of the sample: as many as asked for, plausible, the same for the same seed."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest

from ballast.sample.clusters import CLUSTERS
from ballast.sample.goods import GOODS, MACHINES
from ballast.sample.identifiers import COUNT, DAYS, NODE_PREFIX, Draw, Holder, Lines, draw, holders
from ballast.sample.months import SEED
from ballast.sample.names import codes
from ballast.sample.population import draw as draw_people
from ballast.sample.register import register
from ballast.sample.synthetic import NAME_MARK, SOURCE
from ballast.terms.handle import Handle

MONDAY = date(2026, 5, 4)
SOME = 60_000


@pytest.fixture(scope="module")
def who() -> tuple[Holder, ...]:
    people = draw_people(SEED, 2025)
    return holders(people, register(people, SEED))


@pytest.fixture(scope="module")
def found(who: tuple[Holder, ...]) -> Draw:
    return draw(who, SEED, MONDAY, SOME)


@pytest.fixture(scope="module")
def lines(found: Draw) -> list[dict[str, object]]:
    writer = Lines(found, MONDAY)
    whole = b"".join(piece for day in range(DAYS) for piece in writer.of_day(day))
    return [json.loads(line) for line in whole.splitlines()]


def test_every_member_of_the_ten_clusters_has_one_prefix_of_the_node(
    who: tuple[Holder, ...],
) -> None:
    assert len(who) > 900
    assert {one.cluster for one in who} == {cluster.key for cluster in CLUSTERS}
    assert len({one.prefix for one in who}) == len({one.uscc for one in who}) == len(who)
    assert all(one.prefix.startswith(f"{NODE_PREFIX}.") for one in who)
    assert all(one.name.endswith(NAME_MARK) for one in who)


def test_there_are_exactly_as_many_as_asked_for_and_none_twice(
    lines: list[dict[str, object]],
) -> None:
    handles = [str(line["handle"]) for line in lines]
    assert len(handles) == SOME
    assert len({handle.lower() for handle in handles}) == SOME
    for handle in handles[:: SOME // 500]:
        Handle.parse(handle)


def test_the_sample_has_two_hundred_thousand(who: tuple[Holder, ...]) -> None:
    assert len(draw(who, SEED, MONDAY)) == COUNT == 200_000


def test_each_record_says_in_itself_that_it_is_synthetic(lines: list[dict[str, object]]) -> None:
    for line in lines[:: SOME // 2000]:
        values = {v["type"]: v["data"] for v in line["values"]}  # type: ignore[attr-defined]
        assert values["SOURCE"] == SOURCE
        assert values["ENTERPRISE"].endswith(NAME_MARK)
        assert values["URL"].startswith("https://example.com/")
        assert values["NAME"]
        assert values["NAME_EN"].isascii()


def test_values_come_by_index_so_that_loading_is_quick(lines: list[dict[str, object]]) -> None:
    for line in lines[:: SOME // 2000]:
        indexes = [v["index"] for v in line["values"]]  # type: ignore[attr-defined]
        assert indexes == sorted(set(indexes))


def test_products_come_before_their_batches_and_machines_have_serials(found: Draw) -> None:
    product, batch, machine = (found.kind == kind for kind in range(3))
    assert found.day[product].max() < found.day[batch].min()
    assert Counter(found.kind.tolist()).keys() == {0, 1, 2}
    assert product.sum() > 3000
    assert machine.sum() > 3000
    models = {(h, m) for h, m in zip(found.holder[product], found.model[product], strict=True)}
    batches = zip(found.holder[batch].tolist(), found.model[batch].tolist(), strict=True)
    assert all(pair in models for pair in set(batches))


def test_the_larger_name_more_and_weekends_are_quiet(found: Draw) -> None:
    by_holder = np.bincount(found.holder)
    assert by_holder[0] > by_holder[len(by_holder) // 2] > by_holder[-1] >= 12
    batches = np.bincount(found.day[found.kind == 1], minlength=DAYS)
    weekend = [n for n in range(2, DAYS) if (MONDAY + timedelta(days=n)).weekday() >= 5]
    working = [n for n in range(2, DAYS) if n not in weekend]
    assert batches[weekend].mean() < 0.6 * batches[working].mean()


def test_fresh_food_expires_and_steel_does_not(lines: list[dict[str, object]]) -> None:
    expiring = [line for line in lines if "expires" in line]
    names = {str(line["values"][1]["data"]) for line in expiring}  # type: ignore[index]
    assert {"冷却鸡肉", "口服液"} <= names
    assert "无缝钢管" not in names
    soon = (MONDAY + timedelta(days=DAYS)).isoformat()
    assert 50 < sum(str(line["expires"]) < soon for line in expiring) < 5000


def test_the_same_seed_and_day_give_the_same_and_others_do_not(who: tuple[Holder, ...]) -> None:
    one, same = (draw(who, 1, MONDAY, 20_000) for _ in range(2))
    other = draw(who, 2, MONDAY, 20_000)
    assert all(
        np.array_equal(getattr(one, name), getattr(same, name))
        for name in ("holder", "kind", "model", "number", "day")
    )
    assert not np.array_equal(one.day, other.day)


def test_the_handle_of_a_place_is_the_one_that_is_written(
    found: Draw, lines: list[dict[str, object]]
) -> None:
    writer = Lines(found, MONDAY)
    for at in (0, SOME // 2, SOME - 1):
        assert writer.handle(at) == lines[at]["handle"]


def test_every_cluster_has_goods_and_as_many_kinds_of_machines_as_the_others() -> None:
    keys = {cluster.key for cluster in CLUSTERS}
    assert GOODS.keys() == MACHINES.keys() == keys
    assert {len(machines) for machines in MACHINES.values()} == {2}


@pytest.mark.parametrize("count", [1000, 1001, 54_321])
def test_shares_add_up_to_any_count(count: int) -> None:
    uscc = codes(["371503"] * 20, np.random.default_rng(1))
    few = tuple(
        Holder(f"{NODE_PREFIX}.{n}", code, "样", "", CLUSTERS[0].key, "3451", float(n + 1))
        for n, code in enumerate(uscc)
    )
    assert len(draw(few, 1, MONDAY, count)) == count
