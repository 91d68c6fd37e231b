"""``node state``: what becomes of a record that stays: revoked, valid again, longer or shorter.

Apart from ``register``, because the values are not touched: a code that is
printed on a machine goes on being answered as it last was, with its state.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from ballast.cli.context import HomeOption, tell
from ballast.cli.node_opening import expect, open_writer, operator
from ballast.errors import WrongUsage
from ballast.node.registry.records import RecordState
from ballast.node.service.changes import SetState

__all__ = ["expiry_of", "state"]

_NEVER = "never"


def state(
    handle: Annotated[str, typer.Argument(metavar="HANDLE", help="Such as 88.118.8/A-1.")],
    revoke: Annotated[
        bool, typer.Option("--revoke", help="Take it back; it is still answered, as revoked.")
    ] = False,
    valid: Annotated[bool, typer.Option("--valid", help="Let a revoked one hold again.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the audit trail.")] = "",
    expires: Annotated[
        str | None,
        typer.Option(
            "--expires",
            metavar="DATE|never",
            help="When it ends, UTC: 2040-01-01 or 2040-01-01T12:00:00.",
            show_default=False,
        ),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Revoke a handle, let it hold again, or change when it ends; its values stay."""
    if revoke and valid:
        raise WrongUsage("--revoke and --valid do not go together")
    if not (revoke or valid or expires is not None):
        raise WrongUsage(
            "say what becomes of {handle}: --revoke, --valid or --expires", handle=handle
        )
    if revoke and not reason.strip():
        raise WrongUsage("say with --reason why it is revoked; the audit trail keeps it")
    ends = None if expires is None else expiry_of(expires)
    wanted = RecordState.REVOKED if revoke else RecordState.VALID if valid else None
    change = SetState(handle.encode(), None if wanted is None else int(wanted), ends, reason)
    with open_writer(home) as writer:
        expect(writer.apply(change, operator()))
    if revoke:
        tell("{handle}: revoked; whoever asks for it is told so", handle=handle)
    if valid:
        tell("{handle}: not revoked", handle=handle)
    if ends == 0:
        tell("{handle}: does not expire", handle=handle)
    elif ends is not None:
        when = f"{datetime.fromtimestamp(ends, UTC):%Y-%m-%d %H:%M:%S}"
        tell("{handle}: expires at {when} UTC", handle=handle, when=when)


def expiry_of(text: str) -> int:
    """Return when a record ends, in seconds since 1970; 0 for never.

    Raises
    ------
    WrongUsage
        If it is no date.

    Examples
    --------
    >>> expiry_of("2030-01-01"), expiry_of("2030-01-01T08:00:00+08:00"), expiry_of("never")
    (1893456000, 1893456000, 0)
    """
    if text.strip().lower() == _NEVER:
        return 0
    try:
        found = datetime.fromisoformat(text.strip())
        moment = found if found.tzinfo else found.replace(tzinfo=UTC)
        seconds = int(moment.timestamp())
    except (ValueError, OverflowError):
        seconds = -1
    if seconds <= 0:  # 0 is how "never" is kept
        raise WrongUsage(
            "“{text}” is no date; write one such as 2040-01-01, or never", text=text[:80]
        )
    return seconds
