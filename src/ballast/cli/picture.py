"""``picture``: a region's industry as the home knows it, printed and as a page.

What ``demo`` shows of the sample, for the data of one's own: without it the
figures of the picture could be seen and not made again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ballast.brain.names import names
from ballast.cli.asking import one_region
from ballast.cli.context import (
    EngineOption,
    HomeOption,
    PublicOption,
    language,
    open_lake,
    tell,
    viewer,
)
from ballast.cli.output import screen
from ballast.lake.home import storage_errors
from ballast.terms.period import Period


def picture(
    region: Annotated[str, typer.Argument(help="A code, a name, or part of a name.")],
    page: Annotated[
        Path | None, typer.Option("--page", help="Write it as one HTML page too.")
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period", help="What it ends with, such as 2026-05; the newest if left out."
        ),
    ] = None,
    public: PublicOption = False,
    home: HomeOption = None,
    engine: EngineOption = None,
) -> None:
    """Print the picture of a region: structure, clusters, specialisation, growth."""
    # The charts take most of a second to import, and every other command does without them.
    from ballast.brain.picture import picture as picture_of
    from ballast.brain.picture_sealed import sealed_picture
    from ballast.cli.picture_text import print_picture
    from ballast.portal.picture_page import render

    lake = open_lake(home, engine)
    code = one_region(names(lake, viewer()), region)
    until = None if period is None else Period.parse(period)
    today = datetime.now(UTC).date()
    if public:
        shown = sealed_picture(lake, code, today=today, period=until)
    else:
        shown = picture_of(lake, viewer(), code, today=today, period=until)
    print_picture(shown, screen(), language())
    if page is not None:
        with storage_errors(page):
            page.write_text(render(shown, language()), encoding="utf-8")
        tell("the picture as a page: {path}", path=page.resolve())
