from __future__ import annotations

from typing import Any

import pytest

from ballast.brain.chains.product_chain import chain_book, find_chain, product_chains
from ballast.errors import NotFound, Refused


def row(stage: str, feeds: str | None = None, **more: Any) -> dict[str, Any]:
    plain = {
        "chain": "pipe", "chain_zh": "钢管", "chain_en": "Steel pipe", "cluster": None,
        "stage": stage, "product_zh": stage, "product_en": None, "feeds": feeds,
        "industry_scheme": "gbt4754-2017", "industry": "3130", "import_dependent": False,
        "import_basis": None,
    }  # fmt: skip
    return plain | more


def test_whoever_takes_a_product_stands_behind_it() -> None:
    [chain] = product_chains([row("use"), row("pipe", "use"), row("steel", "pipe;use")])
    assert [stage.key for stage in chain.stages] == ["steel", "pipe", "use"]
    assert chain.step == {"steel": 0, "pipe": 1, "use": 2}
    assert set(chain.edges) == {("steel", "pipe"), ("steel", "use"), ("pipe", "use")}
    assert chain.downstream("steel") == {"pipe", "use"}
    assert chain.downstream("use") == frozenset()


def test_the_rows_of_a_stage_are_one_stage_with_several_industries() -> None:
    rows = [row("pipe", industry="3130"), row("pipe", industry="3352", product_en="pipe")]
    [chain] = product_chains(rows)
    [stage] = chain.stages
    assert stage.industries == (("gbt4754-2017", "3130"), ("gbt4754-2017", "3352"))
    assert stage.label.en == "pipe"


def test_a_product_without_an_english_name_is_called_by_its_chinese_one() -> None:
    [chain] = product_chains([row("钢管")])
    assert chain.stages[0].label.en == "钢管"


def test_rows_that_disagree_on_their_stage_are_refused_by_name() -> None:
    with pytest.raises(Refused, match="stage pipe: its rows disagree on import_dependent"):
        product_chains([row("pipe"), row("pipe", industry="3352", import_dependent=True)])
    with pytest.raises(Refused, match="disagree on chain_zh"):
        product_chains([row("pipe"), row("use", chain_zh="管")])


@pytest.mark.parametrize("taker", ["nowhere", "pipe"])
def test_a_stage_that_feeds_itself_or_nobody_known_is_refused(taker: str) -> None:
    with pytest.raises(Refused, match=f"stage pipe: it feeds {taker}"):
        product_chains([row("pipe", taker)])


def test_products_that_go_around_in_a_circle_are_refused_with_the_circle() -> None:
    with pytest.raises(Refused, match=r"circle .*a.*b"):
        product_chains([row("a", "b"), row("b", "a")])


def test_chains_come_by_key_and_are_found_by_key_name_or_a_part_no_other_has() -> None:
    rows = [row("a"), row("a", chain="bearings", chain_zh="轴承", chain_en="Bearings")]
    chains = product_chains(rows)
    assert [chain.key for chain in chains] == ["bearings", "pipe"]
    for asked in ("pipe", "钢管", "steel", " Steel pipe "):
        found = find_chain(chains, asked)
        assert found is not None
        assert found.key == "pipe"
    assert find_chain(chains, "e") is None  # in both names
    assert find_chain(chains, "") is None


def test_a_stage_that_is_not_there_is_answered_with_those_that_are() -> None:
    [chain] = product_chains([row("a", "b"), row("b")])
    with pytest.raises(NotFound, match="its stages are a, b"):
        chain.stage("c")


def test_the_order_does_not_hang_on_the_order_of_the_rows() -> None:
    rows = [row("c"), row("a", "c"), row("b", "c"), row("d", "a;b")]
    first = product_chains(rows)
    assert all(product_chains(rows[n:] + rows[:n]) == first for n in range(4))


def test_a_chain_that_contradicts_itself_does_not_take_the_others_along() -> None:
    book = chain_book([row("a", "a", chain="bad"), row("a"), row("b", "nowhere", chain="worse")])
    assert [chain.key for chain in book.chains] == ["pipe"]
    assert sorted(book.faults) == ["bad", "worse"]
    assert "feeds nowhere" in str(book.faults["worse"])
