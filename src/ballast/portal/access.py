"""The one table of page and endpoint × role, and the check that nothing stands outside it.

Rights scattered over decorators cannot be read by the person who answers for
them. Here every address of the portal is one row: who may open it, what kind
of answer it gives, how large a body it takes. A route without a row, or a row
without a route, keeps the portal from starting; so the table is the truth, and
a test walks every cell of it.

Rights to rows of data are not decided here: a page that a role may open still
reads the lake as that user's viewer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from nicegui import __version__ as nicegui_version
from starlette.routing import BaseRoute, Mount, compile_path

from ballast.errors import WrongUsage
from ballast.terms.label import Label
from ballast.terms.role import Role

__all__ = [
    "ACCESS",
    "EVERYONE",
    "SIGNED_IN",
    "SMALL_BODY",
    "Access",
    "Kind",
    "check_routes",
    "find",
    "may",
    "methods_of",
]

Kind = Literal["page", "api", "public", "asset"]
"""``page``: interactive, needs script. ``api``: data for programs and downloads, also opened by a
key. ``public``: server-rendered, no script, strict content policy. ``asset``: what pages load."""

EVERYONE = frozenset(Role)
SIGNED_IN = EVERYONE - {Role.PUBLIC}

AGGREGATES = frozenset({Role.ANALYST, Role.ADMINISTRATOR})
"""Who sees what was loaded and how complete it is; no figure of it."""

ANALYSTS = frozenset({Role.ANALYST})
"""Who reads what enterprises reported, and sums of it that nobody checked for disclosure."""

MEMBERS_SEEN = frozenset({Role.ANALYST, Role.OPERATOR, Role.ENTERPRISE})
"""Who may be shown members of a cluster, each as far as the rows go that they may read."""

LOADERS = frozenset({Role.ANALYST})

REGISTRARS = frozenset({Role.ENTERPRISE})
"""Who registers identifiers, each under the prefixes of its own enterprises."""

ALLOTTERS = frozenset({Role.ADMINISTRATOR})

UNIT_READERS = frozenset({Role.ENTERPRISE, Role.OPERATOR, Role.ANALYST})
"""Who reads what single enterprises reported: one's own, those that agreed to it, or all. Which
of them, the lake decides by the viewer."""

KEEPERS = frozenset({Role.ENTERPRISE})
"""Who keeps what a self-check was told, each of its own enterprises."""

MACHINES = frozenset({Role.ENTERPRISE})
"""Who sees machines: the people of the enterprise that runs them. An analyst reads what enterprises
reported; a machine's record was reported to nobody and stays in the factory's own home."""

API_UPLOAD = 257 * 1024 * 1024
"""Bytes: a file of the largest size, and the form around it."""

SMALL_BODY = 64 * 1024
"""Bytes: the largest body that a row takes which does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Access:
    """One address of the portal, and who may use it.

    Parameters
    ----------
    method
        ``GET`` (which stands for ``HEAD`` too), ``POST``, ``PUT``, ``PATCH``, ``DELETE``, or
        ``WEBSOCKET``; ``*`` for a folder of files or a program behind one address.
    path
        As the route is declared, with its places: ``/download/{name}``. For a folder or a program
        the address it stands at, without the slash at its end.
    roles
        Who may use it.
    label
        What it is, for the table of rights in the documentation.
    kind
        What kind of answer it gives; decides the content policy and how a refusal is said.
    body
        Bytes: the largest body it takes.
    """

    method: str
    path: str
    roles: frozenset[Role]
    label: Label
    kind: Kind
    body: int = SMALL_BODY


_NICEGUI = f"/_nicegui/{nicegui_version}"

ACCESS: tuple[Access, ...] = (
    # The door
    Access("GET", "/", EVERYONE, Label("首页", "home"), "public"),
    Access("GET", "/signin", EVERYONE, Label("登录页", "sign-in"), "public"),
    Access("POST", "/signin", EVERYONE, Label("登录", "sign in"), "public"),
    Access("POST", "/signout", EVERYONE, Label("退出登录", "sign out"), "public"),
    # Asked by whoever watches over the process
    Access("GET", "/health", EVERYONE, Label("是否在运行", "whether it runs"), "asset"),
    Access("GET", "/oidc/login", EVERYONE, Label("单位统一登录", "sign in with the organisation"), "public"),
    Access("GET", "/oidc/callback", EVERYONE, Label("单位统一登录返回", "return from the organisation's sign-in"), "public"),
    # What the interactive pages load: programs and styles, the same for everybody, no data
    Access("GET", "/favicon.ico", EVERYONE, Label("图标", "icon"), "asset"),
    Access("*", f"{_NICEGUI}/static", EVERYONE, Label("页面程序与样式", "programs and styles"), "asset"),
    Access("GET", _NICEGUI + "/libraries/{key:path}", EVERYONE, Label("页面程序库", "libraries"), "asset"),
    Access("GET", _NICEGUI + "/components/{key:path}", EVERYONE, Label("页面组件", "components"), "asset"),
    Access("GET", _NICEGUI + "/resources/{key}/{path:path}", EVERYONE, Label("组件资源", "resources"), "asset"),
    Access("GET", _NICEGUI + "/dynamic_resources/{name}", EVERYONE, Label("组件样式", "styles of components"), "asset"),
    Access("GET", _NICEGUI + "/esm/{key}/{path:path}", EVERYONE, Label("页面模块", "modules"), "asset"),
    # The City page, what is searched, what is taken away; each reads the lake as its own viewer
    Access("GET", "/city", SIGNED_IN, Label("工业概况", "City"), "page"),
    Access("GET", "/clusters", SIGNED_IN, Label("集群与行业", "Clusters"), "page"),
    Access("GET", "/chain", SIGNED_IN, Label("产业链", "Chains"), "page"),
    Access("GET", "/bulletin", SIGNED_IN, Label("简报", "Bulletin"), "page"),
    Access("GET", "/download/bulletin/{form}", SIGNED_IN, Label("下载简报", "the bulletin to take away"), "api"),
    # A text and its statements: answered with the reader's own rights, nothing of it kept
    Access("GET", "/claims", SIGNED_IN, Label("文稿核对", "Claims"), "page"),
    Access("POST", "/claims/file", SIGNED_IN, Label("读取文稿文件", "read the file of a text"), "api", 20 * 1024 * 1024),
    Access("GET", "/search", SIGNED_IN, Label("搜索", "search"), "page"),
    Access("GET", "/download/table/{name}", SIGNED_IN, Label("下载表格", "tables to take away"), "api"),
    Access("GET", "/download/chart/{name}", SIGNED_IN, Label("下载图表", "charts to take away"), "api"),
    # The Data page and the Users page
    Access("GET", "/data", AGGREGATES, Label("数据", "Data"), "page"),
    Access("POST", "/data/upload", LOADERS, Label("上传文件", "send a file"), "api", 256 * 1024 * 1024),
    Access("GET", "/data/refused/{job}", LOADERS, Label("下载被拒绝的行", "refused rows of one's own load"), "api"),
    Access("GET", "/data/template/{name}.xlsx", AGGREGATES, Label("下载填报模板", "templates"), "api"),
    Access("GET", "/data/missing.csv", LOADERS, Label("下载未报企业清单", "who has not reported"), "api"),
    Access("GET", "/users", frozenset({Role.ADMINISTRATOR}), Label("用户", "Users"), "page"),
    # The Identifiers page; what stands on it follows from identifiers_rights
    Access("GET", "/identifiers", SIGNED_IN, Label("标识", "Identifiers"), "page"),
    Access("GET", "/identifiers/sheet", SIGNED_IN, Label("标签页", "a sheet of codes"), "public"),
    Access("POST", "/identifiers/sheet", SIGNED_IN, Label("按清单生成标签页", "a sheet of listed codes"), "public"),
    Access("POST", "/identifiers/upload", REGISTRARS, Label("上传标识文件", "send a file of identifiers"), "api", 256 * 1024 * 1024),
    Access("GET", "/identifiers/refused/{job}", REGISTRARS, Label("下载被拒绝的标识", "refused identifiers of one's own file"), "api"),
    Access("GET", "/identifiers/template.xlsx", REGISTRARS, Label("下载标识填报模板", "template for identifiers"), "api"),
    # The Enterprise page: one enterprise at a time, as far as its reader may see it
    Access("GET", "/enterprise", UNIT_READERS, Label("企业", "Enterprise"), "page"),
    # The Law page: rules, calendar and pool; an enterprise keeps what it wrote in the self-check
    Access("GET", "/law", SIGNED_IN, Label("梯度培育", "Law"), "page"),
    Access("GET", "/law/kept", KEEPERS, Label("保存的自查数据", "facts that were kept"), "public"),
    Access("POST", "/law/keep", KEEPERS, Label("保存自查数据", "keep facts of a self-check"), "public"),
    Access("POST", "/law/forget", KEEPERS, Label("撤回自查数据", "take kept facts back"), "public"),
    # The Projects page: the projects of the enterprises that its reader may see
    Access("GET", "/projects", UNIT_READERS, Label("项目", "Projects"), "page"),
    Access("POST", "/projects/upload", LOADERS, Label("上传项目月报", "send a monthly sheet of projects"), "api", 20 * 1024 * 1024),
    Access("GET", "/projects/template.xlsx", LOADERS, Label("下载项目月报模板", "template of the monthly sheet of projects"), "api"),
    # The Factory page: machines are seen by their own enterprise alone (factory_rights says why)
    Access("GET", "/factory", MACHINES, Label("工厂", "Factory"), "page"),
    Access("GET", "/factory/entry", MACHINES, Label("现场录入", "entries at the machine"), "public"),
    Access("POST", "/factory/entry", MACHINES, Label("现场录入：提交", "enter at the machine"), "public"),
    # The line between an open page and the portal: events in, changes out
    Access("*", "/_nicegui_ws", SIGNED_IN, Label("页面实时连接", "live connection of a page"), "asset"),
    # The interface for programs
    Access("GET", "/api/v1/openapi.json", EVERYONE, Label("接口说明", "description of the interface"), "api"),
    Access("GET", "/api/v1/public/macro-items", EVERYONE, Label("接口：公开宏观指标", "API: published macro items"), "api"),
    Access("GET", "/api/v1/public/rankings", EVERYONE, Label("接口：外部榜单", "API: external lists"), "api"),
    Access("GET", "/api/v1/me", SIGNED_IN, Label("接口：本账户", "API: one's own account"), "api"),
    Access("GET", "/api/v1/keys", SIGNED_IN, Label("接口：本人密钥", "API: one's own keys"), "api"),
    Access("POST", "/api/v1/keys", SIGNED_IN, Label("接口：签发密钥", "API: issue a key"), "api"),
    Access("DELETE", "/api/v1/keys/{key_id}", SIGNED_IN, Label("接口：撤销密钥", "API: revoke a key"), "api"),
    Access("GET", "/api/v1/tables", SIGNED_IN, Label("接口：表清单", "API: tables"), "api"),
    Access("GET", "/api/v1/tables/{name}", SIGNED_IN, Label("接口：表的声明", "API: declaration of a table"), "api"),
    Access("GET", "/api/v1/tables/{name}/rows", SIGNED_IN, Label("接口：表的数据（限本人可见）", "API: rows that the account may see"), "api"),
    Access("GET", "/api/v1/templates/{name}.xlsx", SIGNED_IN, Label("接口：填报模板", "API: templates"), "api"),
    Access("GET", "/api/v1/city/{region}", SIGNED_IN, Label("接口：城市页", "API: City page"), "api"),
    Access("GET", "/api/v1/regions", SIGNED_IN, Label("接口：地区", "API: regions"), "api"),
    Access("GET", "/api/v1/industries", SIGNED_IN, Label("接口：行业", "API: industries"), "api"),
    Access("GET", "/api/v1/clusters", SIGNED_IN, Label("接口：集群定义", "API: clusters"), "api"),
    Access("GET", "/api/v1/bulletin", SIGNED_IN, Label("接口：简报", "API: the bulletin"), "api"),
    Access("GET", "/api/v1/chains", SIGNED_IN, Label("接口：产业链", "API: chains"), "api"),
    Access("GET", "/api/v1/chains/{chain}", SIGNED_IN, Label("接口：一条产业链", "API: one chain"), "api"),
    Access("GET", "/api/v1/clusters/profiles", ANALYSTS, Label("接口：集群与行业", "API: clusters and industries"), "api"),
    Access("GET", "/api/v1/clusters/profiles/{kind}/{key}", ANALYSTS, Label("接口：一个集群或行业", "API: one cluster or industry"), "api"),
    Access("GET", "/api/v1/clusters/profiles/{kind}/{key}/members", MEMBERS_SEEN, Label("接口：成员企业（限本人可见）", "API: members that the account may see"), "api"),
    Access("GET", "/api/v1/search", SIGNED_IN, Label("接口：检索", "API: search"), "api"),
    Access("GET", "/api/v1/enterprises", UNIT_READERS, Label("接口：企业名录（限本人可见）", "API: enterprises that the account may see"), "api"),
    Access("GET", "/api/v1/enterprises/{uscc}", UNIT_READERS, Label("接口：企业（限本人可见）", "API: an enterprise that the account may see"), "api"),
    Access("GET", "/api/v1/projects", UNIT_READERS, Label("接口：项目台账（限本人可见）", "API: projects that the account may see"), "api"),
    Access("GET", "/api/v1/projects/{number}", UNIT_READERS, Label("接口：一个项目（限本人可见）", "API: a project that the account may see"), "api"),
    Access("PATCH", "/api/v1/projects/{number}", LOADERS, Label("接口：修改项目", "API: change a project"), "api"),
    Access("POST", "/api/v1/project-sheet", LOADERS, Label("接口：项目月报", "API: a monthly sheet of projects"), "api", 21 * 1024 * 1024),
    Access("GET", "/api/v1/project-flags", UNIT_READERS, Label("接口：项目预警（限本人可见）", "API: flags of projects that the account may see"), "api"),
    Access("GET", "/api/v1/project-effect", ANALYSTS, Label("接口：项目成效", "API: what projects did"), "api"),
    Access("GET", "/api/v1/goals", SIGNED_IN, Label("接口：目标与进度", "API: goals and how they stand"), "api"),
    Access("POST", "/api/v1/claims", SIGNED_IN, Label("接口：核对文稿（限本人可见）", "API: check a text as far as the account may know"), "api", 512 * 1024),
    Access("GET", "/api/v1/measures", EVERYONE, Label("接口：指标清单", "API: indicators"), "api"),
    Access("GET", "/api/v1/measures/{indicator}", EVERYONE, Label("接口：一项指标（限本人可见）", "API: an indicator as far as the caller may know it"), "api"),
    Access("GET", "/api/v1/measures/location-quotient", ANALYSTS, Label("接口：区位商", "API: location quotients"), "api"),
    Access("GET", "/api/v1/quality", AGGREGATES, Label("接口：数据质量", "API: data quality"), "api"),
    Access("GET", "/api/v1/loads", AGGREGATES, Label("接口：装载台账", "API: ledger of loads"), "api"),
    Access("POST", "/api/v1/loads", LOADERS, Label("接口：装载", "API: load a file"), "api", API_UPLOAD),
    Access("DELETE", "/api/v1/loads/{load_id}", LOADERS, Label("接口：撤回装载", "API: withdraw a load"), "api"),
    Access("GET", "/api/v1/identifiers/prefixes", SIGNED_IN, Label("接口：标识前缀", "API: prefixes"), "api"),
    Access("POST", "/api/v1/identifiers/prefixes", ALLOTTERS, Label("接口：分配前缀", "API: allot a prefix"), "api"),
    Access("GET", "/api/v1/identifiers/search", SIGNED_IN, Label("接口：查询标识（限本人可见）", "API: identifiers that the account may see"), "api"),
    Access("GET", "/api/v1/identifiers/daily", SIGNED_IN, Label("接口：标识日计数", "API: identifiers by day"), "api"),
    Access("GET", "/api/v1/identifiers/records", SIGNED_IN, Label("接口：标识（限本人可见）", "API: a record that the account may see"), "api"),
    Access("POST", "/api/v1/identifiers/records", REGISTRARS, Label("接口：注册标识", "API: register an identifier"), "api", 512 * 1024),
    Access("PATCH", "/api/v1/identifiers/records", REGISTRARS, Label("接口：吊销、恢复、续期", "API: revoke, restore, renew"), "api"),
    Access("POST", "/api/v1/identifiers/bulk", REGISTRARS, Label("接口：批量注册标识", "API: register in bulk"), "api", API_UPLOAD),
    Access("GET", "/api/v1/identifiers/sheet", SIGNED_IN, Label("接口：标签页", "API: a sheet of codes"), "api"),
    Access("POST", "/api/v1/identifiers/sheet", SIGNED_IN, Label("接口：按清单生成标签页", "API: a sheet of listed codes"), "api", 2 * 1024 * 1024),
    Access("GET", "/api/v1/factory/machines", MACHINES, Label("接口：设备实时状态", "API: machines now"), "api"),
    Access("GET", "/api/v1/factory/oee", MACHINES, Label("接口：综合效率", "API: OEE"), "api"),
    Access("GET", "/api/v1/factory/chart", MACHINES, Label("接口：控制图", "API: control charts"), "api"),
    Access("GET", "/api/v1/factory/energy", MACHINES, Label("接口：能耗", "API: energy"), "api"),
    Access("GET", "/api/v1/factory/quality", MACHINES, Label("接口：测点数据质量", "API: data quality of tags"), "api"),
    Access("GET", "/api/v1/factory/tags", MACHINES, Label("接口：测点清单", "API: tags"), "api"),
    Access("GET", "/api/v1/factory/entries", MACHINES, Label("接口：现场录入的记录", "API: entries at the machines"), "api"),
    Access("POST", "/api/v1/factory/entries/stops", MACHINES, Label("接口：录入停机", "API: enter a stop"), "api"),
    Access("POST", "/api/v1/factory/entries/orders", MACHINES, Label("接口：录入工单", "API: enter an order"), "api"),
    Access("POST", "/api/v1/factory/entries/pieces", MACHINES, Label("接口：录入数量", "API: enter pieces"), "api"),
    Access("POST", "/api/v1/factory/entries/ended", MACHINES, Label("接口：结束停机或工单", "API: end a stop or an order"), "api"),
    Access("DELETE", "/api/v1/factory/entries/{load_id}", MACHINES, Label("接口：撤回录入", "API: take an entry back"), "api"),
    # What factories of other homes tell this one, signed (plant_receiving)
    Access("POST", "/api/v1/plant-days", MACHINES, Label("接口：工厂日汇总上报", "API: days that a factory tells"), "api", 256 * 1024),
    # Titles and their law
    Access("GET", "/api/v1/policy/schemes", EVERYONE, Label("接口：称号清单", "API: titles"), "api"),
    Access("GET", "/api/v1/policy/schemes/{scheme}", EVERYONE, Label("接口：一项规定", "API: the law of a title"), "api"),
    Access("GET", "/api/v1/policy/calendar", EVERYONE, Label("接口：申报日历", "API: calendar of applications"), "api"),
    Access("POST", "/api/v1/policy/check", SIGNED_IN, Label("接口：自查", "API: check facts that are sent"), "api"),
    Access("GET", "/api/v1/policy/pool", SIGNED_IN, Label("接口：后备企业（限本人可见）", "API: the pool as far as the caller may know it"), "api"),
    Access("GET", "/api/v1/enterprises/{uscc}/ladder", UNIT_READERS, Label("接口：称号阶梯（限本人可见）", "API: the ladder of an enterprise that the account may see"), "api"),
    # Open pages
    Access("GET", "/public", EVERYONE, Label("公开的城市页", "the open City page"), "public"),
    Access("GET", "/public/about", EVERYONE, Label("关于数据", "about the data"), "public"),
    Access("GET", "/public/check", EVERYONE, Label("称号自查", "the self-check"), "public"),
    Access("POST", "/public/check", EVERYONE, Label("称号自查：生成报告", "make the report of a self-check"), "public"),
    Access("GET", "/public/check/sheet.xlsx", EVERYONE, Label("下载自查表", "the sheet of the self-check"), "public"),
    Access("POST", "/public/check/sheet", EVERYONE, Label("上传自查表", "send a filled-in sheet"), "public", 512 * 1024),
    Access("GET", "/public/law", EVERYONE, Label("政策规定", "the text of the rules"), "public"),
    Access("GET", "/public/identifiers", EVERYONE, Label("标识查询入口", "the way to the identifier node"), "public"),
)  # fmt: skip


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Access], ...]:
    """Return the rows with the pattern of their address: addresses without places come first."""
    found = []
    for row in ACCESS:
        path = f"{row.path}/{{rest:path}}" if row.method == "*" else row.path
        found.append((compile_path(path)[0], row))
    return tuple(sorted(found, key=lambda pair: _vagueness(pair[1])))


def _vagueness(row: Access) -> tuple[bool, bool, int]:
    """Return what sorts exact addresses before those with places, and longer beginnings first."""
    return "{" in row.path, row.method == "*", -len(row.path.partition("{")[0])


@lru_cache(maxsize=4096)
def find(method: str, path: str) -> Access | None:
    """Return the row that a request falls under, or nothing.

    Parameters
    ----------
    method
        Of the request; ``HEAD`` counts as ``GET``, a websocket as ``WEBSOCKET``.
    path
        The address without its query.

    Examples
    --------
    >>> find("HEAD", "/signin").label.en
    'sign-in'
    >>> find("GET", "/nowhere") is None
    True
    """
    wanted = "GET" if method == "HEAD" else method
    for pattern, row in _patterns():
        if row.method in (wanted, "*") and pattern.match(path):
            return row
    return None


def methods_of(path: str) -> tuple[str, ...]:
    """Return the methods that an address takes; none where it is not an address of the portal.

    Examples
    --------
    >>> methods_of("/signin")
    ('GET', 'POST')
    """
    return tuple(row.method for pattern, row in _patterns() if pattern.match(path))


def may(role: Role, method: str, path: str) -> bool:
    """Return whether a role may use an address; an address without a row, nobody may.

    Examples
    --------
    >>> may(Role.PUBLIC, "GET", "/signin"), may(Role.ADMINISTRATOR, "GET", "/nowhere")
    (True, False)
    """
    row = find(method, path)
    return row is not None and role in row.roles


def _declared(routes: Sequence[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
    """Yield method and path of every route, those of mounted applications too."""
    for route in routes:
        if inner := getattr(
            route, "original_router", None
        ):  # FastAPI keeps an included router whole
            yield from _included(route, inner, before)
            continue
        path = before + str(getattr(route, "path", "")).rstrip("/")
        if isinstance(route, Mount):
            held = list(route.routes)
            if held:
                yield from _declared(held, path)
            else:
                yield "*", path
        else:
            methods = getattr(route, "methods", None)
            for method in sorted({"WEBSOCKET"} if methods is None else set(methods) - {"HEAD"}):
                yield method, path or "/"


def _included(route: BaseRoute, inner: object, before: str) -> Iterator[tuple[str, str]]:
    context = getattr(route, "include_context", None)
    prefix = str(getattr(context, "prefix", "") or "")
    yield from _declared(list(getattr(inner, "routes", ())), before + prefix)


def check_routes(app: object, rows: tuple[Access, ...] | None = None) -> None:
    """Refuse to start when a route has no row, a row no route, or a row stands twice.

    Parameters
    ----------
    app
        The application, with everything registered and mounted.
    rows
        Another table than ``ACCESS``.

    Raises
    ------
    WrongUsage
        Naming what does not fit.
    """
    table = [(row.method, row.path) for row in (ACCESS if rows is None else rows)]
    routes = set(_declared(list(getattr(app, "routes", ()))))
    faults = {
        "routes without a row": routes - set(table),
        "rows without a route": set(table) - routes,
        "rows that stand twice": {row for row in table if table.count(row) > 1},
    }
    said = "; ".join(
        f"{what}: " + ", ".join(f"{method} {path}" for method, path in sorted(which))
        for what, which in faults.items()
        if which
    )
    if said:
        raise WrongUsage(
            "the table of access does not fit the portal's routes ({said}): mend ACCESS", said=said
        )
