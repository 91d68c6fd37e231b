"""The Users page: accounts, what they may see, their keys, and who saw which unit data.

What is secret is shown once, where it was made, and kept nowhere: a password
that an administrator can look up is no password. Every change is written into
the same trail that the page shows.
"""

from __future__ import annotations

import asyncio

from fastapi import FastAPI
from markupsafe import Markup
from nicegui import ui

from ballast.errors import NotFound
from ballast.portal.context import PortalContext, context_of
from ballast.portal.data_html import add_style, heading, link, note, show, show_table
from ballast.portal.data_words import moment
from ballast.portal.frame import frame, go
from ballast.portal.identity import Identity, current, require
from ballast.portal.users_account import AccountPanel
from ballast.portal.users_audit import draw_audit
from ballast.portal.users_form import AccountForm
from ballast.state.users import User, find_user, list_users
from ballast.terms.label import Label, Language
from ballast.terms.role import ROLE_LABELS, Role
from ballast.words import say

__all__ = ["account_rows", "register"]

TITLE = Label("谁能做什么，谁看过什么？", "Who may do what, and who saw what?")
PARTS: dict[str, Label] = {
    "accounts": Label("账户", "Accounts"),
    "audit": Label("查阅记录", "Audit trail"),
}
_HEADS = (
    Label("账户", "Account"),
    Label("姓名", "Person"),
    Label("角色", "Role"),
    Label("企业或集群", "Enterprises or clusters"),
    Label("语言", "Language"),
    Label("建立", "Made"),
    Label("状态", "State"),
)
_MOST_CODES = 6


def register(app: FastAPI, context: PortalContext) -> None:  # noqa: ARG001  as every page's
    """Add the Users page."""
    ui.page("/users", response_timeout=30.0)(_page)


async def _page(part: str = "accounts", account: int = 0) -> None:
    identity = current()
    require(identity, Role.ADMINISTRATOR)
    context = context_of(ui.context.client.request)
    part = part if part in PARTS else "accounts"
    with frame(TITLE, identity):
        add_style()
        _parts(part, identity.language)
        if part == "audit":
            await draw_audit(identity, context)
        elif account:
            await _draw_account(account, identity, context)
        else:
            await _draw_accounts(identity, context)


def _parts(part: str, language: Language) -> None:
    entries = Markup().join(
        Markup('<li><a href="{}"{}>{}</a></li>').format(
            go("/users", part=name, lang=_asked_language()),
            Markup(' aria-current="page"') if name == part else Markup(),
            label.text(language),
        )
        for name, label in PARTS.items()
    )
    label = say("Parts of this page", language)
    show(Markup('<nav aria-label="{}"><ul class="bd-parts">{}</ul></nav>').format(label, entries))


def _asked_language() -> str | None:
    return ui.context.client.request.query_params.get("lang")


def account_rows(users: tuple[User, ...], language: Language) -> list[list[str | Markup]]:
    """Return the accounts as the page lists them; what people typed is escaped."""
    joint = "、" if language == "zh" else ", "
    rows: list[list[str | Markup]] = []
    for user in users:
        codes = sorted(user.enterprises | user.clusters)
        more = " …" if len(codes) > _MOST_CODES else ""
        rows.append(
            [
                link(user.name, go("/users", account=str(user.id), lang=language)),
                user.display,
                ROLE_LABELS[user.role].text(language),
                joint.join(codes[:_MOST_CODES]) + more or "–",
                "中文" if user.language == "zh" else "English",
                moment(user.created_at),
                say("disabled", language) if user.disabled else say("open", language),
            ]
        )
    return rows


async def _draw_accounts(identity: Identity, context: PortalContext) -> None:
    words = identity.language
    users = await asyncio.to_thread(list_users, context.state)
    show_table(
        say("Accounts", words),
        [head.text(words) for head in _HEADS],
        account_rows(users, words),
    )
    heading(say("Add an account", words))
    AccountForm(identity, context).draw()


async def _draw_account(number: int, identity: Identity, context: PortalContext) -> None:
    words = identity.language
    back = link(say("All accounts", words), go("/users", lang=_asked_language()))
    show(Markup("<p>← {}</p>").format(back))
    try:
        user = await asyncio.to_thread(find_user, context.state, number)
    except NotFound:
        note(say("There is no such account.", words), "alert", "alert")
        return
    await AccountPanel(identity, context, user).draw()
