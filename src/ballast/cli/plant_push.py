"""``plant push``, ``receive``, ``trust``: a factory's day, told its city with its consent.

The factory's side and the city's side stand in one file, since they are one
agreement: what the one signs, the other checks, over HTTP or by hand.
"""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ballast.cli.context import HomeOption, open_lake, settings, tell, viewer
from ballast.cli.plant_opening import open_site
from ballast.errors import Refused, UnreadableFile, WrongUsage
from ballast.state.store import State

if TYPE_CHECKING:
    from ballast.lake.lake import Lake
    from ballast.plant.reports.daily import PlantDay
    from ballast.plant.reports.told_days import Told
    from ballast.plant.site import Site

__all__ = ["push", "receive", "trust"]

_MOST_DAYS = 31
_OTHERS = 0o077
_KEY_BYTES = 4096


# longer than 60 lines because each option says what it is for
def push(
    to: Annotated[
        str | None,
        typer.Option("--to", help="Address of the city's portal: https://…", show_default=False),
    ] = None,
    api_key_file: Annotated[
        Path | None,
        typer.Option(
            "--api-key-file",
            help="File with the key of the enterprise's account there; nobody else may read it.",
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", help="Write the message into a file instead.", show_default=False),
    ] = None,
    day: Annotated[
        datetime | None,
        typer.Option("--day", formats=["%Y-%m-%d"], help="This day.", show_default=False),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=1, max=_MOST_DAYS, help="So many days up to yesterday.")
    ] = 3,
    consent: Annotated[
        bool, typer.Option("--consent", help="Agree, for the enterprise, that its days are told.")
    ] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take that back: nothing more is told.")
    ] = False,
    show_key: Annotated[
        bool, typer.Option("--show-key", help="Show what the city must be told to know us.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be told, and tell nobody.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Tell the city the sums of this factory's days: signed, and only with consent."""
    from ballast.plant.reports.told_days import key_id, parse_public_key, public_key, told_bytes
    from ballast.state.plant_key import plant_key

    lake, site = open_lake(home), open_site(home)
    if consent and withdraw:
        raise WrongUsage("--consent and --withdraw say opposite things; give one of them")
    with State(lake.home.path, lake.clock) as state:
        if consent or withdraw:
            _note(state, site, given=consent)
        if show_key:
            public = public_key(plant_key(lake.home.path))
            tell("key {key}; in the city's home:", key=key_id(parse_public_key(public)))
            typer.echo(f"ballast plant trust {site.uscc} {public}")
        if not (to or file or dry_run):
            if not (consent or withdraw or show_key):
                raise WrongUsage("say where to: --to URL, --file FILE, or --dry-run to look first")
            return
        if not dry_run:
            _require_consent(state, site)
    key = "" if to is None or dry_run else _key_for(to, api_key_file)
    told = _told(lake, site, day.date() if day else None, days)
    if dry_run:
        sys.stdout.write(told_bytes(told).decode() + "\n")
        return
    _send(lake.home.path, told, to, file, key)


def _note(state: State, site: Site, *, given: bool) -> None:
    from ballast.state.plant_consent import note_consent

    said = note_consent(state, site.uscc, getpass.getuser(), given=given)
    moment = said.at.astimezone().isoformat(sep=" ", timespec="minutes")
    if given:
        tell(
            "{who} agreed for {uscc} on {at}: its days may be told, by group of machines, as OEE "
            "and its factors, times, pieces, energy; no sample, order or product",
            who=said.who, uscc=said.uscc, at=moment,
        )  # fmt: skip
    else:
        tell(
            "{who} took the consent of {uscc} back on {at}; nothing more is told",
            who=said.who, uscc=said.uscc, at=moment,
        )  # fmt: skip


def _require_consent(state: State, site: Site) -> None:
    from ballast.state.plant_consent import standing_consent

    said = standing_consent(state, site.uscc)
    if said is None or not said.given:
        raise Refused(
            "{uscc} has not agreed that its days are told, or took that back; see with --dry-run "
            "what is told, and agree with `ballast plant push --consent`",
            uscc=site.uscc,
        )


def _told(lake: Lake, site: Site, day: date | None, days: int) -> Told:
    from ballast.plant.reports.daily import daily_rows
    from ballast.plant.reports.told_days import Told

    now = lake.clock()
    yesterday = now.astimezone(site.zone).date() - timedelta(days=1)
    if day is not None and day > yesterday:
        raise Refused(
            "{day} is not over yet; the last day that can be told is {last}",
            day=day, last=yesterday,
        )  # fmt: skip
    wanted = [day] if day else [yesterday - timedelta(days=n) for n in reversed(range(days))]
    rows: list[PlantDay] = []
    synthetic = site.provenance == "synthetic"
    for one in wanted:
        found, provenance = daily_rows(lake, viewer(), one, site)
        rows += found
        synthetic |= provenance == "synthetic"
    if not rows:
        raise Refused(
            "nothing is recorded of the days {first} to {last}; there is nothing to tell",
            first=wanted[0], last=wanted[-1],
        )  # fmt: skip
    provenance = "synthetic" if synthetic else "real"
    return Told(site.uscc, now.astimezone(UTC), provenance, tuple(rows))


def _send(home: Path, told: Told, to: str | None, file: Path | None, key: str) -> None:
    from ballast.cli.plant_push_http import post
    from ballast.plant.reports.told_days import seal
    from ballast.state.plant_key import plant_key

    envelope = seal(told, plant_key(home))
    days = sorted({one.day for one in told.days})
    if file is not None:
        try:
            with file.open("xb") as out:
                out.write(envelope)
        except OSError as error:
            raise Refused(
                "{path}: cannot be written ({reason}); name another file",
                path=file, reason=error.strerror or "?",
            ) from None  # fmt: skip
        tell(
            "{path}: {count} lines of {first} to {last}, signed; the city takes it with `ballast "
            "plant receive {path}`",
            path=file, count=len(told.days), first=days[0], last=days[-1],
        )  # fmt: skip
    if to is not None:
        repeated = post(to, envelope, key)
        if repeated:
            tell("{url}: had this message already", url=to)
        else:
            tell(
                "{url}: took {count} lines of {first} to {last}",
                url=to, count=len(told.days), first=days[0], last=days[-1],
            )  # fmt: skip


def _key_for(to: str, path: Path | None) -> str:
    """Return the key for an address, once the address is one that may get it."""
    from ballast.cli.plant_push_http import check_address

    check_address(to)
    if path is None:
        raise WrongUsage(
            "--to needs --api-key-file: the city gives the enterprise's account a key with "
            "`ballast users keys issue`"
        )
    try:
        if path.stat().st_mode & _OTHERS:
            raise Refused(
                "{path}: other users may read this key; take their rights away (chmod 600)",
                path=path,
            )
        return path.read_bytes()[:_KEY_BYTES].decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(
            "{path}: cannot be read ({reason})",
            path=path, reason=getattr(error, "strerror", None) or "ASCII",
        ) from None  # fmt: skip


def receive(
    file: Annotated[Path, typer.Argument(help="A message that a factory wrote with push --file.")],
    home: HomeOption = None,
) -> None:
    """Take in the signed days of a factory from a file, in the city's home."""
    from ballast.plant.reports.told_days import ENVELOPE_BYTES
    from ballast.portal.plant_receiving import receive as taken

    lake = open_lake(home)
    try:
        with file.open("rb") as source:
            envelope = source.read(ENVELOPE_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(
            "{path}: cannot be read ({reason})", path=file, reason=error.strerror or "?"
        ) from None
    with State(lake.home.path, lake.clock) as state:
        found = taken(state, envelope, viewer(), own_only=False)
    if found.new:
        tell("{path}: {count} lines of {uscc} taken in", path=file, count=found.days,
             uscc=found.uscc)  # fmt: skip
        _ship(lake)
    else:
        tell("{url}: had this message already", url=file)


def _ship(lake: Lake) -> None:
    from ballast.serve.ship_once import ship_once

    if ship_once(lake) is None:
        tell("the shipper that is running takes them into the lake")


def trust(
    uscc: Annotated[
        str | None, typer.Argument(help="The enterprise, by its code.", show_default=False)
    ] = None,
    key: Annotated[
        str | None,
        typer.Argument(help="Its public key, as push --show-key shows it.", show_default=False),
    ] = None,
    withdraw: Annotated[
        str | None,
        typer.Option("--withdraw", help="Know the key of this name no longer.", show_default=False),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Know the key of a factory, so that its days are taken in; without arguments: list them."""
    from ballast.plant.reports.told_days import key_id, parse_public_key
    from ballast.state.plant_days import trust as known
    from ballast.state.plant_days import trusted, withdraw_trust
    from ballast.terms.enterprise_code import parse_uscc

    path = home or settings().home
    lake = open_lake(path)
    with State(lake.home.path, lake.clock) as state:
        if withdraw is not None:
            gone = withdraw_trust(state, withdraw)
            tell("key {key} of {uscc} is known no longer", key=gone.key_id, uscc=gone.uscc)
        elif uscc is None:
            for one in trusted(state):
                since = one.added_at.astimezone().isoformat(sep=" ", timespec="minutes")
                ended = one.withdrawn_at
                end = "" if ended is None else f"–{ended.astimezone():%Y-%m-%d %H:%M}"
                typer.echo(f"{one.key_id}  {one.uscc}  {since}{end}  {one.added_by}")
        elif key is None:
            raise WrongUsage("give the enterprise and its key: ballast plant trust USCC KEY")
        else:
            raw = parse_public_key(key)
            made = known(state, key_id(raw), str(parse_uscc(uscc)), raw, getpass.getuser())
            tell("key {key} speaks for {uscc} from now on", key=made.key_id, uscc=made.uscc)
