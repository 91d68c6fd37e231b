from __future__ import annotations

import polars as pl

from ballast.brain.chains.product_chain import product_chains
from ballast.lake.tables import table
from ballast.sample.chains import CHAINS, definition_frame
from ballast.sample.clusters import CLUSTERS
from ballast.terms.industry import exists, is_industrial, level_of
from ballast.terms.scheme import IndustryLevel

FRAME = definition_frame()


def test_every_cluster_has_its_chain() -> None:
    assert {chain.key for chain in CHAINS} == {cluster.key for cluster in CLUSTERS}
    assert FRAME["cluster"].unique().sort().to_list() == sorted(c.key for c in CLUSTERS)


def test_the_rows_are_chains_that_contradict_themselves_nowhere() -> None:
    chains = product_chains(FRAME.to_dicts())
    assert len(chains) == 10
    for chain in chains:
        assert len(chain.stages) >= 8
        assert chain.edges
        bound = {key for edge in chain.edges for key in edge}
        assert bound == {stage.key for stage in chain.stages}, "a stage bound to nothing"


def test_no_two_rows_share_the_key_of_the_table() -> None:
    assert FRAME.select(table("chain_definition").key).is_unique().all()


def test_every_code_is_an_industrial_class_or_group() -> None:
    """The sample registers no farm; a stage on which nobody could be would look missing."""
    for code in FRAME["industry"].unique():
        assert exists(code), code
        assert is_industrial(code), code
        assert level_of(code) in (IndustryLevel.CLASS, IndustryLevel.GROUP)


def test_no_class_is_counted_on_two_stages_of_a_chain() -> None:
    for (chain,), rows in FRAME.group_by("chain"):
        codes = rows["industry"].to_list()
        under = [(a, b) for a in codes for b in codes if a != b and b.startswith(a)]
        assert len(set(codes)) == len(codes), chain
        assert under == [], chain


def test_a_cluster_s_own_industries_stand_in_its_chain() -> None:
    for cluster, chain in ((c, next(x for x in CHAINS if x.key == c.key)) for c in CLUSTERS):
        listed = [code for product in chain.products for code in product.classes]
        own = [code for member in cluster.members for code in member.classes]
        there = [c for c in own if any(c.startswith(x) or x.startswith(c) for x in listed)]
        assert len(there) >= len(own) / 2, cluster.key


def test_what_is_imported_says_why_and_that_it_is_the_sample_s_judgement() -> None:
    imported = FRAME.filter(pl.col("import_dependent"))
    assert imported["chain"].n_unique() == 10
    assert imported["import_basis"].str.contains("judgement of the sample").all()
    assert FRAME.filter(~pl.col("import_dependent"))["import_basis"].is_null().all()
