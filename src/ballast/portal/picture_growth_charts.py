"""The charts of change: what carried the growth, month by month, investment, beside others."""

from __future__ import annotations

from datetime import date

from ballast.brain.picture_shape import IndustrySize, MacroItemPicture, RegionPicture
from ballast.charts.bar import Bar, bar_chart, ranked
from ballast.charts.line import Series, line_chart
from ballast.portal import picture_words as words
from ballast.portal.picture_chart import Chart, chart
from ballast.terms import unit as units
from ballast.terms.label import Language
from ballast.words import say
from ballast.words.numbers import movement, scale_for, written

__all__ = ["contribution", "macro", "trend", "upgrade"]


def contribution(picture: RegionPicture, language: Language) -> Chart | None:
    """Return which divisions carried the growth of output."""
    known = [d for d in picture.divisions if d.contribution is not None]
    if not known or picture.period is None:
        return None

    def bar(division: IndustrySize, value: float) -> Bar:
        text = movement(value, units.PERCENTAGE_POINTS, language, places=2, bare=True)
        return Bar(words.short(division.label, language), value, text, accent=value > 0)

    order = sorted(known, key=lambda d: -abs(d.contribution or 0))
    kept, rest = order[:12], order[12:]
    bars = list(ranked([bar(d, d.contribution or 0.0) for d in kept]))
    if rest:
        value = sum(d.contribution or 0.0 for d in rest)
        bars.append(
            Bar(
                say("other {count} divisions", language, count=len(rest)),
                value,
                movement(value, units.PERCENTAGE_POINTS, language, places=2, bare=True),
            )
        )
    subtitle = say(
        "Contribution to the growth of output, percentage points, {period} on a year before, "
        "published levels",
        language,
        period=picture.period.label.text(language),
    )
    return chart(
        picture,
        language,
        "contribution",
        words.contribution_finding(picture, language),
        subtitle,
        lambda caption, width: bar_chart(bars, caption, language, width=width),
    )


def trend(picture: RegionPicture, language: Language) -> Chart | None:
    """Return output month by month."""
    output = picture.indicator("output")
    if output is None or picture.latest is None:
        return None
    known = [p for p in output.series if p.value is not None]
    if len(known) < 2:
        return None
    last = known[-1]
    scale = scale_for(output.unit, language, max(p.value or 0.0 for p in known))
    points = tuple(
        (p.period.end, None if p.value is None else p.value / float(scale.size))
        for p in output.series
    )
    end = str(written(last.value or 0.0, output.unit, language, scale=scale))
    return chart(
        picture,
        language,
        "trend",
        words.trend_finding(output, language),
        say(
            "Output month by month, {unit}; January and February as their average",
            language,
            unit=scale.name,
        ),
        lambda caption, width: line_chart(
            [Series(end, points, True)], caption, language, width=width, from_zero=True
        ),
    )


def upgrade(picture: RegionPicture, language: Language) -> Chart | None:
    """Return technical-upgrade investment by year."""
    invested = picture.upgrade
    if invested is None:
        return None
    known = [p for p in invested.years if p.value is not None]
    if not known:
        return None
    scale = scale_for(invested.unit, language, known[-1].value or 0)
    end = str(written(known[-1].value or 0.0, invested.unit, language, scale=scale))
    points = tuple(
        (date(p.period.year, 1, 1), None if p.value is None else p.value / float(scale.size))
        for p in invested.years
    )
    subtitle = say("Technical-upgrade investment by year, {unit}", language, unit=scale.name)
    return chart(
        picture,
        language,
        "upgrade",
        words.upgrade_finding(picture, language),
        subtitle,
        lambda caption, width: line_chart(
            [Series(end, points, True)],
            caption,
            language,
            width=width,
            height=200,
            from_zero=True,
            years_only=True,
        ),
    )


def macro(picture: RegionPicture, item: MacroItemPicture, language: Language) -> Chart | None:
    """Return one macro ratio beside the province's and the nation's."""
    series = [
        Series(
            line.label.text(language),
            tuple((date(p.period.year, 1, 1), p.value) for p in line.points),
            line.own,
        )
        for line in item.lines
    ]
    subtitle = f"{item.label.text(language)}, {item.unit.label.text(language)}"
    return chart(
        picture,
        language,
        f"macro-{item.item.replace('_', '-')}",
        words.macro_finding(item, language),
        subtitle,
        lambda caption, width: line_chart(
            series, caption, language, width=width, height=200, years_only=True
        ),
    )
