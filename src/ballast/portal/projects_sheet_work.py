"""What the jobs of a monthly sheet do: look at it, and commit what was looked at.

They run in the worker's thread on a lake of its own, in turn. Where the ledger was changed
between the look and the commit, the commit writes nothing and answers with a new look.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ballast.brain.projects.deciding import Decisions
from ballast.brain.projects.looking import Look, commit_look, look
from ballast.errors import BallastError, LoadConflict
from ballast.lake.lake import Lake
from ballast.portal.data_uploads import Shelf, Upload
from ballast.portal.data_work import under_its_name
from ballast.portal.jobs import Told, Work
from ballast.terms.label import Language
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

__all__ = ["Asked", "Committed", "Looked", "commit_work", "enterprises_of", "look_work"]

_PHASES = {"reading": "reading the file", "checking": "checking every cell"}
_DONE = {"reading": 0.1, "checking": 0.4}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a sheet is to be read.

    Parameters
    ----------
    period, sheet
        The month and the worksheet; as the file says, and all, where ``None``.
    decisions
        What the clerk has said of its rows.
    """

    period: str | None = None
    sheet: str | None = None
    decisions: Decisions = field(default_factory=lambda: Decisions(ask=True))


@dataclass(frozen=True, slots=True)
class Looked:
    """A look, and whether it stands in place of a commit that came too late."""

    look: Look
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Committed:
    """What was committed, and under which load; an empty one where all of it stood already."""

    look: Look
    load_id: str


def look_work(
    upload: Upload, asked: Asked, viewer: Viewer, language: Language, today: date
) -> Work:
    """Return the work of looking at a sheet.

    Parameters
    ----------
    upload, asked
        The file, and how it is to be read.
    viewer, language
        For whom.
    today
        The last day that something can have happened on.
    """

    def work(lake: Lake, told: Told) -> tuple[object, object]:
        found = _looked(lake, told, upload, asked, viewer, language, today)
        return Looked(found), {"rows": len(found.update.rows), "refused": found.refused}

    return work


def commit_work(
    shelf: Shelf,
    upload: Upload,
    seen: Look,
    asked: Asked,
    viewer: Viewer,
    language: Language,
    today: date,
) -> Work:
    """Return the work of committing what was looked at; the upload goes once it stands.

    Parameters
    ----------
    shelf, upload
        The file, and where it stands.
    seen
        What the clerk saw.
    asked
        How the sheet was read: if the look is no longer true, it is made anew.
    viewer, language
        For whom.
    today
        The day of the events.
    """

    def work(lake: Lake, told: Told) -> tuple[object, object]:
        told.at(0.5, Sentence("writing the rows"))
        try:
            load_id = commit_look(lake, viewer, seen, today=today)
        except LoadConflict:
            found = _looked(lake, told, upload, asked, viewer, language, today)
            return Looked(found, stale=True), {"stale": True}
        shelf.discard(upload.token)
        return Committed(seen, load_id), {"load_id": load_id, "refused": seen.refused}

    return work


def enterprises_of(seen: Look) -> int:
    """Return of how many enterprises a look shows projects, for the trail."""
    shown = {one.project.uscc for one in seen.update.rows if one.project is not None}
    return max(1, len(shown))


def _looked(
    lake: Lake,
    told: Told,
    upload: Upload,
    asked: Asked,
    viewer: Viewer,
    language: Language,
    today: date,
) -> Look:
    try:
        return look(
            lake,
            viewer,
            upload.path,
            today=today,
            language=language,
            file=upload.name,
            period=asked.period,
            sheet=asked.sheet,
            decisions=asked.decisions,
            phase=lambda name: told.at(_DONE[name], Sentence(_PHASES[name])),
        )
    except BallastError as error:
        raise under_its_name(error, upload) from error
