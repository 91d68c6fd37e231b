"""The rules part of the Law page and of its open sister: one scheme, its versions, its calendar.

The same markup for both, because a rule that an official reads behind the door
and one that an enterprise reads in front of it must be the same rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from markupsafe import Markup

from ballast.brain.policy.law_shape import Law, Version
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.versions import APPLICATION_LABELS
from ballast.brain.policy.windows import Event, EventKind, calendar
from ballast.errors import NotFound
from ballast.portal.factory_html import capital
from ballast.portal.law_rules import rules_markup
from ballast.portal.law_rules_head import instrument_of, mark, text_of
from ballast.terms.label import Label, Language
from ballast.words import say

__all__ = ["YEAR_AHEAD", "calendar_markup", "events_ahead", "law_markup", "scheme_of"]

Address = Callable[[str], str]
YEAR_AHEAD = timedelta(days=365)
_KINDS: dict[EventKind, Label] = {
    EventKind.OPENS: Label("开始受理", "applications open"),
    EventKind.CLOSES: Label("截止受理", "applications close"),
    EventKind.DUE: Label("截止办理", "due"),
    EventKind.BEGINS: Label("规定开始适用", "a rule begins to apply"),
    EventKind.CHANGES: Label("数值调整", "a figure changes"),
    EventKind.ENDS: Label("规定停止适用", "a rule ends"),
    EventKind.EXPIRES: Label("称号到期", "a title expires"),
}


def scheme_of(laws: Laws, asked: str) -> str:
    """Return the scheme that an address names; the first one where it names none.

    Raises
    ------
    NotFound
        If there is no such scheme.
    """
    if not asked:
        return laws.schemes[0]
    if asked not in laws.schemes:
        raise NotFound(
            "there is no scheme “{scheme}”; choose one of {known}",
            scheme=asked[:40],
            known=", ".join(laws.schemes),
        )
    return asked


def law_markup(laws: Laws, scheme: str, day: date, language: Language, address: Address) -> Markup:
    """Return the text of one scheme: what applies today first, what did or will folded away.

    Parameters
    ----------
    laws
        All of them; their names are shown to choose from.
    scheme
        The one that is shown.
    day
        Today.
    language
        The reader's.
    address
        Makes the address of another scheme.
    """
    law = laws.law(scheme)
    names = {key: Label(laws.law(key).label.zh, laws.law(key).label.en) for key in laws.schemes}
    entries = Markup().join(
        Markup('<li><a href="{}"{}>{}</a></li>').format(
            address(key),
            Markup(' aria-current="true"') if key == scheme else Markup(),
            capital(name.text(language)),
        )
        for key, name in names.items()
    )
    choose = Label("称号与规定", "Titles and rules").text(language)
    nav = Markup('<nav aria-label="{}"><ul class="law-schemes">{}</ul></nav>').format(
        choose, entries
    )
    about = Markup('<div class="answer"><p>{}</p></div>').format(text_of(law.about, language))
    now = [one for one in law.versions if _applies(one, day)]
    rest = [one for one in law.versions if one not in now]
    shown = [rules_markup(law, one, names, day, language) for one in now]
    shown += [_folded(law, one, names, day, language) for one in rest]
    if not now:
        text = say("No version of these rules applies on {day}.", language, day=day.isoformat())
        shown.insert(0, Markup('<p class="note">{}</p>').format(text))
    return nav + about + Markup().join(shown) + _further(law, language)


def _further(law: Law, language: Language) -> Markup:
    """Return the documents that no version stands on by itself, such as an index of scores."""
    own = {one.instrument for one in law.versions}
    rest = [one for one in law.instruments if one.id not in own]
    if not rest:
        return Markup()
    entries = Markup().join(
        Markup("<li><b>{}</b> {}{} <small>{}</small></li>").format(
            one.number,
            text_of(one.title, language),
            mark(language, confirmed=one.confirmed),
            text_of(one.note, language),
        )
        for one in rest
    )
    heading = say("Further documents that the rules name", language)
    return Markup(
        '<section class="law-text lt"><h4>{}</h4><ul class="law-applies">{}</ul></section>'
    ).format(heading, entries)


def _applies(version: Version, day: date) -> bool:
    return any(
        one.since <= day and (one.until is None or day <= one.until) for one in version.applies
    )


def _folded(
    law: Law, version: Version, names: dict[str, Label], day: date, language: Language
) -> Markup:
    found = instrument_of(law, version)
    number = version.id if found is None else found.number
    text = say("{number}: applies at other times", language, number=number)
    return Markup('<details class="law-other"><summary>{}</summary>{}</details>').format(
        text, rules_markup(law, version, names, day, language)
    )


def events_ahead(laws: Laws, day: date) -> tuple[Event, ...]:
    """Return what happens in the year from a day on."""
    return calendar(laws, day, day + YEAR_AHEAD)


def calendar_markup(events: Sequence[Event], laws: Laws, day: date, language: Language) -> Markup:
    """Return a calendar as a table, the next day first.

    Parameters
    ----------
    events
        In order.
    laws
        For the names of the schemes.
    day
        Today; how many days are left is counted from it.
    language
        The reader's.
    """
    if not events:
        text = say("Nothing is due in the next twelve months.", language)
        return Markup('<p class="note">{}</p>').format(text)
    heads = (
        Label("日期", "Day"), Label("还有", "In"), Label("事项", "What"), Label("称号", "Title"),
        Label("说明", "Note"),
    )  # fmt: skip
    head = Markup().join(
        Markup('<th scope="col" class="text">{}</th>').format(one.text(language)) for one in heads
    )
    rows = Markup().join(_event(one, laws, day, language) for one in events)
    caption = Label("申报与有效期日历", "Calendar of applications and terms").text(language)
    return Markup(
        '<div class="scroll law-calendar" tabindex="0" role="region" aria-label="{0}"><table>'
        '<caption class="unseen">{0}</caption><thead><tr>{1}</tr></thead><tbody>{2}</tbody>'
        "</table></div>"
    ).format(caption, head, rows)


def _event(one: Event, laws: Laws, day: date, language: Language) -> Markup:
    left = (one.day - day).days
    days = (
        say("{days} days", language, days=left) if left else Label("今天", "today").text(language)
    )
    what = _KINDS[one.kind].text(language)
    if one.application is not None:
        what = f"{what} · {APPLICATION_LABELS[one.application].text(language)}"
    law = laws.law(one.scheme) if one.scheme in laws.schemes else None
    name = one.scheme if law is None else text_of(law.label, language)
    told = [one.label.text(language)]
    if one.certificate:
        told.append(one.certificate)
    if one.note is not None:
        told.append(one.note.text(language))
    return Markup(
        '<tr class="law-{}"><td class="text">{}</td><td class="text">{}</td><td class="text">{}'
        '</td><td class="text">{}</td><td class="text wrap">{}{}</td></tr>'
    ).format(
        one.kind.value, one.day.isoformat(), days, what, name, " · ".join(told),
        mark(language, confirmed=one.confirmed),
    )  # fmt: skip
