"""Headers that were not understood: a person says which column they are, once.

What is said here is remembered by the load, so that next month's form from
the same office is understood without asking.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from ballast.lake.tables import table
from ballast.portal.data_html import choice, heading, note
from ballast.portal.data_preview import Preview
from ballast.portal.data_work import Asked
from ballast.terms.label import Language
from ballast.words import say

__all__ = ["free_columns", "show_mapping"]


def free_columns(found: Preview, asked: Asked, language: Language) -> dict[str, str]:
    """Return the columns that a header may still be: no other header is them yet.

    Parameters
    ----------
    found
        What the file was understood as.
    asked
        What was said before.
    language
        Of the labels; required ones that are missing come first and say so.
    """
    declared = table(found.table)
    said = set((asked.given or {}).values())
    free = [c for c in declared if c.name not in found.matched or c.name in said]
    needed = say("required", language)
    ordered = sorted(free, key=lambda column: column.name not in found.missing)
    return {
        column.name: f"{column.label.text(language)} · {needed}"
        if column.name in found.missing
        else column.label.text(language)
        for column in ordered
    }


def show_mapping(
    found: Preview,
    asked: Asked,
    language: Language,
    again: Callable[[Asked], Awaitable[None]],
) -> None:
    """Put the drop-downs on the page that is being built; nothing where all is understood.

    Parameters
    ----------
    found, asked, language
        As for ``free_columns``.
    again
        Called with what was chosen.
    """
    given = dict(asked.given or {})
    if not found.strange and not found.missing and not given:
        return
    declared = table(found.table)
    if found.missing:
        lacking = "、" if language == "zh" else ", "
        names = lacking.join(declared.column(n).label.text(language) for n in found.missing)
        note(
            say(
                "The table needs these columns, and no header is understood as one: {columns}. "
                "Say below which header they are, or choose another table.",
                language,
                columns=names,
            ),
            "alert",
            "alert",
        )
    if not found.strange and not given:
        return
    heading(say("Headers that were not understood", language))
    note(say("They are left out unless you say what they are. It is remembered.", language))
    options = {"": say("leave out", language)} | free_columns(found, asked, language)
    shown = dict.fromkeys(given, "") | {one.key: one.shown for one in found.strange}
    examples = {one.key: one.examples for one in found.strange}
    with ui.element("div").classes("bd-row"):
        for key, name in shown.items():
            _one_header(key, name or key, examples.get(key, ()), options, given, asked, again)


def _one_header(
    key: str,
    name: str,
    examples: tuple[str, ...],
    options: dict[str, str],
    given: dict[str, str],
    asked: Asked,
    again: Callable[[Asked], Awaitable[None]],
) -> None:
    async def chosen(column: str) -> None:
        changed = {k: v for k, v in given.items() if k != key and v != column}
        if column:
            changed[key] = column
        await again(Asked(asked.table, changed, asked.sheet))

    label = f"{name}（{'; '.join(examples)[:40]}）" if examples else name
    choice(label, options, given.get(key, ""), chosen)
