"""Which status of HTTP a response code of the protocol is sent with.

As Handle.Net 9 does it: 200 and 201 for success, 404 for a handle that is not
there, 409 for one that is, 401 where a proof of identity would help, 403 where
it would not, 400 for whatever else the asker could have known. "Values not
found" is a success of a question and a mistake of a change.
"""

from __future__ import annotations

from ballast.node.wire.codes import ResponseCode

__all__ = ["status_of"]

_STATUSES = {
    ResponseCode.SUCCESS: 200,
    ResponseCode.ERROR: 500,
    ResponseCode.SERVER_BUSY: 503,
    ResponseCode.SERVER_BACKUP: 503,
    ResponseCode.HANDLE_NOT_FOUND: 404,
    ResponseCode.HANDLE_ALREADY_EXISTS: 409,
    ResponseCode.VALUE_ALREADY_EXISTS: 409,
    ResponseCode.AUTHENTICATION_NEEDED: 401,
    # The referral codes stand between 300 and 400 like the statuses of a redirect, but are none.
}
_AUTHENTICATION = range(400, 500)


def status_of(code: int, *, asking: bool = False) -> int:
    """Return the status of HTTP for a response code.

    Parameters
    ----------
    code
        The response code.
    asking
        Whether the request was a question, not a change.

    Examples
    --------
    >>> status_of(1), status_of(100), status_of(301), status_of(402), status_of(401)
    (200, 404, 400, 401, 403)
    >>> status_of(200, asking=True), status_of(200)
    (200, 400)
    """
    if code == ResponseCode.VALUES_NOT_FOUND:
        return 200 if asking else 400
    known = _STATUSES.get(ResponseCode(code))
    if known is not None:
        return known
    return 403 if code in _AUTHENTICATION else 400
