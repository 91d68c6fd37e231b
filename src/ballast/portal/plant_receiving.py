"""A factory's signed days are taken in: over the interface and from a file, by the same rules.

Two proofs are asked for, and they are of different things: the key of the
interface says which account sends, the signature says which factory speaks. A
file has no account; whoever puts it into the home's hands answers for that.
"""

from __future__ import annotations

from dataclasses import dataclass

from ballast.errors import NotPermitted
from ballast.plant.reports.told_days import open_envelope
from ballast.state.plant_days import take_in, trusted_key
from ballast.state.store import State
from ballast.terms.viewer import Viewer

__all__ = ["Received", "receive"]


@dataclass(frozen=True, slots=True)
class Received:
    """What was taken in.

    Parameters
    ----------
    seq
        The number of the message in the inbox.
    uscc
        Who spoke.
    days
        How many lines it has.
    new
        Whether it had not arrived before.
    """

    seq: int
    uscc: str
    days: int
    new: bool


def receive(state: State, envelope: bytes, viewer: Viewer, *, own_only: bool) -> Received:
    """Check an envelope and put it into the inbox; it is on the disk when this returns.

    Parameters
    ----------
    state
        Of the home that is told.
    envelope
        As it came.
    viewer
        Who brings it.
    own_only
        Whether it must be of one of the viewer's own enterprises.

    Raises
    ------
    Refused
        If anything about it is wrong, or a later one of the enterprise is there.
    NotFound
        If its key is not known.
    NotPermitted
        If it is of another enterprise than the viewer's.
    """

    def key_of(name: str) -> tuple[str, bytes]:
        known = trusted_key(state, name)
        return known.uscc, known.public

    signed = open_envelope(envelope, key_of, state.clock())
    told = signed.told
    if own_only and told.uscc not in viewer.enterprises:
        raise NotPermitted(
            "{who} may not speak for {uscc}; the account is not of that enterprise",
            who=viewer.name,
            uscc=told.uscc,
        )
    seq, new = take_in(
        state,
        uscc=told.uscc,
        made_at=told.made_at,
        key_id=signed.key_id,
        signature=signed.signature,
        body=signed.body,
        who=viewer.name,
    )
    return Received(seq, told.uscc, len(told.days), new)
