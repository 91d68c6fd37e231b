"""What the service answers, before a door puts it into its own form.

One type for every operation, native or HTTP: a code, and whatever the
operation has to say. Exceptions are no answers here: a question about a
handle that does not exist is a normal thing, asked a thousand times a second,
and costs no more than one that does.
"""

from __future__ import annotations

import msgspec

from ballast.errors import BallastError
from ballast.node.wire.codes import ResponseCode
from ballast.terms.label import Language
from ballast.words import Sentence, pack, unpack, visible

__all__ = ["Answer", "declined", "turned_down"]


class Answer(msgspec.Struct, frozen=True):
    """What is answered to one request.

    Parameters
    ----------
    code
        The response code of the native protocol.
    message
        One line for a person, English, as it goes over the wire.
    handle
        The handle the answer is about: as asked for, as minted, or where an alias led.
    values, count
        Values in wire form, one after the other, and how many; of a referral, those that say
        where to go. Of site information, the data of the HS_SITE value, and 1.
    handles
        The handles or prefixes of a list, in order.
    more
        There are more than these; ask again with ``cursor``.
    cursor
        Of a list: where it stopped, to be given back as it is.
    need_authentication
        It would be answered to somebody who proves to have the right: send a challenge.
    sentence
        The message as ``words.pack`` has it, so that it can be said in Chinese.

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
    cursor: bytes = b""
    need_authentication: bool = False
    sentence: str = ""

    @property
    def ok(self) -> bool:
        """Whether what was asked for was done."""
        return self.code == ResponseCode.SUCCESS

    def said(self, language: Language) -> str:
        """Return the message in the reader's language."""
        return unpack(self.sentence, language) if self.sentence else self.message


def turned_down(code: ResponseCode, template: str, handle: bytes = b"", **values: object) -> Answer:
    """Return the answer to something that is not done.

    Parameters
    ----------
    code
        The response code.
    template, **values
        Why, as a template of ``words`` and what fills its places.
    handle
        The handle it is about.

    Examples
    --------
    >>> turned_down(ResponseCode.HANDLE_NOT_FOUND, "{handle}: gone", handle=b"88.118.8/A").message
    '88.118.8/A: gone'
    """
    places = {name: _shown(value) for name, value in values.items()}
    if handle:
        places["handle"] = _shown(handle)
    return Answer(
        code,
        template.format(**places) if places else template,
        handle,
        need_authentication=code == ResponseCode.AUTHENTICATION_NEEDED,
        sentence=pack([Sentence(template, places)]) or "",
    )


def declined(error: BallastError, code: ResponseCode, handle: bytes = b"") -> Answer:
    """Return the answer that an error makes; it may know a better code itself."""
    own = getattr(error, "response_code", None)
    places = {name: _shown(value) for name, value in error.values.items()}
    return Answer(
        ResponseCode(code if own is None else own),
        error.template.format(**places) if places else error.template,
        handle,
        need_authentication=own == ResponseCode.AUTHENTICATION_NEEDED,
        sentence=pack([Sentence(error.template, places)]) or "",
    )


def _shown(value: object) -> object:
    """Return what fills a place: nothing in it can break the line, or fill a datagram."""
    if isinstance(value, (int, float)):
        return value
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return visible(text if len(text) <= 120 else text[:119] + "…")
