"""A decision as plain values, for programs that ask: every figure, and every sentence beside it.

Figures are JSON numbers in the unit that stands beside them, so that a program
can reckon with them; the sentences are those of the text, so that it need not
make up its own.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from ballast.brain.policy.engine_wording import fact_name, fact_value, missing_name
from ballast.brain.policy.facts import Doubt, Fact
from ballast.brain.policy.finding import Decision, Finding, Missing
from ballast.brain.policy.telling_words import (
    STATE_LABELS,
    article_in,
    compared_in_words,
    paper_of,
    scheme_name,
    verdict_in_words,
)
from ballast.terms.label import Language

__all__ = ["as_json"]

_ROOM = Context(prec=60, rounding=ROUND_HALF_EVEN)


def as_json(decision: Decision, language: Language) -> dict[str, Any]:
    """Return a decision as plain values: the tree with its figures, and every sentence of it.

    Keys: ``scheme``, ``title``, ``version``, ``instrument``, ``application``, ``day``, ``why``,
    ``confirmed``, ``verdict`` (its value), ``verdict_text``, ``tree``, ``bring``, ``doubts``,
    ``classes``. Of a finding: ``id``, ``label``, ``article``, ``confirmed``, ``kind``, ``state``,
    ``state_text``, ``value`` (``low`` and ``high``), ``unit``, ``threshold``, ``op``, ``margin``,
    ``comparison`` (in words), ``facts``, ``missing``, ``turn``, ``evidence``, ``note``, ``waived``,
    ``year``, ``parts``; what is not there is left out.
    """
    resolution = decision.resolution
    return {
        "scheme": resolution.scheme,
        "title": scheme_name(resolution.scheme).text(language),
        "version": resolution.version,
        "instrument": resolution.instrument,
        "application": resolution.application.value,
        "day": str(resolution.day),
        "why": resolution.why.text(language),
        "confirmed": resolution.confirmed,
        "verdict": decision.verdict.value,
        "verdict_text": verdict_in_words(decision).text(language),
        "tree": _finding_json(decision.tree, language),
        "bring": [_missing_json(missing, language) for missing in decision.bring],
        "doubts": [_doubt_json(doubt, language) for doubt in decision.doubts],
        "classes": list(decision.classes),
    }


def _finding_json(finding: Finding, language: Language) -> dict[str, Any]:
    comparison = compared_in_words(finding)
    value = finding.value
    told: dict[str, Any] = {
        "id": finding.id,
        "label": finding.label.text(language),
        "article": article_in(finding.article, language),
        "confirmed": finding.confirmed,
        "kind": finding.kind,
        "state": finding.state.value,
        "state_text": STATE_LABELS[finding.state].text(language),
        "value": None if value is None else {"low": _num(value.low), "high": _num(value.high)},
        "unit": finding.unit or None,
        "threshold": _num(finding.threshold),
        "op": finding.op or None,
        "margin": _num(finding.margin),
        "comparison": None if comparison is None else comparison.text(language),
        "facts": [_fact_json(fact, language) for fact in finding.facts] or None,
        "missing": [_missing_json(missing, language) for missing in finding.missing] or None,
        "turn": None if finding.turn is None else finding.turn.text(language),
        "evidence": None if finding.evidence is None else finding.evidence.text(language),
        "note": None if finding.note is None else finding.note.text(language),
        "waived": finding.waived or None,
        "year": finding.year,
        "parts": [_finding_json(part, language) for part in finding.parts] or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _fact_json(fact: Fact, language: Language) -> dict[str, Any]:
    value = fact.value
    told = {
        "key": fact.key,
        "year": fact.year,
        "name": fact_name(fact.key, fact.year).text(language),
        "value": _num(value)
        if isinstance(value, Decimal)
        else value
        if isinstance(value, bool)
        else str(value),
        "text": fact_value(fact).text(language),
        "source": fact.source.text(language),
        "as_of": None if fact.as_of is None else str(fact.as_of),
    }
    return {key: value for key, value in told.items() if value is not None}


def _missing_json(missing: Missing, language: Language) -> dict[str, Any]:
    paper = paper_of(missing)
    told = {
        "key": missing.key,
        "year": missing.year,
        "name": missing_name(missing).text(language),
        "evidence": None if paper is None else paper.text(language),
    }
    return {key: value for key, value in told.items() if value is not None}


def _doubt_json(doubt: Doubt, language: Language) -> dict[str, Any]:
    return {
        "facts": [{"key": key, "year": year} for key, year in doubt.keys],
        "reason": doubt.reason.text(language),
    }


def _num(value: Decimal | None) -> int | float | None:
    """Return a figure as JSON has it: whole where it is, else to ten decimals."""
    if value is None:
        return None
    if value == value.to_integral_value():
        return int(value)
    return float(value.quantize(Decimal("1e-10"), context=_ROOM))
