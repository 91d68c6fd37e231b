"""What the Claims page shows: the text with its statements marked in place, the answers beside.

The text is somebody else's: it is shown as it was given, every character
escaped, and nothing in it becomes a link. Marks carry a number and a sign, so
that the answer is not told by colour alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from ballast.brain.claims.answers import VERDICT_LABELS, Checked, Verdict
from ballast.brain.claims.showing import beside, stated, why
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.marks import SYNTHETIC

__all__ = ["SIGNS", "STYLE", "answers", "marked", "summary"]

SIGNS: Mapping[Verdict, str] = {
    Verdict.HOLDS: "✓",
    Verdict.CONSISTENT: "≈",
    Verdict.FAILS: "✗",
    Verdict.UNCHECKED: "?",
}
_GRAVEST = (Verdict.FAILS, Verdict.UNCHECKED, Verdict.CONSISTENT, Verdict.HOLDS)
_TEXT = Label("原文", "The text")
_ANSWERS = Label("核对结果", "The answers")
_RECORDS = Label("依据", "records")
_OTHERS = Label("还对照了", "also looked at")
_MOST_OTHERS = 6

STYLE = """
.cl-entry { display: block; margin: 8px 0 16px; }
.cl-entry textarea { width: 100%; min-height: 176px; resize: vertical; line-height: 24px; }
.cl-both { display: grid; gap: 24px; align-items: start;
  grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
.page .cl-both h2 { margin-top: 16px; }
.cl-text { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 28px; }
.cl-mark { background: none; color: inherit; border-bottom: 2px solid var(--muted); }
.cl-mark a { color: inherit; text-decoration: none; }
.cl-mark sup { font-size: 11px; line-height: 0; padding-left: 2px; color: var(--muted); }
.cl-fails { background: var(--mark-ground); border-color: var(--behind); }
.cl-fails sup { color: var(--behind); font-weight: 600; }
.cl-consistent, .cl-holds { border-color: var(--accent); }
.cl-unchecked { border-bottom-style: dotted; }
.cl-answers { list-style: none; margin: 0; padding: 0; display: grid; gap: 12px; }
.cl-answers > li { border-inline-start: 3px solid var(--muted); padding: 0 0 0 12px;
  scroll-margin-top: 72px; overflow-wrap: anywhere; }
.cl-answers > li.cl-fails { background: none; border-color: var(--behind); }
.cl-answers > li:target { background: var(--accent-ground); }
.cl-answers p { margin: 0; }
.cl-answers .cl-said { font-weight: 600; }
.cl-answers .cl-verdict { white-space: nowrap; font-weight: 400; }
.cl-answers .cl-less, .cl-answers details { color: var(--muted); font-size: 13px;
  line-height: 18px; }
.cl-answers ul { margin: 4px 0; padding-left: 20px; }
.cl-answers code { overflow-wrap: anywhere; }
@media (max-width: 800px) { .cl-both { grid-template-columns: minmax(0, 1fr); }
  .cl-both > :last-child { order: -1; } }
"""


def summary(checked: Sequence[Checked], language: Language) -> Markup:
    """Return how many statements there are and how they stand, in one line.

    Parameters
    ----------
    checked
        The answers.
    language
        Of the reader.
    """
    if not checked:
        return Markup('<p class="note" role="status">{}</p>').format(
            say("Nothing in this text is stated in figures.", language)
        )
    counts = Counter(one.verdict for one in checked)
    parts = Markup(" · ").join(
        Markup("{} {} {}").format(SIGNS[v], VERDICT_LABELS[v].text(language), counts[v])
        for v in _GRAVEST[::-1]
        if counts[v]
    )
    badge = Markup('<span class="badge">{}</span>').format(SYNTHETIC.text(language))
    return Markup('<p class="about" role="status"><strong>{}</strong><span>{}</span>{}</p>').format(
        say("{count} statements", language, count=len(checked)),
        parts,
        badge if any(one.synthetic for one in checked) else "",
    )


def marked(text: str, checked: Sequence[Checked], language: Language) -> Markup:
    """Return the text with its statements marked where they stand.

    Parameters
    ----------
    text
        As it was given.
    checked
        The answers; several may stand at one place.
    language
        Of the reader.
    """
    at: dict[tuple[int, int], list[int]] = {}
    for number, one in enumerate(checked, start=1):
        span = one.statement.span
        at.setdefault((span.start, span.end), []).append(number)
    parts, done = [], 0
    for (start, end), numbers in sorted(at.items()):
        if start < done:  # within a mark already
            continue
        verdicts = {checked[n - 1].verdict for n in numbers}
        gravest = next(v for v in _GRAVEST if v in verdicts)
        parts.append(escape(text[done:start]))
        parts.append(
            Markup(
                '<mark class="cl-mark cl-{}" id="cl-m{}"><a href="#cl-a{}">{}<sup>{}</sup>'
                '<span class="unseen"> ({})</span></a></mark>'
            ).format(
                gravest.value, numbers[0], numbers[0], text[start:end],
                f"{', '.join(map(str, numbers))}{SIGNS[gravest]}",
                VERDICT_LABELS[gravest].text(language),
            )
        )  # fmt: skip
        done = end
    parts.append(escape(text[done:]))
    return Markup('<h2>{}</h2><div class="cl-text">{}</div>').format(
        _TEXT.text(language), Markup().join(parts)
    )


def answers(text: str, checked: Sequence[Checked], language: Language) -> Markup:
    """Return the answers in the order of the text, each with the records behind it."""
    items = Markup().join(
        _answer(text, one, number, language) for number, one in enumerate(checked, start=1)
    )
    return Markup('<h2>{}</h2><ol class="cl-answers">{}</ol>').format(
        _ANSWERS.text(language), items
    )


def _answer(text: str, one: Checked, number: int, language: Language) -> Markup:
    verdict = one.verdict
    lines = [
        Markup(
            '<p class="cl-said">{}. {} <span class="cl-verdict">{} {}</span></p>'
        ).format(number, stated(text, one, language), SIGNS[verdict],
                 VERDICT_LABELS[verdict].text(language))
    ]  # fmt: skip
    if one.ours:
        lines.append(Markup("<p>{}</p>").format(beside(one, language)))
    if reason := why(one, language):
        lines.append(Markup('<p class="cl-less">{}</p>').format(reason))
    if one.ours:
        lines.append(_records(one, language))
    return Markup('<li class="cl-{}" id="cl-a{}">{}</li>').format(
        verdict.value, number, Markup().join(lines)
    )


def _records(one: Checked, language: Language) -> Markup:
    """Return the loads and the command behind an answer, and what else was looked at."""
    first = one.ours[0]
    loads = ", ".join(first.sources)
    parts = [Markup("<p>{}</p>").format(loads)] if loads else []
    if first.command:
        parts.append(Markup("<p><code>{}</code></p>").format(first.command))
    if others := one.ours[1 : 1 + _MOST_OTHERS]:
        listed = Markup().join(Markup("<li>{}</li>").format(o.text(language)) for o in others)
        parts.append(Markup("<p>{}</p><ul>{}</ul>").format(_OTHERS.text(language), listed))
    return Markup("<details><summary>{}</summary>{}</details>").format(
        _RECORDS.text(language), Markup().join(parts)
    )
