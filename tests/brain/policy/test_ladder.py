"""The ladder: what is held, what is next, which few changes reach it, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest

from ballast.brain.policy.engine import decide
from ballast.brain.policy.facts import Fact, Facts, Held, Value
from ballast.brain.policy.finding import Finding, State, Verdict
from ballast.brain.policy.ladder import Action, Ladder, Rung, ladder
from ballast.brain.policy.law_shape import Law
from ballast.brain.policy.reading import Laws, laws
from ballast.brain.policy.shape import Application
from ballast.brain.policy.windows import EventKind
from ballast.errors import Refused
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS, FactKind

D = Decimal
DAY = date(2026, 6, 1)
LAST, BEFORE, FIRST = 2025, 2024, 2023
SOURCE = Label("测试", "test")

# An enterprise that meets what the law of 2026 asks of a little giant (工信部企业〔2026〕2号).
SOUND: Mapping[str, Value | tuple[Value, ...]] = {
    "industry": "3443", "founded": date(2005, 1, 1),
    "revenue": (D(8000), D(7600), D(7000)), "main_revenue": (D(7600), D(7200), D(6600)),
    "assets": (D(9000), D(8500), D(8000)), "liabilities": (D(4500), D(4200), D(4000)),
    "rd": (D(700), D(650), D(600)), "staff": (D(120),), "rd_staff": (D(30),),
    "niche_years": (D(9),), "niche_share": (D("0.15"),), "class1_ip_in_use": D(5),
    "class1_ip": D(6), "class1_ip_own": D(5), "class2_ip": D(9), "six_bases": True,
    "key_chain_link": False, "platform_score": D(72), "reputation": True, "market_standing": True,
    "abnormal_listing": False, "serious_dishonesty": False, "major_incident_3y": False,
    "fraud_3y": False, "falsification_ban": False, "national_prize_top3_3y": False,
}  # fmt: skip
INNOVATIVE = Held("innovative_sme", date(2025, 4, 10), date(2028, 4, 9), "I-1")
SPECIALISED = Held("specialised_sme", date(2024, 7, 10), date(2027, 7, 9), "S-1")


def known(
    *titles: Held, without: tuple[str, ...] = (), titles_known: bool = True, **changed: Value
) -> Facts:
    """Return the facts of the sound enterprise, some changed (of last year) and some unknown."""
    found: dict[tuple[str, int | None], Fact] = {}
    for key, value in SOUND.items():
        values = value if isinstance(value, tuple) else (value,)
        for back, one in enumerate(values):
            year = LAST - back if FACTS[key].yearly else None
            if key not in without:
                found[key, year] = Fact(key, one, SOURCE, year)
    for key, one in changed.items():
        year = LAST if FACTS[key].yearly else None
        found[key, year] = Fact(key, one, SOURCE, year)
    return Facts(found, titles, titles_known)


def rung(found: Ladder, scheme: str) -> Rung:
    (one,) = (rung for rung in found.next if rung.scheme == scheme)
    return one


def sets(one: Rung) -> list[set[str]]:
    return [{need.id for need in path.needs} for path in one.paths]


def test_the_rung_is_the_highest_that_is_valid_and_the_next_ones_follow() -> None:
    assert ladder(laws(), known(), DAY).rung == 0
    assert ladder(laws(), known(INNOVATIVE), DAY).rung == 1
    found = ladder(laws(), known(INNOVATIVE, SPECIALISED), DAY)
    assert found.rung == laws().law("specialised_sme").rung
    assert [one.held.scheme for one in found.held] == ["specialised_sme", "innovative_sme"]
    # First what stands above, then what stands beside, then what is passed by.
    assert [one.scheme for one in found.next] == ["little_giant", "high_tech", "technology_sme"]
    assert ladder(laws(), known(titles_known=False), DAY).rung is None


def test_a_title_is_valid_to_its_last_day_and_lapsed_after_it() -> None:
    facts = known(INNOVATIVE, SPECIALISED)
    last = SPECIALISED.expires
    assert last is not None
    (held,) = (r for r in ladder(laws(), facts, last).held if r.held == SPECIALISED)
    assert held.days_left == 0
    found = ladder(laws(), facts, date(2027, 7, 10))
    assert found.lapsed == (SPECIALISED,)
    assert found.rung == 1
    assert "specialised_sme" in [one.scheme for one in found.next]


def test_of_two_certificates_the_one_that_lasts_longer_is_the_one_held() -> None:
    older = Held("innovative_sme", date(2023, 4, 10), date(2026, 6, 30), "I-0")
    found = ladder(laws(), known(older, INNOVATIVE), DAY)
    assert [one.held.certificate for one in found.held] == ["I-1"]
    assert found.lapsed == ()


def test_who_meets_everything_has_no_gap_and_needs_no_path() -> None:
    one = rung(ladder(laws(), known(INNOVATIVE, SPECIALISED), DAY), "little_giant")
    assert one.decision is not None
    assert one.decision.verdict is Verdict.ELIGIBLE
    assert (one.gaps, one.paths, one.paths_complete) == ((), (), True)


def test_a_single_gap_is_the_single_need() -> None:
    facts = known(INNOVATIVE, SPECIALISED, platform_score=D("59.9"))
    one = rung(ladder(laws(), facts, DAY), "little_giant")
    (gap,) = one.gaps
    assert (gap.finding.id, gap.action, gap.choice) == ("score", Action.CHANGE, None)
    assert gap.finding.margin == D("-0.1")
    assert sets(one) == [{"score"}]


def test_a_waiver_and_each_of_several_choices_is_a_path_of_its_own() -> None:
    facts = known(
        INNOVATIVE, SPECIALISED, class1_ip_in_use=D(3), niche_share=D("0.09"),
        niche_share_world=D("0.02"), niche_rank=D(4),
    )  # fmt: skip
    one = rung(ladder(laws(), facts, DAY), "little_giant")
    share = {"niche_share", "niche_share_world", "niche_rank"}
    assert {gap.finding.id for gap in one.gaps} == {"class1_ip", *share}
    assert {gap.choice for gap in one.gaps if gap.finding.id in share} == {"market_share"}
    expected = {
        frozenset({own, other}) for own in ("class1_ip", "national_prize") for other in share
    }
    assert {frozenset(one) for one in sets(one)} == expected
    assert one.paths_complete


def test_what_is_to_be_done_is_told_apart() -> None:
    facts = known(without=("reputation", "six_bases", "key_chain_link"), platform_score=D(1))
    one = rung(ladder(laws(), facts, DAY), "little_giant")
    told = {gap.finding.id: gap.action for gap in one.gaps}
    assert told == {
        "score": Action.CHANGE, "holds_specialised": Action.EARN, "six_bases": Action.SHOW,
        "key_link": Action.SHOW, "reputation": Action.JUDGE,
    }  # fmt: skip
    assert list(told.values()) == sorted(told.values(), key=list(Action).index)
    assert sets(one) == [
        {"score", "holds_specialised", "reputation", field} for field in ("six_bases", "key_link")
    ]


def test_the_cheapest_path_is_of_what_has_a_price_and_others_are_never_guessed() -> None:
    facts = known(INNOVATIVE, SPECIALISED, class1_ip_in_use=D(3), platform_score=D(50))

    def cheapest(**prices: int) -> Decimal | None:
        found = ladder(laws(), facts, DAY, {name: D(p) for name, p in prices.items()})
        one = rung(found, "little_giant").cheapest
        return None if one is None else one.price

    assert cheapest(class1_ip=30, score=12) == D(42)
    assert cheapest(class1_ip=30, score=12, national_prize=5) == D(17)
    assert cheapest(class1_ip=30) is None  # what the score costs nobody said
    assert cheapest(revenue=1) is None
    assert rung(ladder(laws(), facts, DAY), "little_giant").cheapest is None
    paths = rung(ladder(laws(), facts, DAY, {"score": D(12)}), "little_giant").paths
    assert [path.price for path in paths] == [None, None]
    assert {need.price for path in paths for need in path.needs} == {None, D(12)}


def test_to_show_and_to_be_judged_is_free_where_nothing_is_said() -> None:
    facts = known(INNOVATIVE, SPECIALISED, without=("reputation",), platform_score=D(50))
    found = ladder(laws(), facts, DAY, {"score": D(12)})
    cheapest = rung(found, "little_giant").cheapest
    assert cheapest is not None
    assert cheapest.price == D(12)
    assert {need.id for need in cheapest.needs} == {"score", "reputation"}


@pytest.mark.parametrize("price", ["-1", "NaN", "Infinity"])
def test_a_price_that_is_none_is_refused(price: str) -> None:
    with pytest.raises(Refused, match="not negative"):
        ladder(laws(), known(), DAY, {"score": D(price)})


def test_a_price_of_what_no_law_has_is_refused_with_what_is_near() -> None:
    with pytest.raises(Refused, match="class1_ip"):
        ladder(laws(), known(), DAY, {"class1_pi": D(1)})


def test_a_renewal_is_decided_under_the_law_of_its_certificate() -> None:
    giant = Held("little_giant", date(2023, 9, 1), date(2026, 8, 31), "L-1")
    (renewal,) = (r for r in ladder(laws(), known(SPECIALISED, giant), DAY).held if r.held == giant)
    assert renewal.decision is not None
    assert renewal.decision.resolution.application is Application.RENEWAL
    assert renewal.decision.resolution.version == "2022-63"
    assert renewal.days_left == 91
    assert renewal.law is not None
    assert renewal.law.version == "2022-63"
    later = replace(giant, awarded=date(2025, 9, 1), expires=date(2028, 8, 31))
    (kept,) = (r for r in ladder(laws(), known(SPECIALISED, later), DAY).held if r.held == later)
    assert kept.law is not None
    assert kept.decision is not None
    assert (kept.law.version, kept.decision.resolution.version) == ("2026-2", "2022-63")
    assert renewal.otherwise is None
    assert kept.otherwise is not None
    assert kept.otherwise.text("zh") == "到期复核时适用工信部企业〔2026〕2号"
    assert renewal.window is None  # the law at hand names none
    assert not renewal.late


def test_windows_come_from_the_law_and_deadlines_are_none() -> None:
    found = ladder(laws(), known(INNOVATIVE), DAY)
    window = rung(found, "technology_sme").window
    assert window is not None
    assert (window.opens, window.closes) == (date(2026, 6, 1), date(2026, 8, 31))
    assert rung(found, "specialised_sme").window is None  # its only day is a deadline
    assert rung(ladder(laws(), known(), date(2026, 9, 1)), "technology_sme").window is None
    held = Held("technology_sme", date(2025, 7, 1), date(2026, 5, 31), "T")
    later = replace(held, expires=date(2026, 6, 30))
    (renewal,) = ladder(laws(), known(later), DAY).held
    assert renewal.window == window
    assert not renewal.late
    (renewal,) = ladder(laws(), known(held), date(2026, 5, 1)).held
    assert renewal.window == window
    assert renewal.late


def test_the_calendar_holds_the_next_year_with_the_titles_that_expire() -> None:
    found = ladder(laws(), known(INNOVATIVE, replace(SPECIALISED, expires=date(2027, 5, 31))), DAY)
    assert all(DAY <= event.day <= date(2027, 6, 1) for event in found.calendar)
    expiring = [event for event in found.calendar if event.kind is EventKind.EXPIRES]
    assert [event.certificate for event in expiring] == ["S-1"]


def test_before_any_law_the_ladder_says_so_and_holds_what_is_held() -> None:
    champion = Held("champion", date(2001, 1, 1), None)
    found = ladder(laws(), known(champion), date(2001, 6, 1))
    assert [one.held.scheme for one in found.held] == ["champion"]
    assert found.held[0].decision is None
    assert all(one.decision is None and one.refused is not None for one in found.next)
    assert {one.scheme for one in found.next} >= {"little_giant", "high_tech"}
    ladder(laws(), known(), date.max)


# ── the smallest sets against the engine itself: a law of flags, every subset decided


def flag(name: str) -> dict[str, object]:
    return {
        "kind": "flag", "id": name, "label": {"zh": name, "en": name}, "article": "1", "fact": name
    }  # fmt: skip


FLAGS = [f.key for f in FACTS.values() if f.kind is FactKind.FLAG][:7]


def law_of_flags() -> Laws:
    a, b, c, d, e, f, g = FLAGS
    name = {"zh": "名", "en": "name"}

    def group(kind: str, id_: str, *of: object, **more: object) -> dict[str, object]:
        rule = {"kind": kind, "id": id_, "label": name, "article": "1", "of": list(of)}
        return rule | more

    score = {
        "kind": "score", "id": "points", "label": name, "article": "1", "threshold": "least",
        "groups": [{
            "id": "g", "label": name, "cap": 10, "items": [
                {"kind": "first", "id": f"item_{n}", "label": name, "article": "1",
                 "of": [{"test": flag(key) | {"id": f"test_{key}"}, "points": points}]}
                for n, (key, points) in enumerate(((e, 4), (f, 3), (g, 6)))
            ],
        }],
    }  # fmt: skip
    tree = group(
        "all", "root",
        flag(a) | {"waived_by": flag(b)},
        group("at_least", "two", flag(c), flag(d), flag(b) | {"id": "again"}, count=2),
        score,
    )  # fmt: skip
    return Laws({"own": Law.model_validate({
        "scheme": "own", "label": name, "about": name, "rung": 1,
        "instruments": [{"id": "i", "number": "1号", "title": name, "issuer": name,
                         "since": date(2020, 1, 1)}],
        "versions": [{
            "id": "v", "instrument": "i", "criterion": tree,
            "applies": [{"to": "new", "since": date(2020, 1, 1), "why": name}],
            "parameters": {"least": {"label": name, "unit": "points", "values": [
                {"since": date(2020, 1, 1), "value": 7, "article": "1"}]}},
        }],
    })})  # fmt: skip


@pytest.mark.parametrize("true", [(), (0,), (2,), (4,), (2, 3), (0, 2, 4), (6,)])
def test_the_paths_are_the_smallest_sets_of_flags_that_the_engine_accepts(
    true: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ballast.brain.policy.ladder.MOST_PATHS", 99)
    own = law_of_flags()
    start = {key: n in true for n, key in enumerate(FLAGS)}

    def facts(values: Mapping[str, bool]) -> Facts:
        return Facts({(k, None): Fact(k, v, SOURCE) for k, v in values.items()})

    def accepted(changed: frozenset[str]) -> bool:
        values = {key: value or key in changed for key, value in start.items()}
        return decide(own, "own", facts(values), DAY).verdict is Verdict.ELIGIBLE

    smallest: list[frozenset[str]] = []
    open_ = [key for key in FLAGS if not start[key]]
    for size in range(len(open_) + 1):
        for chosen in map(frozenset, combinations(open_, size)):
            if not any(one <= chosen for one in smallest) and accepted(chosen):
                smallest.append(chosen)
    flags = {"again": FLAGS[1]} | {f"item_{n}": FLAGS[4 + n] for n in range(3)}
    (one,) = ladder(own, facts(start), DAY).next
    found = [frozenset(flags.get(need, need) for need in path) for path in sets(one)]
    assert one.paths_complete
    # The second flag stands in the law twice, under two ids: a set of criteria that names both
    # is the set of flags that names it once, and may contain another.
    assert {one for one in found if not any(other < one for other in found)} == set(smallest)


def test_every_path_of_the_real_laws_reaches_the_rung_when_its_findings_are_met() -> None:
    """Take the tree, set what a path names to met, and combine again as the contract says."""
    facts = known(
        without=("reputation",), platform_score=D(30), class1_ip_in_use=D(0), six_bases=False,
        revenue=D(900), rd=D(90), main_revenue=D(500),
    )  # fmt: skip
    for one in ladder(laws(), facts, DAY).next:
        assert one.decision is not None
        for path in one.paths:
            named = {need.id for need in path.needs}
            assert _met(one.decision.tree, named), (one.scheme, named)
            for left in named:
                assert not _met(one.decision.tree, named - {left}), (one.scheme, named, left)


def _met(finding: Finding, named: set[str]) -> bool:
    if finding.id in named or finding.state in (State.MET, State.NOT_APPLICABLE):
        return True
    waivers = [part for part in finding.parts if part.kind == "waiver"]
    if any(_met(part.parts[0], named) for part in waivers):
        return True
    parts = [p for p in finding.parts if p.kind not in ("waiver", "condition")]
    parts = [p for p in parts if p.state is not State.NOT_APPLICABLE]
    match finding.kind:
        case "all":
            return all(_met(part, named) for part in parts)
        case "any":
            return any(_met(part, named) for part in parts)
        case "score":
            total = D(0)
            for group in parts:
                own = sum((_points(item, named) for item in group.parts), D(0))
                if group.op and group.threshold is not None and own < group.threshold:
                    return False
                total += own
            least = finding.threshold or D(0)
            return total > least if finding.op == ">" else total >= least
    return False


def _points(item: Finding, named: set[str]) -> Decimal:
    assert item.value is not None
    assert item.threshold is not None
    return item.threshold if item.id in named else item.value.low
