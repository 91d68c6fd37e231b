"""Pieces that several parts of the Identifiers page are made of: search form, pages, facts, codes.

Forms that only look something up are the browser's own, sent by address: what
was looked for can be bookmarked, and works before any script has run.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from nicegui import ui

from ballast.portal.data_html import Content, link, show
from ballast.portal.frame import go
from ballast.terms.label import Language
from ballast.words import say

__all__ = ["add_identifier_style", "address", "asked", "facts", "finder", "turner"]

PAGE = "/identifiers"
_LONGEST = 2_100

_STYLE = """
.page .chart { overflow: visible; }
.page .bd-gone { color: var(--behind); font-weight: 600; }
.page .bd-facts { display: grid; grid-template-columns: max-content minmax(0, 1fr);
  gap: 8px 24px; margin: 8px 0 16px; }
.bd-facts dt { color: var(--muted); font-weight: 400; }
.bd-facts dd { margin: 0; overflow-wrap: anywhere; }
.bd-handle { font: 15px/22px ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.bd-record { display: grid; grid-template-columns: minmax(0, 1fr) 208px; gap: 8px 32px;
  align-items: start; }
.bd-scan { text-align: center; margin: 0; }
.bd-scan svg { width: 208px; height: 208px; display: block; border-radius: 4px; }
.bd-scan figcaption { font-size: 12px; line-height: 18px; overflow-wrap: anywhere;
  margin: 8px 0; color: var(--muted); }
.page .bd-named { font-size: 17px; line-height: 26px; }
.bd-table td small { display: block; color: var(--muted); font-size: 12px; line-height: 16px; }
.page h2.bd-handle { margin: 8px 0; }
.bd-find { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: end; margin: 8px 0 16px; }
.bd-find .bd-field { flex: 1 1 20rem; max-width: 40rem; }
.page .bd-turn { display: flex; gap: 8px 24px; flex-wrap: wrap; margin: 8px 0; }
.bd-act { border-top: 1px solid var(--rule); padding: 16px 0 8px; }
.page .bd-act h2 { margin: 0 0 8px; font-size: 16px; line-height: 22px; }
@media (max-width: 800px) {
  .bd-record, .page .bd-facts { grid-template-columns: minmax(0, 1fr); }
  .page .bd-facts { gap: 0; } .bd-facts dd { margin-bottom: 8px; }
  .bd-find .bd-field { flex-basis: 100%; }
  .bd-scan { text-align: start; }
}
"""


def add_identifier_style() -> None:
    """Add the style of these pieces to the page that is being built."""
    ui.add_css(_STYLE)


def asked(name: str, longest: int = _LONGEST) -> str:
    """Return one parameter of the address of the page that is being built."""
    return str(ui.context.client.request.query_params.get(name, ""))[:longest].strip()


def address(**filters: str | None) -> str:
    """Return an address of this page that keeps the language.

    Parameters
    ----------
    **filters
        The part, and what it is asked for.
    """
    return go(PAGE, **filters, lang=ui.context.client.request.query_params.get("lang"))


def finder(label: str, field: str, value: str, language: Language, **kept: str) -> None:
    """Put a field with a button on the page that opens an address.

    Parameters
    ----------
    label
        What is to be entered.
    field
        The parameter of the address.
    value
        What stands in the field.
    language
        The reader's.
    **kept
        Further parameters.
    """
    lang = ui.context.client.request.query_params.get("lang")
    hidden = Markup().join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, text)
        for name, text in (kept | ({"lang": lang} if lang else {})).items()
    )
    show(
        Markup(
            '<form class="bd-find" method="get" action="{}" role="search" aria-label="{}">{}'
            '<label class="bd-field"><span>{}</span><input type="search" name="{}" value="{}" '
            'maxlength="2048" autocomplete="off" spellcheck="false"></label>'
            '<button type="submit" class="bd-button bd-main">{}</button></form>'
        ).format(PAGE, label, hidden, label, field, value, say("Find", language))
    )


def facts(rows: Sequence[tuple[str, Content]]) -> Markup:
    """Return what is known of one thing: names and what they are.

    Examples
    --------
    >>> str(facts([("a", "<b>")]))
    '<dl class="bd-facts"><dt>a</dt><dd>&lt;b&gt;</dd></dl>'
    """
    return Markup('<dl class="bd-facts">{}</dl>').format(
        Markup().join(Markup("<dt>{}</dt><dd>{}</dd>").format(*row) for row in rows)
    )


def turner(language: Language, before: str, behind: str, *, back: str = "") -> None:
    """Put the ways to the page before and the page behind on the page.

    Parameters
    ----------
    language
        The reader's.
    before, behind
        Addresses; empty where there is none.
    back
        What the way to the page before is called, where it is another.
    """
    ways = [
        *([link("← " + (back or say("Earlier ones", language)), before)] if before else []),
        *([link(say("Further ones", language) + " →", behind)] if behind else []),
    ]
    if ways:
        label = say("Further pages", language)
        show(
            Markup('<nav class="bd-turn" aria-label="{}">{}</nav>').format(
                label, Markup().join(ways)
            )
        )
