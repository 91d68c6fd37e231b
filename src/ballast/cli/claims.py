"""``claims``: what a text states in figures, and whether it is so.

The answers are for eyes first: the sentence, what it says, what we have. JSON
carries everything, the places in the text and the loads behind each figure
included, so that another program can mark the text itself.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from ballast.brain.claims.answers import VERDICT_LABELS, Verdict
from ballast.cli.context import (
    EngineOption,
    FormatOption,
    HomeOption,
    PublicOption,
    language,
    open_lake,
    settings,
    tell,
    viewer,
)
from ballast.cli.home_region import home_region
from ballast.cli.output import Format, Shown, print_rows
from ballast.errors import UnreadableFile, WrongUsage
from ballast.terms.china import day_in_china
from ballast.terms.label import Label
from ballast.words import say, visible

Row = tuple[str, str, str, str, str]


def claims(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A .txt, .html or .docx file; - is what is piped.")
    ],
    written: Annotated[
        str | None,
        typer.Option("--date", help="The day of writing, 2026-07-10; today if left out."),
    ] = None,
    region: Annotated[
        str | None, typer.Option("--region", help="A code or a name; the home's own if left out.")
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read", help="Say what is stated, without checking it.")
    ] = False,
    public: PublicOption = False,  # noqa: ARG001  heard by `context.viewer`
    home: HomeOption = None,
    engine: EngineOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Find what a text states in figures, ranks and counts, and check each statement."""
    # Checking takes most of a second to import, and every other command does without it.
    from ballast.brain.claims.checking import check
    from ballast.brain.claims.documents import document
    from ballast.brain.claims.reading import statements
    from ballast.brain.claims.showing import as_json, rows, unchecked
    from ballast.brain.claims.vocabulary import vocabulary

    day = _day(written)
    found = document(Path(file).name, _bytes(file))
    lake = open_lake(home, engine)
    code = home_region(lake, region or settings().region)
    known = vocabulary(lake, viewer(), code)
    read = statements(found.text, written=day, known=known)
    if not read:
        tell("{name}: nothing in it is stated in figures", name=Path(file).name)
    checked = (
        tuple(map(unchecked, read))
        if read_only
        else check(lake, viewer(), read, day_in_china(datetime.now(UTC)), home=code)
    )
    if form is Format.JSON:
        sys.stdout.write(json.dumps(as_json(found.text, checked), ensure_ascii=False, indent=1))
        sys.stdout.write("\n")
        return
    if form is Format.CSV:
        _print_csv(rows(found.text, checked, language()))
    else:
        _print_blocks(rows(found.text, checked, language()), checked=not read_only)
    if read and not read_only:
        counts = Counter(one.verdict for one in checked)
        tell("{count} statements: {verdicts}", count=len(checked), verdicts=_counted(counts))


def _print_blocks(listed: Sequence[Row], *, checked: bool) -> None:
    """Print a block for each statement: sentences do not fit into the columns of a table."""
    spoken = language()
    for number, (said, words, verdict, ours, why) in enumerate(listed, start=1):
        lines = [
            f"{number}. {said}" + (f"  [{verdict}]" if checked else ""),
            f"   {say('in the text', spoken)}: {words}",
        ]
        if ours:
            lines.append(f"   {say('our figure', spoken)}: {ours}")
        if why:
            lines.append(f"   {say('why', spoken)}: {why}")
        sys.stdout.write("".join(f"{visible(line)}\n" for line in lines))


def _print_csv(listed: Sequence[Row]) -> None:
    import polars as pl

    spoken = language()
    shown = [
        Shown("said", say("stated", spoken)),
        Shown("words", say("in the text", spoken)),
        Shown("verdict", say("answer", spoken)),
        Shown("ours", say("our figure", spoken)),
        Shown("reason", say("why", spoken)),
    ]
    names = [column.name for column in shown]
    frame = pl.DataFrame(
        [dict(zip(names, row, strict=True)) for row in listed],
        schema=dict.fromkeys(names, pl.String),
    )
    print_rows(frame, shown, Format.CSV, spoken)


def _counted(counts: Counter[Verdict]) -> str:
    spoken = language()
    labels: list[tuple[Label, int]] = [(VERDICT_LABELS[v], counts[v]) for v in Verdict if counts[v]]
    return ", ".join(f"{label.text(spoken)} {count}" for label, count in labels)


def _day(text: str | None) -> date:
    if text is None:
        return day_in_china(datetime.now(UTC))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage("--date {text}: write a day as 2026-07-10", text=text) from None


def _bytes(file: str) -> bytes:
    from ballast.brain.claims.documents import MOST_BYTES

    if file == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    path = Path(file)
    try:
        with path.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(
            "{path}: cannot be read ({reason})", path=path, reason=error.strerror or error
        ) from None
