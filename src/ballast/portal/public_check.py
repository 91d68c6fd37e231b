"""The self-check for anyone: a form or a sheet in, a report out, and nothing kept of it.

Plain forms of the browser, answered by whole pages: whoever asks may be an
enterprise at an office computer that allows no script. What is written travels
to the report and back into the form, and is then forgotten; no log and no table
has it. Only a signed-in enterprise may keep its facts, by a step of its own
(`law_keeping`).
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from fastapi import FastAPI
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ballast.brain.policy.reading import Laws, laws
from ballast.brain.policy.selfcheck import check_sheet, sheet
from ballast.brain.policy.selfcheck_answers import Answers, Problem
from ballast.brain.policy.selfcheck_questions import Question
from ballast.brain.policy.shape import Application
from ballast.brain.policy.versions import APPLICATION_LABELS
from ballast.errors import BallastError, Refused
from ballast.portal.context import PortalContext
from ballast.portal.data_uploads import label_of
from ballast.portal.door import CSRF_FIELD
from ballast.portal.formtoken import form_token, set_form_cookie
from ballast.portal.identity import address_of, identity_of
from ballast.portal.law_checking import (
    Asked,
    Checked,
    asked_of,
    checked,
    facts_written,
    questions_asked,
    scheme_names,
)
from ballast.portal.law_form import form_parts, written_of
from ballast.portal.law_report import report_answer, report_cards, report_lines
from ballast.portal.law_style import FORM_STYLE, OPEN_COLOURS, OPEN_COLOURS_DARK, STYLE
from ballast.portal.law_words import CHECK_WORDS, QUESTION
from ballast.portal.public_pages import OpenPages
from ballast.portal.ratelimit import Tries
from ballast.portal.refusal import status_of
from ballast.terms.china import day_in_china
from ballast.terms.label import Label, Language
from ballast.terms.region import region as region_of
from ballast.terms.role import Role
from ballast.words import explain, say

__all__ = ["MOST_FIELDS", "PATH", "SHEET_PATH", "register"]

PATH, SHEET_PATH, TEMPLATE_PATH = "/public/check", "/public/check/sheet", "/public/check/sheet.xlsx"
MOST_FIELDS = 200
"""Fields of the form; the door reads no more of them."""
_MOST_CHECKS = 60
"""Checks of one address within a quarter of an hour: an office may sit behind one."""
_AT_ONCE = 2
_LONGEST = 200
_MOST_NAMED = 60
_COLON = Label("：", ": ")
_SETTINGS = ("scheme", "day", "form", "application", "certificate")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class _Report:
    """What was found: the decisions, or why there are none."""

    found: tuple[Checked, ...] = ()
    wrong: str = ""
    listed: tuple[str, ...] = ()


class CheckPages:
    """The pages of the self-check of one portal.

    Parameters
    ----------
    context
        What it was started with.
    pages
        The open pages, whose frame they have.
    """

    def __init__(self, context: PortalContext, pages: OpenPages) -> None:
        self._context, self._pages = context, pages
        self.tries = Tries(context.clock, most=_MOST_CHECKS)
        self._turns = threading.BoundedSemaphore(_AT_ONCE)

    def form(self, request: Request) -> Response:
        """Answer with the empty form."""
        given = dict(request.query_params)
        language = identity_of(request).language
        held, today = laws(), day_in_china(self._context.clock())
        try:
            asked = asked_of(given, held, today)
        except BallastError as error:
            asked = asked_of({}, held, today)
            wrong = explain(error, language)
            return self._page(request, held, asked, {}, {}, _Report(wrong=wrong), status_of(error))
        return self._page(request, held, asked, {}, {}, None)

    def report(self, request: Request, given: Mapping[str, str]) -> Response:
        """Answer with the report on a form."""

        def filled(
            held: Laws, asked: Asked, wanted: Sequence[Question]
        ) -> tuple[Answers, dict[str, str]]:
            written = {one.field: given.get(one.field, "")[:_LONGEST] for one in wanted}
            return facts_written(written, wanted, asked.day, held), written

        return self._answered(request, given, filled)

    def report_of_sheet(
        self, request: Request, given: Mapping[str, str], content: bytes, called: str
    ) -> Response:
        """Answer with the report on a sheet, and with the form filled in as the sheet was."""
        language = identity_of(request).language

        def filled(
            held: Laws, asked: Asked, wanted: Sequence[Question]
        ) -> tuple[Answers, dict[str, str]]:
            read = check_sheet(content, asked.day, held, label_of(called))
            return read, written_of(read.facts, wanted, language)

        return self._answered(request, {**given, "form": "long"}, filled)

    def _answered(
        self,
        request: Request,
        given: Mapping[str, str],
        fill: Callable[[Laws, Asked, Sequence[Question]], tuple[Answers, dict[str, str]]],
    ) -> Response:
        language, held = identity_of(request).language, laws()
        today = day_in_china(self._context.clock())
        asked = asked_of({}, held, today)
        if not self.tries.begin(address_of(request)):
            often = say("there were too many checks from your address; wait 15 minutes", language)
            response = self._page(request, held, asked, given, {}, _Report(wrong=often), 429)
            response.headers["retry-after"] = "900"
            return response
        try:
            asked = asked_of(given, held, today)
            wanted = questions_asked(held, asked)
            with self._turns:
                read, written = fill(held, asked, wanted)
                if read.problems:
                    return self._unusable(request, held, asked, written, read.problems)
                if not read.facts.known and not read.facts.titles_known:
                    raise Refused("nothing was filled in; write at least one figure")
                found = checked(held, read.facts, asked)
        except BallastError as error:
            report = _Report(wrong=explain(error, language))
            return self._page(request, held, asked, given, {}, report, status_of(error))
        return self._page(request, held, asked, written, {}, _Report(found))

    def _unusable(
        self,
        request: Request,
        held: Laws,
        asked: Asked,
        written: Mapping[str, str],
        problems: Sequence[Problem],
    ) -> Response:
        """Answer with the form as it was filled in, what cannot be used marked and named."""
        language = identity_of(request).language
        said = say("answers that cannot be used: {count}", language, count=len(problems))
        listed = [
            f"{one.place.text(language)}{_COLON.text(language)}{one.reason.text(language)}"
            for one in problems[:_MOST_NAMED]
        ]
        wrong = {one.field: one.reason.text(language) for one in problems}
        report = _Report(wrong=said, listed=tuple(listed))
        return self._page(request, held, asked, written, wrong, report, 400)

    # longer than 40 lines because it hands every part of the page to its template by name
    def _page(
        self,
        request: Request,
        held: Laws,
        asked: Asked,
        written: Mapping[str, str],
        wrong: Mapping[str, str],
        report: _Report | None,
        status: int = 200,
    ) -> Response:
        identity = identity_of(request)
        language, context = identity.language, self._context
        token, cookie = form_token(request, context)
        names = scheme_names(held)
        settings = _settings(asked)
        report = report or _Report()
        try:
            wanted = questions_asked(held, asked)
        except Refused as error:  # no law asks for anything on that day
            wanted, status = (), max(status, status_of(error))
            report = replace(report, wrong=report.wrong or explain(error, language))
        page = self._pages.page(
            "public_check.html.j2",
            language,
            region=region_of(context.region).label.text(language),
            question=QUESTION.text(language),
            today=day_in_china(context.clock()),
            synthetic=False,
            here=f"{PATH}?{urlencode(settings)}",
            style=Markup(OPEN_COLOURS + STYLE + FORM_STYLE),  # noqa: S704 - our own style rules
            dark_style=Markup(OPEN_COLOURS_DARK),  # noqa: S704 - our own style rules
            check={name: label.text(language) for name, label in CHECK_WORDS.items()},
            csrf_field=CSRF_FIELD,
            csrf=identity.csrf or token,
            asked=asked,
            settings=settings,
            other_form=_other_form(asked, language),
            schemes=[(key, names[key].text(language)) for key in held.schemes],
            applications=[
                (one.value, APPLICATION_LABELS[one].text(language)) for one in Application
            ],
            parts=form_parts(wanted, written, wrong, language),
            wrong=report.wrong,
            listed=report.listed,
            lines=report_lines(report.found, language),
            cards=report_cards(report.found, language),
            answer=report_answer(report.found, language),
            keep=_keepers(request) if report.found else (),
            hidden=[pair for pair in written.items() if pair[1]] if report.found else (),
            once=secrets.token_urlsafe(12),
        )
        response = HTMLResponse(page, status, headers={"Cache-Control": "no-store"})
        if identity.csrf is None:
            set_form_cookie(response, context, cookie)
        return response

    def template(self, request: Request) -> Response:
        """Answer with the sheet to fill in."""
        language = identity_of(request).language
        held = laws()
        asked = asked_of(dict(request.query_params), held, day_in_china(self._context.clock()))
        with self._turns:
            content = sheet(held, asked.schemes, language, asked.day)
        headers = {"Content-Disposition": 'attachment; filename="self-check.xlsx"'}
        return Response(content, media_type=_XLSX, headers=headers)


def _other_form(asked: Asked, language: Language) -> str:
    changed = {"form": "" if asked.long else "long", "lang": language}
    return f"{PATH}?{urlencode(_settings(asked) | changed)}"


def _settings(asked: Asked) -> dict[str, str]:
    """Return what the form carries along of what it is about."""
    return {
        "scheme": asked.schemes[0] if len(asked.schemes) == 1 else "",
        "day": asked.day.isoformat(),
        "form": "long" if asked.long else "",
        "application": asked.application.value,
        "certificate": "" if asked.certificate is None else asked.certificate.isoformat(),
    }


def _keepers(request: Request) -> tuple[str, ...]:
    """Return the enterprises under which the reader may keep the facts."""
    identity = identity_of(request)
    if identity.role is not Role.ENTERPRISE:
        return ()
    return tuple(sorted(identity.viewer.enterprises))


def register(app: FastAPI, context: PortalContext) -> None:
    """Add the self-check to an application.

    Parameters
    ----------
    app
        The portal, with its open pages.
    context
        What it was started with.
    """
    pages = CheckPages(context, app.state.open_pages)
    app.state.check_pages = pages

    @app.get(PATH)
    async def form(request: Request) -> Response:
        return await run_in_threadpool(pages.form, request)

    @app.post(PATH)
    async def report(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        given = {name: value for name, value in form.items() if isinstance(value, str)}
        return await run_in_threadpool(pages.report, request, given)

    @app.get(TEMPLATE_PATH)
    async def template(request: Request) -> Response:
        return await run_in_threadpool(pages.template, request)

    @app.post(SHEET_PATH)
    async def uploaded(request: Request) -> Response:
        async with request.form(max_files=1, max_fields=20) as form:
            given = {name: value for name, value in form.items() if isinstance(value, str)}
            file = form.get("file")
            content, called = b"", ""
            if isinstance(file, UploadFile):
                content, called = await file.read(), file.filename or ""
        work = partial(pages.report_of_sheet, request, given, content, called)
        return await run_in_threadpool(work)
