"""Capability as the page shows it: each index with its interval, and a warning before it.

A Cpk without its interval is read as a fact; of thirty pieces it is a guess.
The interval is drawn first and the figure stands at its end, and where the
values do not look normal the reader is told before seeing either.
"""

from __future__ import annotations

from markupsafe import Markup

from ballast.charts.figure import Caption
from ballast.charts.interval import Estimate, interval_chart
from ballast.plant.measures.capability import CONFIDENCE, INDEX_LABELS, Capability, Index
from ballast.plant.reports.charts import ChartReport
from ballast.portal.data_html import Content
from ballast.portal.factory_html import PHONE, WIDE, Card, absent, card, figure_of, number, sentence
from ballast.portal.factory_words import WORDS
from ballast.terms.label import Language
from ballast.words import say
from ballast.words.numbers import Absence, fixed, percent

__all__ = ["capability_markup"]

_WANTED = 1.33
"""The capability that customers usually ask for; a line to compare with, no rule of ours."""


def capability_markup(report: ChartReport, source: str, language: Language) -> Markup:
    """Return the capability of the process, or why there is none.

    Parameters
    ----------
    report
        Of the chart.
    source
        Where the figures come from.
    language
        The reader's.
    """
    found = report.capability
    if found is None:
        why = report.why_no_capability
        text = say(
            "There is no capability without limits of the specification: give the tag lower "
            "and upper in the mapping, or write them beside the inspected values.",
            language,
        )
        if why is not None:
            text = sentence(why.text(language))
        return Markup('<p class="bd-note">{}</p>').format(text)
    made = card(_indices(found, report, source, language), language)
    warning = found.normal.warning
    if warning is None:
        return made
    return Markup('<p class="note" role="note">{}</p>{}').format(
        sentence(warning.text(language)), made
    )


def _indices(found: Capability, report: ChartReport, source: str, language: Language) -> Card:
    pairs = [(name, getattr(found, name)) for name in ("cp", "cpk", "pp", "ppk")]
    known = [(name, one) for name, one in pairs if one.value is not None]
    estimates = [
        Estimate(
            name.capitalize(),
            one.value,
            one.value if one.low is None else one.low,
            one.value if one.high is None else one.high,
            fixed(one.value, 2, language),
            accent=name == "cpk",
        )
        for name, one in known
    ]
    heading, subtitle = _capable(found, language), _limits(found, report, language)
    caption = Caption(heading, subtitle, source)
    desk = phone = Markup()
    if estimates:
        desk, phone = (
            figure_of(
                interval_chart(estimates, caption, language, width=width, reference=_WANTED),
                f"indices-{width}",
            )
            for width in (WIDE, PHONE)
        )
    rows: list[list[Content]] = [
        [INDEX_LABELS[name].text(language), *_index(one, language)] for name, one in pairs
    ]
    heads = [
        say("Index", language),
        WORDS["value"].text(language),
        say("{share} interval", language, share=percent(CONFIDENCE, places=0)),
    ]
    return Card("capability", heading, subtitle, source, heads, rows, desk, phone,
                frozenset({1, 2}))  # fmt: skip


def _capable(found: Capability, language: Language) -> str:
    cpk = found.cpk
    if cpk.value is None:
        return say("Cpk does not exist for these values", language)
    value = fixed(cpk.value, 2, language)
    if cpk.low is None or cpk.high is None:
        return say("Cpk is {value}", language, value=value)
    low, high = (fixed(each, 2, language) for each in (cpk.low, cpk.high))
    if cpk.low >= _WANTED:
        sentence = say("Cpk {value} ({low} to {high}): surely above {wanted}", language,
                       value=value, low=low, high=high, wanted=_WANTED)  # fmt: skip
    elif cpk.high < _WANTED:
        sentence = say("Cpk {value} ({low} to {high}): surely below {wanted}", language,
                       value=value, low=low, high=high, wanted=_WANTED)  # fmt: skip
    else:
        sentence = say(
            "Cpk {value} ({low} to {high}): too few values to say whether it reaches {wanted}",
            language, value=value, low=low, high=high, wanted=_WANTED,
        )  # fmt: skip
    return sentence


def _limits(found: Capability, report: ChartReport, language: Language) -> str:
    limits = report.specification
    lower = upper = None
    if limits is not None:
        lower, upper = limits.lower, limits.upper
    return say(
        "Specification {lower} to {upper} {unit}; mean {mean}, standard deviation {overall}, "
        "{count} values; the line stands at {wanted}",
        language,
        lower="–" if lower is None else number(lower, language),
        upper="–" if upper is None else number(upper, language),
        unit=report.unit,
        mean=number(found.mean, language, 5),
        overall=number(found.overall, language, 3),
        count=found.count,
        wanted=_WANTED,
    )


def _index(one: Index, language: Language) -> tuple[Content, Content]:
    if one.value is None:
        text = Absence.UNDEFINED.label.text(language)
        why = "" if one.why is None else one.why.text(language)
        return absent(text, why), ""
    interval = ""
    if one.low is not None and one.high is not None:
        low, high = (fixed(v, 3, language) for v in (one.low, one.high))
        interval = f"{low} – {high}"
    return fixed(one.value, 3, language), interval
