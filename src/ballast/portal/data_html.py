"""Tables and choices of the data pages, as plain HTML that a screen reader knows.

A table of a thousand cells as interface elements costs a thousand messages;
as one piece of HTML it costs one. It is put together by ``markupsafe`` alone,
so a cell cannot become markup however it is written.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape
from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

__all__ = [
    "Content",
    "Field",
    "add_style",
    "alert",
    "button",
    "choice",
    "entry",
    "heading",
    "link",
    "note",
    "show",
    "show_table",
    "table_html",
    "unbroken",
]

Content = str | Markup
_LONGEST_ENTRY = 4_000


@dataclass
class Field:
    """What stands in a field of the page now."""

    value: str


_STYLE = """
.bd-scroll { overflow-x: auto; max-width: 100%; margin: 8px 0 16px; }
.page table.bd-table { border-collapse: collapse; width: auto; min-width: 50%;
  font-size: 13px; line-height: 18px; }
.bd-table caption { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
.page .bd-table th, .page .bd-table td { text-align: start; vertical-align: top;
  padding: 8px 16px 8px 0; border-bottom: 1px solid var(--rule); }
.page .bd-table td { max-width: 24rem; white-space: normal; overflow-wrap: break-word; }
.page .bd-table td:not(.bd-figure) { min-width: 6em; }
.bd-once { white-space: nowrap; }
.page details > summary { display: list-item; color: var(--accent); }
.page .bd-table td.bd-figure, .page .bd-table th.bd-figure { text-align: end;
  white-space: nowrap; min-width: 0; }
.page .bd-table td.bd-wrong { outline: 2px solid var(--behind); outline-offset: -1px;
  padding-inline: 8px; }
.bd-table td.bd-wrong small { color: var(--behind); white-space: nowrap; }
.bd-field { display: flex; flex-direction: column; gap: 4px; max-width: 100%; }
.bd-field > span { font-size: 13px; line-height: 18px; color: var(--muted); }
.bd-field select, .bd-field input, .bd-field textarea { font: inherit; color: var(--ink);
  background: var(--card); border: 1px solid var(--muted); border-radius: 4px; padding: 8px;
  min-height: 40px; max-width: 100%; min-width: 0; }
.bd-field small { color: var(--muted); }
.bd-field input[type=file] { border-style: dashed; padding: 16px; width: min(32rem, 100%); }
.page .bd-note { max-width: 48rem; margin: 8px 0; }
.page .bd-alert { border-inline-start: 3px solid var(--behind); padding: 4px 0 4px 12px; }
.page .bd-good { border-inline-start: 3px solid var(--accent); padding: 4px 0 4px 12px; }
.bd-parts { display: flex; flex-wrap: wrap; gap: 0 24px; margin: 8px 0 24px; padding: 0;
  list-style: none; border-bottom: 1px solid var(--rule); }
.bd-parts a { color: var(--ink); text-decoration: none; padding: 8px 0; display: inline-block;
  border-bottom: 3px solid transparent; }
.bd-parts a[aria-current] { border-color: var(--accent); font-weight: 600; }
.bd-parts a:hover { border-color: var(--muted); }
.bd-row { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: end; max-width: 100%;
  margin: 8px 0; }
.bd-figures { display: flex; flex-wrap: wrap; gap: 16px 48px; margin: 0 0 16px; }
.bd-figures dt { font-size: 13px; line-height: 18px; font-weight: 400; color: var(--muted); }
.bd-figures dd { margin: 0; font-size: 26px; line-height: 32px; font-weight: 600; }
.bd-figures dd small { font-size: 13px; line-height: 18px; font-weight: 400; display: block;
  color: var(--muted); }
.bd-button { font: inherit; color: var(--accent); background: none; cursor: pointer;
  border: 1px solid var(--accent); border-radius: 4px; padding: 8px 16px; min-height: 40px; }
.bd-table .bd-button { padding: 4px 8px; min-height: 0; white-space: nowrap; }
.bd-button.bd-main { background: #0060a0; border-color: #0060a0; color: #fff; }
.bd-button:disabled { opacity: 0.5; cursor: default; }
.bd-faults > li { margin-bottom: 16px; }
.page .bd-faults .bd-table td, .page .bd-faults .bd-table th { padding: 8px; min-width: 0; }
.page .bd-faults .bd-scroll { overflow-x: auto; margin: 0; padding: 2px; }
@media (max-width: 800px) { .bd-far { display: none; } }
.bd-secret { font: 15px/22px ui-monospace, Menlo, Consolas, monospace; user-select: all;
  padding: 8px; background: var(--card); border: 1px solid var(--rule); border-radius: 4px;
  overflow-wrap: anywhere; display: inline-block; }
progress.bd-bar { width: min(24rem, 100%); height: 16px; accent-color: var(--accent);
  display: block; margin: 8px 0; }
progress.bd-bar[hidden] { display: none; }
"""


def button(text: str, on_click: Callable[[], object], *, main: bool = False) -> ui.element:
    """Put a button on the page that is being built.

    Parameters
    ----------
    text
        What it does.
    on_click
        Called when it is pressed; pressing again before the answer does nothing.
    main
        Whether it is what the page is for.
    """
    made = TextElement(tag="button", text=text)
    made.classes("bd-button bd-main" if main else "bd-button").props('type="button"')
    made.on("click", on_click, throttle=0.5, trailing_events=False)
    return made


def unbroken(text: str) -> Markup:
    """Return a text that is not broken over lines: a moment, a code."""
    return Markup('<span class="bd-once">{}</span>').format(text)


def add_style() -> None:
    """Add the style of the data pages to the page that is being built."""
    ui.add_css(_STYLE)


def table_html(
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Content]],
    *,
    figures: frozenset[int] = frozenset(),
    marked: frozenset[tuple[int, int]] = frozenset(),
) -> Markup:
    """Return a table; every text in it is escaped.

    Parameters
    ----------
    caption
        What it shows.
    heads
        Of the columns.
    rows
        Cells; only a ``Markup`` is taken as HTML.
    figures
        Columns whose cells stand right.
    marked
        Row and column of cells that are wrong.

    Examples
    --------
    >>> "&lt;b&gt;" in table_html("t", ["a"], [["<b>"]])
    True
    """

    def kind(row: int, column: int) -> Markup:
        names = [
            *(["bd-figure"] if column in figures else []),
            *(["bd-wrong"] if (row, column) in marked else []),
        ]
        return Markup(' class="{}"').format(" ".join(names)) if names else Markup()

    head = Markup().join(
        Markup('<th scope="col"{}>{}</th>').format(kind(-1, at), text)
        for at, text in enumerate(heads)
    )
    body = Markup().join(
        Markup("<tr>{}</tr>").format(
            Markup().join(
                Markup("<td{}>{}</td>").format(kind(at, column), cell)
                for column, cell in enumerate(row)
            )
        )
        for at, row in enumerate(rows)
    )
    return Markup(
        '<div class="bd-scroll" role="region" tabindex="0" aria-label="{}">'
        '<table class="bd-table"><caption>{}</caption><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(caption, caption, head, body)


def show_table(
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Content]],
    *,
    figures: frozenset[int] = frozenset(),
) -> None:
    """Put a table on the page that is being built."""
    show(table_html(caption, heads, rows, figures=figures))


def show(markup: Markup) -> None:
    """Put escaped HTML on the page that is being built."""
    ui.html(str(markup), sanitize=False).classes("w-full")


def heading(text: str) -> None:
    """Put the heading of a section on the page."""
    show(Markup("<h2>{}</h2>").format(text))


def note(text: str, kind: str = "", role: str = "") -> None:
    """Put a paragraph on the page.

    Parameters
    ----------
    text
        Plain text.
    kind
        ``alert`` or ``good``; nothing for a plain one.
    role
        ``alert`` or ``status``: a screen reader then says it at once.
    """
    attribute = Markup(' role="{}"').format(role) if role else Markup()
    more = f" bd-{kind}" if kind else ""
    show(Markup('<p class="bd-note{}"{}>{}</p>').format(more, attribute, text))


def alert(sentence: str) -> Markup:
    """Return a sentence that says what went wrong, in place of what would have stood there.

    Parameters
    ----------
    sentence
        In the reader's language.
    """
    return Markup('<p class="note" role="alert">{}</p>').format(sentence)


def link(text: str, address: str, *, download: bool = False) -> Markup:
    """Return a link."""
    extra = Markup(" download") if download else Markup()
    return Markup('<a href="{}"{}>{}</a>').format(address, extra, escape(text))


def choice(
    label: str,
    options: Mapping[str, str],
    value: str,
    on_change: Callable[[str], object] | None = None,
) -> Field:
    """Put a labelled drop-down on the page: the browser's own, which every keyboard knows.

    Parameters
    ----------
    label
        What is chosen.
    options
        Value to what is shown.
    value
        The one chosen now.
    on_change
        Called with the value; what is not an option is dropped.
    """
    field = Field(value)

    async def changed(event: GenericEventArguments) -> None:
        chosen = str(event.args)
        if chosen in options:
            field.value = chosen
            await _told(on_change, chosen)

    with ui.element("label").classes("bd-field"):
        TextElement(tag="span", text=label)
        with ui.element("select") as drop_down:
            for key, text in options.items():
                option = TextElement(tag="option", text=text)
                option.props["value"] = key
                option.props.set_bool("selected", key == value)
        drop_down.on("change", changed, js_handler="(e) => emit(e.target.value)")
    return field


def entry(
    label: str,
    value: str = "",
    *,
    kind: str = "text",
    on_change: Callable[[str], object] | None = None,
    hint: str = "",
) -> Field:
    """Put a labelled field on the page.

    Parameters
    ----------
    label
        What is entered.
    value
        What stands in it.
    kind
        ``text``, ``date``, ``search``.
    on_change
        Called with what stands in it when it is left.
    hint
        Shown below it.
    """
    field = Field(value)

    async def changed(event: GenericEventArguments) -> None:
        field.value = str(event.args)[:_LONGEST_ENTRY]
        await _told(on_change, field.value)

    with ui.element("label").classes("bd-field"):
        TextElement(tag="span", text=label)
        box = ui.element("input")
        box.props["type"] = kind
        # Not its value: that would be put back whenever anything on the page is drawn anew, also
        # while somebody types.
        box.props["defaultValue"] = value
        box.props["autocomplete"] = "off"
        box.on("change", changed, js_handler="(e) => emit(e.target.value)")
        if hint:
            TextElement(tag="small", text=hint)
    return field


async def _told(on_change: Callable[[str], object] | None, value: str) -> None:
    answer = on_change(value) if on_change is not None else None
    if isinstance(answer, Awaitable):
        await answer
