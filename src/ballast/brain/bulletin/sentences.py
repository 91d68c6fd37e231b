"""The sentence of one figure, chosen by what the figure does.

A rise, a fall, no change, no figure of a year before, a figure withheld, no
data: each has a sentence of its own, so that none can say what the figure
does not.
"""

from __future__ import annotations

from ballast.brain.bulletin.asking import Asked, Found, Notes, ask
from ballast.brain.bulletin.phrases import amount, direction, moved, moved_on_year
from ballast.brain.indicators.answer import Status
from ballast.brain.indicators.comparing import Compared
from ballast.brain.indicators.declared import Measure
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.registry import INDICATORS
from ballast.terms.label import Label
from ballast.terms.period import whole_year
from ballast.words import Sentence

__all__ = ["ABOVE_SCALE", "level", "named", "no_figure", "of_last_year"]

ABOVE_SCALE = Label("规模以上工业", "of above-scale industry")


# By what is told: the period, and how far the movement is known. An amount comes to so much, a
# ratio is so much.
_COMES_TO = {
    ("period", "comparable"): "{what} came to {value} in {period}, {change} "
    "(comparable sample: {comparable}).",
    ("period", "change"): "{what} came to {value} in {period}, {change}.",
    ("period", ""): "{what} came to {value} in {period}.",
    ("", "comparable"): "{what} came to {value}, {change} (comparable sample: {comparable}).",
    ("", "change"): "{what} came to {value}, {change}.",
    ("", ""): "{what} came to {value}.",
}
_IS_SO_MUCH = {
    ("period", "comparable"): "{what} was {value} in {period}, {change} "
    "(comparable sample: {comparable}).",
    ("period", "change"): "{what} was {value} in {period}, {change}.",
    ("period", ""): "{what} was {value} in {period}.",
    ("", "comparable"): "{what} was {value}, {change} (comparable sample: {comparable}).",
    ("", "change"): "{what} was {value}, {change}.",
    ("", ""): "{what} was {value}.",
}


def named(key: str) -> Label:
    """Return what an indicator of enterprises' reports is called in a sentence."""
    label = INDICATORS[key].label
    short = label.zh.removeprefix("工业")  # 规模以上工业增加值, not …工业工业增加值
    return Label(f"{ABOVE_SCALE.zh}{short}", f"{label.en} {ABOVE_SCALE.en}")


def level(
    notes: Notes, found: Found, key: str, what: Label | None = None, *, again: bool = False
) -> Sentence:
    """Return the sentence of an indicator: its level and how it moved.

    Parameters
    ----------
    notes, found, key
        Where notes are taken, what was asked, and of which indicator.
    what
        What the sentence calls it.
    again
        Whether the sentence before it named the same period, so that this one need not.
    """
    line, called = found.known(key), what or named(key)
    if line is None:
        return no_figure(found, key, called)
    value = line.value
    places = {
        "what": called,
        "period": value.period.label,
        "value": notes.mark(amount(value.value or 0, INDICATORS[key].unit), found, value),
    }
    published, comparable = line.published, line.comparable
    if published is not None and direction(published) is not None:
        places["change"] = moved_on_year(published)
        if comparable is not None and direction(comparable) is not None:
            places["comparable"] = moved(comparable)
    told = (
        "period" if not again else "",
        "comparable" if "comparable" in places else "change" if "change" in places else "",
    )
    if INDICATORS[key].measure is Measure.RATIO:
        return Sentence(_IS_SO_MUCH[told], places)
    return Sentence(_COMES_TO[told], places)


def of_last_year(asked: Asked, notes: Notes, key: str) -> Sentence:
    """Return the sentence of a figure that an office publishes of a city: the last year known."""
    where = {Dimension.REGION: (asked.region,)}
    for year in (asked.period.year - 1, asked.period.year - 2):
        found = ask(asked, (key,), where=where, period=whole_year(year))
        if found.published(key):
            break
    label = INDICATORS[key].label
    return level(notes, found, key, Label(f"全市{label.zh}", f"{label.en} of the city"))


def no_figure(found: Found, key: str, what: Label) -> Sentence:
    """Return the sentence of a figure that is not there: withheld, undefined or not reported."""
    line: Compared | None = found.told(key)
    places = {"what": what, "period": found.question.period.label}
    if found.withheld:
        return Sentence("{what} is not among the published figures.", places)
    if line is not None and line.value.status is Status.SUPPRESSED:
        return Sentence(
            "{what} of {period} is withheld: it would tell what single enterprises reported.",
            places,
        )
    if line is not None and line.value.status is Status.UNDEFINED:
        return Sentence("{what} of {period} is undefined.", places)
    return Sentence("There are no data on {what} for {period}.", {**places, "what": _inside(what)})


def _inside(what: Label) -> Label:
    """Return a name as it stands inside an English sentence; R&D keeps its letters."""
    en = what.text("en")
    return Label(what.zh, en if en[1:2].isupper() or en[1:2] == "&" else en[:1].lower() + en[1:])
