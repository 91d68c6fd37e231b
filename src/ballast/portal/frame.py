"""The frame of every signed-in page: navigation by role, filters, search, language, account.

Plain links and forms, not components: an address is all that a filter
changes, so going there by the browser's own means keeps back, forward,
bookmarks and the keyboard working, and a page is readable before any script
has run. Type is the system's own and signs are drawn here, so nothing of it
is loaded from elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

from nicegui import background_tasks, ui
from starlette.requests import Request

from ballast.charts.theme import dark_rules
from ballast.errors import InvalidTerm
from ballast.portal.access import may
from ballast.portal.city_pictures import pictures_of
from ballast.portal.context import context_of
from ballast.portal.frame_address import Filters, filters_of, go
from ballast.portal.frame_choices import Choices
from ballast.portal.identity import Identity
from ballast.portal.refusal import PAGES
from ballast.terms.label import Label
from ballast.terms.period import Period, year_to_date
from ballast.terms.role import ROLE_LABELS

__all__ = ["NAVIGATION", "frame", "go", "here"]

NAVIGATION: tuple[tuple[str, Label], ...] = (
    ("/city", Label("工业概况", "City")),
    ("/clusters", Label("集群与行业", "Clusters")),
    ("/enterprise", Label("企业", "Enterprise")),
    ("/law", Label("梯度培育", "Law")),
    ("/projects", Label("项目", "Projects")),
    ("/bulletin", Label("简报", "Bulletin")),
    ("/factory", Label("工厂", "Factory")),
    ("/identifiers", Label("标识", "Identifiers")),
    ("/data", Label("数据", "Data")),
    ("/users", Label("用户", "Users")),
)
"""By task; a role sees those that it may open, at most eight."""

_FOOT: tuple[tuple[str, Label], ...] = (
    ("/public", Label("公开页面", "Public page")),
    ("/public/about", Label("数据说明", "About the data")),
)
"""Below the list, and smaller: where somebody looks once."""

_BELOW: Mapping[str, tuple[tuple[str, Label], ...]] = {
    "/clusters": (("/chain", Label("产业链", "Chains")),),
    "/bulletin": (("/claims", Label("文稿核对", "Claims")),),
}
"""What belongs to a page of the list: shown under it to who is on either."""

_NAME = Label("压舱石", "Ballast")
_SKIP = Label("跳到正文", "Skip to the content")
_WORDS = {
    "find_hint": Label(
        "搜索企业、行业、集群、地区", "Search enterprises, industries, clusters, regions"
    ),
    "period_name": Label("时期", "Period"),
    "region_name": Label("地区", "Region"),
    "apply": Label("查看", "Show"),
    "theme_name": Label("切换浅色与深色", "Switch between light and dark"),
    "sign_out": Label("退出", "Sign out"),
    "sign_in": Label("登录", "Sign in"),
    "other_name": Label("English", "中文"),
}
_NAVIGATION_NAME = Label("导航", "Navigation")
_NEWEST = Label("最新时期", "Newest period")
_FILTERED = "period", "region", "lang", "view", "kind", "key", "code", "figure", "chain", "stage"


def here() -> Filters:
    """Return the filters of the page that is being built.

    Raises
    ------
    InvalidTerm
        If the address names a period or a region that there is not.
    """
    request = ui.context.client.request
    return _filters(request, request.scope["state"]["identity"])


@contextmanager
def frame(title: Label, identity: Identity, *, wide: bool = False) -> Iterator[ui.element]:
    """Draw the frame of a page; what is made inside it is the page's content.

    Parameters
    ----------
    title
        The question that the page answers; its heading.
    identity
        Who looks.
    wide
        Whether the content takes the whole width.

    Yields
    ------
    ui.element
        The content.
    """
    client = ui.context.client
    request = client.request
    language, wall = identity.language, request.query_params.get("view") == "wall"
    client.title = f"{title.text(language)} · {_NAME.text(language)}"
    ui.add_head_html(_head(language, wall=wall))
    if not wall:
        with client.layout:
            skip = ui.link(_SKIP.text(language), "#main").classes("skip")
            head = ui.html("", sanitize=False, tag="header").classes("bar")
            side = ui.html(_side(request, identity), sanitize=False, tag="nav").classes("side")
            side.props["aria-label"] = _NAVIGATION_NAME.text(language)
        for place, part in enumerate((skip, head, side)):
            part.move(client.layout, place)
        _fill_head(head, request, identity)
    content = ui.element("div").classes("page wide" if wide or wall else "page")
    content.props["id"], content.props["tabindex"] = "main", "-1"
    with content:
        ui.html(str(_heading(title.text(language))), sanitize=False, tag="div")
        yield content


def _filters(request: Request, identity: Identity) -> Filters:
    context = context_of(request)
    return filters_of(request.query_params, home=context.region, language=identity.language)


def _heading(text: str) -> str:
    return PAGES.from_string("<h1>{{ text }}</h1>").render(text=text)


@cache
def _asset(name: str) -> str:
    return (files("ballast.portal") / "pages" / name).read_text(encoding="utf-8")


def _head(language: str, *, wall: bool) -> str:
    lang = "zh-CN" if language == "zh" else "en"
    return (
        f"<style>{_asset('frame.css')}{dark_rules(':root[data-theme=dark] .chart')}</style>"
        f'<script>document.documentElement.lang="{lang}";'
        f'document.documentElement.classList.toggle("on-wall",{str(wall).lower()});'
        f"{_asset('frame.js')}</script>"
    )


def _side(request: Request, identity: Identity) -> str:
    path = request.url.path
    kept = _kept(request)

    def entries(of: tuple[tuple[str, Label], ...]) -> list[tuple[str, str, bool, bool]]:
        found = []
        for address, label in of:
            below = _BELOW.get(address, ())
            if may(identity.role, "GET", address):
                found.append((address, label, False))
            if path == address or any(path == other for other, _ in below):
                found += [(o, name, True) for o, name in below if may(identity.role, "GET", o)]
        return [
            (go(address, **kept), label.text(identity.language), path == address, under)
            for address, label, under in found
        ]

    page = PAGES.get_template("frame_nav.html.j2")
    return page.render(entries=entries(NAVIGATION), foot=entries(_FOOT))


def _fill_head(head: ui.html, request: Request, identity: Identity) -> None:
    """Fill in the top: at once with the filters where they are known, else as soon as they are."""
    offered = pictures_of(context_of(request)).choices(identity.viewer)
    if offered.done() and offered.exception() is None:
        head.set_content(_top(request, identity, offered.result()))
        return
    head.set_content(_top(request, identity, None))

    async def later() -> None:
        choices = await asyncio.wrap_future(offered)
        if not head.is_deleted:
            head.set_content(_top(request, identity, choices))

    background_tasks.create(later(), name="filters of the frame")


def _top(request: Request, identity: Identity, offered: Choices | None) -> str:
    language, query = identity.language, request.query_params
    other = "en" if language == "zh" else "zh"
    periods: list[tuple[str, str]] = []
    regions: list[tuple[str, str]] = []
    chosen = _canonical(query.get("period", ""))
    if offered is not None:
        if offered.periods:
            newest = offered.periods[0].label.text(language)
            periods.append(("", f"{_NEWEST.text(language)} · {newest}"))
            periods += [(str(p), p.label.text(language)) for p in offered.periods]
        regions = [(code, label.text(language)) for code, label in offered.regions]
    user = identity.user
    account = ""
    if user is not None:
        account = f"{user.display or user.name} · {ROLE_LABELS[user.role].text(language)}"
    words: Mapping[str, Any] = {name: label.text(language) for name, label in _WORDS.items()}
    return PAGES.get_template("frame_head.html.j2").render(
        name=_NAME.text(language),
        home=go("/city", **_kept(request)),
        path=request.url.path,
        asked=query.get("q", "")[:80],
        kept=[(k, v) for k, v in query.items() if k in (*_FILTERED, "q")],
        periods=periods,
        regions=regions,
        period=chosen,
        region=query.get("region", "") or context_of(request).region,
        other_address=go(request.url.path, **(dict(query) | {"lang": other})),
        other_lang="zh-CN" if other == "zh" else "en",
        account=account,
        csrf=identity.csrf or "",
        **words,
    )


def _canonical(period: str) -> str:
    """Return a period as the list of periods holds it: as the year to date that ends with it."""
    if not period:
        return ""
    try:
        found = Period.parse(period[:40])
    except InvalidTerm:  # the page itself says what is wrong with it
        return ""
    return str(year_to_date(found.year, found.last_month))


def _kept(request: Request) -> dict[str, str]:
    return {k: v for k, v in request.query_params.items() if k in ("period", "region", "lang")}
