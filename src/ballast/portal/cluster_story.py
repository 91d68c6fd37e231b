"""How the figures of the Cluster page are made: formulas, sample, sources, command.

One story for the page and not one for each figure: all of them rest on the
same enterprises, the same year and the same loads.
"""

from __future__ import annotations

from markupsafe import Markup

from ballast.brain.cluster_shape import ClusterBook, Kind
from ballast.portal.identifiers_html import facts
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.marks import SYNTHETIC

__all__ = ["story_html"]

_TITLE = Label("口径与来源", "How it is made")
_GROWTH = Label(
    "总产值变动 = Σ_i e0_i·G + Σ_i e0_i·(G_i − G) + Σ_i e0_i·(g_i − G_i) + 新增行业。"
    "e0_i 为上年本地行业 i 的总产值，g_i、G_i 为本地与参照地区该行业的增速，"
    "G 为参照地区全部工业的增速（偏离–份额分析；表中第三项按埃斯特班分解为竞争力与配置两个分量）",
    "change of output = Σ_i e0_i G + Σ_i e0_i (G_i − G) + Σ_i e0_i (g_i − G_i) + industries new "
    "here; e0_i: output of industry i here the year before, g_i and G_i: its growth here and in "
    "the reference, G: that of all industry there (shift–share; the table splits the third part "
    "after Esteban-Marquillas)",
)
_SIZE = Label(
    "营业收入 = Σ_k w_k R_k：企业 k 全年营业收入乘以其计入行业的比重；不作推算。"
    "千亿级：1000 亿元及以上；百亿级：100 亿元及以上",
    "revenue = Σ_k w_k R_k: a year's revenue of enterprise k times the weight of its industries "
    "that count; nothing extrapolated. 100-billion class: CNY 100 bn or more; 10-billion class: "
    "CNY 10 bn or more",
)
_STARS = Label(
    "规模：在同类集群中用工居前 10%；专业化：区位商不低于 2；"
    "集聚：占当地用工的比重在全部集群中居前 10%；均在本地区各县（市、区）及功能区之间比较",
    "size: among the top 10 % of its category by persons; specialisation: location quotient 2 or "
    "more; focus: among the top 10 % of all by share of its place's persons; among the counties "
    "and zones of the region",
)
_SAMPLE = Label(
    "规上工业企业，按最新时期末的登记归类，两年同一归类；行业按主行业整户计入，集群按各行业比重计入",
    "above-scale industrial enterprises, classified for both years as registered at the end of the "
    "newest period; industries count an enterprise whole by its main one, clusters by the weights "
    "of its industries",
)
_STATUS = Label(
    "未经保密处理，仅供有权查看单位数据者使用",
    "not suppressed: for readers with the right to unit data",
)
_TABLES = ("enterprise", "enterprise_period", "cluster_definition", "region_industry")


def story_html(book: ClusterBook, kind: Kind, key: str, language: Language) -> str:
    """Return how the figures of the page are made, folded up.

    Parameters
    ----------
    book
        What is shown.
    kind, key
        What of it; the command that reproduces it follows from them.
    language
        The reader's.
    """
    command = f"ballast clusters --region {book.region} --by revenue --explain"
    if book.year is not None:
        command += f" --period {book.year}"
    if key and kind is Kind.CLUSTER:
        command += f" --cluster {key}"
    rows: list[tuple[str, str | Markup]] = [
        (Label("增长分解", "Growth").text(language), _GROWTH.text(language)),
        (Label("规模与级别", "Size and tier").text(language), _SIZE.text(language)),
        (Label("星级", "Stars").text(language), _STARS.text(language)),
        (Label("范围", "Sample").text(language), _SAMPLE.text(language)),
        (Label("公布状态", "Disclosure").text(language), _STATUS.text(language)),
        (Label("来源", "Sources").text(language), _sources(book, language)),
    ]
    if kind is Kind.CLUSTER:
        shown = Markup("<code>{}</code>").format(command)
        rows.append((Label("复现命令", "Command").text(language), shown))
    return str(
        Markup('<details class="behind cluster-story"><summary>{}</summary>{}</details>').format(
            _TITLE.text(language), facts(rows)
        )
    )


def _sources(book: ClusterBook, language: Language) -> Markup:
    lines = [
        say(
            "load {load} of {day}: {tables}",
            language,
            load=source.load_id,
            day=source.at.strftime("%Y-%m-%d"),
            tables=", ".join(sorted(set(_TABLES) & set(source.tables))),
        )
        + (f" · {SYNTHETIC.text(language)}" if source.synthetic else "")
        for source in book.sources
        if set(_TABLES) & set(source.tables)
    ]
    return Markup("<br>").join(lines)
