"""The month's bulletin as data: its sentences with the numbers of their notes; the same rights."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from ballast.brain.bulletin.shape import Bulletin, Note, Section, Table, pieces, plain
from ballast.portal.api.callers import Asker
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import Disclosure, LabelShape, Shape, label_shape
from ballast.portal.bulletin import ask_bulletin
from ballast.terms.china import day_in_china
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.region import region as region_of
from ballast.terms.viewer import Right
from ballast.words import Sentence

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["bulletin"])


class SentenceShape(Shape):
    """A sentence in both languages, and the notes of its figures in order."""

    text: LabelShape
    notes: list[int]


class TableShape(Shape):
    """A table of the bulletin, as written."""

    caption: LabelShape
    columns: list[LabelShape]
    rows: list[list[LabelShape]]


class SectionShape(Shape):
    """A part of the bulletin."""

    key: str
    title: LabelShape
    paragraphs: list[list[SentenceShape]]
    tables: list[TableShape]


class NoteShape(Shape):
    """How a figure was made, and what makes it again."""

    number: int
    indicator: LabelShape
    cell: LabelShape | None
    period: LabelShape
    sample: LabelShape
    as_of: datetime | None
    command: str


class BulletinShape(Shape):
    """One month's bulletin."""

    region: str
    label: LabelShape
    period: str
    made: date
    status: Disclosure = Field(
        description="`published`: for anyone. `unsuppressed`: for the bureau's own use."
    )
    synthetic: bool = Field(description="Whether any figure rests on made-up data.")
    loads: list[str] = Field(description="The loads that it rests on.")
    sections: list[SectionShape]
    notes: list[NoteShape]


@router.get("/api/v1/bulletin", operation_id="readBulletin")
def read_bulletin(
    ask: Asker,
    region: Annotated[
        str | None,
        Query(pattern=r"^[0-9]{6}$", description="A city's code of GB/T 2260; the home's own."),
    ] = None,
    period: Annotated[
        str | None, Query(max_length=40, description="The month, as 2026-05; the newest.")
    ] = None,
) -> BulletinShape:
    """Return the bulletin of a month: its sentences, tables and notes."""
    code = region or ask.context.region
    region_of(code)
    asked = None if period is None else Period.parse(period)
    with ask.lakes.lend() as lake:
        ask.tagged(
            lake,
            units=ask.viewer.may(Right.READ_UNITS),
            more=str(day_in_china(ask.context.clock())),
        )
    made = ask_bulletin(ask.pictures, ask.viewer, code, asked, ask.context).result()
    if not made.open_to_all:
        ask.audit(f"bulletin {made.region} {made.period}", made.enterprises)
    return _shape(made)


def _shape(made: Bulletin) -> BulletinShape:
    return BulletinShape(
        region=made.region,
        label=label_shape(made.label),
        period=str(made.period),
        made=made.made,
        status=Disclosure.PUBLISHED if made.open_to_all else Disclosure.UNSUPPRESSED,
        synthetic=made.synthetic,
        loads=list(made.loads),
        sections=[_section(one) for one in made.sections],
        notes=[_note(one) for one in made.notes],
    )


def _section(one: Section) -> SectionShape:
    return SectionShape(
        key=one.key,
        title=label_shape(one.title),
        paragraphs=[[_sentence(said) for said in paragraph] for paragraph in one.paragraphs],
        tables=[_table(table) for table in one.tables],
    )


def _sentence(said: Sentence) -> SentenceShape:
    zh, en = said.text("zh"), said.text("en")
    marks = [number for _, number in pieces(en) if number is not None]
    return SentenceShape(text=LabelShape(zh=plain(zh), en=plain(en)), notes=marks)


def _table(table: Table) -> TableShape:
    return TableShape(
        caption=label_shape(table.caption),
        columns=[label_shape(column) for column in table.columns],
        rows=[[_unmarked(cell) for cell in row] for row in table.rows],
    )


def _unmarked(label: Label) -> LabelShape:
    return LabelShape(zh=plain(label.zh), en=plain(label.en))


def _note(note: Note) -> NoteShape:
    return NoteShape(
        number=note.number,
        indicator=label_shape(note.what),
        cell=None if note.cell is None else label_shape(note.cell),
        period=label_shape(note.period),
        sample=label_shape(note.sample),
        as_of=note.as_of,
        command=note.command,
    )
