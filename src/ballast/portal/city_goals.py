"""Goals on the City page: what was set, what is, what the path wants, whose task it is.

A piece of its own below the picture, because a picture is of figures that were
reported and a goal is of what somebody promised: the page shows both and mixes
neither into the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from ballast.brain.goals.goal import PLACE_LABELS, Place, Standing
from ballast.brain.goals.standing import goals, newest_month, standings
from ballast.brain.names import Names, names
from ballast.brain.projects.totals import in_region
from ballast.lake.lake import Lake
from ballast.portal.city_pictures import Pictures
from ballast.portal.context import PortalContext
from ballast.portal.data_html import Content, table_html
from ballast.portal.factory_html import absent, badge
from ballast.terms.label import Label, Language
from ballast.terms.period import Period
from ballast.terms.viewer import PUBLIC, Right, Viewer
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = ["GOAL_STYLE", "ask_goals", "goals_markup"]

_HEADS = (
    Label("指标", "Indicator"),
    Label("地区", "Place"),
    Label("目标", "Goal"),
    Label("实际", "Actual"),
    Label("按进度应达", "On its path"),
    Label("与进度之差", "Gap"),
    Label("进展", "Standing"),
    Label("责任单位", "Unit responsible"),
)
_TITLE = Label("目标与进度", "Goals")
GOAL_STYLE = """
.go-met, .go-ahead { color: var(--accent); font-weight: 600; }
.go-behind { color: var(--behind); font-weight: 600; }
.go-unknown { color: var(--muted); }
"""
"""Ahead and behind, in the colours that the whole portal has for them."""


@dataclass(frozen=True, slots=True)
class _Known:
    standing: tuple[Standing, ...]
    names: Names


def ask_goals(
    pictures: Pictures,
    viewer: Viewer,
    context: PortalContext,
    *,
    region: str,
    period: Period | None,
    language: Language,
) -> Future[str]:
    """Return the goals of a region and what lies in it, as markup; empty where none is set.

    Parameters
    ----------
    pictures
        Where answers are kept.
    viewer
        For whom; who may not read units is told what anyone is.
    context
        Of which home.
    region, period, language
        As the page's filters have them.
    """
    reader = viewer if viewer.may(Right.READ_UNITS) else PUBLIC
    today = context.clock().date()

    def read(lake: Lake) -> _Known:
        found = [goal for goal in goals(lake) if in_region(goal.region, region)]
        if not found:
            return _Known((), names(lake, reader))
        until = period or newest_month(lake, reader, today)
        return _Known(standings(lake, reader, found, until=until), names(lake, reader))

    known = pictures.other(reader, ("goals", region, period), read)

    def view(_: Lake) -> str:
        done = known.result()
        return str(goals_markup(done.standing, done.names, language))

    return pictures.other(reader, ("goals view", region, period, language), view, after=known)


def goals_markup(standing: Sequence[Standing], called: Names, language: Language) -> Markup:
    """Return goals programme by programme, each with its own finding.

    Parameters
    ----------
    standing
        In the order of their programmes.
    called
        The names of regions.
    language
        The reader's.
    """
    if not standing:
        return Markup()
    parts = [
        _programme(name, list(some), called, language)
        for name, some in groupby(standing, key=lambda one: one.goal.programme)
    ]
    mark = badge(language, synthetic=any(one.synthetic for one in standing))
    return Markup('<section id="goals" aria-labelledby="goals-title"><h2 id="goals-title">{} {}'
                  "</h2>{}</section>").format(
        _TITLE.text(language), mark, Markup().join(parts)
    )  # fmt: skip


def _programme(name: str, some: Sequence[Standing], called: Names, language: Language) -> Markup:
    places = [one.place for one in some]
    finding = say(
        "{good} of {count} on their path or ahead, {behind} behind, {unknown} not to be told",
        language,
        good=sum(place in (Place.MET, Place.AHEAD) for place in places),
        count=len(places),
        behind=places.count(Place.BEHIND),
        unknown=places.count(Place.UNKNOWN),
    )
    heads = [label.text(language) for label in _HEADS]
    rows = [_row(one, called, language) for one in some]
    return Markup("<h3>{}</h3><p>{}</p>{}").format(
        name, finding, table_html(name, heads, rows, figures=frozenset({2, 3, 4, 5}))
    )


def _row(one: Standing, called: Names, language: Language) -> list[Content]:
    why = "" if one.reason is None else one.reason.text(language)

    def figure(value: float | None) -> Content:
        text = one.text(value, language)
        return absent(Absence.NO_DATA.label.text(language), why) if text is None else text

    goal: Content = one.goal_text(language) or figure(one.level)
    period = one.goal.period.label.text(language)
    actual: Content = figure(one.actual)
    if one.at is not None:
        at = one.at.label.text(language)
        actual = Markup("{}<br><small>{}</small>").format(actual, at)
    place: Content = Markup('<span class="go-{}">{}</span>').format(
        one.place.value, PLACE_LABELS[one.place].text(language)
    )
    if why:
        place = Markup("{}<br><small>{}</small>").format(place, why)
    return [
        one.label.text(language),
        called.region(one.goal.region).text(language),
        Markup("{}<br><small>{}</small>").format(goal, period),
        actual,
        figure(one.path),
        one.gap_text(language) or "",
        place,
        one.goal.responsible or "",
    ]
