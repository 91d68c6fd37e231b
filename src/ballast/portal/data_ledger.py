"""The ledger of loads on the Data page: what stands, what was taken back, and taking back.

Taking back asks no second question: it is itself undone by loading the file
again, and the ledger keeps both.
"""

from __future__ import annotations

import asyncio

import polars as pl
from markupsafe import Markup
from nicegui import ui
from nicegui.events import GenericEventArguments

from ballast.errors import BallastError
from ballast.lake.lake import Lake
from ballast.lake.tables import LOAD, TABLES
from ballast.portal.data_html import heading, note, show, table_html, unbroken
from ballast.portal.data_words import count, moment
from ballast.portal.identity import Identity, current
from ballast.terms.label import Label, Language
from ballast.terms.viewer import Right
from ballast.words import explain, say, unpack

__all__ = ["LedgerPanel", "ledger_rows"]

_MOST = 200
_HEADS = (
    Label("装载编号", "Load"),
    Label("时间", "When"),
    Label("表", "Tables"),
    Label("文件", "File"),
    Label("经办人", "Who"),
    Label("接受", "Accepted"),
    Label("拒绝", "Refused"),
    Label("数据性质", "Provenance"),
    Label("状态", "State"),
    Label("说明", "Note"),
)
_FIGURES = frozenset({5, 6})
# The button that was pressed says which load; the table is one piece of HTML.
_PRESSED = """
(event) => {
  const button = event.target.closest('button[data-load]');
  if (button) { button.disabled = true; emit(button.dataset.load); }
}
"""


def ledger_rows(
    ledger: pl.DataFrame, language: Language, *, may_take_back: bool
) -> list[list[str | Markup]]:
    """Return the ledger as a reader sees it: one row a load, the newest first.

    Parameters
    ----------
    ledger
        As `Lake.loads` gives it: commits and withdrawals.
    language
        The reader's.
    may_take_back
        Whether a load that stands gets its button.
    """
    withdrawn = {
        row["load_id"]: row
        for row in ledger.filter(pl.col("state") == "withdrawn").iter_rows(named=True)
    }
    committed = ledger.filter(pl.col("state") == "committed").reverse().head(_MOST)
    told = {c.value: c.label.text(language) for c in LOAD.column("provenance").choices}
    rows: list[list[str | Markup]] = []
    for row in committed.iter_rows(named=True):
        back = withdrawn.get(row["load_id"])
        if back is not None:
            state: str | Markup = say(
                "taken back {at} by {who}", language, at=moment(back["at"]), who=back["who"]
            )
        elif may_take_back:
            state = _button(row["load_id"], language)
        else:
            state = say("stands", language)
        rows.append(
            [
                unbroken(row["load_id"]),
                unbroken(moment(row["at"])),
                _tables(row["tables"], language),
                row["file"] or row["recipe"] or "–",
                row["who"],
                count(row["accepted"], language),
                count(row["refused"], language),
                told.get(row["provenance"], row["provenance"]),
                state,
                unpack(row["note"], language)[:300],
            ]
        )
    return rows


def _tables(names: str, language: Language) -> str:
    labels = [TABLES[n].label.text(language) if n in TABLES else n for n in names.split(",")]
    return ("、" if language == "zh" else ", ").join(labels)


def _button(load_id: str, language: Language) -> Markup:
    said = say("Take back", language)
    name = say("Take back the load {load_id}", language, load_id=load_id)
    return Markup(
        '<button type="button" class="bd-button" data-load="{}" aria-label="{}">{}</button>'
    ).format(load_id, name, said)


class LedgerPanel:
    """The ledger on one reader's page.

    Parameters
    ----------
    identity
        Who has opened the page.
    lake
        Whose ledger it is.
    """

    def __init__(self, identity: Identity, lake: Lake) -> None:
        self._identity = identity
        self._language = identity.language
        self._lake = lake

    async def draw(self) -> None:
        """Put the ledger on the page that is being built."""
        words = self._language
        heading(say("Every load, the newest first", words))
        if self._identity.viewer.may(Right.LOAD):
            note(
                say(
                    "Taking a load back removes its rows from every figure; what stood before it "
                    "counts again. Load the file again to undo it.",
                    words,
                )
            )
        self._said = ui.element("div").classes("w-full").props('aria-live="polite"')
        self._place = ui.element("div").classes("w-full")
        self._place.on("click", self._pressed, js_handler=_PRESSED)
        await self._list()

    async def _list(self) -> None:
        words = self._language
        ledger = await asyncio.to_thread(self._lake.loads, self._identity.viewer)
        rows = ledger_rows(ledger, words, may_take_back=self._identity.viewer.may(Right.LOAD))
        self._place.clear()
        with self._place:
            if not rows:
                note(
                    say(
                        "Nothing has been loaded yet: load a file, or start from a template.", words
                    )
                )
                return
            heads = [head.text(words) for head in _HEADS]
            caption = say("Ledger of loads", words)
            show(table_html(caption, heads, rows, figures=_FIGURES))

    async def _pressed(self, event: GenericEventArguments) -> None:
        words = self._language
        self._said.clear()
        try:
            viewer = current().viewer
            row = await asyncio.to_thread(self._lake.withdraw, str(event.args), viewer)
        except BallastError as error:
            with self._said:
                note(explain(error, words), "alert", "alert")
        else:
            with self._said:
                note(
                    say(
                        "{load_id} is taken back; {count} rows no longer count. To undo it, load "
                        "{file} again.",
                        words,
                        load_id=row.load_id,
                        count=count(row.accepted, words),
                        file=row.file or row.recipe or "–",
                    ),
                    "good",
                    "status",
                )
        await self._list()
