"""Looking for an enterprise: a field, and those that a reader may see under that name or code.

What a reader may not see is not searched, and not counted either: "one more,
but not for you" would be a register of who is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ballast.brain.enterprise_shape import Listed
from ballast.portal.data_html import Content, table_html
from ballast.portal.enterprise_time import PAGE
from ballast.portal.enterprise_words import WORDS
from ballast.portal.factory_html import badge
from ballast.portal.frame_address import go
from ballast.terms.label import Language
from ballast.terms.role import Role
from ballast.words import say

__all__ = ["MOST", "empty_note", "finder", "list_markup"]

MOST = 50
"""So many are listed at once."""


def finder(asked: str, language: Language) -> Markup:
    """Return the field to look for an enterprise in, by the browser's own form."""
    return Markup(
        '<form class="en-find" role="search" method="get" action="{}">'
        '<input type="hidden" name="lang" value="{}"><label class="bd-field"><span>{}</span>'
        '<input type="search" name="find" value="{}" maxlength="80" autocomplete="off"></label>'
        '<button type="submit" class="bd-button">{}</button></form>'
    ).format(
        PAGE,
        language,
        say("Name of the enterprise, part of it, or the beginning of its code", language),
        asked,
        WORDS["find"].text(language),
    )


def list_markup(
    found: Sequence[Listed], asked: str, page: int, language: Language, *, synthetic: bool
) -> Markup:
    """Return the enterprises found, each a link to its page.

    Parameters
    ----------
    found
        One more than are shown where there are more.
    asked
        What was looked for; empty for all.
    page
        Which page of the list, from 0.
    language
        The reader's.
    synthetic
        Whether any of it is made up.
    """
    shown, more = found[:MOST], len(found) > MOST
    if not shown:
        text = (
            say("Nothing that you may see is called “{asked}”.", language, asked=asked)
            if asked
            else say("No enterprise is in the register that you may see.", language)
        )
        return Markup('<p class="bd-note" role="status">{}</p>').format(text)
    heads = [WORDS[name].text(language) for name in ("name", "place", "industry", "size")]
    rows = [_row(one, language) for one in shown]
    caption = WORDS["all"].text(language)
    table = table_html(caption, heads, rows)
    ways = []
    if page:
        ways.append((page - 1, say("The page before", language)))
    if more:
        ways.append((page + 1, say("The next page", language)))
    links = Markup(" · ").join(
        Markup('<a href="{}">{}</a>').format(
            go(PAGE, find=asked, list="all", page=str(at) if at else None, lang=language), text
        )
        for at, text in ways
    )
    mark = badge(language, synthetic=synthetic)
    return mark + table + (Markup("<p>{}</p>").format(links) if ways else Markup())


def _row(one: Listed, language: Language) -> list[Content]:
    name = Markup('<a href="{}">{}</a><small>{}</small>').format(
        go(PAGE, code=one.uscc, lang=language), one.name.text(language), one.uscc
    )
    if one.closed is not None:
        closed = say("closed on {day}", language, day=one.closed.isoformat())
        name += Markup("<small>{}</small>").format(closed)
    return [
        name,
        one.place.text(language),
        one.industry.text(language),
        "" if one.size is None else one.size.text(language),
    ]


def empty_note(role: Role, language: Language) -> str:
    """Return why a reader sees no enterprise at all, and what would change that."""
    if role is Role.OPERATOR:
        return say(
            "No enterprise of your clusters has agreed to share its figures with you yet. Consent "
            "stands in the register (column consent_share); until then you see published figures.",
            language,
        )
    return say(
        "Your account names no enterprise yet. The administrator of the portal enters your "
        "unified social credit code; then your own figures stand here, seen by nobody else.",
        language,
    )
