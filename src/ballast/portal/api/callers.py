"""Who calls the API, in which language, and what they hold already.

Every endpoint takes one `Caller`. It refuses query parameters that nobody
declared (a misspelt filter that is passed over would answer another question
than the one asked), and it makes the answer's tag from everything that the
answer depends on: the standing loads, the caller's rights, the question, the
language. So a tag that one person was given says nothing to another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, cast

from fastapi import Depends, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query as QueryParameter

import ballast
from ballast.errors import NotPermitted, WrongUsage
from ballast.lake.lake import Lake
from ballast.portal.api.reading import Lakes
from ballast.portal.city_pictures import Pictures, pictures_of
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_uploads import Shelf
from ballast.portal.identity import Identity, audited, identity_of
from ballast.state.users import User
from ballast.terms.label import Language
from ballast.terms.viewer import Viewer

__all__ = ["Asker", "Caller", "NotModified", "language_of"]

_EVERYWHERE = {"lang"}
_MOST_WISHES = 20
"""Languages read of ``Accept-Language``; a longer list is an attack or a mistake."""
_VARY = "Accept-Language, Authorization, Cookie"


def language_of(request: Request) -> Language:
    """Return the language of an answer: what `Accept-Language` ranks highest, else the account's.

    Parameters
    ----------
    request
        Of which the header is read.
    """
    if (asked := request.query_params.get("lang")) in ("zh", "en"):
        return cast("Language", asked)
    ranked: list[tuple[float, Language]] = []
    for part in request.headers.get("accept-language", "").lower().split(",")[:_MOST_WISHES]:
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or "1")
        except ValueError:
            continue
        if weight > 0 and tag[:2] in ("zh", "en"):
            ranked.append((weight, cast("Language", tag[:2])))
    if ranked:
        return max(ranked, key=lambda pair: pair[0])[1]
    return identity_of(request).language


class NotModified(Exception):
    """The caller holds the answer already."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.headers = dict(headers)


class Caller:
    """The one who calls, with what is needed to answer.

    Parameters
    ----------
    request, response
        Of this call.
    """

    def __init__(self, request: Request, response: Response) -> None:
        self._request = request
        self._response = response
        self.identity: Identity = identity_of(request)
        self.language: Language = language_of(request)
        _refuse_unknown(request)

    @property
    def viewer(self) -> Viewer:
        """With which the lake is read."""
        return self.identity.viewer

    @property
    def user(self) -> User:
        """The account.

        Raises
        ------
        NotPermitted
            If nobody is signed in.
        """
        if self.identity.user is None:
            raise NotPermitted("sign in first, or send a key: Authorization: Bearer bk_…")
        return self.identity.user

    @property
    def context(self) -> PortalContext:
        """What the portal was started with."""
        return context_of(self._request)

    @property
    def lakes(self) -> Lakes:
        """Lakes for this thread to borrow."""
        return cast("Lakes", self._request.app.state.api_lakes)

    @property
    def pictures(self) -> Pictures:
        """Pictures of regions, kept as long as they hold."""
        return pictures_of(self.context)

    @property
    def shelf(self) -> Shelf:
        """Where uploads stand while they are loaded."""
        return cast("Shelf", self._request.app.state.api_shelf)

    @property
    def by_key(self) -> bool:
        """Whether the caller came with a key and not from a browser's session."""
        return self.identity.how == "key"

    @property
    def document(self) -> dict[str, Any]:
        """The description of the whole API."""
        return cast("dict[str, Any]", self._request.app.state.api_document)

    def audit(self, what: str, count: int, action: str = "read") -> None:
        """Note that unit data are about to be seen: what, how many rows."""
        audited(self.identity, what, count, action)

    def tagged(self, lake: Lake, *, units: bool = False, more: str = "") -> None:
        """Tag the answer, or stop here if the caller holds it already.

        Parameters
        ----------
        lake
            Whose standing loads the answer rests on.
        units
            The answer holds unit data: nothing between here and the caller may keep it.
        more
            What else the answer depends on.

        Raises
        ------
        NotModified
            If ``If-None-Match`` names this very answer.
        """
        signed_in = self.identity.user is not None
        parts = [
            ballast.__version__,
            lake.live_loads(),
            self.identity.user.id if self.identity.user else None,
            self.viewer.role,
            sorted(self.viewer.rights),
            sorted(self.viewer.enterprises),
            self._request.url.path,
            self._request.url.query,
            self.language,
            more,
        ]
        digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
        keep = "private, no-store" if units else "private, no-cache" if signed_in else "no-cache"
        headers = {"ETag": f'"{digest}"', "Cache-Control": keep, "Vary": _VARY}
        held = self._request.headers.get("if-none-match", "")
        if any(tag.strip().removeprefix("W/") == headers["ETag"] for tag in held.split(",")):
            raise NotModified(headers)
        self._response.headers.update(headers)

    def private(self) -> None:
        """Mark an answer that is the caller's alone and is not to be kept."""
        self._response.headers.update({"Cache-Control": "private, no-store", "Vary": _VARY})


Asker = Annotated[Caller, Depends()]


def _refuse_unknown(request: Request) -> None:
    dependant = getattr(request.scope.get("route"), "dependant", None)
    if dependant is None:
        return
    known = {
        field.alias
        for field in get_flat_params(dependant)
        if isinstance(field.field_info, QueryParameter)
    }
    for name in request.query_params:
        if name not in known | _EVERYWHERE:
            raise WrongUsage(
                "there is no parameter {name} here; there are: {known}",
                name=name[:40],
                known=", ".join(sorted(known)) or "–",
            )
