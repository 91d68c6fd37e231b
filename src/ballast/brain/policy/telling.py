"""Say a decision: as a text that a person reads, and as JSON that a program reads.

Both are made from the same tree and say the same. The text is written as an
official would explain it to the enterprise across the desk: what is demanded,
what was found and where that comes from, by how much it holds or fails, what
would turn it, which document to bring. A mark is never alone: the word stands
beside it, for whoever cannot tell ✓ from ✗.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ballast.brain.policy.engine_wording import (
    POINTS,
    bilingual,
    fact_name,
    fact_value,
    joined,
    missing_name,
)
from ballast.brain.policy.facts import Fact
from ballast.brain.policy.finding import Decision, Finding, State, Verdict
from ballast.brain.policy.telling_json import as_json
from ballast.brain.policy.telling_words import (
    ASIDE,
    REACHED,
    STATE_LABELS,
    UNCONFIRMED,
    VERDICT_LABELS,
    article_in,
    compared_in_words,
    deciding,
    is_leaf,
    paper_of,
    scheme_name,
    verdict_in_words,
)
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

_MARKS = {
    State.MET: "✓", State.UNMET: "✗", State.UNKNOWN: "?", State.MANUAL: "○",
    State.NOT_APPLICABLE: "–",
}  # fmt: skip


def as_text(decision: Decision, language: Language) -> str:
    """Return a decision as lines of text, indented as the tree is."""
    resolution = decision.resolution
    head = (
        scheme_name(resolution.scheme).text(language),
        APPLICATION_LABELS[resolution.application].text(language),
        str(resolution.day),
    )
    lines = [" · ".join(head)]
    lines.append(
        say("rules: {why}{mark}", language, why=resolution.why,
            mark=_mark(confirmed=resolution.confirmed, language=language))
    )  # fmt: skip
    if resolution.instrument not in resolution.why.text(language):
        lines.append(say("document: {instrument}", language, instrument=resolution.instrument))
    lines += list(_summary(decision, language))
    lines.append("")
    lines += list(_tree(decision.tree, language, "", ""))
    lines.append("")
    lines.append(say("Computed from the facts given; the authority decides.", language))
    return "\n".join(visible(line) for line in lines) + "\n"


def _summary(decision: Decision, language: Language) -> Iterator[str]:
    yield say("finding: {verdict}", language, verdict=verdict_in_words(decision))
    if decision.verdict is Verdict.INELIGIBLE:
        for one in deciding(decision.tree):
            why = _options(one) or one.turn
            yield (
                say("  not met: {label}", language, label=one.label)
                if why is None
                else say("  not met: {label}: {why}", language, label=one.label, why=why)
            )
    if decision.verdict is Verdict.REVIEW:
        for one in deciding(decision.tree):
            yield say("  for review: {label}", language, label=one.label)
    for missing in decision.bring:
        name, paper = missing_name(missing), paper_of(missing)
        yield (
            say("  to bring: {fact}", language, fact=name)
            if paper is None
            else say("  to bring: {fact} ({paper})", language, fact=name, paper=paper)
        )
    for doubt in decision.doubts:
        yield say("  in doubt, not used: {reason}", language, reason=doubt.reason)


def _options(finding: Finding) -> Label | None:
    """Return what any one of would do, by name: in a summary nothing stands below."""
    if finding.kind != "any":
        return None
    options = joined(part.label for part in finding.parts if part.kind not in ASIDE)
    return bilingual("any one of these will do: {options}", options=options)


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
    if finding.kind == "compare" and finding.margin is not None:
        return finding.margin < 0 or finding.state is State.UNMET
    return finding.state is State.UNMET


def _goes_unsaid(part: Finding, above: Finding, *, is_top: bool) -> bool:
    """Return whether a part is left out of the text: it would lengthen it and change nothing.

    So are a waiver that was not needed, a condition that holds, what stands below a criterion that
    does not apply, and below a demand for a size the bounds of the classes, where the class is
    known.
    """
    if above.state is State.NOT_APPLICABLE:
        return True
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
    is_item = finding.unit == POINTS and not finding.op
    said = (REACHED if finding.kind == "bound" else STATE_LABELS)[finding.state]
    if finding.waived:
        said = Label("符合（依豁免情形）", "met by the waiver")
    elif finding.state is State.UNKNOWN and comparison is not None and _is_short(finding):
        said = Label(
            "本项未达到，能否豁免尚缺数据", "not reached; whether it is waived is not known"
        )
    if finding.kind == "class":  # its label says the class
        told: list[str] = []
    else:
        told = [said.text(language)]
    colon, comma = ("：", "，") if language == "zh" else (": ", "; ")
    if comparison is not None:
        told = [*([] if is_item else told), comparison.text(language)]
    text = colon.join(one for one in (label.text(language), comma.join(told)) if one)
    article = f" [{article_in(finding.article, language)}]" if finding.article else ""
    mark = _mark(confirmed=finding.confirmed, language=language)
    is_sum = is_item and finding.state in (State.MET, State.UNMET)
    return f"{'·' if is_sum else _MARKS[finding.state]} {text}{article}{mark}"


def _details(finding: Finding, language: Language) -> Iterator[str]:
    if finding.state is State.NOT_APPLICABLE:
        yield from _why_not(finding, language)
        return
    if finding.facts and (is_leaf(finding) or finding.kind == "class"):
        facts = joined(_told(fact) for fact in finding.facts)
        yield say("from {facts}", language, facts=facts)
    if finding.kind == "compare" and not is_leaf(finding):
        pass  # each year says it
    elif finding.turn is not None and _is_short(finding):
        yield say("what would turn it: {turn}", language, turn=finding.turn)
    elif finding.turn is not None:
        yield finding.turn.text(language)
    if finding.evidence is not None and finding.state is State.MANUAL:
        yield say("proof: {evidence}", language, evidence=finding.evidence)
    if finding.note is not None:
        yield say("note: {note}", language, note=finding.note)


def _why_not(finding: Finding, language: Language) -> Iterator[str]:
    """Yield why a criterion does not apply."""
    unmet = [part for part in finding.parts if part.kind == "condition"]
    for condition in unmet:
        names = joined(part.label for part in condition.parts)
        yield say("applies only where: {condition}", language, condition=names)
    if finding.note is not None:
        yield say("note: {note}", language, note=finding.note)


def _told(fact: Fact) -> Label:
    name, value, source = fact_name(fact.key, fact.year), fact_value(fact), fact.source
    colon = "" if isinstance(fact.value, Decimal) else "："
    return Label(
        f"{name.zh}{colon}{value.zh}〔{source.zh}〕",
        f"{name.en}: {value.en} [{source.text('en')}]",
    )


def _mark(*, confirmed: bool, language: Language) -> str:
    if confirmed:
        return ""
    said = UNCONFIRMED.text(language)
    return f"（{said}）" if language == "zh" else f" ({said})"
