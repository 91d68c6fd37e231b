"""``bulletin``: the month's report as files: Markdown, one HTML page, a Word document."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ballast.cli.context import (
    EngineOption,
    HomeOption,
    PublicOption,
    language,
    open_lake,
    settings,
    tell,
    viewer,
)
from ballast.cli.home_region import home_region
from ballast.errors import WrongUsage
from ballast.lake.home import storage_errors
from ballast.terms.china import day_in_china
from ballast.terms.label import LANGUAGES, Language
from ballast.terms.period import Period

if TYPE_CHECKING:
    from ballast.brain.bulletin.shape import Bulletin

_FORMS = ("md", "html", "docx")


def bulletin(
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            help="The month, such as 2026-05; the newest if left out.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="One file, .md, .html or .docx, in the language of the run."),
    ] = None,
    into: Annotated[
        Path,
        typer.Option("--into", help="Directory for all forms in both languages, without --out."),
    ] = Path(),
    region: Annotated[
        str | None, typer.Option("--region", help="A code or a name; the home's own if left out.")
    ] = None,
    public: PublicOption = False,
    home: HomeOption = None,
    engine: EngineOption = None,
) -> None:
    """Write the month's bulletin, every figure with its note, in Chinese and English."""
    # The charts take most of a second to import, and every other command does without them.
    from ballast.brain.bulletin.making import bulletin as made_of

    if out is not None and out.suffix.removeprefix(".") not in _FORMS:
        raise WrongUsage(
            "{path}: a bulletin is written as .md, .html or .docx; give the file such a name",
            path=out,
        )
    lake = open_lake(home, engine)
    code = home_region(lake, region or settings().region)
    made = made_of(
        lake,
        viewer(),
        code,
        today=day_in_china(datetime.now(UTC)),
        period=None if period is None else Period.parse(period),
    )
    if out is not None:
        _write(made, out, language())
        return
    name = f"bulletin-{made.period.year}-{made.period.last_month:02d}"
    kind = "-public" if public else ""
    with storage_errors(into):
        into.mkdir(parents=True, exist_ok=True)
    for spoken in LANGUAGES:
        for form in _FORMS:
            _write(made, into / f"{name}{kind}.{spoken}.{form}", spoken)


def _write(made: Bulletin, path: Path, spoken: Language) -> None:
    """Write one form, whole or not at all."""
    from ballast.brain.bulletin.document import as_document
    from ballast.brain.bulletin.markdown import as_markdown
    from ballast.brain.bulletin.page import as_page

    if path.suffix == ".docx":
        content = as_document(made, spoken)
    elif path.suffix == ".html":
        content = as_page(made, spoken).encode()
    else:
        content = as_markdown(made, spoken).encode()
    beside = path.with_name(path.name + ".part")
    with storage_errors(path):
        try:
            beside.write_bytes(content)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    tell("written: {path}", path=path)
