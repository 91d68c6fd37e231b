"""What the commands about policy ask alike: the law, the day, the application, the facts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from ballast.brain.policy.facts import Facts
from ballast.brain.policy.gathering import facts_of
from ballast.brain.policy.reading import Laws, laws, read_laws
from ballast.brain.policy.selfcheck import Answers, check_sheet, clean
from ballast.brain.policy.shape import Application
from ballast.brain.policy.size import SIZE_STANDARD
from ballast.cli.context import open_lake, viewer
from ballast.errors import UnreadableFile, WrongUsage
from ballast.lake.sheets.content import MOST_BYTES
from ballast.terms.china import day_in_china
from ballast.terms.enterprise_code import normalise

__all__ = [
    "CertificateOption",
    "DayOption",
    "LawOption",
    "RenewalOption",
    "SchemeOption",
    "SheetOption",
    "application_of",
    "certificate_of",
    "day_of",
    "facts_asked",
    "law_of",
    "titles_of",
]

LawOption = Annotated[
    Path | None,
    typer.Option(
        "--law",
        help="Folder of an own copy of the law; if left out, the law that Ballast carries.",
        show_default=False,
    ),
]
DayOption = Annotated[
    str | None, typer.Option("--day", help="Day of the application, YYYY-MM-DD; today if left out.")
]
SchemeOption = Annotated[
    list[str] | None,
    typer.Option("--scheme", help="A title, as `ballast policy list` names it; may be repeated."),
]
RenewalOption = Annotated[
    bool, typer.Option("--renewal", help="A renewal (复核), no new application.")
]
CertificateOption = Annotated[
    str | None,
    typer.Option("--certificate", help="Of a renewal: the day on the certificate, YYYY-MM-DD."),
]
SheetOption = Annotated[
    Path | None,
    typer.Option("--sheet", help="A self-check sheet that was filled in (.xlsx)."),
]
_FIRST, _LAST = date(1949, 10, 1), date(2199, 12, 31)


def law_of(folder: Path | None) -> Laws:
    """Return the laws of a folder, or those that Ballast carries."""
    return laws() if folder is None else read_laws(folder)


def day_of(text: str | None, option: str = "--day") -> date:
    """Return the day that is meant; today where none is named.

    Raises
    ------
    WrongUsage
        If it is no day between 1949 and 2199.
    """
    if text is None:
        return day_in_china(datetime.now(UTC))
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = None
    if day is None or len(text.strip()) != len("2026-11-23") or not _FIRST <= day <= _LAST:
        raise WrongUsage(
            "{option} {text}: no day; write it as 2026-11-23", option=option, text=text[:40]
        )
    return day


def application_of(renewal: bool, certificate: str | None) -> Application:
    """Return the kind of application.

    Raises
    ------
    WrongUsage
        If a certificate is named for a new application.
    """
    if certificate is not None and not renewal:
        raise WrongUsage("--certificate is for a renewal: add --renewal")
    return Application.RENEWAL if renewal else Application.NEW


def certificate_of(certificate: str | None) -> date | None:
    """Return the day of a certificate."""
    return None if certificate is None else day_of(certificate, "--certificate")


def titles_of(known: Laws, schemes: list[str] | None) -> tuple[str, ...]:
    """Return the schemes that are asked for; by default all that can be applied for.

    Raises
    ------
    NotFound
        If there is no such scheme.
    """
    if not schemes:
        return tuple(each for each in known.schemes if each != SIZE_STANDARD)
    return tuple(known.law(each).scheme for each in dict.fromkeys(schemes))


def facts_asked(
    known: Laws,
    uscc: str | None,
    sheet: Path | None,
    day: date,
    home: Path | None,
    engine: str | None,
) -> tuple[Facts, Answers | None]:
    """Return the facts of an enterprise of the home; or those of a sheet, and what was read of it.

    Raises
    ------
    WrongUsage
        Unless exactly one of the two is named.
    Refused
        If an answer of the sheet cannot be used.
    """
    if (uscc is None) == (sheet is None):
        raise WrongUsage("name one: an enterprise by its code, or --sheet FILE.xlsx")
    if sheet is not None:
        read = check_sheet(content_of(sheet), day, known, sheet.name)
        return clean(read), read
    return facts_of(open_lake(home, engine), viewer(), normalise(str(uscc)), day), None


def content_of(path: Path) -> bytes:
    """Return the bytes of a small file, one more than a sheet may have at most.

    Raises
    ------
    UnreadableFile
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(
            "{path}: cannot be opened: {reason}", path=path, reason=error.strerror or str(error)
        ) from None
