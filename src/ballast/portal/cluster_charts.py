"""The charts of the Cluster page: size against specialisation, growth taken apart, places.

A growth taken apart is drawn as steps from nothing to the whole: each begins
where the one above it ended, so that the eye sees that they add up.
"""

from __future__ import annotations

from collections.abc import Sequence

from ballast.brain.cluster_shape import (
    ClusterBook,
    Kind,
    PartKey,
    PlaceRow,
    Profile,
    ShiftShare,
    Turnover,
)
from ballast.brain.tiers import HUNDRED_BILLION_1E4_CNY
from ballast.charts.bar import Bar, bar_chart, ranked
from ballast.charts.figure import Caption
from ballast.charts.scatter import Axis, Mark, scatter
from ballast.charts.waterfall import Step, waterfall_chart
from ballast.portal import cluster_words as words
from ballast.portal.picture_chart import Chart
from ballast.portal.picture_words import short
from ballast.terms import unit as units
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.numbers import scale_for

__all__ = ["growth_steps", "members_steps", "places_chart", "scatter_chart"]

_PART_NAMES: dict[str, Label] = {
    "national": Label("总体增长", "as the whole"),
    "industry_mix": Label("产业结构", "industry mix"),
    "shift": Label("本地竞争", "own lead"),
    "entered": Label("新增行业", "new industries"),
    "sum": Label("合计", "together"),
}
_WHO: dict[str, Label] = {
    "stayed": Label("存续企业", "stayed"),
    "entered": Label("新入统企业", "entered"),
    "left": Label("退出企业", "left"),
}


def scatter_chart(book: ClusterBook, kind: Kind, language: Language) -> Chart | None:
    """Return size against specialisation; ``None`` where nothing has both.

    Parameters
    ----------
    book, kind
        What is drawn.
    language
        The reader's.
    """
    shown = [p for p in book.of(kind) if p.revenue and p.quotient]
    if not shown or book.year is None:
        return None
    scale = scale_for(units.CNY_1E4, language, HUNDRED_BILLION_1E4_CNY)
    marks = [
        Mark(
            short(p.label, language),
            (p.revenue or 0.0) / float(scale.size),
            p.quotient or 0.0,
            p.persons or 0.0,
            accent=(p.quotient or 0.0) >= 2,
        )
        for p in shown
    ]
    against = shown[0].quotient_base or book.label
    subtitle = say(
        "Revenue and location quotient against {reference} by persons employed, {year}; area: "
        "persons employed",
        language,
        reference=against,
        year=book.year.label,
    )
    across = Axis(say("Revenue, {unit}", language, unit=scale.name))
    up = Axis(
        say("Location quotient", language),
        1.0,
        say("1 = as in {reference}", language, reference=against.text(language)),
    )
    heading = words.scatter_finding(book.of(kind), kind, language)
    caption = Caption(heading, subtitle, words.source_line(book, language))
    return Chart(
        "scatter",
        heading,
        subtitle,
        caption.source,
        lambda width: scatter(
            marks, across, up, caption, language, width=width, height=480 if width < 480 else 420
        ),
        wide=True,
    )


def growth_steps(book: ClusterBook, parts: ShiftShare, language: Language) -> Chart | None:
    """Return the growth of output as steps; ``None`` where its parts are undefined.

    Parameters
    ----------
    book, parts
        Of what, against which reference.
    language
        The reader's.
    """
    shift = parts.shift
    if shift is None or parts.growth is None or book.year is None:
        return None
    values: list[tuple[Label, float]] = []
    for key, name in ((PartKey.NATIONAL, "national"), (PartKey.MIX, "industry_mix")):
        part = parts.part(key)
        values.append((_PART_NAMES[name], 0.0 if part is None else part.points or 0.0))
    entered = parts.part(PartKey.ENTERED)
    values.append((_PART_NAMES["shift"], shift.points or 0.0))
    if entered is not None and entered.points:
        values.append((_PART_NAMES["entered"], entered.points))
    subtitle = say(
        "Growth of output in {year}, percentage points; against {reference}",
        language,
        year=book.year.label,
        reference=parts.reference_label,
    )
    heading = words.lead_finding(parts, language)
    return _steps("growth", heading, subtitle, values, parts.growth, book, language)


def members_steps(book: ClusterBook, turnover: Turnover, language: Language) -> Chart | None:
    """Return who made the growth of output as steps; ``None`` where there was no year before.

    Parameters
    ----------
    book, turnover
        Of what.
    language
        The reader's.
    """
    whole = turnover.growth_published
    if whole is None or book.year is None:
        return None
    values = [
        (_WHO[name], getattr(turnover, f"from_{name}") or 0.0)
        for name in ("stayed", "entered", "left")
    ]
    subtitle = say(
        "Growth of output in {year} by enterprises, percentage points",
        language,
        year=book.year.label,
    )
    heading = words.scope_finding(turnover, language)
    return _steps("turnover", heading, subtitle, values, whole, book, language)


def _steps(
    key: str,
    heading: str,
    subtitle: str,
    values: Sequence[tuple[Label, float]],
    whole: float,
    book: ClusterBook,
    language: Language,
) -> Chart:
    def text(value: float) -> str:
        return words.points(value, language, bare=True)

    # The chart takes away what a step holds; a gain is what it gives back.
    steps = [
        Step(name.text(language), -value, text(value), "speed" if value >= 0 else "time")
        for name, value in values
    ]
    steps.append(Step(_PART_NAMES["sum"].text(language), whole, text(whole), "left"))
    caption = Caption(heading, subtitle, words.source_line(book, language))
    return Chart(
        key,
        heading,
        subtitle,
        caption.source,
        lambda width: waterfall_chart(steps, caption, language, width=width),
    )


def places_chart(book: ClusterBook, profile: Profile, language: Language) -> Chart | None:
    """Return the location quotient in every place; ``None`` where there is one place only.

    Parameters
    ----------
    book, profile
        Of what.
    language
        The reader's.
    """
    known = [p for p in profile.places if p.quotient is not None]
    if not known or book.year is None:
        return None

    def bar(place: PlaceRow) -> Bar:
        text = words.quotient(place.quotient, language)
        return Bar(place.label.text(language), place.quotient or 0.0, text, accent=place.own)

    bars = ranked([bar(place) for place in known])
    subtitle = say(
        "Location quotient by persons employed in {year}, against all of {region}",
        language,
        year=book.year.label,
        region=book.label,
    )
    heading = words.places_finding(profile, language)
    caption = Caption(heading, subtitle, words.source_line(book, language))
    return Chart(
        "places",
        heading,
        subtitle,
        caption.source,
        lambda width: bar_chart(bars, caption, language, width=width),
    )
