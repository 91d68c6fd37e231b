"""Say a decision: as a text that a person reads, and as JSON that a program reads.

Both are made from the same tree and say the same. The text is written as an
official would explain it to the enterprise across the desk: what is demanded,
what was found and where that comes from, by how much it holds or fails, what
would turn it, which document to bring. A mark is never alone: the word stands
beside it, for whoever cannot tell ✓ from ✗.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from ballast.brain.policy.engine_wording import (
    POINTS,
    bilingual,
    fact_name,
    fact_value,
    gap,
    joined,
    missing_name,
    title_name,
    value_of,
)
from ballast.brain.policy.fact_catalogue import FACTS
from ballast.brain.policy.facts import Doubt, Fact
from ballast.brain.policy.finding import Decision, Finding, Interval, Missing, State, Verdict
from ballast.brain.policy.size import class_name
from ballast.brain.policy.versions import APPLICATION_LABELS
from ballast.terms.label import Label, Language
from ballast.words import say, visible

__all__ = [
    "STATE_LABELS",
    "UNCONFIRMED",
    "VERDICT_LABELS",
    "article_in",
    "as_json",
    "as_text",
    "compared_in_words",
    "deciding",
]

STATE_LABELS = {
    State.MET: Label("符合", "met"),
    State.UNMET: Label("不符合", "not met"),
    State.UNKNOWN: Label("数据不足", "data missing"),
    State.MANUAL: Label("需人工审核", "for people to judge"),
    State.NOT_APPLICABLE: Label("不适用", "does not apply"),
}
VERDICT_LABELS = {
    Verdict.ELIGIBLE: Label("符合条件", "eligible"),
    Verdict.INELIGIBLE: Label("不符合条件", "not eligible"),
    Verdict.INCOMPLETE: Label("数据不足，暂不能判定", "data missing, cannot be decided yet"),
    Verdict.REVIEW: Label(
        "可测算的均符合，其余待审核", "all that can be computed is met, the rest is for review"
    ),
}  # fmt: skip
_REACHED = STATE_LABELS | {
    State.MET: Label("达到", "reached"),
    State.UNMET: Label("未达到", "not reached"),
}
UNCONFIRMED = Label("未经原文核实", "not confirmed by the official text")

_MARKS = {
    State.MET: "✓", State.UNMET: "✗", State.UNKNOWN: "?", State.MANUAL: "○",
    State.NOT_APPLICABLE: "–",
}  # fmt: skip
_OPS = {
    ">=": Label("不低于", "at least"),
    ">": Label("高于", "more than"),
    "<=": Label("不高于", "at most"),
    "<": Label("低于", "less than"),
    "==": Label("等于", "exactly"),
}
_TWO_TONGUES = re.compile(r"(?P<zh>[^()]*[\u4e00-\u9fff][^()]*) \((?P<en>.*)\)")
_ROOM = Context(prec=60, rounding=ROUND_HALF_EVEN)
_ASIDE = ("waiver", "condition")


def as_text(decision: Decision, language: Language) -> str:
    """Return a decision as lines of text, indented as the tree is."""
    resolution = decision.resolution
    head = (
        title_name(resolution.scheme).text(language),
        APPLICATION_LABELS[resolution.application].text(language),
        str(resolution.day),
    )
    lines = [" · ".join(head)]
    lines.append(
        say("rules: {why}{mark}", language, why=resolution.why,
            mark=_mark(confirmed=resolution.confirmed, language=language))
    )  # fmt: skip
    lines += list(_summary(decision, language))
    lines.append("")
    lines += list(_tree(decision.tree, language, "", ""))
    lines.append("")
    lines.append(say("Computed from the facts given; the authority decides.", language))
    return "\n".join(lines) + "\n"


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
        "title": title_name(resolution.scheme).text(language),
        "version": resolution.version,
        "instrument": resolution.instrument,
        "application": resolution.application.value,
        "day": str(resolution.day),
        "why": resolution.why.text(language),
        "confirmed": resolution.confirmed,
        "verdict": decision.verdict.value,
        "verdict_text": _verdict(decision).text(language),
        "tree": _finding_json(decision.tree, language),
        "bring": [_missing_json(missing, language) for missing in decision.bring],
        "doubts": [_doubt_json(doubt, language) for doubt in decision.doubts],
        "classes": list(decision.classes),
    }


def deciding(finding: Finding) -> tuple[Finding, ...]:
    """Return the criteria that decide a state: those of the same state that all must be met.

    Examples
    --------
    >>> two = Finding("b", Label("乙", "b"), "", "flag", State.UNMET)
    >>> one = Finding("a", Label("甲", "a"), "", "flag", State.MET)
    >>> tree = Finding("t", Label("全部", "all"), "", "all", State.UNMET, parts=(one, two))
    >>> [each.id for each in deciding(tree)]
    ['b']
    """
    below = [part for part in finding.parts if part.state is finding.state]
    if finding.kind != "all" or finding.waived or not below:
        return (finding,)
    return tuple(each for part in below for each in deciding(part))


def article_in(article: str, language: Language) -> str:
    """Return an article's name in one language; the law writes ``第2项 (item 2)``.

    Examples
    --------
    >>> article_in("第2项 (item 2)", "en"), article_in("第2项 (item 2)", "zh")
    ('item 2', '第2项')
    """
    found = _TWO_TONGUES.fullmatch(article)
    return article if found is None else found[language]


def compared_in_words(finding: Finding) -> Label | None:
    """Return value, threshold and margin as a sentence; None where there is no value."""
    value, threshold = finding.value, finding.threshold
    if value is None or (finding.kind == "compare" and finding.parts and not _is_leaf(finding)):
        return None
    shown = _interval(value, finding.unit, threshold)
    if threshold is None:
        return shown
    bound = value_of(threshold, finding.unit, None)
    if not finding.op:
        return bilingual("{value} of {most}", value=shown, most=bound)
    asked = _OPS[finding.op]
    wanted = Label(f"{asked.zh}{bound.zh}", f"{asked.en} {bound.en}")
    if value.low != value.high or finding.margin is None:
        return bilingual("{value}; asked: {wanted}", value=shown, wanted=wanted)
    if finding.state is State.UNMET:
        if finding.margin == 0:
            return bilingual(
                "{value}; asked: {wanted}, which must not be just reached",
                value=shown,
                wanted=wanted,
            )
        off = gap(abs(finding.margin), finding.unit)
        return bilingual("{value}; asked: {wanted}; {gap} off", value=shown, wanted=wanted, gap=off)
    if finding.margin == 0 or finding.op == "==":
        return bilingual("{value}; asked: {wanted}; exactly met", value=shown, wanted=wanted)
    room = gap(abs(finding.margin), finding.unit)
    return bilingual(
        "{value}; asked: {wanted}; {gap} to spare", value=shown, wanted=wanted, gap=room
    )


def _is_leaf(finding: Finding) -> bool:
    return all(part.kind in _ASIDE for part in finding.parts)


def _verdict(decision: Decision) -> Label:
    if not decision.classes:
        return VERDICT_LABELS[decision.verdict]
    names = joined(class_name(one) for one in decision.classes)
    return names if len(decision.classes) == 1 else bilingual("may be {now}", now=names)


def _summary(decision: Decision, language: Language) -> Iterator[str]:
    yield say("finding: {verdict}", language, verdict=_verdict(decision))
    if decision.verdict is Verdict.INELIGIBLE:
        for one in deciding(decision.tree):
            why = one.turn
            yield (
                say("  not met: {label}", language, label=one.label)
                if why is None
                else say("  not met: {label}: {why}", language, label=one.label, why=why)
            )
    if decision.verdict is Verdict.REVIEW:
        for one in deciding(decision.tree):
            yield say("  for review: {label}", language, label=one.label)
    for missing in decision.bring:
        name, paper = missing_name(missing), _paper(missing)
        yield (
            say("  to bring: {fact}", language, fact=name)
            if paper is None
            else say("  to bring: {fact} ({paper})", language, fact=name, paper=paper)
        )
    for doubt in decision.doubts:
        yield say("  in doubt, not used: {reason}", language, reason=doubt.reason)


def _paper(missing: Missing) -> Label | None:
    declared = FACTS.get(missing.key)
    return None if declared is None else declared.evidence


def _tree(finding: Finding, language: Language, first: str, then: str) -> Iterator[str]:
    """Yield a finding and what stands below it; ``first`` leads its own line, ``then`` the rest."""
    parts = [part for part in finding.parts if not _goes_unsaid(part, finding, is_top=not first)]
    yield first + _line(finding, language)
    bar = "│ " if parts else "  "
    for line in _details(finding, language):
        yield f"{then}{bar}  {line}"
    for part in parts:
        last = part is parts[-1]
        yield from _tree(
            part, language, then + ("└─ " if last else "├─ "), then + ("   " if last else "│  ")
        )


def _is_short(finding: Finding) -> bool:
    return finding.state is State.UNMET or (finding.margin is not None and finding.margin < 0)


def _goes_unsaid(part: Finding, above: Finding, *, is_top: bool) -> bool:
    """Return whether a part is left out of the text: it would lengthen it and change nothing.

    So are a waiver that was not needed, a condition that holds, and below a demand for a size the
    bounds of the classes, where the class is known.
    """
    if above.kind == "class" and above.state is State.MET:
        return not is_top
    if part.kind == "condition":
        return part.state is State.MET
    return part.kind == "waiver" and above.state is State.MET and not above.waived


def _line(finding: Finding, language: Language) -> str:
    if finding.year is not None and finding.kind == "compare":
        label = Label(
            f"{finding.year}年{finding.label.zh}", f"{finding.label.en} of {finding.year}"
        )
    else:
        label = finding.label
    comparison = compared_in_words(finding)
    said = (_REACHED if finding.kind == "bound" else STATE_LABELS)[finding.state]
    if finding.waived:
        said = Label("符合（依豁免情形）", "met by the waiver")
    if finding.kind == "class":  # its label says the class
        told: list[str] = []
    else:
        told = [said.text(language)]
    colon, comma = ("：", "，") if language == "zh" else (": ", "; ")
    if comparison is not None:
        is_item = finding.unit == POINTS and not finding.op
        told = [*([] if is_item else told), comparison.text(language)]
    text = colon.join(one for one in (label.text(language), comma.join(told)) if one)
    article = f" [{article_in(finding.article, language)}]" if finding.article else ""
    mark = _mark(confirmed=finding.confirmed, language=language)
    return visible(f"{_MARKS[finding.state]} {text}{article}{mark}")


def _details(finding: Finding, language: Language) -> Iterator[str]:
    if finding.facts and (_is_leaf(finding) or finding.kind == "class"):
        facts = joined(_told(fact) for fact in finding.facts)
        yield say("from {facts}", language, facts=facts)
    if finding.kind == "compare" and not _is_leaf(finding):
        pass  # each year says it
    elif finding.turn is not None and _is_short(finding):
        yield say("what would turn it: {turn}", language, turn=finding.turn)
    elif finding.turn is not None:
        yield visible(finding.turn.text(language))
    if finding.evidence is not None and finding.state is State.MANUAL:
        yield say("proof: {evidence}", language, evidence=finding.evidence)
    if finding.note is not None:
        yield say("note: {note}", language, note=finding.note)


def _told(fact: Fact) -> Label:
    name, value, source = fact_name(fact.key, fact.year), fact_value(fact), fact.source
    colon = "" if isinstance(fact.value, Decimal) else "："
    return Label(
        f"{name.zh}{colon}{value.zh}（{source.zh}）",
        f"{name.en}: {value.en} ({source.text('en')})",
    )


def _interval(value: Interval, unit: str, beside: Decimal | None) -> Label:
    low = value_of(value.low, unit, beside)
    if value.low == value.high:
        return low
    return bilingual("{low} to {high}", low=low, high=value_of(value.high, unit, beside))


def _mark(*, confirmed: bool, language: Language) -> str:
    if confirmed:
        return ""
    said = UNCONFIRMED.text(language)
    return f"（{said}）" if language == "zh" else f" ({said})"


def _finding_json(finding: Finding, language: Language) -> dict[str, Any]:
    comparison = compared_in_words(finding)
    value = finding.value
    told: dict[str, Any] = {
        "id": finding.id,
        "label": finding.label.text(language),
        "article": finding.article,
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
    paper = _paper(missing)
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
