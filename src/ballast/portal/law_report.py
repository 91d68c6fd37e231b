"""The report of a self-check: what it says in words, each scheme in a line, each decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ballast.brain.policy.finding import Verdict
from ballast.brain.policy.telling_words import VERDICT_LABELS
from ballast.portal.factory_html import capital
from ballast.portal.law_checking import Checked
from ballast.portal.law_tree import decision_card, size_text, tally
from ballast.portal.law_words import WORDS
from ballast.terms.label import Language
from ballast.words import say

__all__ = ["ReportLine", "report_answer", "report_cards", "report_lines"]

_ANSWERS = {
    Verdict.ELIGIBLE: "By what is known, every criterion is met of: {names}.",
    Verdict.REVIEW: "What can be computed is met, and people judge the rest, of: {names}.",
    Verdict.INCOMPLETE: "Nothing speaks against it so far, but facts are missing, of: {names}.",
    Verdict.INELIGIBLE: "At least one criterion is not met of: {names}.",
}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A scheme in the overview of a report: ``state`` colours it, its words say the same."""

    scheme: str
    name: str
    verdict: str
    tally: str
    state: str


def report_answer(found: Sequence[Checked], language: Language) -> list[str]:
    """Return what a report says in words, before any figure."""
    joint = WORDS["joint"].text(language)
    by_verdict: dict[Verdict, list[str]] = {}
    for one in found:
        if one.decision is not None and not one.decision.classes:
            by_verdict.setdefault(one.decision.verdict, []).append(one.name.text(language))
    return [
        say(_ANSWERS[verdict], language, names=joint.join(by_verdict[verdict]))
        for verdict in _ANSWERS
        if verdict in by_verdict
    ]


def report_lines(found: Sequence[Checked], language: Language) -> list[ReportLine]:
    """Return every scheme with its verdict, and how many criteria are in each state."""
    lines = []
    for one in found:
        name = capital(one.name.text(language))
        if one.decision is None:
            why = "" if one.refused is None else one.refused.text(language)
            lines.append(ReportLine(one.scheme, name, "–", why, "none"))
            continue
        verdict = size_text(one.decision, language) or capital(
            VERDICT_LABELS[one.decision.verdict].text(language)
        )
        told = tally(one.decision.tree, language)
        lines.append(ReportLine(one.scheme, name, verdict, told, one.decision.verdict.value))
    return lines


def report_cards(found: Sequence[Checked], language: Language, heading: int = 2) -> list[Markup]:
    """Return the decisions; those that say yes to everything are folded away."""
    return [
        decision_card(
            one.decision,
            one.name,
            language,
            heading=heading,
            folded=one.decision.verdict is Verdict.ELIGIBLE,
        )
        for one in found
        if one.decision is not None
    ]
