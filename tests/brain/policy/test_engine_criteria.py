"""Every kind of criterion, its waivers and conditions, and what is still worth bringing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.brain.policy.small_law import DAY, facts, found, least, rule

from ballast.brain.policy.facts import Held
from ballast.brain.policy.finding import Finding, Missing, State
from ballast.brain.policy.shape import Application

REVENUE = least("revenue", "revenue", "revenue_least")
IP = least("ip", "ip", "ip_least")
PRIZE = rule("flag", "prize", fact="national_prize_top3_3y")
CLEAN = rule("flag", "clean", fact="fraud_3y", expected=False)
BRAND = rule("manual", "known", fact="reputation")
ENOUGH, LITTLE = {2025: 5000}, {2025: 4000}


def test_a_flag_is_what_it_should_be_or_not_or_not_known() -> None:
    assert found(PRIZE, facts(national_prize_top3_3y=True)).state is State.MET
    assert found(CLEAN, facts(fraud_3y=False)).state is State.MET
    bad = found(CLEAN, facts(fraud_3y=True)).finding
    assert (bad.state, bad.turn and bad.turn.zh) == (State.UNMET, "现为“是”，不得有此情形")
    assert found(CLEAN, facts()).bring == (Missing("fraud_3y"),)


def test_a_number_is_no_answer_to_yes_or_no() -> None:
    assert found(CLEAN, facts(fraud_3y=0)).state is State.UNKNOWN


def test_a_choice_is_told_by_its_name() -> None:
    one = rule("among", "level", fact="rd_institution", choices=["national", "provincial"])
    assert found(one, facts(rd_institution="provincial")).state is State.MET
    low = found(one, facts(rd_institution="municipal")).finding
    assert low.turn is not None
    assert low.turn.zh == "现为市级，须为国家级、省（部）级"
    assert found(one, facts(rd_institution="galactic")).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("awarded", "expires", "state"),
    [
        (date(2024, 1, 1), date(2026, 12, 31), "met"),
        (date(2023, 5, 1), DAY, "met"),
        (date(2023, 1, 1), date(2026, 4, 30), "unmet"),
        (date(2026, 5, 2), None, "unmet"),
        (date(2020, 1, 1), None, "met"),
    ],
)
def test_a_title_is_valid_to_its_last_day(awarded: date, expires: date, state: str) -> None:
    one = rule("holds", "title", schemes=["specialised_sme"])
    held = Held("specialised_sme", awarded, expires)
    assert found(one, facts(titles=[held])).state.value == state


def test_a_title_that_ended_is_told_with_its_day() -> None:
    one = rule("holds", "title", schemes=["specialised_sme", "high_tech"])
    held = Held("specialised_sme", date(2020, 1, 1), date(2023, 1, 1))
    turn = found(one, facts(titles=[held])).finding.turn
    assert turn is not None
    assert turn.zh == "须持有有效的专精特新中小企业、高新技术企业称号；原证书已于2023-01-01到期"


def test_titles_that_nobody_stated_are_not_none() -> None:
    one = rule("holds", "title", schemes=["specialised_sme"])
    unknown = found(one, facts(titles_known=False))
    assert unknown.bring == (Missing("holds_specialised_sme"),)
    assert found(one, facts()).state is State.UNMET


def test_people_judge_and_their_judgement_is_kept() -> None:
    assert found(BRAND, facts()).state is State.MANUAL
    assert found(BRAND, facts(reputation=True)).state is State.MET
    assert found(BRAND, facts(reputation=False)).state is State.UNMET


def test_a_size_is_met_where_every_class_that_is_possible_is_allowed() -> None:
    one = rule("size", "sme", classes=["medium", "small", "micro"])
    assert found(one, facts(industry="34", staff={2025: 200})).state is State.MET
    assert found(one, facts(industry="34", staff={2025: 2000})).state is State.UNKNOWN
    large = facts(industry="34", staff={2025: 2000}, revenue={2025: 90000})
    assert found(one, large).state is State.UNMET
    lost = found(one, facts())
    assert lost.bring == (Missing("industry"),)


def group(kind: str, *of: dict[str, Any], **more: Any) -> dict[str, Any]:
    return rule(kind, "group", of=list(of), **more)


def test_nothing_is_asked_for_where_it_cannot_help_any_more() -> None:
    one = found(group("all", REVENUE, IP), facts(revenue=LITTLE))
    assert (one.state, one.bring) == (State.UNMET, ())
    other = found(group("any", REVENUE, IP), facts(revenue=ENOUGH))
    assert (other.state, other.bring) == (State.MET, ())
    nested = group("any", rule("all", "inner", of=[REVENUE, IP]), PRIZE)
    assert found(nested, facts(revenue=LITTLE)).bring == (Missing("national_prize_top3_3y"),)


def test_so_many_of_several() -> None:
    one = group("at_least", REVENUE, IP, PRIZE, count=2)
    assert found(one, facts(revenue=ENOUGH, class1_ip=4)).state is State.MET
    assert found(one, facts(revenue=ENOUGH, class1_ip=3)).state is State.UNKNOWN
    short = found(one, facts(revenue=LITTLE, class1_ip=3))
    assert short.state is State.UNMET
    assert short.finding.turn is not None
    assert short.finding.turn.zh == "下列各项中还须再满足2项"


WAIVED = least("ip", "ip", "ip_least", waived_by=PRIZE)


def test_a_waiver_makes_it_count_as_met_and_says_so() -> None:
    finding = found(WAIVED, facts(class1_ip=1, national_prize_top3_3y=True)).finding
    assert (finding.state, finding.waived, finding.turn) == (State.MET, True, None)
    assert finding.parts[-1].kind == "waiver"
    assert finding.parts[-1].parts[0].id == "prize"
    assert finding.margin == -3


def test_a_waiver_that_is_not_known_is_worth_bringing_only_where_it_is_needed() -> None:
    assert found(WAIVED, facts(class1_ip=1)).bring == (Missing("national_prize_top3_3y"),)
    enough = found(WAIVED, facts(class1_ip=4))
    assert (enough.state, enough.finding.waived, enough.bring) == (State.MET, False, ())
    neither = found(WAIVED, facts())
    assert neither.bring == (Missing("class1_ip"), Missing("national_prize_top3_3y"))
    assert found(WAIVED, facts(class1_ip=1, national_prize_top3_3y=False)).state is State.UNMET


def test_a_condition_decides_whether_it_is_asked_at_all() -> None:
    one = least("ip", "ip", "ip_least", when=REVENUE)
    assert found(one, facts(class1_ip=1, revenue=LITTLE)).state is State.NOT_APPLICABLE
    assert found(one, facts(class1_ip=1, revenue=ENOUGH)).state is State.UNMET
    assert found(one, facts(class1_ip=4)).state is State.MET
    open_ = found(one, facts(class1_ip=1))
    assert (open_.state, open_.bring) == (State.UNKNOWN, (Missing("revenue", 2025),))


def test_what_is_asked_in_renewals_only_does_not_count_in_a_new_application() -> None:
    renewal = {**IP, "only": "renewal"}
    one = group("all", REVENUE, renewal)
    assert found(one, facts(revenue=ENOUGH, class1_ip=1)).state is State.MET
    again = found(one, facts(revenue=ENOUGH, class1_ip=1), application=Application.RENEWAL)
    assert again.state is State.UNMET
    alone = found(group("all", renewal), facts())
    assert alone.state is State.NOT_APPLICABLE


def walk(finding: Finding) -> list[Finding]:
    return [finding, *(below for part in finding.parts for below in walk(part))]


def test_no_id_stands_for_two_findings() -> None:
    one = group(
        "all",
        least("rd", "rd_share", "rd_share_least", years=2, waived_by=PRIZE, when=CLEAN),
        rule("size", "sme", classes=["small"]),
    )
    known = facts(rd={2025: 1}, industry="34", staff={2025: 5000}, revenue={2025: 300})
    ids = [each.id for each in walk(found(one, known).finding)]
    assert len(ids) == len(set(ids))
