"""A decision drawn as a tree: the verdict, what is missing to bring, then each criterion.

Pure: from a decision to markup, for the open page without script and for the
pages behind the door alike. What is not met stands first and open; what is met
is folded away, because whoever asks wants to know what is lacking. Every
folding is the browser's own, so nothing of it needs a script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from markupsafe import Markup

from ballast.brain.policy.engine_wording import fact_name, fact_value, joined, missing_name
from ballast.brain.policy.facts import Doubt, Fact
from ballast.brain.policy.finding import Decision, Finding, Missing, State, Verdict
from ballast.brain.policy.size import class_name
from ballast.brain.policy.telling_words import STATE_LABELS, UNCONFIRMED, VERDICT_LABELS, article_in
from ballast.brain.policy.versions import APPLICATION_LABELS
from ballast.charts.threshold import share_mark, threshold_mark
from ballast.portal.factory_html import capital
from ballast.portal.law_words import OPERATORS, WORDS, amount_text, ends_text, margin_text
from ballast.terms.label import Label, Language
from ballast.terms.policy_fact import FACTS
from ballast.words import say

__all__ = [
    "bring_list",
    "decision_card",
    "doubts_list",
    "finding_list",
    "size_text",
    "tally",
    "unconfirmed",
]

_SIGNS: dict[State, str] = {
    State.UNMET: "✗",
    State.UNKNOWN: "?",
    State.MANUAL: "○",
    State.MET: "✓",
    State.NOT_APPLICABLE: "–",
}
_ORDER = tuple(_SIGNS)
_OF_VERDICT: dict[Verdict, State] = {
    Verdict.ELIGIBLE: State.MET,
    Verdict.INELIGIBLE: State.UNMET,
    Verdict.INCOMPLETE: State.UNKNOWN,
    Verdict.REVIEW: State.MANUAL,
}
_ITEMS = frozenset({"group", "bands", "first", "capped", "per", "expert", "best"})
"""Kinds of finding that give points: their value tells, not their state."""
_NOTHING = Markup()
_LARGEST = Decimal(10) ** 300


def decision_card(
    decision: Decision,
    name: Label,
    language: Language,
    *,
    heading: int = 3,
    folded: bool = False,
    before: Markup = _NOTHING,
    name_it: str = "",
) -> Markup:
    """Return a decision: verdict, what to bring, every criterion.

    Parameters
    ----------
    decision
        What was decided.
    name
        Of the scheme.
    language
        The reader's.
    heading
        Level of its heading in the page.
    folded
        Whether only the verdict stands open.
    before
        What stands between the verdict and the criteria.
    name_it
        Its name in the page; the scheme's where empty.
    """
    told = decision.resolution
    why = Markup('<p class="lt-why">{} · <b>{}</b> · {}{}</p>').format(
        capital(APPLICATION_LABELS[told.application].text(language)),
        told.instrument,
        told.why.text(language),
        _NOTHING if told.confirmed else " " + unconfirmed(language),
    )
    body = Markup().join(
        (
            why,
            before,
            bring_list(decision.bring, language),
            doubts_list(decision.doubts, language),
            finding_list(_roots(decision.tree), language),
        )
    )
    state = Verdict(decision.verdict)
    head = Markup('<h{0} class="lt-name">{1}</h{0}>{2}').format(
        heading, capital(name.text(language)), _verdict(state, decision, language)
    )
    made = (
        Markup("<details><summary>{}</summary>{}</details>").format(head, body)
        if folded
        else head + body
    )
    return Markup('<article class="card lt lt-{}" id="lt-{}">{}</article>').format(
        _OF_VERDICT[state], name_it or told.scheme, made
    )


def _verdict(verdict: Verdict, decision: Decision, language: Language) -> Markup:
    said = size_text(decision, language) or capital(VERDICT_LABELS[verdict].text(language))
    return Markup(
        '<p class="lt-verdict"><span class="lt-sign" aria-hidden="true">{}</span>'
        '<span class="lt-said"><strong>{}</strong> <span>{}</span></span></p>'
    ).format(_SIGNS[_OF_VERDICT[verdict]], said, tally(decision.tree, language))


def size_text(decision: Decision, language: Language) -> str:
    """Return what a classification says; empty where the decision is none."""
    if not decision.classes:
        return ""
    joint = Label(" 或 ", " or ").text(language)
    names = [class_name(one).text(language) for one in decision.classes]
    return say("Size class: {classes}", language, classes=joint.join(names))


def tally(tree: Finding, language: Language) -> str:
    """Return how many criteria are in each state, those to be looked at first."""
    counts = dict.fromkeys(_ORDER, 0)
    for leaf in _leaves(tree):
        counts[leaf.state] += 1
    joint = Label("，", ", ").text(language)
    form = Label("{} {}项", "{} {}").text(language)
    return joint.join(
        form.format(STATE_LABELS[state].text(language), count)
        for state, count in counts.items()
        if count and state is not State.NOT_APPLICABLE
    )


def _leaves(found: Finding) -> Sequence[Finding]:
    """Return the criteria that an official counts: no groups, no items of a score, no years."""
    if found.kind in ("all",) and found.parts and not found.waived:
        return [leaf for part in found.parts for leaf in _leaves(part)]
    return [found]


def _roots(tree: Finding) -> Sequence[Finding]:
    return tree.parts if tree.kind == "all" and tree.parts and not tree.waived else (tree,)


def bring_list(missing: Sequence[Missing], language: Language) -> Markup:
    """Return the facts that are missing and could still change the verdict, with their evidence."""
    if not missing:
        return _NOTHING
    entries = Markup().join(
        Markup("<li>{}{}</li>").format(
            capital(missing_name(one).text(language)), _document(one, language)
        )
        for one in missing
    )
    return Markup('<section class="lt-bring"><h4>{}</h4><ul>{}</ul></section>').format(
        WORDS["bring"].text(language), entries
    )


def _document(missing: Missing, language: Language) -> Markup:
    declared = FACTS.get(missing.key)
    if declared is None or declared.evidence is None:
        return _NOTHING
    return Markup("<small>{}</small>").format(declared.evidence.text(language))


def doubts_list(doubts: Sequence[Doubt], language: Language) -> Markup:
    """Return the facts that were not used, and why."""
    if not doubts:
        return _NOTHING
    entries = Markup().join(
        Markup("<li>{}<small>{}</small></li>").format(
            capital(joined(missing_name(Missing(*key)) for key in doubt.keys).text(language)),
            doubt.reason.text(language),
        )
        for doubt in doubts
    )
    return Markup('<section class="lt-doubts"><h4>{}</h4><ul>{}</ul></section>').format(
        WORDS["doubts"].text(language), entries
    )


def unconfirmed(language: Language) -> Markup:
    """Return the mark of what no source at hand confirms."""
    return Markup('<abbr class="badge" title="{}">{}</abbr>').format(
        WORDS["unconfirmed_why"].text(language), UNCONFIRMED.text(language)
    )


def finding_list(found: Sequence[Finding], language: Language) -> Markup:
    """Return findings: what is not met first, what is met folded away.

    Parameters
    ----------
    found
        Of one level.
    language
        The reader's.
    """
    if all(one.kind in _ITEMS for one in found):
        return _listed(found, language)  # points are read in the law's own order
    by_state = {state: [one for one in found if one.state is state] for state in _ORDER}
    shown = [one for state in _ORDER[:3] for one in by_state[state]]
    parts = [_listed(shown, language)] if shown else []
    for state in _ORDER[3:]:
        if held := by_state[state]:
            text = say("{state}: {count}", language, state=STATE_LABELS[state], count=len(held))
            parts.append(
                Markup(
                    '<details class="lt-fold"><summary><span class="lt-sign" aria-hidden="true">{}'
                    "</span>{}</summary>{}</details>"
                ).format(_SIGNS[state], text, _listed(held, language))
            )
    return Markup().join(parts)


def _listed(found: Sequence[Finding], language: Language) -> Markup:
    return Markup('<ul class="lt-list">{}</ul>').format(
        Markup().join(_entry(one, language) for one in found)
    )


def _entry(found: Finding, language: Language) -> Markup:
    kind = "points" if found.kind in _ITEMS else str(found.state)
    parts = [part for part in found.parts if not _goes_unsaid(part, found)]
    below = finding_list(parts, language) if parts else _NOTHING
    if below and (found.state is State.MET or found.kind in _ITEMS):
        heads = Label("其中 {} 项", "parts: {}").text(language).format(len(parts))
        below = Markup('<details class="lt-fold"><summary>{}</summary>{}</details>').format(
            heads, below
        )
    line = _label(found, language) + _figure(found, language) + _drawn(found, language)
    basis = _basis(found, language)
    if basis:
        line = Markup(
            '<details class="lt-basis"><summary class="lt-line">{}</summary>{}</details>'
        ).format(line, basis)
    else:
        line = Markup('<div class="lt-line">{}</div>').format(line)
    return Markup('<li class="lt-row lt-{}">{}{}</li>').format(kind, line, below)


def _goes_unsaid(part: Finding, above: Finding) -> bool:
    """Return whether a part would lengthen the tree and say nothing: a waiver nobody needs."""
    if part.kind == "condition":
        return part.state is State.MET
    return part.kind == "waiver" and above.state is State.MET and not above.waived


def _label(found: Finding, language: Language) -> Markup:
    name = capital(found.label.text(language))
    if found.year is not None and found.kind == "compare":
        name = f"{found.year}年 · {name}" if language == "zh" else f"{found.year} · {name}"
    marks = [_NOTHING if found.confirmed else unconfirmed(language)]
    if found.waived:
        marks.append(Markup('<span class="badge">{}</span>').format(WORDS["waived"].text(language)))
    if found.kind == "any":
        text = WORDS["any"].text(language)
        marks.append(Markup("<small>{}</small>").format(text))
    sign = (
        _NOTHING
        if found.kind in _ITEMS
        else Markup(
            '<span class="lt-sign"><span aria-hidden="true">{}</span><span class="unseen">{}</span>'
            "</span>"
        ).format(_SIGNS[found.state], STATE_LABELS[found.state].text(language))
    )
    return Markup('{}<span class="lt-label"><span class="lt-what">{}</span> {}{}</span>').format(
        sign, name, Markup(" ").join(one for one in marks if one), _turn(found, language)
    )


def _figure(found: Finding, language: Language) -> Markup:
    if found.value is None:
        if found.kind in _ITEMS or found.parts:
            return _NOTHING
        text = STATE_LABELS[found.state].text(language)
        return Markup('<span class="lt-value lt-none">{}</span>').format(text)
    value = ends_text(found.value, found.unit, language, found.threshold)
    if found.threshold is None:
        return Markup('<span class="lt-value">{}</span>').format(value)
    least = amount_text(found.threshold, found.unit, language)
    if not found.op:  # a part of a score, beside the most that it can give
        return Markup(
            '<span class="lt-value"><b>{}</b> <span class="lt-least">/ {}</span></span>'
        ).format(value, least)
    sign = OPERATORS.get(found.op, found.op)
    return Markup(
        '<span class="lt-value"><b>{}</b> <span class="lt-least">{} {}</span>'
        '<small class="lt-margin">{}</small></span>'
    ).format(value, sign, least, margin_text(found, language))


def _drawn(found: Finding, language: Language) -> Markup:
    if found.value is None or found.threshold is None:
        return _NOTHING
    value = ends_text(found.value, found.unit, language)
    least = amount_text(found.threshold, found.unit, language)
    low, high, bound = (
        float(min(max(end, -_LARGEST), _LARGEST))
        for end in (found.value.low, found.value.high, found.threshold)
    )
    if not found.op:
        told = say("{what}: {value} of {most}", language, what=found.label, value=value, most=least)
        return Markup(share_mark(low, high, bound, told))  # noqa: S704  escaped where it is made
    told = say(
        "{what}: {value}, demanded {sign} {least}", language, what=found.label, value=value,
        sign=OPERATORS.get(found.op, found.op), least=least,
    )  # fmt: skip
    short = found.state is State.UNMET or (found.margin is not None and found.margin < 0)
    drawn = threshold_mark(
        low, high, bound, told, less=found.op.startswith("<"), short=short,
        open_ended=low != high and found.state in (State.UNKNOWN, State.MANUAL),
    )  # fmt: skip
    return Markup(drawn)  # noqa: S704  what it says is escaped where it is made


def _turn(found: Finding, language: Language) -> Markup:
    """Return what would turn a criterion; what is missing where nothing says it."""
    if found.turn is not None:
        return Markup('<span class="lt-turn">{}</span>').format(found.turn.text(language))
    if not found.missing or found.parts or found.state is State.MET:
        return _NOTHING
    named = joined(missing_name(one) for one in found.missing)
    text = say("missing: {facts}", language, facts=named)
    return Markup('<span class="lt-turn">{}</span>').format(text)


def _basis(found: Finding, language: Language) -> Markup:
    told: Mapping[str, Sequence[str]] = {
        "article": [article_in(found.article, language)] if found.article else [],
        "note": [] if found.note is None else [found.note.text(language)],
        "evidence": [] if found.evidence is None else [found.evidence.text(language)],
        "facts": [_fact(one, language) for one in found.facts],
    }
    shown = Markup().join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(
            WORDS[name].text(language), Markup("<br>").join(lines)
        )
        for name, lines in told.items()
        if lines
    )
    if not shown:
        return _NOTHING
    return Markup("<dl>{}</dl>").format(shown)


def _fact(fact: Fact, language: Language) -> str:
    name, value = fact_name(fact.key, fact.year).text(language), fact_value(fact).text(language)
    source = fact.source.text(language)
    if language == "zh":
        return f"{name}：{value}（{source}）"
    return f"{capital(name)}: {value} ({source})"
