"""A monthly sheet as it would change the ledger, as markup: counts, changes, what is not taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from markupsafe import Markup

from ballast.brain.projects.changing import Change
from ballast.brain.projects.ledger import KIND_LABELS
from ballast.brain.projects.looking import Difference, Look, differences
from ballast.brain.projects.matching import Match, MatchKind, Named
from ballast.brain.projects.status import STATUS_LABELS
from ballast.brain.projects.updating import Planned
from ballast.lake.issues import Issue
from ballast.lake.tables import table
from ballast.lake.template import header_of
from ballast.portal.data_html import Content, table_html
from ballast.portal.data_words import count
from ballast.portal.factory_html import badge
from ballast.portal.frame_address import go
from ballast.portal.projects_view import money
from ballast.portal.projects_words import PAGE, WORDS
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.numbers import grouped

__all__ = [
    "MATCH_LABELS",
    "changes_markup",
    "doubt_markup",
    "figures_markup",
    "missing_markup",
    "refused_markup",
    "told_of",
]

MATCH_LABELS: dict[MatchKind, Label] = {
    MatchKind.NUMBER: Label("按编号", "by number"),
    MatchKind.ALIAS: Label("按别名", "by alias"),
    MatchKind.EVIDENCE: Label("按依据", "by evidence"),
    MatchKind.DECIDED: Label("由您指定", "by your decision"),
    MatchKind.NEW: Label("新项目", "new"),
    MatchKind.UNSURE: Label("拿不准", "in doubt"),
    MatchKind.CONTRADICTION: Label("自相矛盾", "contradicts itself"),
    MatchKind.LEFT_OUT: Label("您不采用", "left out by you"),
}
_DOUBTS = (MatchKind.EVIDENCE, MatchKind.UNSURE, MatchKind.DECIDED, MatchKind.LEFT_OUT)
_MOST_REFUSED = 200
_MOST_MISSING = 100


def figures_markup(seen: Look, language: Language) -> Markup:
    """Return how many rows were understood by what, and how many change something.

    Parameters
    ----------
    seen
        The look.
    language
        The reader's.
    """
    by = Counter(one.match.kind for one in seen.update.rows)
    doubtful = sum(by[kind] for kind in _DOUBTS)
    quiet = sum(one.quiet for one in seen.update.rows)
    shown = (
        (WORDS["rows"], len(seen.update.rows) + seen.sheet.wrong),
        (MATCH_LABELS[MatchKind.NUMBER], by[MatchKind.NUMBER]),
        (MATCH_LABELS[MatchKind.ALIAS], by[MatchKind.ALIAS]),
        (WORDS["evidence"], doubtful),
        (WORDS["new"], by[MatchKind.NEW]),
        (WORDS["changing"], len(seen.update.changing)),
        (WORDS["quiet"], quiet),
        (WORDS["refused"], seen.refused),
    )
    listed = Markup().join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
            label.text(language), count(number, language)
        )
        for label, number in shown
    )
    mark = badge(language, synthetic=seen.synthetic)
    about = Markup('<p class="about">{}</p>').format(mark) if mark else Markup()
    return Markup('{}<dl class="bd-figures ps-figures">{}</dl>').format(about, listed)


def doubt_markup(one: Planned, language: Language) -> Markup:
    """Return a row that a person decides on: what it says, what it may mean, and why.

    Parameters
    ----------
    one
        The row.
    language
        The reader's.
    """
    may_be = Markup().join(
        Markup('<li><a href="{}" target="_blank" rel="noopener">{}</a> {}</li>').format(
            go(PAGE, project=each.number, lang=language),
            each.number,
            _joined([sentence.text(language) for sentence in each.evidence], language),
        )
        for each in one.match.candidates
    )
    return Markup('<p class="ps-row"><strong>{}</strong> {}</p><ul>{}</ul>').format(
        say("row {row}", language, row=one.row.place), told_of(one.row.named, language), may_be
    )


def told_of(named: Named, language: Language) -> str:
    """Return what a row says of its project, in one line."""
    parts = [named.number, named.name, named.enterprise or named.uscc]
    if named.planned is not None:
        parts.append(f"{WORDS['planned'].text(language)} {money(named.planned, language)}")
    return " · ".join(part for part in parts if part)


def refused_markup(seen: Look, language: Language) -> Markup:
    """Return the rows that are not taken: where, what stands there, why and what to do.

    Parameters
    ----------
    seen
        The look; rows that wait for a decision stand where they are decided, not here.
    language
        The reader's.
    """
    rows: list[list[Content]] = [_issue(issue, language) for issue in seen.sheet.issues]
    rows += [
        [
            say("row {row}", language, row=one.row.place),
            "",
            told_of(one.row.named, language),
            one.problem.text(language),
        ]
        for one in seen.update.problems
        if one.problem is not None
        and one.asks != "decision"
        and one.match.kind is not MatchKind.LEFT_OUT
    ]
    if not rows:
        return Markup()
    title = say("Not taken", language)
    heads = [WORDS[key].text(language) for key in ("row", "column", "stands_there", "why_not")]
    more = Markup()
    if (left := len(rows) - _MOST_REFUSED) > 0 or seen.sheet.issue_count > len(seen.sheet.issues):
        left = max(left, 0) + seen.sheet.issue_count - len(seen.sheet.issues)
        more = Markup('<p class="bd-note">{}</p>').format(
            say("… and {count} more", language, count=left)
        )
    listed = _stacked(table_html(title, heads, rows[:_MOST_REFUSED]))
    return Markup("<h3>{}</h3>{}{}").format(title, listed, more)


def _issue(issue: Issue, language: Language) -> list[Content]:
    column = "" if issue.column is None else issue.column.text(language)
    return [issue.where(language), column, issue.found or "–", issue.reason(language)]


def changes_markup(some: Sequence[Planned], language: Language) -> Markup:
    """Return what rows change, from what to what.

    Parameters
    ----------
    some
        Rows that are taken and change something.
    language
        The reader's.
    """
    title = say("What changes", language)
    heads = [WORDS[key].text(language) for key in ("row", "project", "understood", "what_changes")]
    rows = [_changing(one, language) for one in some]
    return _stacked(table_html(title, heads, rows))


def _stacked(listed: Markup) -> Markup:
    """Return a table of which each row is a card of its own on a phone."""
    return Markup('<div class="ps-stack">{}</div>').format(listed)


def _changing(one: Planned, language: Language) -> list[Content]:
    after = one.after or {}
    number, name = str(after.get("project", "")), str(after.get("name", ""))
    project: Content = Markup("{}<small>{}</small>").format(name, number)
    if one.project is not None:
        project = Markup('<a href="{}" target="_blank" rel="noopener">{}</a><small>{}</small>')
        project = project.format(go(PAGE, project=number, lang=language), name, number)
    told = Markup().join(
        Markup("<li><span>{}</span> {} → <strong>{}</strong></li>").format(*_told(each, language))
        for each in differences(one)
    )
    return [
        say("row {row}", language, row=one.row.place),
        project,
        _by(one.match, one, language),
        Markup('<ul class="ps-told">{}</ul>').format(told),
    ]


def _by(match: Match, one: Planned, language: Language) -> Content:
    label = MATCH_LABELS[match.kind].text(language)
    notes = [note.text(language) for note in one.notes]
    if match.kind in (MatchKind.NUMBER, MatchKind.ALIAS):
        notes = notes[1:]  # the first says what the label says
    if one.corrects is not None:
        notes.append(say("corrects a month that stands", language))
    return Markup("{}<small>{}</small>").format(label, _joined(notes, language))


def _joined(texts: Sequence[str], language: Language) -> str:
    return ("；" if language == "zh" else "; ").join(texts)


def _told(each: Difference, language: Language) -> tuple[str, str, str]:
    column = table(each.table).column(each.change.field)
    before, after = (_value(each.change, text, language)
                     for text in (each.change.before, each.change.after))  # fmt: skip
    return header_of(replace(column, required=False), language), before, after


def _value(change: Change, text: str | None, language: Language) -> str:
    if text is None:
        return "–"
    if change.field.endswith("_1e4_cny"):
        # To the last figure: rounded, a small change would look like none.
        return grouped(Decimal(text), language)
    labels = {"status": STATUS_LABELS, "project_kind": KIND_LABELS}.get(change.field, {})
    return labels[text].text(language) if text in labels else text


def missing_markup(seen: Look, language: Language) -> Markup:
    """Return the projects under way that the sheet does not name.

    Parameters
    ----------
    seen, language
        The look, and the reader's language.
    """
    missing = seen.update.missing
    if not missing:
        return Markup()
    said = say("{count} projects under way are not in the sheet", language, count=len(missing))
    links = Markup(" · ").join(
        Markup('<a href="{}" target="_blank" rel="noopener">{}</a>').format(
            go(PAGE, project=number, lang=language), number
        )
        for number in missing[:_MOST_MISSING]
    )
    rest = len(missing) - _MOST_MISSING
    more = say("… and {count} more", language, count=rest) if rest > 0 else ""
    return Markup("<details><summary>{}</summary><p>{} {}</p></details>").format(said, links, more)
