"""What a page shows, to take away: its tables as xlsx and csv, its charts as SVG and PNG.

Made when asked for, with the rights of who asks, and marked as nobody's to
keep on the way: the address of a file is not a way around the door. What the
page says beside a figure (period, source, that it is synthetic) goes into the
file, because files travel without their page.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re

import xlsxwriter
from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from ballast.brain.picture_shape import RegionPicture
from ballast.charts.figure import png, svg
from ballast.errors import NotFound
from ballast.lake.sheets.cells import safe_cell
from ballast.portal.city_pictures import pictures_of
from ballast.portal.context import PortalContext, context_of
from ballast.portal.frame_address import filters_of
from ballast.portal.identity import audited, identity_of
from ballast.portal.picture_chart import source_line
from ballast.portal.picture_charts import charts
from ballast.portal.picture_tables import Table, tables
from ballast.terms.label import Label, Language
from ballast.terms.viewer import Right
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import MINUS, NARROW_SPACE

__all__ = ["register", "table_as_csv", "table_as_xlsx"]

_PERIOD = Label("时期", "period")
_NATURE = Label("数据性质", "nature")
_REAL = Label("真实", "real")
_WIDTH = 1040
_NUMBER = re.compile(r"-?\d+(\.\d+)?(%?)", re.ASCII)
_EXACT_DIGITS = 15
"""Beyond these a spreadsheet's number is no longer the figure; it is then written as text."""

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
}


def _plain(text: str) -> str:
    """Return a figure as programs read it: an ordinary minus, no spaces between thousands."""
    figure = text.replace(MINUS, "-").replace(NARROW_SPACE, "")
    return figure if _NUMBER.fullmatch(figure) else text


def _whole(table: Table, picture: RegionPicture, language: Language) -> Table:
    """Return a table with the columns that its page says around it."""
    nature = SYNTHETIC if picture.synthetic else _REAL
    period = "" if picture.period is None else picture.period.label.text(language)
    return Table(
        (*table.heads, _PERIOD.text(language), _NATURE.text(language)),
        tuple((*row, period, nature.text(language)) for row in table.rows),
        table.names,
    )


def table_as_csv(table: Table, picture: RegionPicture, language: Language) -> bytes:
    """Return a table as CSV that a spreadsheet opens as what it is, and runs nothing of.

    Parameters
    ----------
    table, picture, language
        What stands on the page, the picture that it is of, in which language.
    """
    whole = _whole(table, picture, language)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_cell(head) for head in whole.heads])
    for row in whole.rows:
        names, figures = row[: whole.names], row[whole.names :]
        writer.writerow([safe_cell(c) for c in (*names, *map(_plain, figures))])
    return text.getvalue().encode("utf-8-sig")  # Excel takes it for GBK otherwise


def table_as_xlsx(
    table: Table, picture: RegionPicture, language: Language, *, title: str = ""
) -> bytes:
    """Return a table as a workbook: figures as numbers, the source under the title.

    Parameters
    ----------
    table, picture, language
        What stands on the page, the picture that it is of, in which language.
    title
        The finding that stands above it.
    """
    whole = _whole(table, picture, language)
    stored = io.BytesIO()
    quiet = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(stored, quiet) as book:
        sheet = book.add_worksheet()
        bold, part = book.add_format({"bold": True}), book.add_format({"num_format": "0.00##%"})
        sheet.write_string(0, 0, safe_cell(title or picture.label.text(language)), bold)
        sheet.write_string(1, 0, safe_cell(source_line(picture, language)))
        for across, head in enumerate(whole.heads):
            sheet.write_string(3, across, safe_cell(head), bold)
            sheet.set_column(across, across, 24 if across < whole.names else 16)
        for down, row in enumerate(whole.rows, start=4):
            for across, cell in enumerate(row):
                figure = _plain(cell)
                match = _NUMBER.fullmatch(figure) if across >= whole.names else None
                if match is None or len(figure) > _EXACT_DIGITS:
                    sheet.write_string(down, across, safe_cell(cell))
                elif match[2]:
                    sheet.write_number(down, across, float(figure[:-1]) / 100, part)
                else:
                    sheet.write_number(down, across, float(figure))
        sheet.freeze_panes(4, whole.names)
    return stored.getvalue()


def register(app: FastAPI, context: PortalContext) -> None:  # noqa: ARG001  as every page's
    """Put the downloads into an application."""

    @app.get("/download/table/{name}")
    async def table(request: Request, name: str) -> Response:
        return await _answer(request, name, ("xlsx", "csv"))

    @app.get("/download/chart/{name}")
    async def chart(request: Request, name: str) -> Response:
        return await _answer(request, name, ("svg", "png"))


async def _answer(request: Request, name: str, forms: tuple[str, ...]) -> Response:
    identity, context = identity_of(request), context_of(request)
    key, _, form = name[:80].rpartition(".")
    if form not in forms:
        raise _none(name)
    filters = filters_of(request.query_params, home=context.region, language=identity.language)
    language = filters.language
    picture = await asyncio.wrap_future(
        pictures_of(context).picture(identity.viewer, filters.region, filters.period)
    )
    made = await run_in_threadpool(_made, picture, key, form, language)
    if made is None:
        raise _none(name)
    if identity.viewer.may(Right.READ_UNITS):
        units = picture.indicator("enterprises")
        count = int(units.value or 0) if units is not None else 0
        await run_in_threadpool(audited, identity, f"{picture.region}: {name}", count, "download")
    period = "" if picture.period is None else f"-{picture.period}"
    called = f"ballast-{picture.region}{period}-{key}.{form}"
    return Response(
        made,
        media_type=_TYPES[form],
        headers={
            "content-disposition": f'attachment; filename="{called}"',
            "cache-control": "private, no-store",
            "x-content-type-options": "nosniff",
        },
    )


def _made(picture: RegionPicture, key: str, form: str, language: Language) -> bytes | None:
    """Return the file; ``None`` where the picture has nothing of that name."""
    drawable = charts(picture, language)
    if form in ("svg", "png"):
        if key not in drawable:
            return None
        figure = drawable[key].draw(_WIDTH)
        return png(figure) if form == "png" else svg(figure).encode()
    held = tables(picture, language)
    if key not in held or not held[key].rows:
        return None
    if form == "csv":
        return table_as_csv(held[key], picture, language)
    title = drawable[key].heading if key in drawable else ""
    return table_as_xlsx(held[key], picture, language, title=title)


def _none(name: str) -> NotFound:
    return NotFound("there is no file {name} to download here; go back to the page", name=name[:80])
