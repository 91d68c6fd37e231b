"""What the API says of a monthly sheet: counts, and row by row what would become of it."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import Field

from ballast.brain.projects.looking import Look, differences
from ballast.brain.projects.matching import MatchKind
from ballast.brain.projects.updating import Planned
from ballast.portal.api.loads import IssueShape
from ballast.portal.api.shapes import Shape
from ballast.terms.label import Language

__all__ = ["ProjectSheet", "SheetRowShape", "sheet_shape"]

_MOST_ISSUES = 200


class FieldChange(Shape):
    """One field that changes."""

    table: Literal["project", "project_month"]
    field: str
    before: str | None
    after: str | None


class SheetCandidate(Shape):
    """A project that a row may mean."""

    number: str
    likeness: float = Field(description="Of the names, 0 to 1.")
    evidence: list[str]


class SheetRowShape(Shape):
    """What would become of one row."""

    row: str = Field(description="As decisions name it: its number, `SHEET!` before it if needed.")
    match: MatchKind = Field(description="By what it was understood, or why it was not.")
    project: str | None
    evidence: list[str]
    candidates: list[SheetCandidate]
    problem: str | None = Field(description="Why it is not taken.")
    asks: Literal["decision", "correction"] | None = Field(
        description="What would have it taken: `same`, `new` or `leave_out`; or `correct`."
    )
    changes: list[FieldChange]


class ProjectSheet(Shape):
    """What a monthly sheet changed, or would change."""

    dry_run: bool
    load_id: str | None = Field(description="Of the commit, or of the same file where it stands.")
    already: bool = Field(description="The same file stands already.")
    seen: str = Field(description="A commit that names it is refused if anything changed since.")
    period: str
    synthetic: bool
    rows: int
    by: dict[str, int] = Field(description="Rows by what they were understood by.")
    changing: int
    quiet: int = Field(description="Rows that stand so already.")
    refused: int
    issues: list[IssueShape] = Field(description="Wrong cells, the first of them.")
    issue_count: int
    told: list[SheetRowShape] = Field(description="Every row that is not quiet.")
    missing: list[str] = Field(description="Projects under way that the sheet does not name.")
    notes: list[str]


def sheet_shape(
    seen: Look, language: Language, *, dry_run: bool, load_id: str | None
) -> ProjectSheet:
    """Return a look as the API tells it.

    Parameters
    ----------
    seen
        The look.
    language
        The caller's.
    dry_run
        Whether nothing was to be changed.
    load_id
        What stands.
    """
    update, sheet = seen.update, seen.sheet
    by = Counter(one.match.kind.value for one in update.rows)
    return ProjectSheet(
        dry_run=dry_run,
        load_id=load_id,
        already=seen.already is not None,
        seen=seen.seen,
        period=str(update.period),
        synthetic=seen.synthetic,
        rows=len(update.rows) + sheet.wrong,
        by=dict(by),
        changing=len(update.changing),
        quiet=sum(one.quiet for one in update.rows),
        refused=seen.refused,
        issues=[
            IssueShape(
                where=issue.where(language), found=issue.found, message=issue.reason(language)
            )
            for issue in sheet.issues[:_MOST_ISSUES]
        ],
        issue_count=sheet.issue_count,
        told=[_row(one, language) for one in update.rows if not one.quiet],
        missing=list(update.missing),
        notes=[sentence.text(language) for sentence in sheet.notes],
    )


def _row(one: Planned, language: Language) -> SheetRowShape:
    number = one.match.number
    if number is None and one.after is not None:
        number = str(one.after["project"])
    return SheetRowShape(
        row=one.row.place,
        match=one.match.kind,
        project=number,
        evidence=[sentence.text(language) for sentence in one.notes or one.match.evidence],
        candidates=[
            SheetCandidate(
                number=each.number,
                likeness=round(each.likeness, 4),
                evidence=[sentence.text(language) for sentence in each.evidence],
            )
            for each in one.match.candidates
        ],
        problem=None if one.problem is None else one.problem.text(language),
        asks=one.asks,
        changes=[
            FieldChange(
                table="project" if each.table == "project" else "project_month",
                field=each.change.field,
                before=each.change.before,
                after=each.change.after,
            )
            for each in differences(one)
        ],
    )
