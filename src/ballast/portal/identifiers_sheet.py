"""The sheet of codes: an A4 page to print and cut up, each code with its identifier under it.

Drawn on the server, in one answer, without a script: what is printed must not
depend on what a browser has loaded by then, and a sheet kept as a file must
look the same next year. The codes are outlines (SVG), so they are as sharp as
the printer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import urlsplit

from markupsafe import Markup

from ballast.errors import BallastError, NotFound, NotPermitted, Refused, WrongUsage
from ballast.node.registry.store import Snapshot
from ballast.node.service.lifecycle import LifeState
from ballast.node.wire.value import PUBLIC_READ, Value
from ballast.portal.identifiers_desk import NodeDesk
from ballast.portal.identifiers_reading import is_synthetic, open_record, search
from ballast.portal.identifiers_words import code_svg
from ballast.portal.refusal import PAGES
from ballast.terms.label import Language
from ballast.terms.viewer import Viewer
from ballast.words import explain, say, visible
from ballast.words.marks import SYNTHETIC

__all__ = [
    "COLUMNS",
    "MOST_CODES",
    "SIDES_MM",
    "Choice",
    "Code",
    "Sheet",
    "chosen",
    "made_sheet",
    "sheet_html",
]

MOST_CODES = 1_000
COLUMNS = range(2, 8)
SIDES_MM = (15, 20, 25, 30, 40, 50)
_WIDTH_MM = 190  # of an A4 page within its margins
_GAP_MM = 4
_PAGE = 500
_MOST_NAME = 60
# On goods, so the same whoever prints; the page of a record prefers the reader's language.
_NAME_TYPES = ("NAME", "TITLE", "产品名称", "名称", "PRODUCT", "NAME_EN")
_MOST_SAID = 20
_LEAST_LABEL = 22
"""Millimetres of a column below which a line under a code cannot be read."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be printed.

    Parameters
    ----------
    begins
        A prefix, a slash and how the suffixes begin; nothing where a list is given.
    listed
        Identifiers, in the order of the sheet.
    columns
        Codes in a row.
    side_mm
        Side of a code in millimetres, as far as the columns leave room.
    """

    begins: str = ""
    listed: tuple[str, ...] = ()
    columns: int = 4
    side_mm: int = 30

    @property
    def fitting_mm(self) -> float:
        """Side of a code that fits, in millimetres.

        Examples
        --------
        >>> Choice(columns=4).fitting_mm, Choice(columns=7, side_mm=50).fitting_mm
        (30, 23.1)
        """
        return min(self.side_mm, round(_WIDTH_MM / self.columns - _GAP_MM, 1))


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a sheet."""

    handle: str
    name: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is made.

    Parameters
    ----------
    codes
        In order.
    left_out
        Identifiers that are not on it, each with the reason.
    ended
        How many identifiers were passed over because they are revoked or have expired.
    more
        Whether there are more than fit on a sheet.
    plain
        Whether the codes hold the identifiers themselves: nobody has said where the node answers.
    loopback
        The node's address, where only this machine reaches it.
    synthetic
        Whether the node is a sample's.
    enterprises
        How many enterprises' identifiers are shown, for the trail.
    """

    codes: tuple[Code, ...]
    left_out: tuple[tuple[str, BallastError], ...] = ()
    ended: int = 0
    more: bool = False
    plain: bool = False
    loopback: str = ""
    synthetic: bool = False
    enterprises: int = 0


def chosen(begins: str, pasted: str, columns: str, side: str) -> Choice:
    """Return what a form asks for.

    Raises
    ------
    WrongUsage
        If a size is none, or the list is too long.

    Examples
    --------
    >>> chosen("", "88.118.8/A, 88.118.8/B", "3", "").listed
    ('88.118.8/A', '88.118.8/B')
    """
    parted = pasted.replace(",", "\n").replace("，", "\n").replace("\t", "\n").splitlines()
    listed = tuple(dict.fromkeys(line.strip() for line in parted if line.strip()))
    if len(listed) > MOST_CODES:
        raise WrongUsage(
            "{count} identifiers are too many for one sheet; at most {most}, print in parts",
            count=len(listed),
            most=MOST_CODES,
        )
    return Choice(
        begins.strip()[:400],
        listed,
        _one_of(columns, tuple(COLUMNS), Choice().columns, "columns"),
        _one_of(side, SIDES_MM, Choice().side_mm, "side"),
    )


def _one_of(text: str, known: tuple[int, ...], usual: int, name: str) -> int:
    if not text:
        return usual
    if text not in {str(number) for number in known}:
        raise WrongUsage(
            "{name}: {text} cannot be chosen; there are: {known}",
            name=name,
            text=text[:20],
            known=", ".join(map(str, known)),
        )
    return int(text)


def made_sheet(desk: NodeDesk, viewer: Viewer, choice: Choice, now: float) -> Sheet:
    """Return the sheet that somebody asked for, of what the viewer may see.

    Parameters
    ----------
    desk
        The node.
    viewer
        Who prints.
    choice
        What is to be printed.
    now
        Epoch s.

    Raises
    ------
    NotFound, NotPermitted, Refused
        If there is nothing to print.
    """
    with desk.reading() as moment:
        synthetic = is_synthetic(moment)
        if choice.listed:
            sheet = _of_list(desk, moment, viewer, choice.listed, now)
        else:
            sheet = _of_beginning(desk, moment, viewer, choice.begins, now)
    here = desk.url if _loopback(desk.url) else ""
    return replace(sheet, plain=not desk.url, loopback=here, synthetic=synthetic)


def _loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _of_beginning(
    desk: NodeDesk, moment: Snapshot, viewer: Viewer, begins: str, now: float
) -> Sheet:
    codes: list[Code] = []
    ended, after, enterprises = 0, b"", 0
    while True:
        found = search(moment, viewer, begins, now, after=after, limit=_PAGE)
        enterprises = max(enterprises, found.enterprises)
        for hit in found.hits:
            if hit.life is not LifeState.VALID:
                ended += 1
            elif len(codes) == MOST_CODES:
                return Sheet(tuple(codes), ended=ended, more=True, enterprises=enterprises)
            else:
                opened = open_record(moment, viewer, hit.handle, now)
                codes.append(_code(desk, opened.handle, opened.record.values()))
        after = found.after
        if not after:
            break
    if not codes and not ended:
        raise NotFound(
            "no identifier that you may see begins with {begins}; write a prefix, a slash and how "
            "the suffix begins",
            begins=begins[:100] or "–",
        )
    return Sheet(tuple(codes), ended=ended, enterprises=enterprises)


def _of_list(
    desk: NodeDesk, moment: Snapshot, viewer: Viewer, listed: Iterable[str], now: float
) -> Sheet:
    codes: list[Code] = []
    left_out: list[tuple[str, BallastError]] = []
    whose: set[str] = set()
    ended = 0
    for handle in listed:
        try:
            opened = open_record(moment, viewer, handle, now)
        except (NotFound, NotPermitted, Refused) as error:
            left_out.append((handle, error))
            continue
        whose.add(opened.entry.uscc)
        if opened.life is not LifeState.VALID:
            ended += 1
        else:
            codes.append(_code(desk, opened.handle, opened.record.values()))
    return Sheet(tuple(codes), tuple(left_out), ended, enterprises=len(whose - {""}), more=False)


def _code(desk: NodeDesk, handle: str, values: Iterable[Value]) -> Code:
    # Kept short of what code_svg keeps: a sheet would throw out what the pages show again.
    picture = code_svg.__wrapped__(desk.address_of(handle) or handle)
    return Code(handle, _name(values), picture)


def _name(values: Iterable[Value]) -> str:
    """Return what the thing is called, where anybody may read that."""
    called = {v.type.upper(): v.data for v in values if v.permissions & PUBLIC_READ}
    for kind in _NAME_TYPES:
        if (data := called.get(kind)) is not None:
            text = visible(data.decode("utf-8", "replace").strip())
            return text if len(text) <= _MOST_NAME else text[: _MOST_NAME - 1] + "…"
    return ""


def _said(sheet: Sheet, language: Language) -> Iterator[str]:
    """Yield what is to be known of a sheet before it is printed."""
    if sheet.more:
        yield say(
            "There are more: a sheet holds {most}. Print these, then narrow the beginning.",
            language,
            most=MOST_CODES,
        )
    if sheet.ended:
        yield say(
            "{count} are revoked or have expired and were left out.", language, count=sheet.ended
        )
    if sheet.plain:
        yield say(
            "Nobody has said yet where the node answers (BALLAST_NODE_BASE_URL): these codes hold "
            "the identifier alone, and a telephone will not open it.",
            language,
        )
    if sheet.loopback:
        yield say(
            "These codes lead to {url}, which only this machine reaches: have the operator set "
            "BALLAST_NODE_BASE_URL before you print codes for others.",
            language,
            url=sheet.loopback,
        )
    for handle, error in sheet.left_out[:_MOST_SAID]:
        yield say(
            "Left out: {handle} ({reason})",
            language,
            handle=handle[:200],
            reason=explain(error, language),
        )
    if len(sheet.left_out) > _MOST_SAID:
        more = len(sheet.left_out) - _MOST_SAID
        yield say("And {count} more were left out.", language, count=more)


def sheet_html(sheet: Sheet, choice: Choice, language: Language) -> str:
    """Return the whole page."""
    return PAGES.get_template("identifiers_sheet.html.j2").render(
        lang="zh-CN" if language == "zh" else "en",
        codes=sheet.codes,
        columns=choice.columns,
        side=choice.fitting_mm,
        small=_WIDTH_MM / choice.columns < _LEAST_LABEL + _GAP_MM,
        synthetic=SYNTHETIC.text(language) if sheet.synthetic else "",
        said=list(_said(sheet, language)),
        title=say("{count} codes", language, count=len(sheet.codes)),
        how=say(
            "Print at 100 %, not “fit to page”, on A4. A code is {side} mm wide; scan one before "
            "you print them all.",
            language,
            side=choice.fitting_mm,
        ),
        back=say("Choose others", language),
        back_to=f"/identifiers?part=sheet&lang={language}",
    )
