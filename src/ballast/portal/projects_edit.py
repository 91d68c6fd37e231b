"""Changing a project on its page: fields, a reason, one load of one row.

Only what the reader changed is sent on, against the project as the page showed
it: who was slower than a colleague is told so instead of undoing their work.
"""

from __future__ import annotations

from datetime import date

from nicegui import ui
from starlette.concurrency import run_in_threadpool

from ballast.brain.projects.changing import change_project, row_of
from ballast.brain.projects.ledger import KIND_LABELS, Project
from ballast.brain.projects.status import STATUS_LABELS
from ballast.errors import BallastError, NotPermitted
from ballast.lake.lake import Lake
from ballast.lake.tables import table
from ballast.portal.context import PortalContext
from ballast.portal.data_html import Field, button, choice, entry, heading, note
from ballast.portal.frame_address import go
from ballast.portal.identity import Identity, audited, current
from ballast.portal.projects_words import PAGE, WORDS
from ballast.terms.label import Language
from ballast.terms.viewer import Right
from ballast.words import explain, say

__all__ = ["EditForm"]

_DATES = ("planned_start", "planned_end", "started", "finished")
_TEXTS = ("name", "aliases", "planned_1e4_cny", "invested_1e4_cny")


class EditForm:
    """The fields of one project, on the page that is being built.

    Parameters
    ----------
    project
        As the page shows it.
    context
        The portal.
    language
        The reader's.
    today
        The last day that something can have happened on.
    """

    def __init__(
        self, project: Project, context: PortalContext, language: Language, today: date
    ) -> None:
        self._project, self._context, self._language = project, context, language
        self._today = today
        self._before = {
            name: "" if value is None else _text(value) for name, value in row_of(project).items()
        }
        self._fields: dict[str, Field] = {}

    def draw(self) -> None:
        """Put the form on the page."""
        words, declared = self._language, table("project")
        heading(WORDS["edit"].text(words))
        with ui.element("div").classes("pj-edit"):
            for name, labels in (("status", STATUS_LABELS), ("project_kind", KIND_LABELS)):
                options = {key: label.text(words) for key, label in labels.items()}
                label = declared.column(name).label.text(words)
                self._fields[name] = choice(label, options, self._before[name])
            for name in (*_DATES, *_TEXTS):
                column = declared.column(name)
                label = column.label.text(words)
                if column.unit is not None:
                    label = f"{label} ({column.unit.label.text(words)})"
                kind = "date" if name in _DATES else "text"
                self._fields[name] = entry(label, self._before[name], kind=kind)
        with ui.element("div").classes("pj-edit"):
            self._reason = entry(WORDS["why"].text(words))
            button(WORDS["save"].text(words), self._save, main=True)
        self._said = ui.element("div").props('aria-live="polite"')

    async def _save(self) -> None:
        given = {
            name: field.value
            for name, field in self._fields.items()
            if field.value.strip() != self._before[name]
        }
        try:
            # Who sits here now: the session may have ended since the page was opened.
            load_id = await run_in_threadpool(self._changed, current(), given)
        except BallastError as error:
            self._put(explain(error, self._language), "alert")
            return
        if not load_id:
            self._put(say("it stands so already; nothing was changed", self._language), "good")
            return
        ui.navigate.to(go(PAGE, project=self._project.number, done=load_id, lang=self._language))

    def _changed(self, identity: Identity, given: dict[str, str]) -> str:
        if not identity.viewer.may(Right.LOAD):
            raise NotPermitted(
                "this is not open to your account; ask the administrator of the portal"
            )
        # A lake of its own: the connection of an engine belongs to one thread.
        lake = Lake(self._context.lake.home, clock=self._context.lake.clock)
        load_id, changes = change_project(
            lake, identity.viewer, self._project, given, reason=self._reason.value,
            today=self._today,
        )  # fmt: skip
        if load_id:
            fields = ", ".join(change.field for change in changes)
            audited(identity, f"project {self._project.number}: {fields}", 1, "change")
        return load_id

    def _put(self, text: str, kind: str) -> None:
        if self._said.is_deleted:
            return
        self._said.clear()
        with self._said:
            note(text, kind, "alert" if kind == "alert" else "status")


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else f"{value}".removesuffix(".0000")
