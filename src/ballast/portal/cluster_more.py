"""What a cluster counts, and who belongs to it: the cards under its figures.

The definition is for anyone. The list of members is unit data: what is given
here was read as the viewer, and who shows it has written that into the audit
trail before.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ballast.brain.cluster_definitions import DefinedCluster
from ballast.brain.cluster_shape import MemberRow, Members
from ballast.portal import cluster_words as words
from ballast.portal.cluster_tables import heads_of
from ballast.portal.cluster_view import Card
from ballast.portal.frame_address import go
from ballast.terms.label import Label, Language
from ballast.terms.period import Period
from ballast.terms.role import Role
from ballast.terms.viewer import Right, Viewer
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = ["MOST_MEMBERS", "definition_card", "members_card"]

MOST_MEMBERS = 100
"""Members on the page; the interface for programs gives all."""

_ANYWHERE = Label("不限", "anywhere")


def definition_card(defined: DefinedCluster, name: str, language: Language) -> Card:
    """Return which industries a cluster counts, and where.

    Parameters
    ----------
    defined, name
        The cluster, and the set of definitions that it is of.
    language
        The reader's.
    """
    return Card(
        "definition",
        say("What counts to it: {count} industries", language, count=len(defined.industries)),
        say(
            "Definition {name}; an enterprise counts by the weights of its industries",
            language,
            name=name,
        ),
        "",
        heads_of(("code", "industry", "place"), language),
        tuple(
            (
                each.code,
                each.label.text(language),
                (each.place_label or _ANYWHERE).text(language),
            )
            for each in defined.industries
        ),
        names=3,
    )


def members_card(
    members: Members, viewer: Viewer, language: Language, period: Period | None = None
) -> Card:
    """Return the members that a viewer may see, largest revenue first.

    Parameters
    ----------
    members
        As `cluster_enterprises.members_of` gave them for the viewer.
    viewer
        Decides what is said of those that are not shown.
    language
        The reader's.
    period
        What the page's figures end with; the page of an enterprise is opened with the same.
    """
    names = ("enterprise", "place", "industry", "revenue", "growth", "persons", "weight")
    shown = members.rows[:MOST_MEMBERS]
    year = Absence.NO_DATA.label if members.year is None else members.year.label
    return Card(
        "members",
        _heading(members.rows, viewer, language),
        say(
            "Above-scale enterprises by revenue, {year}: figures of the whole enterprise, and by "
            "how much of it counts here",
            language,
            year=year,
        ),
        say("Unit data: for you, not to be passed on.", language),
        heads_of(names, language),
        tuple(
            (
                Markup('<a href="{}">{}</a>').format(
                    go(
                        "/enterprise",
                        code=member.uscc,
                        period=None if period is None else str(period),
                        lang=language,
                    ),
                    member.name,
                ),
                member.place.text(language),
                f"{member.industry} {member.industry_label.text(language)}",
                words.money(member.revenue, language),
                words.number(member.growth, 2, language),
                Absence.NO_DATA.label.text(language)
                if member.persons is None
                else words.persons(member.persons, language),
                words.share(member.weight, language),
            )
            for member in shown
        ),
        names=3,
        wide=True,
    )


def _heading(members: Sequence[MemberRow], viewer: Viewer, language: Language) -> str:
    if viewer.may(Right.READ_UNITS) and len(members) <= MOST_MEMBERS:
        return say("{count} members", language, count=len(members))
    if viewer.may(Right.READ_UNITS):
        return say(
            "{count} members; the first {shown} by revenue",
            language,
            count=len(members),
            shown=MOST_MEMBERS,
        )
    if viewer.role is Role.OPERATOR:
        return say(
            "{count} members share their figures with you; the others are not shown",
            language,
            count=len(members),
        )
    if members:
        return say("Your enterprise counts to it; the others are not shown", language)
    return say("Your enterprise does not count to it", language)
