"""The sentence of one figure, chosen by what the figure does.

A rise, a fall, no change, no figure of a year before, a figure withheld, no
data: each has a sentence of its own, so that none can say what the figure
does not.
"""

from __future__ import annotations

from ballast.brain.bulletin.asking import Found, Notes
from ballast.brain.bulletin.phrases import amount, direction, moved, moved_on_year
from ballast.brain.indicators.answer import Status
from ballast.brain.indicators.comparing import Compared
from ballast.brain.indicators.declared import Measure
from ballast.brain.indicators.registry import INDICATORS
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["ABOVE_SCALE", "level", "named", "no_figure"]

ABOVE_SCALE = Label("规模以上工业", "of above-scale industry")


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
    line = found.told(key)
    called = what or named(key)
    if line is None or line.value.status is not Status.PUBLISHED or line.value.value is None:
        return no_figure(found, key, called)
    value = line.value
    number = line.value.value
    places = {
        "what": called,
        "period": value.period.label,
        "value": notes.mark(amount(number, INDICATORS[key].unit), found, value),
    }
    published, comparable = line.published, line.comparable
    if published is not None and direction(published) is not None:
        places["change"] = moved_on_year(published)
        if comparable is not None and direction(comparable) is not None:
            places["comparable"] = moved(comparable)
    if INDICATORS[key].measure is Measure.RATIO:
        return _is_so_much(places, again=again)
    return _comes_to(places, again=again)


def _comes_to(places: dict[str, Label], *, again: bool) -> Sentence:
    """Return the sentence of an amount, as much as is known of its movement."""
    if "comparable" in places:
        return (
            Sentence("{what} came to {value}, {change} (comparable sample: {comparable}).", places)
            if again
            else Sentence(
                "{what} came to {value} in {period}, {change} (comparable sample: {comparable}).",
                places,
            )
        )
    if "change" in places:
        return (
            Sentence("{what} came to {value}, {change}.", places)
            if again
            else Sentence("{what} came to {value} in {period}, {change}.", places)
        )
    return (
        Sentence("{what} came to {value}.", places)
        if again
        else Sentence("{what} came to {value} in {period}.", places)
    )


def _is_so_much(places: dict[str, Label], *, again: bool) -> Sentence:
    """Return the sentence of a ratio, which is so much and does not come to so much."""
    if "comparable" in places:
        return (
            Sentence("{what} was {value}, {change} (comparable sample: {comparable}).", places)
            if again
            else Sentence(
                "{what} was {value} in {period}, {change} (comparable sample: {comparable}).",
                places,
            )
        )
    if "change" in places:
        return (
            Sentence("{what} was {value}, {change}.", places)
            if again
            else Sentence("{what} was {value} in {period}, {change}.", places)
        )
    return (
        Sentence("{what} was {value}.", places)
        if again
        else Sentence("{what} was {value} in {period}.", places)
    )


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
