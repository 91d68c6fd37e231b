"""The open pages, kept as long as what they rest on stands.

The pages are the same for everyone, so each is made once for every state of
the public tables, language and day. Only few are kept and only one is made at a time:
whoever asks for thousands of regions gets them slowly and costs the others little.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import ballast
from ballast.brain.cube.reading import vintages
from ballast.brain.picture_sealed import sealed_picture
from ballast.brain.published import published
from ballast.charts.theme import dark_rules
from ballast.errors import InvalidTerm
from ballast.lake.lake import Lake
from ballast.portal.api.reading import Lakes
from ballast.portal.context import PortalContext
from ballast.portal.identity import identity_of
from ballast.portal.picture_words import QUESTION, absent_reason
from ballast.portal.public_about import about
from ballast.portal.public_sealed import sealed_part
from ballast.portal.public_view import open_view
from ballast.terms.handle import MAX_HANDLE_BYTES, Handle
from ballast.terms.label import LANGUAGES, Label, Language
from ballast.terms.region import is_extension
from ballast.terms.region import region as region_of
from ballast.words import explain
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Absence

__all__ = ["OpenPages"]

_KEPT = 32
_WORDS: dict[str, Label] = {
    "open": Label("公开数据", "published figures"),
    "other_language": Label("English", "中文"),
    "sign_in": Label("登录", "Sign in"),
    "portal": Label("进入门户", "Open the portal"),
    "skip": Label("跳到正文", "Skip to the content"),
    "as_of": Label("截至", "as of"),
    "city": Label("公开的城市页", "The open City page"),
    "about": Label("关于数据", "About the data"),
    "check": Label("称号自查", "Check your titles"),
    "law": Label("政策规定", "The rules"),
    "headline": Label("公开指标", "Published figures"),
    "beside": Label("与全省、全国相比", "Beside the province and the nation"),
    "peers": Label("与省内各市相比", "Beside the cities of the province"),
    "rankings": Label("外部榜单", "External lists"),
    "places": Label("榜单名次", "places on external lists"),
    "publisher": Label("发布机构", "publisher"),
    "list": Label("榜单", "list"),
    "year": Label("年度", "year"),
    "place": Label("名次", "place"),
    "table": Label("数据表", "The figures"),
    "status": Label("公布状态", "Disclosure"),
    "published": Label("已公开", "published"),
    "loads": Label("来源（装载日期）", "Sources (load date)"),
    "data": Label("数据接口", "As data"),
    "link": Label("链接", "Link"),
    "synthetic": SYNTHETIC,
    "synthetic_note": Label(
        "本页数据为合成样例，不反映任何真实地区或企业的情况。",
        "The figures on this page are a synthetic sample and say nothing about any real place or "
        "enterprise.",
    ),
    "identifiers": Label("标识查询", "Look up an identifier"),
    "identifiers_question": Label("这个标识是什么？", "What does this identifier name?"),
    "identifiers_told": Label(
        "产品、批次和设备上的标识由本地标识解析二级节点应答，任何人都可以查询。",
        "The identifiers on products, batches and machines are answered by the identifier node of "
        "this place, to anyone.",
    ),
    "no_node": Label("这里还没有标识解析节点。", "There is no identifier node here yet."),
    "identifier": Label("标识，如 88.118.8/A-1", "Identifier, such as 88.118.8/A-1"),
    "find": Label("查询", "Find"),
    "at_node": Label("在节点上打开", "Open at the node:"),
    "only": Label(
        "本页只含官方已发布的年度数据和外部榜单；企业上报的数据不在其中，也未用于计算。",
        "Here are only yearly figures and lists that somebody published; what enterprises report "
        "is not shown and was not used.",
    ),
    "only_sealed": Label(
        "本页含官方已发布的年度数据、外部榜单，以及企业上报数据经保密处理后的合计；"
        "不含任何单个企业的数据。",
        "Here are yearly figures and lists that somebody published, and sums of what enterprises "
        "reported that passed disclosure control; nothing of a single enterprise.",
    ),
    "enterprises": Label("规上工业企业", "Industrial enterprises above scale"),
    "empty": Label(
        "还没有这个地区的公开数据：装载“宏观指标”表后即显示"
        "（ballast template region_period 表.xlsx）。",
        "There are no published figures of this region yet: load the table of macro items "
        "(ballast template region_period form.xlsx) and they stand here.",
    ),
    "which": Label("哪些数据公开，为什么", "What is open, and why"),
    "data_table": Label("表", "table"),
    "meaning": Label("内容", "what a row is"),
    "reason": Label("公开与否及理由", "open or not, and why"),
    "sources": Label("公开数据的来源", "What the open figures rest on"),
    "load": Label("装载编号", "load"),
    "at": Label("装载日期", "loaded on"),
    "nature": Label("数据性质", "nature"),
    "tables": Label("公开的表", "open tables"),
    "real": Label("真实", "real"),
    "named": Label("数据中注明的资料来源：", "Sources that the figures name:"),
    "nothing": Label("尚未装载任何公开数据。", "No open figures are loaded yet."),
    "editions": Label("所用分类与编码", "Classifications and codes"),
    "licence": Label("许可", "Licence"),
    "licence_text": Label(
        "软件：Apache 许可证 2.0。数据的权利属于各发布机构；引用时请注明发布机构和截至日期。",
        "The software: Apache License 2.0. The figures belong to their publishers: name the "
        "publisher and the as-of date when you quote them.",
    ),
    "contact": Label("联系", "Contact"),
    "no_contact": Label(
        "运营方尚未填写联系方式；请向给您此网址的单位查询。",
        "The operator of this portal has named no contact; ask whoever gave you this address.",
    ),
    "about_question": Label("这些数据从哪里来？", "Where do these figures come from?"),
}  # fmt: skip


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ballast.portal", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["absences"] = {
        absence.label.text(language): absent_reason(absence, language)
        for absence in Absence
        for language in LANGUAGES
    }
    return environment


class OpenPages:
    """The open pages of one portal.

    Parameters
    ----------
    context
        What it was started with.
    """

    def __init__(self, context: PortalContext) -> None:
        self._lakes = Lakes(context.lake, most=1)
        self._kept: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = threading.Lock()
        self._environment = _environment()
        self._node = context.node_url

    def city(self, request: Request, context: PortalContext) -> Response:
        """Answer with the open City page; blocks while it reads."""
        asked = request.query_params.get("region") or context.region
        if not is_extension(asked):
            region_of(asked)
        language, today = identity_of(request).language, context.clock().date()

        def made(lake: Lake) -> str:
            found = published(lake, asked)
            picture = sealed_picture(lake, asked, today=today)
            return self.page(
                "public.html.j2",
                language,
                found=found,
                view=open_view(found, language, today),
                sealed=sealed_part(picture, language),
                region=found.label.text(language),
                question=QUESTION.text(language),
                today=today,
                synthetic=found.synthetic or picture.synthetic,
                here=f"/public?region={quote(asked)}",
                api=f"/api/v1/public/macro-items?region={quote(asked)}",
            )

        return self._answer(request, ("city", asked, language, today), made)

    def about(self, request: Request, context: PortalContext) -> Response:
        """Answer with what the data are; blocks while it reads."""
        language, today = identity_of(request).language, context.clock().date()

        def made(lake: Lake) -> str:
            told = about(lake, language)
            return self.page(
                "public_about.html.j2",
                language,
                about=told,
                sealed=bool(vintages(lake)),
                contact=context.contact,
                region=region_of(context.region).label.text(language),
                question=_WORDS["about_question"].text(language),
                today=today,
                synthetic=told.synthetic,
                here="/public/about?",
            )

        return self._answer(request, ("about", context.contact, language, today), made)

    def identifiers(self, request: Request, context: PortalContext) -> Response:
        """Answer with the way to the identifier node, for who types in what stands on a label."""
        language = identity_of(request).language
        asked = request.query_params.get("of", "")[:MAX_HANDLE_BYTES].strip()
        target = wrong = ""
        try:
            if asked and self._node:
                place = quote(Handle.parse(asked).text, safe="/")
                target = f"{self._node.rstrip('/')}/{place}?noredirect"
        except InvalidTerm as error:
            wrong = explain(error, language)
        page = self.page(
            "public_identifiers.html.j2",
            language,
            of=asked,
            target=target,
            wrong=wrong,
            region=region_of(context.region).label.text(language),
            question=_WORDS["identifiers_question"].text(language),
            today=context.clock().date(),
            synthetic=False,
            here=f"/public/identifiers?{urlencode({'of': asked} if asked else {})}",
        )
        return HTMLResponse(page, headers={"Cache-Control": "no-cache", "Vary": "Cookie"})

    def page(self, page: str, language: Language, **values: object) -> str:
        """Return a page in the frame of the open pages.

        Parameters
        ----------
        page
            Its template.
        language
            In which it is read.
        **values
            What the template asks for.
        """
        return self._environment.get_template(page).render(
            language=language,
            lang="zh-CN" if language == "zh" else "en",
            other="en" if language == "zh" else "zh",
            words={name: label.text(language) for name, label in _WORDS.items()},
            dark=Markup(dark_rules()),  # noqa: S704 - our own style rules
            node=self._node,
            **values,
        )

    def _answer(
        self, request: Request, key: tuple[Hashable, ...], make: Callable[[Lake], str]
    ) -> Response:
        with self._lakes.lend() as lake:
            whole = (*key, *lake.live_loads())
            with self._lock:
                page = self._kept.get(whole)
            if page is None:
                page = make(lake)
                self._keep(whole, page)
        digest = hashlib.sha256(f"{ballast.__version__}{page}".encode()).hexdigest()[:32]
        headers = {
            "ETag": f'"{digest}"',
            "Cache-Control": "no-cache",
            "Vary": "Accept-Language, Cookie",
        }
        held = request.headers.get("if-none-match", "")
        if any(tag.strip().removeprefix("W/") == headers["ETag"] for tag in held.split(",")):
            return Response(status_code=304, headers=headers)
        return HTMLResponse(page, headers=headers)

    def _keep(self, key: Hashable, page: str) -> None:
        with self._lock:
            self._kept[key] = page
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
