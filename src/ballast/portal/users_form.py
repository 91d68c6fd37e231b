"""The fields of an account, to make one or to change one.

Enterprises and clusters are typed or pasted as codes: a bureau has them as a
column of a list, and a picker over thousands of names would be slower.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from markupsafe import Markup
from nicegui import ui

from ballast.errors import BallastError
from ballast.portal.context import PortalContext
from ballast.portal.data_html import Field, button, choice, entry, note, show
from ballast.portal.identity import Identity, audited, current, require
from ballast.state import passwords
from ballast.state.users import User, add_user
from ballast.terms.label import LANGUAGES, Language
from ballast.terms.role import ROLE_LABELS, Role
from ballast.words import explain, say

__all__ = ["AccountFields", "AccountForm", "codes_of", "may_change", "show_secret"]

_BETWEEN = re.compile(r"[\s,;，；、]+")


def codes_of(text: str) -> frozenset[str]:
    """Return the codes in a text: separated by blanks, commas, semicolons or lines.

    Examples
    --------
    >>> sorted(codes_of("a, b；c d、"))
    ['a', 'b', 'c', 'd']
    """
    return frozenset(code for code in _BETWEEN.split(text) if code)


def may_change() -> Identity:
    """Return who sits at the page now, if they may still manage accounts.

    Raises
    ------
    NotPermitted
        If the session ended or the role changed since the page was opened.
    """
    identity = current()
    require(identity, Role.ADMINISTRATOR)
    return identity


def show_secret(said: str, secret: str, language: Language) -> None:
    """Show what is shown once."""
    note(said, "good", "status")
    show(Markup('<p><code class="bd-secret">{}</code></p>').format(secret))
    note(say("It is shown this once and kept nowhere. Copy it now.", language), "alert")


@dataclass
class AccountFields:
    """The fields on the page, and what stands in them."""

    display: Field
    role: Field
    codes: Field
    language: Field

    @classmethod
    def draw(cls, user: User | None, words: Language) -> AccountFields:
        """Put the fields on the page that is being built.

        Parameters
        ----------
        user
            Whose values stand in them; a new account where ``None``.
        words
            The reader's language.
        """
        roles = {
            role.value: label.text(words)
            for role, label in ROLE_LABELS.items()
            if role is not Role.PUBLIC
        }
        codes = sorted(user.enterprises | user.clusters) if user else []
        own: Language = user.language if user else "zh"
        return cls(
            entry(say("Person", words), user.display if user else ""),
            choice(say("Role", words), roles, user.role.value if user else Role.ANALYST.value),
            entry(
                say("Enterprises (USCC) or clusters (keys)", words),
                ", ".join(codes),
                hint=say(
                    "for the roles enterprise and cluster operator; separate with commas", words
                ),
            ),
            choice(
                say("Language", words),
                {code: "中文" if code == "zh" else "English" for code in LANGUAGES},
                own,
            ),
        )

    @property
    def own_role(self) -> Role:
        """The role that was chosen."""
        return Role(self.role.value)

    @property
    def enterprises(self) -> frozenset[str]:
        """The codes, where the role is one that has enterprises."""
        return frozenset() if self.own_role is Role.OPERATOR else codes_of(self.codes.value)

    @property
    def clusters(self) -> frozenset[str]:
        """The keys, where the role is one that has clusters."""
        return codes_of(self.codes.value) if self.own_role is Role.OPERATOR else frozenset()

    @property
    def own_language(self) -> Language:
        """The language that was chosen."""
        return "en" if self.language.value == "en" else "zh"


class AccountForm:
    """Makes an account.

    Parameters
    ----------
    identity
        Who has opened the page.
    context
        The portal.
    """

    def __init__(self, identity: Identity, context: PortalContext) -> None:
        self._language = identity.language
        self._context = context

    def draw(self) -> None:
        """Put the form on the page that is being built."""
        words = self._language
        with ui.element("div").classes("bd-row").style("align-items: start"):
            self._name = entry(
                say("Account name", words), hint=say("letters, digits and . @ + - _", words)
            )
            self._fields = AccountFields.draw(None, words)
        self._said = ui.element("div").classes("w-full").props('aria-live="polite"')
        button(say("Add the account", words), self._add, main=True)

    async def _add(self) -> None:
        self._said.clear()
        words, fields = self._language, self._fields
        secret = passwords.make_up()
        try:
            who = may_change()
            user = await asyncio.to_thread(
                add_user,
                self._context.state,
                self._name.value,
                role=fields.own_role,
                display=fields.display.value,
                enterprises=fields.enterprises,
                clusters=fields.clusters,
                language=fields.own_language,
                password=secret,
            )
            what = f"{user.name} ({user.role.value})"
            await asyncio.to_thread(audited, who, what, 0, "user-add")
        except BallastError as error:
            with self._said:
                note(explain(error, words), "alert", "alert")
            return
        with self._said:
            said = say("{name} is added. The password is:", words, name=user.name)
            show_secret(said, secret, words)
