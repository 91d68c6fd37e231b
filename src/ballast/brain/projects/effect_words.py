"""What an effect study can say, and what it cannot, in sentences for those who decide.

An interval alone is read as an answer. Whether the two groups moved alike
before, how small an effect could have been seen at all, who is not among the
compared: these decide what the number means, so they are said with it, every
time, by the same code for command, page and bulletin.
"""

from __future__ import annotations

from ballast.brain.projects.effect_panel import OUTCOMES, Study
from ballast.brain.projects.ledger import KIND_LABELS
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["answer_of", "caveats_of", "sample_of"]


def answer_of(found: Study) -> tuple[Sentence, ...]:
    """Return the answer: what was found, and whether it can be put down to the projects.

    Parameters
    ----------
    found
        The study.
    """
    value, low, high = (round(one, 1) for one in found.effect.mean.percent)
    said = {
        "figure": OUTCOMES[found.outcome].label,
        "low": low,
        "high": high,
        "value": abs(value),
    }
    effect = found.effect
    if not effect.mean.found:
        first = Sentence(
            "No effect on {figure} can be told: in the year after the finish the difference to "
            "like enterprises lies between {low} % and {high} % (95 % interval), zero included.",
            said,
        )
    elif effect.mean.value > 0:
        first = Sentence(
            "In the year after the finish, {figure} was {value} % higher than that of like "
            "enterprises without a project (95 % interval: {low} % to {high} %).",
            said,
        )
    else:
        first = Sentence(
            "In the year after the finish, {figure} was {value} % lower than that of like "
            "enterprises without a project (95 % interval: {low} % to {high} %).",
            said,
        )
    p = {"p": f"{effect.apart:.2f}"}
    if effect.parallel:
        second = Sentence(
            "In the year before the finish the two moved alike, as far as can be told (p = {p}).",
            p,
        )
    elif effect.mean.found:
        second = Sentence(
            "But they moved apart before the finish already (p = {p}): the difference cannot be "
            "put down to the projects.",
            p,
        )
    else:
        second = Sentence(
            "They moved apart before the finish already (p = {p}): these others are no fair "
            "comparison.",
            p,
        )
    return first, second


def sample_of(found: Study) -> tuple[Sentence, ...]:
    """Return who was compared with whom, and who was left out.

    Parameters
    ----------
    found
        The study.
    """
    effect = found.effect
    kinds = [KIND_LABELS[kind] for kind in found.kinds]
    listed = Label("、".join(k.zh for k in kinds), ", ".join(k.en for k in kinds))
    return (
        Sentence(
            "{sets} enterprises whose first project ({kinds}) was finished, each beside up to "
            "three of the same division and of like size without any project, {others} different "
            "ones; quarters from {first} to {last}.",
            {
                "sets": effect.sets,
                "kinds": listed,
                "others": effect.others,
                "first": found.first.label,
                "last": found.last.label,
            },
        ),
        Sentence(
            "Left out: {outside} whose finish has not two years before and one after it in the "
            "data, {gaps} that did not report every quarter, {alone} without a like one.",
            {"outside": effect.outside, "gaps": effect.gaps, "alone": effect.alone},
        ),
    )


def caveats_of(found: Study) -> tuple[Sentence, ...]:
    """Return what the study cannot say.

    Parameters
    ----------
    found
        The study.
    """
    return (
        Sentence(
            "An effect below {least} % would probably not have been seen with these data.",
            {"least": round(found.effect.visible_percent, 1)},
        ),
        Sentence(
            "Nobody drew lots: who invests may have expected to grow. Like size and industry and "
            "like movement before the finish lessen that and do not rule it out."
        ),
        Sentence(
            "It is the difference to others, not the gain of the city: orders that one enterprise "
            "won from its neighbour count as an effect here."
        ),
        Sentence(
            "Only above-scale enterprises that reported every quarter are in it; whoever closed or "
            "fell below the scale is not."
        ),
        Sentence(
            "Building itself disturbs: if production suffered before the finish, part of what "
            "follows is its return."
        ),
    )
