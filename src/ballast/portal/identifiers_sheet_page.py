"""Where a sheet of codes is asked for: two plain forms, and the address that draws it.

Forms of the browser's own and an answer of its own, not a part that is drawn
over the page's live line: a sheet is printed from a tab that needs nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import FastAPI
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ballast.errors import BallastError, WrongUsage
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_html import note, show
from ballast.portal.door import CSRF_FIELD
from ballast.portal.identifiers_desk import NodeDesk, node_of
from ballast.portal.identifiers_sheet import (
    COLUMNS,
    MOST_CODES,
    SIDES_MM,
    Choice,
    chosen,
    made_sheet,
    sheet_html,
)
from ballast.portal.identity import Identity, audited, identity_of
from ballast.terms.label import Language
from ballast.words import explain, say

__all__ = ["draw_sheet", "drawn_for", "register_sheet"]

PATH = "/identifiers/sheet"
_MOST_LIST = 60_000
"""Characters of a pasted list: with the form around it, a body that the door reads whole."""


def register_sheet(app: FastAPI) -> None:
    """Add the sheet to the application."""

    @app.get(PATH)
    async def asked(request: Request) -> Response:
        query = request.query_params
        return await answer(
            request,
            chosen(query.get("begins", ""), "", query.get("columns", ""), query.get("side", "")),
        )

    @app.post(PATH)
    async def pasted(request: Request) -> Response:
        form = await request.form(max_fields=20)
        names = ("begins", "listed", "columns", "side")
        return await answer(request, chosen(*(str(form.get(name, "")) for name in names)))

    async def answer(request: Request, choice: Choice) -> Response:
        identity, context = identity_of(request), context_of(request)
        return HTMLResponse(
            await run_in_threadpool(drawn_for, identity, context, node_of(context), choice)
        )


def drawn_for(identity: Identity, context: PortalContext, desk: NodeDesk, choice: Choice) -> str:
    """Return the sheet that somebody asked for, and write down that it was taken away.

    Raises
    ------
    WrongUsage, NotFound, NotPermitted
        If nothing was asked for, or there is nothing to print.
    """
    if not choice.begins and not choice.listed:
        raise WrongUsage("say which identifiers to print: how they begin, or a list of them")
    sheet = made_sheet(desk, identity.viewer, choice, context.clock().timestamp())
    if sheet.enterprises:
        what = choice.begins or f"{len(choice.listed)} listed"
        audited(identity, f"identifiers: sheet of {what[:100]}", sheet.enterprises, "download")
    return sheet_html(sheet, choice, identity.language)


async def draw_sheet(identity: Identity, context: PortalContext, desk: NodeDesk) -> None:
    """Draw the part of the page where a sheet is asked for: two plain forms."""
    del context
    words = identity.language
    try:
        with desk.reading():
            pass
    except BallastError as error:
        note(explain(error, words), "alert", "status")
        return
    size = _sizes(words)
    show(
        Markup(
            '<h2>{title}</h2><p class="bd-note">{about}</p>'
            '<form action="{path}" method="get" class="bd-row">'
            '<label class="bd-field"><span>{begins}</span>'
            '<input name="begins" required maxlength="400" size="28" autocomplete="off" '
            'placeholder="88.118.8/A"></label>{size}'
            '<input type="hidden" name="lang" value="{lang}">'
            '<button class="bd-button bd-main" type="submit">{make}</button></form>'
            '<h2>{other}</h2><form action="{path}?lang={lang}" method="post">'
            '<label class="bd-field"><span>{listed}</span>'
            '<textarea name="listed" required rows="6" cols="48" maxlength="{most}" '
            'spellcheck="false"></textarea></label><div class="bd-row">{size}'
            '<input type="hidden" name="{field}" value="{csrf}">'
            '<button class="bd-button" type="submit">{make}</button></div></form>'
        ).format(
            title=say("All identifiers that begin so", words),
            about=say(
                "Codes on A4 to print and cut up, at most {most} a sheet, each with its identifier "
                "under it.",
                words,
                most=MOST_CODES,
            ),
            begins=say("Prefix, slash, beginning", words),
            other=say("Or just these", words),
            listed=say("Identifiers, one a line", words),
            make=say("Make the sheet", words),
            path=PATH,
            lang=words,
            most=_MOST_LIST,
            size=size,
            field=CSRF_FIELD,
            csrf=identity.csrf or "",
        )
    )


def _sizes(language: Language) -> Markup:
    def drop_down(name: str, label: str, known: Iterable[int], usual: int) -> Markup:
        options = Markup().join(
            Markup("<option{}>{}</option>").format(
                Markup(" selected") if number == usual else Markup(), number
            )
            for number in known
        )
        return Markup(
            '<label class="bd-field"><span>{}</span><select name="{}">{}</select></label>'
        ).format(label, name, options)

    usual = Choice()
    return drop_down("columns", say("Codes in a row", language), COLUMNS, usual.columns) + (
        drop_down("side", say("Width of a code, mm", language), SIDES_MM, usual.side_mm)
    )
