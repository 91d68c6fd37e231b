"""The figures of an enterprise over time: one line at a time, and all that was reported as a table.

One chart whose figure is chosen, not twelve: each figure has its small line in
the headline already, and a page of twelve axes answers nothing.
"""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup

from ballast.brain.enterprise_shape import EnterpriseFigure, EnterpriseProfile
from ballast.charts.figure import Caption
from ballast.charts.line import Series, line_chart
from ballast.portal.data_html import Content, table_html
from ballast.portal.enterprise_words import WORDS
from ballast.portal.factory_html import PHONE, WIDE, Card, absent, card, figure_of, section
from ballast.portal.frame_address import go
from ballast.portal.picture_words import absent_reason
from ballast.terms.label import Label, Language
from ballast.terms.unit import Unit
from ballast.words import say
from ballast.words.numbers import Absence, exact, scale_for, written

__all__ = ["PAGE", "time_cards"]

PAGE = "/enterprise"
_HEIGHT = 240


def time_cards(profile: EnterpriseProfile, figure: str, source: str, language: Language) -> Markup:
    """Return the section on figures over time; nothing where nothing was reported.

    Parameters
    ----------
    profile, language
        What is shown, and in which language.
    figure
        Of which figure the line is; the first where there is no such.
    source
        Where the figures come from.
    """
    if not profile.figures:
        return Markup()
    chosen = profile.figure(figure) or profile.figures[0]
    return section(
        say("Over time", language),
        _choices(profile, chosen, language),
        _chart(chosen, source, language),
        _reported(profile, source, language),
    )


def _choices(profile: EnterpriseProfile, chosen: EnterpriseFigure, language: Language) -> Markup:
    entries = Markup().join(
        Markup('<li><a href="{}"{}>{}</a></li>').format(
            go(PAGE, code=profile.standing.uscc, figure=one.key, lang=language) + "#card-time",
            Markup(' aria-current="true"') if one is chosen else Markup(),
            one.label.text(language),
        )
        for one in profile.figures
    )
    label = WORDS["figure"].text(language)
    return Markup('<nav aria-label="{}"><ul class="fa-spans">{}</ul></nav>').format(label, entries)


def _chart(one: EnterpriseFigure, source: str, language: Language) -> Markup:
    known = [value for value in one.by_month if value is not None]
    name = one.label.text(language)
    if len(known) < 2:
        text = say("A line is drawn once two periods of {what} are known.", language, what=name)
        return Markup('<p class="bd-note" id="card-time">{}</p>').format(text)
    scale = scale_for(one.unit, language, max(abs(v) for v in known))
    points = tuple(
        (m.period.end, None if value is None else value / float(scale.size))
        for m, value in zip(one.series, one.by_month, strict=True)
    )
    heading = _finding(one, language)
    subtitle = say(
        "{unit}; {first} to {last}",
        language,
        unit=scale.name or one.unit.label.text(language),
        first=one.series[0].period.label,
        last=one.series[-1].period.label,
    )
    if one.joins:
        joined = say("January–February, reported as one, by the month", language)
        subtitle = f"{subtitle}; {joined}" if language == "en" else f"{subtitle}；{joined}"
    caption = Caption(heading, subtitle, source)
    drawn = [
        figure_of(
            line_chart([Series(name, points, accent=True)], caption, language, width=width,
                       height=_HEIGHT, from_zero=_from_zero(known)),
            key,
        )
        for width, key in ((WIDE, "time"), (PHONE, "time-phone"))
    ]  # fmt: skip
    rows: list[list[Content]] = [
        [m.period.label.text(language), _cell(m.value, one.unit, language)]
        for m in reversed(one.series)
    ]
    heads = [WORDS["period"].text(language), f"{name} ({_unit_name(one.unit, language)})"]
    made = Card("time", heading, subtitle, source, heads, rows, drawn[0], drawn[1],
                frozenset({1}), story=one.key)  # fmt: skip
    return card(made, language)


def _from_zero(known: list[float]) -> bool:
    """Return whether the axis begins at zero: where the line would use half of it anyway."""
    return min(known) >= 0 and min(known) < max(known) / 2


def _finding(one: EnterpriseFigure, language: Language) -> str:
    known = [
        (value, m.period)
        for m, value in zip(one.series, one.by_month, strict=True)
        if value is not None
    ]
    last, newest = known[-1]
    most, when = max(known, key=lambda pair: pair[0])
    if when == newest:
        return say(
            "{what} is at its highest in {period}", language, what=one.label, period=newest.label
        )
    return say(
        "{what}: {value} in {period}; the most was {most} in {when}",
        language,
        what=one.label,
        value=str(written(last, one.unit, language)),
        period=newest.label,
        most=str(written(most, one.unit, language)),
        when=when.label,
    )


def _reported(profile: EnterpriseProfile, source: str, language: Language) -> Markup:
    heads = [
        WORDS["period"].text(language),
        WORDS["above_scale"].text(language),
        *(
            f"{_capital(label.text(language))} ({_unit_name(unit, language)})"
            for _, label, unit in profile.columns
        ),
    ]
    rows: list[list[Content]] = [
        [
            row.period.label.text(language),
            WORDS["yes" if row.above_scale else "no"].text(language),
            *(
                _cell(amount, unit, language)
                for amount, (_, _, unit) in zip(row.amounts, profile.columns, strict=True)
            ),
        ]
        for row in profile.rows
    ]
    title = say("Everything that was reported", language)
    table = table_html(title, heads, rows, figures=frozenset(range(2, len(heads))))
    return Markup(
        '<details class="behind en-reported"><summary>{}</summary>{}<p class="source">{}</p>'
        "</details>"
    ).format(title, table, source)


def _cell(value: object, unit: Unit, language: Language) -> Content:
    if isinstance(value, Decimal | int | float):
        return exact(value, unit, language).number
    return absent(Absence.NO_DATA.label.text(language), absent_reason(Absence.NO_DATA, language))


def _unit_name(unit: Unit, language: Language) -> str:
    found = exact(0, unit, language).unit
    return found or Label("个", "count").text(language)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
