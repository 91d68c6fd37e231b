"""A look at a monthly sheet on the page: counts, doubts to decide, what changes, and the commit.

While decisions stand that were not looked at, there is nothing to commit: the way goes through
another look, which shows what they change.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from ballast.brain.projects.deciding import Decisions
from ballast.brain.projects.matching import MatchKind
from ballast.brain.projects.updating import Planned
from ballast.portal.data_html import button, choice, heading, link, note, show
from ballast.portal.data_words import count
from ballast.portal.frame_address import go
from ballast.portal.projects_sheet_view import (
    changes_markup,
    doubt_markup,
    figures_markup,
    missing_markup,
    refused_markup,
)
from ballast.portal.projects_sheet_work import Committed, Looked
from ballast.portal.projects_words import MOST, PAGE, WORDS
from ballast.terms.label import Language
from ballast.words import say

__all__ = ["LookView", "show_committed"]

_LEFT, _NEW, _OPEN = "-", "+", ""
_MOST_DOUBTS = 40
"""Rows that are decided at a time; those behind them come up once these are."""

Decide = Callable[[Decisions], Awaitable[None]]
Press = Callable[[], Awaitable[None]]


class LookView:
    """One look, on the page that is being built.

    Parameters
    ----------
    looked
        What is shown.
    language
        The reader's.
    decide
        Looks again, with the decisions given.
    commit, discard
        Commits what is shown; puts the file away.
    """

    def __init__(
        self, looked: Looked, language: Language, decide: Decide, commit: Press, discard: Press
    ) -> None:
        self._looked, self._look, self._language = looked, looked.look, language
        self._decide, self._commit, self._discard = decide, commit, discard
        self._doubts = [one for one in self._look.update.rows if one.match.candidates]
        self._said = {one.row.place: self._standing(one) for one in self._doubts}
        self._first = dict(self._said)
        self._page = 0

    def _standing(self, one: Planned) -> str:
        """Return what was decided of a row; nothing where nobody has."""
        said, place = self._look.decisions, one.row.place
        if place in said.same:
            return said.same[place]
        return _NEW if place in said.new else _LEFT if place in said.out else _OPEN

    def draw(self) -> None:
        """Put it on the page."""
        seen, words = self._look, self._language
        heading(say("What {file} of {period} would change", words, file=seen.file,
                    period=seen.update.period.label))  # fmt: skip
        if self._looked.stale:
            note(
                say(
                    "Somebody changed the ledger while you looked; nothing was written. This is "
                    "what the sheet would change now: look once more, then commit.",
                    words,
                ),
                "alert",
                "alert",
            )
        if seen.already is not None:
            note(
                say("This file stands already as {load_id}.", words, load_id=seen.already),
                "alert",
                "status",
            )
            if seen.update.changing:
                note(say("Below is what it would change now.", words))
        show(figures_markup(seen, words))
        self._draw_doubts()
        self._actions = ui.element("div").classes("w-full ps-do")
        self._draw_actions()
        show(refused_markup(seen, words))
        if seen.update.changing:
            show_title = TextElement(tag="h3", text=say("What changes", words))
            show_title.classes("w-full")
            self._changes = ui.element("div").classes("w-full")
            self._draw_changes()
        show(missing_markup(seen, words))
        for sentence in seen.sheet.notes:
            note(sentence.text(words))

    def _draw_doubts(self) -> None:
        words = self._language
        if not self._doubts:
            return
        # Undecided ones first, so that who comes back to a long list goes on where it ended.
        listed = sorted(self._doubts, key=lambda one: bool(self._said[one.row.place]))
        TextElement(tag="h3", text=say("To be decided: which project is meant?", words))
        note(say("Number and alias do not say it. What is undecided is not taken.", words))
        with ui.element("div").classes("bd-row"):
            sure = [one for one in self._doubts if one.match.kind is MatchKind.EVIDENCE
                    and not self._said[one.row.place]]  # fmt: skip
            free = [one for one in self._doubts if not self._said[one.row.place]]
            if sure:
                text = say("Confirm all where everything agrees ({count})", words, count=len(sure))
                button(text, lambda: self._all(sure, agreed=True))
            if free:
                text = say("Leave out all undecided ({count})", words, count=len(free))
                button(text, lambda: self._all(free, agreed=False))
        with ui.element("ul").classes("ps-doubts"):
            for one in listed[:_MOST_DOUBTS]:
                with ui.element("li"):
                    show(doubt_markup(one, words))
                    self._draw_choice(one)
        if len(listed) > _MOST_DOUBTS:
            rest = len(listed) - _MOST_DOUBTS
            note(say("{count} more come up once these are decided.", words, count=rest))

    def _draw_choice(self, one: Planned) -> None:
        words, place = self._language, one.row.place
        options = {_OPEN: say("undecided", words)}
        options |= {
            each.number: say("it is {number}", words, number=each.number)
            for each in one.match.candidates
        }
        options |= {_NEW: say("it is a new project", words), _LEFT: say("leave it out", words)}
        if self._said[place] not in options:
            options[self._said[place]] = say("it is {number}", words, number=self._said[place])

        def chosen(value: str) -> None:
            self._said[place] = value
            self._draw_actions()

        choice(say("row {row}", words, row=place), options, self._said[place], chosen)

    async def _all(self, some: Sequence[Planned], *, agreed: bool) -> None:
        for one in some:
            self._said[one.row.place] = str(one.match.number) if agreed else _LEFT
        await self._look_again()

    async def _look_again(self, *, correct: bool | None = None) -> None:
        said = self._look.decisions
        named = (_OPEN, _NEW, _LEFT)
        await self._decide(
            replace(
                said,
                same={place: value for place, value in self._said.items() if value not in named},
                new=frozenset(place for place, value in self._said.items() if value == _NEW),
                out=frozenset(place for place, value in self._said.items() if value == _LEFT),
                correct=said.correct if correct is None else correct,
            )
        )

    def _draw_actions(self) -> None:
        seen, words = self._look, self._language
        fresh = sum(self._said[place] != value for place, value in self._first.items())
        waiting = sum(one.asks == "correction" for one in seen.update.problems)
        self._actions.clear()
        with self._actions:
            if fresh:
                note(say("Decisions not looked at yet: {count}.", words, count=fresh), "alert",
                     "status")  # fmt: skip
            elif seen.update.changing:
                self._verdict()
            else:
                note(say("Nothing in it would change anything.", words), "good", "status")
            with ui.element("div").classes("bd-row"):
                if fresh:
                    button(say("Look again with them", words), self._look_again, main=True)
                elif seen.update.changing:
                    rows = count(len(seen.update.changing), words)
                    button(say("Commit {count} rows", words, count=rows), self._commit, main=True)
                if waiting or seen.decisions.correct:
                    self._correction(waiting)
                button(say("Put the file away", words), self._discard)

    def _verdict(self) -> None:
        seen, words = self._look, self._language
        taken = count(len(seen.update.changing), words)
        if seen.refused:
            note(
                say("{taken} rows would be committed as one load; {left} are left out.", words,
                    taken=taken, left=count(seen.refused, words)),
                "alert",
                "status",
            )  # fmt: skip
        else:
            said = say("{taken} rows would be committed as one load.", words, taken=taken)
            note(said, "good", "status")

    def _correction(self, waiting: int) -> None:
        words, correct = self._language, not self._look.decisions.correct
        text = (
            say("Allow {count} months that stand to be corrected", words, count=waiting)
            if correct
            else say("Leave months that stand as they are", words)
        )
        button(text, lambda: self._look_again(correct=correct))

    def _draw_changes(self) -> None:
        words, changing = self._language, self._look.update.changing
        start = self._page * MOST
        self._changes.clear()
        with self._changes:
            show(changes_markup(changing[start : start + MOST], words))
            if len(changing) <= MOST:
                return
            with ui.element("div").classes("bd-row"):
                shown = say("{first} to {last} of {count}", words, first=start + 1,
                            last=min(start + MOST, len(changing)), count=len(changing))  # fmt: skip
                TextElement(tag="span", text=shown)
                if self._page:
                    button(say("The page before", words), lambda: self._turn(-1))
                if start + MOST < len(changing):
                    button(say("The next page", words), lambda: self._turn(1))

    def _turn(self, by: int) -> None:
        self._page += by
        self._draw_changes()


def show_committed(done: Committed, language: Language) -> None:
    """Put on the page what was committed, and the ways on from there.

    Parameters
    ----------
    done
        What became of the sheet.
    language
        The reader's.
    """
    changing = done.look.update.changing
    if not done.load_id:
        note(say("everything in it stands already; nothing was changed", language), "good",
             "status")  # fmt: skip
        return
    fresh = sum(one.project is None for one in changing)
    note(
        say(
            "{file} stands as {load_id}: rows {count}, new projects {fresh}. You can take it back "
            "in the ledger of loads.",
            language,
            file=done.look.file,
            load_id=done.load_id,
            count=count(len(changing), language),
            fresh=fresh,
        ),
        "good",
        "status",
    )
    with ui.element("div").classes("bd-row"):
        show(link(WORDS["see_ledger"].text(language), go(PAGE, part="ledger", lang=language)))
        show(link(WORDS["loads"].text(language), go("/data", part="ledger", lang=language)))
