"""What the service answers, before a door puts it into its own form.

One type for every operation, native or HTTP: a code, and whatever the
operation has to say. Exceptions are no answers here: a question about a
handle that does not exist is a normal thing, asked a thousand times a second,
and costs no more than one that does.
"""

from __future__ import annotations

import msgspec

from ballast.node.wire.codes import ResponseCode


class Answer(msgspec.Struct, frozen=True):
    """What is answered to one request.

    Parameters
    ----------
    code
        The response code of the native protocol.
    message
        One line for a person, English; its Chinese is found by the template.
    handle
        The handle the answer is about: as asked for, or as minted.
    values, count
        Values in wire form, one after the other, and how many; or, for a referral, the values
        that say where to go.
    handles
        The handles or prefixes of a list, in order.
    more
        There are more than these; go on after the last one.
    need_authentication
        It would be answered to somebody who proves to have the right: send a challenge.

    Examples
    --------
    >>> Answer(ResponseCode.SUCCESS).ok
    True
    """

    code: ResponseCode
    message: str = ""
    handle: bytes = b""
    values: bytes = b""
    count: int = 0
    handles: tuple[bytes, ...] = ()
    more: bool = False
    need_authentication: bool = False

    @property
    def ok(self) -> bool:
        """Whether what was asked for was done."""
        return self.code == ResponseCode.SUCCESS
