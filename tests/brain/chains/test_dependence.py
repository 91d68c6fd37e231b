from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ballast.brain.chains.dependence import Dependence, dependence
from ballast.brain.chains.links import LinkRules, StageFirm, links_of
from ballast.brain.chains.product_chain import ProductChain, Stage
from ballast.terms.label import Label

RULES = LinkRules(few=1, many=1)


def chain(**feeds: str) -> ProductChain:
    """Return a chain whose stages are given in order."""
    stages = (Stage(k, Label(k, k), (), tuple(v.split())) for k, v in feeds.items())
    return ProductChain("c", Label("c", "c"), tuple(stages))


def of(made: ProductChain, **revenues: str) -> Dependence:
    """Return the dependence where each stage has enterprises written ``A:60 B:40``."""
    firms = {}
    for stage, written in revenues.items():
        firms[stage] = [
            StageFirm(name, Label(name, name), 1.0, Decimal(money) if money else None, True)
            for name, _, money in (one.partition(":") for one in written.split())
        ]
    return dependence(made, links_of(made, firms, {}, RULES))


def test_what_stands_behind_a_supplier_is_its_share_of_all_that_is_made_downstream() -> None:
    found = of(chain(a="b", b="c", c=""), a="A:60 B:40", b="C:50", c="D:150")
    by_name = {s.uscc: s for s in found.suppliers}
    assert by_name["A"].behind_1e4_cny == Decimal(120)
    assert by_name["B"].behind_1e4_cny == Decimal(80)
    assert by_name["C"].behind_1e4_cny == Decimal(150)
    assert "D" not in by_name  # nobody takes what it makes
    assert sum(s.weight for s in found.suppliers) == pytest.approx(1)
    assert [s.uscc for s in found.suppliers] == ["C", "A", "B"]
    assert (by_name["A"].others, by_name["C"].others) == (1, 0)


def test_a_stage_reached_by_two_ways_is_counted_once() -> None:
    found = of(chain(a="b c", b="d", c="d", d=""), a="A:1", b="B:10", c="C:10", d="D:100")
    by_name = {s.uscc: s.behind_1e4_cny for s in found.suppliers}
    assert by_name["A"] == 120


def test_an_enterprise_on_two_stages_is_one_supplier() -> None:
    found = of(chain(a="c", b="c", c=""), a="A:10 B:10", b="A:10", c="D:100")
    first = found.suppliers[0]
    assert (first.uscc, first.stages, first.share) == ("A", ("a", "b"), 1.0)
    assert first.behind_1e4_cny == 150
    assert first.others == 0


def test_the_few_are_the_fewest_that_make_more_than_half() -> None:
    assert of(chain(a="b", b=""), a="A:51 B:49", b="C:1").few == 1
    assert of(chain(a="b", b=""), a="A:50 B:50", b="C:1").few == 2
    assert of(chain(a="b", b=""), a="A:30 B:30 C:40", b="D:1").few == 2


def test_a_chain_without_takers_makers_or_revenue_depends_on_nobody() -> None:
    nobody = Dependence((), 0)
    assert of(chain(a="b", b=""), a="A:1") == nobody
    assert of(chain(a="b", b=""), b="A:1") == nobody
    assert of(chain(a="b", b=""), a="A:0", b="B:1") == nobody
    assert of(chain(a="b", b=""), a="A:", b="B:1") == nobody
    assert of(chain(a=""), a="A:1") == nobody


def test_what_is_weak_or_imported_is_bought_elsewhere() -> None:
    plain = chain(a="b", b="")
    imported = replace(plain, stages=(replace(plain.stages[0], imported=True), plain.stages[1]))
    assert of(imported, a="A:1", b="B:1").suppliers == ()
    weak = links_of(plain, {k: [_firm(k)] for k in "ab"}, {"a": 0.5, "b": 3.0}, RULES)
    assert dependence(plain, weak).suppliers == ()


def _firm(name: str) -> StageFirm:
    return StageFirm(name, Label(name, name), 1.0, Decimal(1), True)
