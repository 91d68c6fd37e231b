"""Everything that can go wrong, in one tree.

```
BallastError                a user can be told of it in one line
├── WrongUsage              the command or the call was put wrongly          (exit 2)
├── Refused                 an input was understood well enough to be refused (exit 1)
│   ├── InvalidTerm         a code, a period, a unit that is not one
│   │   └── UnitMismatch    two quantities that cannot be converted
│   ├── UnreadableFile      a file that cannot be opened, decoded or parsed
│   ├── WrongColumns        a file whose columns do not fit the table
│   ├── RefusedRows         rows that break the declaration of their table
│   ├── BrokenIdentity      an accounting identity that does not hold
│   ├── RequestDeclined     what was asked of the node and is not done; knows its answer
│   └── HttpRefused         an HTTP request that the node's door turns away
│       ├── BodyTooLong
│       ├── BodyTooSlow
│       ├── BodyCutOff
│       ├── WrongMediaType
│       ├── LoadConflict    an idempotency key that is used for something else
│       ├── BadHandle       a path that holds no handle
│       ├── BadValue        JSON that describes no handle value
│       ├── ProofRefused    a password, a signature that proves nobody
│       │   └── PlainPassword
│       ├── ProofNeeded     it would be answered to somebody who is known
│       └── TooMuchAsked
├── HomeError               the home is missing, of another version, or locked
│   ├── NoHome
│   ├── HomeVersion
│   └── HomeBusy
├── StorageFailed           the disk or the operating system said no; nothing was committed
├── NotFound                a load, a table, a region, a cluster that is not there
├── NotPermitted            the viewer lacks the right
│   └── SignInRefused       a name, a password, a key, a session that opens nothing
├── WireError               bytes of a protocol that cannot be understood
│   └── MalformedMessage    a native Handle message that contradicts itself; knows its answer
├── Undefined               a number that does not exist for these data
├── EngineMissing           an optional part (Spark, Java, a font) is not installed
└── CannotServe             a port is taken, or a part of the program keeps ending
```

A message is written once, in English, as a template with named places; the
template is the key under which ``ballast.words`` holds the Chinese. That is
why an error keeps template and values apart: it can still be said in the
reader's language where it is shown. Each message says what, where, and what
to do next.
"""

from __future__ import annotations


class BallastError(Exception):
    """The root: anything that a user can be told of in one line.

    Parameters
    ----------
    template
        The English message with named places, ``"{path}: is empty"``.
    **values
        What fills the places.

    Examples
    --------
    >>> str(NoHome("{path}: there is no home here", path="/tmp/x"))
    '/tmp/x: there is no home here'
    """

    exit_code = 1

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values) if self.values else self.template


class WrongUsage(BallastError):
    """The command or the call was put wrongly."""

    exit_code = 2


class Refused(BallastError):
    """An input was understood well enough to be refused."""


class InvalidTerm(Refused, ValueError):
    """A code, a period or a unit that is not one."""


class UnitMismatch(InvalidTerm):
    """Two quantities that cannot be converted into each other."""


class UnreadableFile(Refused):
    """A file that cannot be opened, decoded or parsed."""


class WrongColumns(Refused):
    """A file whose columns do not fit the table."""


class RefusedRows(Refused):
    """Rows that break the declaration of their table."""


class BrokenIdentity(Refused):
    """An accounting identity that does not hold."""


class RequestDeclined(Refused):
    """Something asked of the node that it understood and does not do.

    Parameters
    ----------
    template, **values
        As for every error.
    response_code
        What the native protocol answers to it.
    """

    def __init__(self, template: str, *, response_code: int, **values: object) -> None:
        super().__init__(template, **values)
        self.response_code = response_code


class HttpRefused(Refused):
    """An HTTP request that the node's door turns away; it knows how it is sent.

    ``http_status`` is the status of HTTP, ``response_code`` that of the Handle protocol.
    """

    http_status = 400
    response_code = 4


class BodyTooLong(HttpRefused):
    """A body above its bound."""

    http_status = 413


class BodyTooSlow(HttpRefused):
    """A body that stopped coming."""

    http_status = 408


class WrongMediaType(HttpRefused):
    """A body of another type than was to be sent."""

    http_status = 415


class BodyCutOff(HttpRefused):
    """A body that ended before it was whole."""


class LoadConflict(HttpRefused):
    """An idempotency key that is in use, or was used for another load."""

    http_status = 409


class BadHandle(HttpRefused):
    """A path that holds no handle."""

    response_code = 102


class BadValue(HttpRefused):
    """JSON that describes no handle value."""

    response_code = 202


class ProofRefused(HttpRefused):
    """A password or a signature that proves nobody."""

    http_status = 403
    response_code = 403


class PlainPassword(ProofRefused):
    """A password over a connection that others can read."""

    response_code = 402


class ProofNeeded(HttpRefused):
    """Something that would be answered to somebody who is known."""

    http_status = 401
    response_code = 402


class TooMuchAsked(HttpRefused):
    """More than one address may ask, or more at once than the node can bear."""

    http_status = 429
    response_code = 3


class HomeError(BallastError):
    """The home is missing, of another version, or locked."""


class NoHome(HomeError):
    """There is no home where one was looked for."""


class HomeVersion(HomeError):
    """The home was written by a version that this one cannot read."""


class HomeBusy(HomeError):
    """Another process holds the home's lock."""


class StorageFailed(BallastError):
    """The disk or the operating system said no; nothing was committed."""


class NotFound(BallastError):
    """A load, a table, a region, a cluster that is not there."""


class NotPermitted(BallastError):
    """The viewer lacks the right."""


class SignInRefused(NotPermitted):
    """A name, a password, a key or a session that opens nothing."""


class WireError(BallastError):
    """Bytes of a protocol that cannot be understood."""


class MalformedMessage(WireError):
    """A native Handle message, or a part of one, that contradicts itself.

    Parameters
    ----------
    template, **values
        As for every error.
    response_code
        What the protocol answers to it: 4 (protocol error) unless a more
        telling code exists, such as 102 for a handle that is not UTF-8.
    """

    def __init__(self, template: str, *, response_code: int = 4, **values: object) -> None:
        super().__init__(template, **values)
        self.response_code = response_code


class Undefined(BallastError):
    """A number that does not exist for these data."""


class EngineMissing(BallastError):
    """An optional part (Spark, Java, a font) is not installed."""


class CannotServe(BallastError):
    """A port is taken, or a part of the program keeps ending."""
