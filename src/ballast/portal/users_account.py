"""One account on the Users page: change it, shut it out, a new password, its keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

from nicegui import ui

from ballast.errors import BallastError, Refused
from ballast.portal.context import PortalContext
from ballast.portal.data_html import button, entry, heading, note, show, table_html
from ballast.portal.data_words import moment
from ballast.portal.identity import Identity, audited
from ballast.portal.users_form import AccountFields, may_change, show_secret
from ballast.state import passwords
from ballast.state.keys import Key, issue_key, list_keys, revoke_key
from ballast.state.users import (
    User,
    change_user,
    disable_user,
    enable_user,
    find_user,
    set_password,
)
from ballast.terms.label import Label
from ballast.terms.role import Role
from ballast.words import explain, say

__all__ = ["AccountPanel"]

_KEY_HEADS = (
    Label("用途", "For"),
    Label("签发", "Issued"),
    Label("到期", "Ends"),
    Label("最近使用", "Last used"),
    Label("状态", "State"),
)
_DAYS = 90


class AccountPanel:
    """One account, opened.

    Parameters
    ----------
    identity
        Who has opened the page.
    context
        The portal.
    user
        The account.
    """

    def __init__(self, identity: Identity, context: PortalContext, user: User) -> None:
        self._language = identity.language
        self._context = context
        self._user = user

    async def draw(self) -> None:
        """Put the account on the page that is being built."""
        self._said = ui.element("div").classes("w-full").props('aria-live="polite"')
        self._place = ui.element("div").classes("w-full")
        await self._list()

    async def _list(self) -> None:
        state, words = self._context.state, self._language
        self._user = await asyncio.to_thread(find_user, state, self._user.id)
        keys = await asyncio.to_thread(list_keys, state, self._user.id)
        self._place.clear()
        with self._place:
            heading(self._user.name)
            if self._user.disabled:
                note(say("This account is disabled: nobody comes in with it.", words), "alert")
            with ui.element("div").classes("bd-row").style("align-items: start"):
                self._fields = AccountFields.draw(self._user, words)
            with ui.element("div").classes("bd-row"):
                button(say("Save", words), self._save, main=True)
                if self._user.disabled:
                    button(say("Let it in again", words), self._enable)
                else:
                    button(say("Disable the account", words), self._disable)
                button(say("Make a new password", words), self._reset)
            self._draw_keys(keys)

    def _draw_keys(self, keys: tuple[Key, ...]) -> None:
        words = self._language
        heading(say("Keys for programs", words))
        if not keys:
            note(say("There are none.", words))
        else:
            rows = [
                [
                    key.label,
                    moment(key.created_at),
                    moment(key.expires_at),
                    moment(key.last_used) if key.last_used else "–",
                    self._key_state(key),
                ]
                for key in keys
            ]
            show(table_html(say("Keys", words), [h.text(words) for h in _KEY_HEADS], rows))
        with ui.element("div").classes("bd-row"):
            for key in keys:
                if key.revoked_at is None and key.expires_at > self._context.clock():
                    said = say("Take back the key “{label}”", words, label=key.label)
                    button(said, self._revoker(key))
        if self._user.disabled:
            return
        with ui.element("div").classes("bd-row"):
            self._label = entry(say("What the key is for", words))
            self._days = entry(say("Days until it ends", words), str(_DAYS), kind="number")
            button(say("Issue a key", words), self._issue)

    def _key_state(self, key: Key) -> str:
        words = self._language
        if key.revoked_at is not None:
            return say("taken back {at}", words, at=moment(key.revoked_at))
        if key.expires_at <= self._context.clock():
            return say("ended", words)
        return say("open", words)

    async def _do(self, action: str, what: str, work: Callable[[], object]) -> object | None:
        """Do one thing if its asker still may, and write it down; say what went wrong."""
        self._said.clear()
        try:
            who = may_change()
            done = await asyncio.to_thread(work)
            await asyncio.to_thread(audited, who, f"{self._user.name}{what}", 0, action)
        except BallastError as error:
            with self._said:
                note(explain(error, self._language), "alert", "alert")
            return None
        await self._list()
        return done or True

    def _tell(self, said: str) -> None:
        with self._said:
            note(said, "good", "status")

    async def _save(self) -> None:
        fields, state = self._fields, self._context.state
        role = fields.own_role
        goes = role in (Role.ENTERPRISE, Role.OPERATOR)

        def change() -> User:
            return change_user(
                state,
                self._user.id,
                display=fields.display.value,
                role=role,
                enterprises=fields.enterprises if goes else frozenset(),
                clusters=fields.clusters if goes else frozenset(),
                language=fields.own_language,
            )

        if await self._do("user-change", f" ({role.value})", change):
            self._tell(say("Saved. It counts from the next request.", self._language))

    async def _disable(self) -> None:
        if await self._do(
            "user-disable", "", lambda: disable_user(self._context.state, self._user.id)
        ):
            self._tell(say("Disabled: every session has ended.", self._language))

    async def _enable(self) -> None:
        if await self._do(
            "user-enable", "", lambda: enable_user(self._context.state, self._user.id)
        ):
            self._tell(say("The account is open again.", self._language))

    async def _reset(self) -> None:
        secret = passwords.make_up()
        if await self._do(
            "user-password", "", lambda: set_password(self._context.state, self._user.id, secret)
        ):
            with self._said:
                said = say("The new password of {name}:", self._language, name=self._user.name)
                show_secret(said, secret, self._language)

    async def _issue(self) -> None:
        label, days = self._label.value, self._days.value

        def issue() -> tuple[str, Key]:
            if not days.isascii() or not days.isdigit() or len(days) > 4:
                raise Refused("{days}: write the days as a whole number", days=days)
            ends = self._context.clock() + timedelta(days=int(days))
            return issue_key(self._context.state, self._user.id, label, ends)

        made = await self._do("key-issue", f": {label}", issue)
        if isinstance(made, tuple):
            with self._said:
                said = say("The key “{label}”:", self._language, label=made[1].label)
                show_secret(said, made[0], self._language)

    def _revoker(self, key: Key) -> Callable[[], object]:
        async def revoke() -> None:
            done = await self._do(
                "key-revoke", f": {key.label}", lambda: revoke_key(self._context.state, key.id)
            )
            if done:
                self._tell(
                    say("“{label}” opens nothing any more.", self._language, label=key.label)
                )

        return revoke
