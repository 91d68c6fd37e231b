"""Which version applies: every day of change, the renewal of 2026, and every hole."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.brain.policy.reading import laws
from ballast.brain.policy.shape import Application
from ballast.brain.policy.versions import covers, parameter, resolve, version_of
from ballast.errors import NotFound, Refused

NEW, RENEWAL = Application.NEW, Application.RENEWAL


def applies(scheme: str, day: str, to: Application = NEW, certificate: str | None = None) -> str:
    awarded = None if certificate is None else date.fromisoformat(certificate)
    return resolve(laws(), scheme, date.fromisoformat(day), to, awarded).version


@pytest.mark.parametrize(
    ("scheme", "day", "to", "version"),
    [
        ("little_giant", "2022-08-01", NEW, "2022-63"),
        ("little_giant", "2026-03-31", NEW, "2022-63"),
        ("little_giant", "2026-04-01", NEW, "2026-2"),
        ("little_giant", "2026-12-31", RENEWAL, "2022-63"),
        ("little_giant", "2027-01-01", RENEWAL, "2026-2"),
        ("specialised_sme", "2026-03-31", NEW, "2022-63"),
        ("specialised_sme", "2026-04-01", NEW, "2026-2"),
        ("specialised_sme", "2026-04-01", RENEWAL, "2026-2"),
        ("innovative_sme", "2026-04-01", NEW, "2022-63"),
        ("technology_sme", "2026-07-01", NEW, "2017-115"),
        ("high_tech", "2016-01-01", NEW, "2016-32"),
        ("size_standard", "2026-04-01", NEW, "2011-300"),
    ],
)
def test_the_version_in_force_applies(scheme: str, day: str, to: Application, version: str) -> None:
    assert applies(scheme, day, to) == version


def test_the_renewal_of_2026_still_follows_no_63_while_new_applications_follow_no_2() -> None:
    assert applies("little_giant", "2026-07-15", RENEWAL, "2023-07-14") == "2022-63"
    assert applies("little_giant", "2026-07-15", NEW) == "2026-2"
    why = resolve(laws(), "little_giant", date(2026, 7, 15), RENEWAL, date(2023, 7, 14)).why
    assert "117号" in why.zh
    assert "2026" in why.en


def test_what_is_not_confirmed_says_so() -> None:
    def confirmed(scheme: str, day: date, to: Application = NEW) -> bool:
        return resolve(laws(), scheme, day, to).confirmed

    assert confirmed("little_giant", date(2026, 5, 1))
    assert not confirmed("little_giant", date(2027, 5, 1), RENEWAL)
    assert not confirmed("innovative_sme", date(2026, 5, 1))
    # Only the first day of No. 63 is in doubt, so that years later nothing hangs on it.
    assert not confirmed("little_giant", date(2022, 8, 1))
    assert confirmed("little_giant", date(2025, 8, 1))


def test_a_certificate_under_the_new_rule_is_not_renewed_under_the_old_one() -> None:
    with pytest.raises(Refused, match="certificate of 2026-07-01"):
        applies("little_giant", "2026-09-01", RENEWAL, "2026-07-01")
    assert applies("little_giant", "2026-09-01", RENEWAL, "2026-03-31") == "2022-63"


def test_a_day_before_any_law_is_refused_and_the_first_day_is_named() -> None:
    with pytest.raises(Refused, match=r"before any rule.*2022-08-01"):
        applies("little_giant", "2022-07-31")


def test_a_day_in_a_hole_is_refused_and_both_ends_are_named() -> None:
    law = laws().law("specialised_sme")
    old = law.versions[1]
    ended = old.applies[0].model_copy(update={"until": date(2026, 3, 15)})
    holed = law.model_copy(
        update={"versions": (law.versions[0], old.model_copy(update={"applies": (ended,)}))}
    )
    broken = type(laws())({"specialised_sme": holed})
    with pytest.raises(Refused, match=r"2026-03-15, the next begins on 2026-04-01"):
        resolve(broken, "specialised_sme", date(2026, 3, 16))
    assert resolve(broken, "specialised_sme", date(2026, 3, 15)).version == "2022-63"


def test_a_day_after_the_last_version_and_a_kind_without_rules_are_refused() -> None:
    law = laws().law("technology_sme")
    version = law.versions[0]
    ended = version.applies[0].model_copy(update={"until": date(2026, 12, 31)})
    only = type(laws())(
        {
            "technology_sme": law.model_copy(
                update={"versions": (version.model_copy(update={"applies": (ended,)}),)}
            )
        }
    )
    with pytest.raises(Refused, match="ended on 2026-12-31"):
        resolve(only, "technology_sme", date(2027, 1, 1))
    with pytest.raises(Refused, match="no rules for renewals"):
        resolve(only, "technology_sme", date(2026, 6, 1), RENEWAL)


def test_two_versions_in_force_are_refused_not_chosen_from() -> None:
    law = laws().law("specialised_sme")
    open_ended = law.versions[1].applies[0].model_copy(update={"until": None})
    old = law.versions[1].model_copy(update={"applies": (open_ended,)})
    both = type(laws())(
        {"specialised_sme": law.model_copy(update={"versions": (law.versions[0], old)})}
    )
    with pytest.raises(Refused, match="2 versions apply"):
        resolve(both, "specialised_sme", date(2026, 5, 1))


def test_a_scheme_that_is_not_there_names_those_alike() -> None:
    with pytest.raises(NotFound, match="little_giant"):
        applies("litle_giant", "2026-05-01")
    with pytest.raises(NotFound, match="little_giant"):
        laws().law("小巨人")
    with pytest.raises(NotFound, match="high_tech"):
        laws().law("")


@settings(deadline=None)
@given(
    st.sampled_from(laws().schemes),
    st.sampled_from(list(Application)),
    st.dates(date(2010, 1, 1), date(2035, 12, 31)),
)
def test_on_every_day_at_most_one_version_applies_and_it_says_why(
    scheme: str, to: Application, day: date
) -> None:
    found = [
        (version.id, applies)
        for version in laws().law(scheme).versions
        for applies in version.applies
        if covers(applies, day, to)
    ]
    assert len(found) <= 1
    if not found:
        with pytest.raises(Refused):
            resolve(laws(), scheme, day, to)
        return
    resolved = resolve(laws(), scheme, day, to)
    assert resolved.version == found[0][0]
    assert resolved.why.zh
    assert version_of(laws(), resolved).id == resolved.version


def test_a_figure_is_that_of_the_day_and_knows_its_article() -> None:
    version = laws().law("little_giant").versions[0]
    changed = version.parameters["revenue_least"]
    later = changed.values[0].model_copy(update={"since": date(2027, 1, 1), "value": 6000})
    amended = version.model_copy(
        update={
            "parameters": {
                "revenue_least": changed.model_copy(update={"values": (*changed.values, later)})
            }
        }
    )
    day = date(2027, 1, 1)
    assert parameter(amended, "revenue_least", day - timedelta(days=1)).value == 5000
    assert parameter(amended, "revenue_least", day).value == 6000
    assert parameter(version, "revenue_least", day).article == "第2项 (item 2)"
    with pytest.raises(Refused, match="2026-03-31 is before that"):
        parameter(version, "revenue_least", date(2026, 3, 31))
    with pytest.raises(NotFound, match="revenue_least"):
        parameter(version, "revenu_least", day)
    gone = resolve(laws(), "little_giant", day)
    with pytest.raises(NotFound, match="no version 2026-2"):
        version_of(type(laws())({"little_giant": laws().law("little_giant").model_copy(
            update={"versions": ()})}), gone)  # fmt: skip
