"""What is wrong in a file: each cell in its row, with its neighbours, why, and what is right.

A list of reasons alone sends its reader back to the workbook for every line;
with the cells beside it most faults are understood where they are read.
"""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup
from nicegui import ui

from ballast.portal.data_html import button, choice, heading, note, show
from ballast.portal.data_preview import Preview, Wrong
from ballast.portal.data_words import count
from ballast.terms.label import Language
from ballast.words import say

__all__ = ["Faults", "fault_html"]

_A_PAGE = 10


def fault_html(one: Wrong, language: Language) -> Markup:
    """Return one fault: its place and reason, then the cells; everything escaped.

    Parameters
    ----------
    one
        What is wrong.
    language
        The reader's.
    """
    issue = one.issue
    told = Markup("<p class='bd-note'><strong>{}</strong> {}</p>").format(
        issue.where(language), issue.reason(language)
    )
    if not one.cells:
        return Markup("<li>{}</li>").format(told)
    mark = say("wrong", language)
    middle = next((at for at, cell in enumerate(one.cells) if cell.wrong), 0)

    def far(at: int) -> Markup:
        # A phone shows the wrong cell and the one on either side.
        return Markup(' class="bd-far"') if abs(at - middle) > 1 else Markup()

    heads = Markup().join(
        Markup('<th scope="col"{}>{} {}</th>').format(far(at), cell.letters, cell.header)
        for at, cell in enumerate(one.cells)
    )
    cells = Markup().join(
        Markup('<td class="bd-wrong"><strong>{}</strong> <small>✗ {}</small></td>').format(
            cell.text or say("empty", language), mark
        )
        if cell.wrong
        else Markup("<td{}>{}</td>").format(far(at), cell.text)
        for at, cell in enumerate(one.cells)
    )
    caption = say("row {row}", language, row=issue.row)
    table = Markup(
        '<div class="bd-scroll" role="region" tabindex="0" aria-label="{}">'
        '<table class="bd-table"><thead><tr>'
        '<th scope="col">{}</th>{}</tr></thead><tbody><tr><th scope="row">{}</th>{}</tr></tbody>'
        "</table></div>"
    ).format(issue.where(language), say("row", language), heads, caption, cells)
    return Markup("<li>{}{}</li>").format(told, table)


class Faults:
    """The list of faults, by pages, to be filtered by column.

    Parameters
    ----------
    language
        The reader's.
    """

    def __init__(self, language: Language) -> None:
        self._language = language
        self._column = ""
        self._page = 0

    def draw(self, found: Preview) -> None:
        """Put the list on the page that is being built."""
        words = self._language
        self._column, self._page, self._found = "", 0, found
        heading(say("What is wrong", words))
        if found.wrong_count > len(found.wrong):
            note(
                say(
                    "The first {shown} of {count} faults; all reasons stand in the file of "
                    "refused rows after loading.",
                    words,
                    shown=count(len(found.wrong), words),
                    count=count(found.wrong_count, words),
                )
            )
        columns = Counter(self._name(one) for one in found.wrong)
        options = {"": say("all columns", words)}
        options |= {name: f"{name} · {count(n, words)}" for name, n in columns.most_common()}
        with ui.element("div").classes("bd-row"):
            choice(say("Show faults of", words), options, "", self._filter)
        self._place = ui.element("div").classes("w-full")
        self._list()

    def _name(self, one: Wrong) -> str:
        column = one.issue.column
        return column.text(self._language) if column else say("the whole row", self._language)

    def _filter(self, column: str) -> None:
        self._column, self._page = column, 0
        self._list()

    def _turn(self, by: int) -> None:
        self._page += by
        self._list()

    def _list(self) -> None:
        words = self._language
        chosen = [w for w in self._found.wrong if not self._column or self._name(w) == self._column]
        first = self._page * _A_PAGE
        here = chosen[first : first + _A_PAGE]
        self._place.clear()
        with self._place:
            items = Markup().join(fault_html(one, words) for one in here)
            show(Markup('<ol class="bd-faults plain" start="{}">{}</ol>').format(first + 1, items))
            if len(chosen) <= _A_PAGE:
                return
            with ui.element("div").classes("bd-row"):
                back = button(say("Earlier", words), lambda: self._turn(-1))
                back.props.set_bool("disabled", first == 0)
                note(
                    say(
                        "{first} to {last} of {count}",
                        words,
                        first=first + 1,
                        last=first + len(here),
                        count=len(chosen),
                    )
                )
                on = button(say("Later", words), lambda: self._turn(1))
                on.props.set_bool("disabled", first + _A_PAGE >= len(chosen))
