"""What the jobs of the Data page do: preview a file, and load it.

They run in the worker's thread on a lake of its own. A load may be stopped at
any step before the ledger's row is written; after that it stands, and saying
"stopped" would be a lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ballast.errors import BallastError
from ballast.lake import store
from ballast.lake.lake import Lake
from ballast.lake.loading import LoadReport, load_file
from ballast.lake.tables import LOAD
from ballast.portal.data_preview import preview
from ballast.portal.data_uploads import Shelf, Upload
from ballast.portal.jobs import Told, Work
from ballast.terms.label import Language
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

__all__ = ["Asked", "loading_work", "preview_work", "under_its_name"]

PHASES = {
    "reading": "reading the file",
    "checking": "checking every cell",
    "writing": "writing the rows",
}
_DONE = {"reading": 0.05, "checking": 0.4, "writing": 0.8}
_POINT_OF_NO_RETURN = f"before the rows of {LOAD.name}"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be read.

    Parameters
    ----------
    table
        The table; guessed where ``None``.
    given
        Header to column.
    sheet
        The worksheet; all where ``None``.
    """

    table: str | None = None
    given: Mapping[str, str] | None = None
    sheet: str | None = None


def preview_work(upload: Upload, asked: Asked) -> Work:
    """Return the work of previewing a file."""

    def work(lake: Lake, told: Told) -> tuple[object, object]:
        try:
            found = preview(
                lake,
                upload.path,
                name=asked.table,
                given=asked.given,
                sheet=asked.sheet,
                phase=_phases(told),
            )
        except BallastError as error:
            raise under_its_name(error, upload) from error
        return found, {"table": found.table, "accepted": found.accepted, "refused": found.refused}

    return work


def loading_work(
    shelf: Shelf, upload: Upload, asked: Asked, viewer: Viewer, language: Language
) -> Work:
    """Return the work of loading a file; the upload is removed once it stands."""

    def work(lake: Lake, told: Told) -> tuple[object, object]:
        try:
            report = load_file(
                lake,
                str(asked.table),
                upload.path,
                viewer,
                given=asked.given,
                sheet=asked.sheet,
                language=language,
                file_name=upload.name,
                phase=_phases(told),
                step=_steps(told),
            )
        except BallastError as error:
            raise under_its_name(error, upload) from error
        shelf.discard(upload.token)
        return report, noted(report)

    return work


def noted(report: LoadReport) -> dict[str, object]:
    """Return what the state keeps of a load."""
    aside = report.refused_file
    return {
        "load_id": report.load_id,
        "already": report.already,
        "accepted": report.accepted,
        "refused": report.refused,
        "refused_file": None if aside is None else aside.name,
    }


def _phases(told: Told) -> store.Step:
    def phase(name: str) -> None:
        told.at(_DONE[name], Sentence(PHASES[name]))

    return phase


def _steps(told: Told) -> store.Step:
    committing = False

    def step(name: str) -> None:
        nonlocal committing
        if not committing:
            told.check()
        committing = committing or name == _POINT_OF_NO_RETURN

    return step


def under_its_name(error: BallastError, upload: Upload) -> BallastError:
    """Return an error that calls a file what its sender does, not where it stands here."""
    folder = upload.path.parent
    values = {
        key: upload.name if _is(value, upload.path) else _outside(value, folder)
        for key, value in error.values.items()
    }
    return type(error)(error.template, **values)


def _is(value: object, path: Path) -> bool:
    return isinstance(value, (str, Path)) and str(value) in (str(path), path.name)


def _outside(value: object, folder: Path) -> object:
    """Keep the home's folders out of what a browser is told."""
    return Path(value).name if isinstance(value, Path) and folder in value.parents else value
