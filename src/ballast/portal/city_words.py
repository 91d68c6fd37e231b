"""The names of things on the City page and around it, in both languages."""

from __future__ import annotations

from ballast.portal.picture_words import absent_reason
from ballast.terms.label import LANGUAGES, Label, Language
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Absence

__all__ = ["WORDS", "shared_words"]

WORDS: dict[str, Label] = {
    "as_of": Label("数据截至", "as of"),
    "headline": Label("主要指标", "Headline figures"),
    "story": Label("口径与来源", "how it is made"),
    "published": Label("公布口径", "published"),
    "comparable": Label("同口径", "comparable"),
    "table": Label("数据表", "The figures"),
    "download": Label("下载", "Download"),
    "explore": Label("逐级查看", "Look inside"),
    "synthetic": SYNTHETIC,
    "synthetic_note": Label(
        "本页数据为合成样例，不指任何真实企业或地区的实际情况。",
        "The figures on this page are a synthetic sample and say nothing about any real "
        "enterprise or place.",
    ),
    "rankings": Label("外部榜单", "External lists"),
    "place": Label("第 {} 位", "place {}"),
    "loads": Label("数据来源", "What this rests on"),
    "load": Label("装载编号", "load"),
    "at": Label("装载时间", "loaded"),
    "tables": Label("表", "tables"),
    "nature": Label("数据性质", "nature"),
    "real": Label("真实", "real"),
    "link": Label("复制链接", "Copy the link"),
    "copied": Label("已复制", "Copied"),
    "close": Label("关闭", "Close"),
    "loading": Label("正在计算…", "Computing…"),
}  # fmt: skip


def shared_words(language: Language) -> dict[str, object]:
    """Return what every piece of the page's markup needs: words, and why a figure is missing."""
    return {
        "language": language,
        "w": {name: label.text(language) for name, label in WORDS.items()},
        "absences": {
            absence.label.text(known): absent_reason(absence, known)
            for absence in Absence
            for known in LANGUAGES
        },
    }
