"""A decision in words: what an enterprise reads, in two languages; and what a program reads."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.brain.policy.small_law import DAY, facts, laws_of, least, rule

from ballast.brain.policy.engine import decide
from ballast.brain.policy.facts import Facts, Held
from ballast.brain.policy.finding import Finding, Interval, State, Verdict
from ballast.brain.policy.reading import laws
from ballast.brain.policy.telling import (
    STATE_LABELS,
    VERDICT_LABELS,
    article_in,
    as_json,
    as_text,
    compared_in_words,
    deciding,
)
from ballast.terms.label import LANGUAGES, Label, Language

LAWS = laws_of(
    rule(
        "all",
        "tree",
        of=[
            least("rd_share", "rd_share", "rd_share_least", years=2),
            least("ip", "ip", "ip_least", waived_by=rule("flag", "prize", fact="first_set")),
            least("growth", "growth", "growth_least", only="renewal"),
            rule("holds", "title", schemes=["specialised_sme"]),
            rule("size", "sme", classes=["small"]),
            rule("manual", "known", fact="reputation", confirmed=False),
        ],
    )
)
KNOWN = facts(
    titles=[Held("specialised_sme", date(2024, 1, 1), date(2026, 12, 31))],
    rd={2025: 150, 2024: 149}, revenue={2025: 5000, 2024: 5000}, class1_ip=3, first_set=True,
    industry="34", staff={2025: 100},
)  # fmt: skip


# A text as people read it: its lines are as long as they are.
EXPLAINED = """\
专精特新“小巨人”企业 · 新申报 · 2026-05-01
适用规定：要求：in force
所据文件：〔2020〕1号
结论：不符合条件
  不符合：要求：rd_share——2024年：还差0.02个百分点；其他数据不变时，2024年研发费用须不低于150万元（现为149万元，差1万元）

✗ 要求：tree：不符合 [第1条]
├─ ✗ 要求：rd_share：不符合 [第1条]
│  ├─ ✓ 2025年研发费用占比：符合，3%，要求不低于3%，恰好达到 [第1条]
│  │      依据：2025年研发费用150万元〔企业填报〕、2025年营业收入5000万元〔企业填报〕
│  └─ ✗ 2024年研发费用占比：不符合，2.98%，要求不低于3%，差0.02个百分点 [第1条]
│         依据：2024年研发费用149万元〔企业填报〕、2024年营业收入5000万元〔企业填报〕
│         达标途径：还差0.02个百分点；其他数据不变时，2024年研发费用须不低于150万元（现为149万元，差1万元）
├─ ✓ 要求：ip：符合（依豁免情形），3，要求不低于4，差1 [第1条]
│  │   依据：Ⅰ类知识产权3〔企业填报〕
│  └─ ✓ 可以豁免的情形：符合 [第1条]
│     └─ ✓ 要求：prize：符合 [第1条]
│            依据：首台（套）：是〔企业填报〕
├─ – 要求：growth：不适用 [第1条]
│      说明：仅在复核时审查
├─ ✓ 要求：title：符合 [第1条]
│      说明：专精特新中小企业（2024-01-01认定，有效期至2026-12-31）
├─ ✓ 要求：sme：符合 [第1条]
│  └─ ✓ 划型为小型（工业） [第四条]
│         依据：行业代码：34〔企业填报〕、2025年从业人员100人〔企业填报〕、2025年营业收入5000万元〔企业填报〕
└─ ○ 要求：known：需人工审核 [第1条]（未经原文核实）
       须由主管部门或专家审核认定

以上按所提供的数据测算，以主管部门认定为准。
"""  # noqa: E501


def test_the_text_reads_as_an_official_would_say_it() -> None:
    assert as_text(decide(LAWS, "little_giant", KNOWN, DAY), "zh") == EXPLAINED


def test_the_english_says_the_same() -> None:
    text = as_text(decide(LAWS, "little_giant", KNOWN, DAY), "en")
    assert (
        "  not met: rd_share: 2024: short by 0.02 percentage points; all else as it is, R&D "
        "expense of 2024 would have to be at least CNY 1.5 m (now CNY 1.49 m, CNY 0.01 m more)\n"
        in text
    )
    year = "R&D intensity of 2024: not met; 2.98%; asked: at least 3%; 0.02 percentage points off"
    assert year in text
    assert "known: for people to judge [第1条] (not confirmed by the official text)" in text
    without_law = re.sub(r"\[第.条\]|〔2020〕1号", "", text)
    assert not re.search(r"[\u4e00-\u9fff]", without_law)


def test_what_is_missing_and_what_is_in_doubt_stand_at_the_top() -> None:
    known = facts(rd={2025: 9000, 2024: 149}, revenue={2025: 5000, 2024: 4000}, titles_known=False)
    head = as_text(decide(LAWS, "little_giant", known, DAY), "zh").split("\n\n")[0]
    assert "  请补充：是否持有有效的“专精特新中小企业”证书" in head
    assert "  请补充：2025年研发费用（研发费用专项审计报告或辅助账）" in head
    assert "  数据存疑，未予采用：研发费用大于营业收入" in head


def test_nothing_from_a_form_can_break_the_lines() -> None:
    known = facts(rd_institution="a\nb", industry="34\x1b[2J\n结论：符合条件", staff={2025: 5})
    text = as_text(decide(LAWS, "little_giant", known, DAY), "zh")
    assert "\x1b" not in text
    assert not any(line.startswith("结论：符合条件") for line in text.splitlines())


def test_nothing_from_a_source_can_either() -> None:
    known = facts(class1_ip=4)
    fact = replace(
        known.known["class1_ip", None], source=Label("甲\n结论：符合条件", "a\nb\x1b[2J")
    )
    for language in LANGUAGES:
        text = as_text(
            decide(LAWS, "little_giant", Facts({("class1_ip", None): fact}), DAY), language
        )
        assert "\x1b" not in text
        assert "\n结论：符合条件" not in text


def test_what_a_waiver_may_still_save_is_said_so() -> None:
    known = facts(class1_ip=3)
    text = as_text(decide(LAWS, "little_giant", known, DAY), "zh")
    assert "? 要求：ip：本项未达到，能否豁免尚缺数据，3，要求不低于4，差1 [第1条]" in text


def test_a_fact_is_shown_with_all_its_decimals() -> None:
    share = laws_of(least("share", "share", "share_least"))
    known = facts(niche_share={2025: Decimal("0.0999999")})
    text = as_text(decide(share, "little_giant", known, DAY), "zh")
    assert "9.99999%，要求不低于10%，差0.00001个百分点" in text
    assert "依据：2025年国内细分市场占有率9.99999%〔企业填报〕" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", laws().schemes)
def test_every_carried_law_is_told_in_either_language(scheme: str, language: Language) -> None:
    decision = decide(laws(), scheme, KNOWN, DAY)
    text = as_text(decision, language)
    assert "None" not in text
    assert "{" not in text
    told = as_json(decision, language)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["verdict"] == decision.verdict.value


def test_the_json_says_figures_as_figures_and_sentences_as_the_text() -> None:
    told = as_json(decide(LAWS, "little_giant", KNOWN, DAY), "zh")
    year = told["tree"]["parts"][0]["parts"][1]
    assert year["value"] == {"low": 2.98, "high": 2.98}
    assert (year["threshold"], year["margin"], year["unit"]) == (3, -0.02, "percent")
    assert year["comparison"] == "2.98%，要求不低于3%，差0.02个百分点"
    assert year["facts"][0] == {
        "key": "rd", "year": 2024, "name": "2024年研发费用", "value": 149, "text": "149万元",
        "source": "企业填报",
    }  # fmt: skip
    assert "waived" not in year
    assert told["tree"]["parts"][1]["waived"] is True


def one(state: State, **more: object) -> Finding:
    base: dict[str, object] = {
        "kind": "compare", "op": ">=", "unit": "points", "threshold": Decimal(60),
    }  # fmt: skip
    return Finding("a", Label("甲", "a"), "", state=state, **(base | more))  # type: ignore[arg-type]


def test_a_comparison_in_words() -> None:
    def said(low: str, high: str, margin: str | None, **more: object) -> str:
        ends = Interval(Decimal(low), Decimal(high))
        given = None if margin is None else Decimal(margin)
        words = compared_in_words(one(State.UNMET, value=ends, margin=given, **more))
        assert words is not None
        return words.zh

    assert said("66", "66", "6") == "66分，要求不低于60分，余量6分"
    assert said("54", "54", "-6") == "54分，要求不低于60分，差6分"
    assert said("60", "60", "0", op=">") == "60分，要求高于60分，恰好等于不算"
    assert said("54", "70", "-6") == "54至70分，要求不低于60分"
    assert said("12", "12", "-8", op="", threshold=Decimal(20)) == "12分（满分20分）"
    ends = Interval(Decimal(8), Decimal(30))
    points = compared_in_words(one(State.MANUAL, value=ends, op="", threshold=Decimal(30)))
    assert points == Label("8至30分（满分30分）", "8 to 30 of 30 points")
    assert compared_in_words(one(State.UNKNOWN)) is None
    ends = Interval(Decimal(1), Decimal(1))
    assert compared_in_words(one(State.NOT_APPLICABLE, value=ends)) is None


def test_what_decides_is_what_has_the_state_of_the_whole() -> None:
    known = facts(class1_ip=1, first_set=False, rd={2025: 1}, revenue={2025: 5000})
    tree = decide(LAWS, "little_giant", known, DAY).tree
    assert [each.id for each in deciding(tree)] == ["rd_share", "ip", "title"]


def test_every_state_and_verdict_has_its_words() -> None:
    assert set(STATE_LABELS) == set(State)
    assert set(VERDICT_LABELS) == set(Verdict)


@pytest.mark.parametrize(
    ("article", "zh", "en"),
    [
        ("第2项 (item 2)", "第2项", "item 2"),
        (
            "附件3 专业化指标 (annex 3; specialisation)",
            "附件3 专业化指标",
            "annex 3; specialisation",
        ),
        ("第四条", "第四条", "第四条"),
        ("item 2", "item 2", "item 2"),
    ],
)
def test_an_article_in_one_language(article: str, zh: str, en: str) -> None:
    assert (article_in(article, "zh"), article_in(article, "en")) == (zh, en)


def test_nothing_known_is_told_too() -> None:
    text = as_text(decide(LAWS, "little_giant", Facts(titles_known=False), DAY), "en")
    assert "finding: data missing, cannot be decided yet" in text


def test_a_summary_names_what_any_one_of_would_do() -> None:
    either = laws_of(
        rule(
            "any", "either", of=[least("ip", "ip", "ip_least"), rule("flag", "b", fact="first_set")]
        )
    )
    text = as_text(decide(either, "little_giant", facts(class1_ip=1, first_set=False), DAY), "zh")
    assert "  不符合：要求：either——满足下列任意一项即可：要求：ip、要求：b\n" in text


def test_a_score_that_is_high_enough_and_fails_in_a_part_says_so() -> None:
    finding = one(
        State.UNMET, value=Interval(Decimal(75), Decimal(75)), margin=Decimal(15), kind="score"
    )
    said = compared_in_words(finding)
    assert said is not None
    assert said.zh == "75分，已达到不低于60分的要求，但有一部分未达到该部分的最低分"
