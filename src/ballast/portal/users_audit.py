"""The audit trail on the Users page: who saw which unit data, by person and day."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta

from nicegui import ui

from ballast.portal.context import PortalContext
from ballast.portal.data_html import button, choice, entry, note, show_table
from ballast.portal.data_words import count
from ballast.portal.identity import Identity
from ballast.portal.users_form import may_change
from ballast.state.audit import Entry, entries
from ballast.state.users import list_users
from ballast.terms.label import Label, Language
from ballast.terms.role import ROLE_LABELS
from ballast.words import say

__all__ = ["ACTIONS", "day_bounds", "draw_audit", "entry_rows"]

_A_PAGE = 50
_HEADS = (
    Label("时间", "When"),
    Label("谁", "Who"),
    Label("角色", "Role"),
    Label("做了什么", "Did"),
    Label("对象", "What"),
    Label("企业数", "Enterprises"),
    Label("来自", "From"),
)
ACTIONS: dict[str, Label] = {
    "read": Label("查阅", "read"),
    "download": Label("下载", "download"),
    "export": Label("导出", "export"),
    "sign-in": Label("登录", "sign-in"),
    "sign-out": Label("退出", "sign-out"),
    "user-add": Label("新增账户", "added an account"),
    "user-change": Label("修改账户", "changed an account"),
    "user-disable": Label("停用账户", "disabled an account"),
    "user-enable": Label("恢复账户", "opened an account"),
    "user-password": Label("重置密码", "made a password"),
    "key-issue": Label("签发密钥", "issued a key"),
    "key-revoke": Label("收回密钥", "took back a key"),
    "prefix-allot": Label("分配前缀", "allotted a prefix"),
    "prefix-change": Label("变更前缀", "changed a prefix"),
    "prefix-withdraw": Label("收回前缀", "withdrew a prefix"),
    "identifier-register": Label("注册标识", "registered an identifier"),
    "identifier-renew": Label("标识续期", "renewed an identifier"),
    "identifier-revoke": Label("吊销标识", "revoked an identifier"),
    "identifier-restore": Label("恢复标识", "restored an identifier"),
}


def day_bounds(text: str) -> tuple[datetime | None, datetime | None]:
    """Return the first moment of a day and that of the next, where the portal runs.

    Parameters
    ----------
    text
        ``2026-06-01``; anything else means no day.

    Examples
    --------
    >>> day_bounds("soon")
    (None, None)
    """
    try:
        day = date.fromisoformat(text)
        start = datetime.combine(day, time()).astimezone()
        end = datetime.combine(day + timedelta(days=1), time()).astimezone()
    except (ValueError, OverflowError):
        return None, None
    return start, end


def entry_rows(found: tuple[Entry, ...], language: Language) -> list[list[str]]:
    """Return lines of the trail as the page lists them."""
    roles = {role.value: label.text(language) for role, label in ROLE_LABELS.items()}
    return [
        [
            f"{one.at.astimezone():%Y-%m-%d %H:%M:%S}",
            one.who,
            roles.get(one.role, one.role),
            ACTIONS[one.action].text(language) if one.action in ACTIONS else one.action,
            one.what,
            count(one.count, language),
            one.address or "–",
        ]
        for one in found
    ]


class _Trail:
    def __init__(self, identity: Identity, context: PortalContext, people: list[str]) -> None:
        self._language = identity.language
        self._context = context
        self._people = people
        self._who = ""
        self._day = ""
        self._starts: list[int | None] = [None]

    async def draw(self) -> None:
        words = self._language
        everybody = {"": say("everybody", words)} | {name: name for name in self._people}
        with ui.element("div").classes("bd-row"):
            choice(say("Person", words), everybody, "", self._of)
            entry(say("Day", words), kind="date", on_change=self._on)
        self._place = ui.element("div").classes("w-full").props('aria-live="polite"')
        await self._list()

    async def _of(self, who: str) -> None:
        self._who, self._starts = who, [None]
        await self._list()

    async def _on(self, day: str) -> None:
        self._day, self._starts = day, [None]
        await self._list()

    async def _list(self) -> None:
        words = self._language
        may_change()
        since, until = day_bounds(self._day)
        found = await asyncio.to_thread(
            entries,
            self._context.state,
            since=since,
            who=self._who or None,
            limit=_A_PAGE + 1,
            before=self._starts[-1],
            until=until,
        )
        shown = found[:_A_PAGE]
        self._place.clear()
        with self._place:
            if not shown:
                note(say("Nothing was written down for this choice.", words))
                return
            show_table(
                say("Audit trail", words),
                [head.text(words) for head in _HEADS],
                entry_rows(shown, words),
                figures=frozenset({5}),
            )
            with ui.element("div").classes("bd-row"):
                if len(self._starts) > 1:
                    button(say("Later entries", words), self._newer)
                if len(found) > _A_PAGE:
                    self._next = shown[-1].id
                    button(say("Earlier entries", words), self._older)

    async def _older(self) -> None:
        self._starts.append(self._next)
        await self._list()

    async def _newer(self) -> None:
        self._starts.pop()
        await self._list()


async def draw_audit(identity: Identity, context: PortalContext) -> None:
    """Put the audit trail on the page that is being built.

    Parameters
    ----------
    identity
        Who has opened the page: an administrator.
    context
        The portal.
    """
    users = await asyncio.to_thread(list_users, context.state)
    people = [user.name for user in users]
    note(
        say(
            "Who saw or took away figures of single enterprises, who signed in, who changed an "
            "account. Nothing of it can be changed.",
            identity.language,
        )
    )
    await _Trail(identity, context, people).draw()
