from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.brain.claims.conftest import CITY
from tests.brain.indicators.conftest import code

from ballast.brain.claims.answers import Checked, Verdict
from ballast.brain.claims.checking import check, conflicts
from ballast.brain.claims.reading import statements
from ballast.brain.claims.showing import why
from ballast.brain.claims.vocabulary import vocabulary
from ballast.lake.lake import Lake
from ballast.terms.viewer import PUBLIC, Viewer, operator

TODAY = date(2026, 4, 20)
ANALYST = operator("test")
Asked = Callable[..., tuple[Checked, ...]]


def ask(lake: Lake, text: str, viewer: Viewer = ANALYST) -> tuple[Checked, ...]:
    read = statements(text, written=TODAY, known=vocabulary(lake, viewer, CITY))
    return check(lake, viewer, read, TODAY, home=CITY)


# The town: four enterprises with 10,000 a month each in 1e4 CNY, in 2025 a tenth more: 12 months
# make 52.8 (1e8 CNY) of the year 2025, 48 of 2024. Upgrade investment 100, …, 162.24.
TRUE = (
    "2025年全市规上工业营业收入52.8亿元，同比增长10%。",
    "2025年茌平区规上工业营业收入39.6亿元，占全市的75%。",
    "2025年临清轴承产业集群营业收入13.2亿元。",
    "2025年，全市规上工业利润总额2.64亿元，营业收入利润率5%。",
    "全市工业技改投资年均增长17.5%。",
    "2022—2025年，全市工业技改投资年均增长17.5%。",
    "高新技术产业产值占比高于全省4个百分点。",
    "2025年高新技术产业产值占比58.4%，同比提高1.4个百分点。",
    "全社会研发投入占GDP的比重连续三年位居全省第3位。",
    "连续三年上榜“全国先进制造业百强市”。",
    "全国先进制造业百强市榜单中，聊城列第83位，较上年上升6位。",
    "2000余家中小企业完成数字化转型。",
    "目前全市高新技术企业4家。",
    "高新技术企业数量实现倍增。",
    "全市累计实施技改项目7个。",
    "2025年规上工业企业4家。",
    "2025年出口交货值是2024年的1.1倍。",
    "2025年规上工业营业收入比上年增加4.8亿元。",
    "2026年1-3月，全市规上工业营业收入14.52亿元。",
    "2025年茌平区规上工业营业收入居全市首位。",
    "2025年茌平区规上工业营业收入增速高于全市0个百分点。",
    "聊城第甲轴承有限公司2025年出口占企业总收入的比重为30%。",
    "In 2025 above-scale enterprises earned revenue of CNY 5.28 billion, up 10%.",
    "2025年通用设备制造业营业收入26.4亿元，占全部规模以上工业的50%，同比增长10%。",
    "2025年，通用设备制造业拉动营业收入增长5个百分点。",
    "2025年茌平区拉动全市营业收入增长7.5个百分点。",
    "In 2025 manufacture of general-purpose machinery earned revenue of CNY 2.64 billion, "
    "50% of the whole.",
    "In 2025 manufacture of general-purpose machinery gave 5 percentage points of the growth of "
    "revenue.",
    "2025年规上工业营业收入，2个区域中有2个实现增长。",
    "Revenue of 2025 rose in 2 of 2 places.",
    "近三年累计完成工业技改投资422.24亿元。",
    "2024—2025年，全市规上工业营业收入累计100.8亿元。",
    "三年来，全市完成工业技改投资422.2亿元。",
    "Over three years technical-upgrade investment came to CNY 42.2 billion altogether.",
    "R&D intensity of society ranked third in the province for three consecutive years.",
    "3项目标中，1项落后于进度：营业收入。另有1项目标暂无法判断。",
    "截至2026年3月，全市设定的目标3项，其中1项落后于序时进度。",
    "Of 3 goals, 1 are behind their path: revenue. Of 1 nothing can be said yet.",
)


@pytest.mark.parametrize("text", TRUE)
def test_what_is_so_holds_with_the_figures_behind_it(own: Lake, text: str) -> None:
    for one in ask(own, text):
        assert one.verdict is Verdict.HOLDS, (one.reason, one.ours)
        assert one.ours[0].sources
        assert one.ours[0].command
        assert not one.synthetic


FALSE = (
    ("2025年全市规上工业营业收入53.0亿元。", 1),
    ("2025年全市规上工业营业收入同比增长10.4%。", 2),
    ("全社会研发投入占GDP的比重位居全省第2位。", 1),
    ("连续四年上榜“全国先进制造业百强市”。", 4),
    ("2025年，全国先进制造业百强市榜单中，聊城列第82位。", 1),
    ("2600余家中小企业完成数字化转型。", 1),
    ("全市高新技术企业5家。", 1),
    ("高新技术产业产值占比高于全省5个百分点。", 1),
    ("2025年茌平区规上工业营业收入占全市的76%。", 1),
    ("聊城第甲轴承有限公司2025年出口占企业总收入的比重为35%。", 1),
    ("2025年通用设备制造业拉动营业收入增长5.1个百分点。", 1),
    ("2025年通用设备制造业下拉营业收入增长5个百分点。", 1),
    ("2025年通用设备制造业营业收入占全部规模以上工业的51%。", 1),
    ("三年累计完成工业技改投资162.24亿元。", 1),
    ("2025年规上工业营业收入，2个区域中有1个实现增长。", 1),
    ("2025年规上工业营业收入，3个区域中有2个实现增长。", 1),
    ("Revenue of 2025 rose in none of 2 places.", 1),
    ("2024—2025年，全市规上工业营业收入累计52.8亿元。", 1),
    ("设定目标4项。", 1),
    ("2项目标暂无法判断。", 1),
    ("2 goals are behind their path.", 1),
)


@pytest.mark.parametrize(("text", "figures"), FALSE)
def test_what_is_not_so_is_told_with_our_figure(own: Lake, text: str, figures: int) -> None:
    (one,) = ask(own, text)
    assert one.verdict is Verdict.FAILS
    assert len(one.ours) >= figures
    assert not any(ours.agrees for ours in one.ours)


UNKNOWN = (
    ("火星市规上工业营业收入增长12%。", "no place that is known here is called 火星市"),
    ("全市固定资产投资增长4%。", "no figure that is kept here is called 固定资产投资"),
    ("德州市规上工业营业收入增长4%。", "of enterprises elsewhere than in Liaocheng"),
    ("全省规上工业增加值增长7.6%。", "of enterprises elsewhere than in Liaocheng"),
    ("山东某某阀门有限公司2025年营业收入3亿元。", "no enterprise that you may see is registered"),
    ("高技术制造业增加值增长10.8%。", "高技术制造业 is no industry of the classification"),
    ("力争2026年规上工业营业收入增长7%。", "it says what is aimed at"),
    ("2026年上半年全市规上工业营业收入增长7%。", "nobody has reported for"),
    ("全市规上工业营业收入300人。", "what it is a figure of is not known here"),
    ("2025年规上工业营业收入5美元。", "is kept in"),
    ("工业技改投资居全省第2位。", "has a figure"),
    ("高新技术企业数居全省第2位。", "of other cities there are no records"),
    ("入选全国某某十强市。", "the list"),
    ("营业收入利润率增长5%。", "percentage points"),
    ("规上工业增加值增速连续8个月位居全省前三位。", "month after month"),
    ("工业技改投资，2个区域中有2个实现增长。", "is not kept by county and zone"),
    ("三年累计从业人员1200人。", "does not add up over years"),
    ("六年累计完成工业技改投资600亿元。", "is loaded for 2020"),
    ("2026年上半年，三年累计完成工业技改投资422亿元。", "which whole years are summed"),
    ("“十四五”以来累计完成工业技改投资522亿元。", "which whole years are summed"),
    ("聊城第甲轴承有限公司三年累计营业收入39亿元。", "several years is not summed"),
    ("2025年拉动营业收入增长5个百分点。", "is a share is not kept"),
    ("茌平区3项目标落后于进度。", "counted for the whole city only"),
    ("2030年，5项目标落后于进度。", "it says what is aimed at"),
)


@pytest.mark.parametrize(("text", "reason"), UNKNOWN)
def test_what_cannot_be_checked_says_why(own: Lake, text: str, reason: str) -> None:
    (one,) = ask(own, text)
    assert one.verdict is Verdict.UNCHECKED
    assert reason in why(one, "en")
    assert why(one, "zh") != why(one, "en")
    assert not one.ours


@pytest.mark.parametrize("text", TRUE[:4])
def test_against_invented_figures_no_more_is_said_than_consistent(
    invented: Lake, text: str
) -> None:
    for one in ask(invented, text):
        assert one.verdict is Verdict.CONSISTENT
        assert "（合成样例）" in one.ours[0].text("zh")


def test_who_may_not_read_units_is_answered_from_public_figures_only(own: Lake) -> None:
    text = "".join(TRUE)
    answered = [one for one in ask(own, text, PUBLIC) if one.verdict is not Verdict.UNCHECKED]
    keys = {one.statement.subject.key or one.statement.listing for one in answered}
    assert keys == {
        "upgrade_investment", "high_tech_share", "rd_intensity_society", "digitised_smes",
        "全国先进制造业百强市", "goals", "goals_behind", "goals_unknown",
    }  # fmt: skip


def test_an_enterprise_sees_its_own_figures_and_no_other(own: Lake) -> None:
    owner = Viewer("owner", enterprises=frozenset({code(0)}))
    mine, other = ask(
        own,
        "聊城第甲轴承有限公司2025年营业收入13.2亿元。聊城第乙轴承有限公司2025年营业收入13.2亿元。",
        owner,
    )
    assert mine.verdict is Verdict.HOLDS
    assert other.verdict is Verdict.UNCHECKED


def test_statements_that_contradict_each_other_name_each_other(own: Lake) -> None:
    text = "2025年全市营业收入52.8亿元。2025年全市营业收入51亿元。2025年全市利润2.64亿元。"
    first, second, third = ask(own, text)
    assert (first.conflicts, second.conflicts, third.conflicts) == ((1,), (0,), ())
    assert "see statement 2" in why(first, "en")


def test_what_is_said_twice_in_other_words_is_no_contradiction(own: Lake) -> None:
    known = vocabulary(own, ANALYST, CITY)
    text = "2025年全市营业收入52.8亿元。2025年全市营业收入528000万元。2025年全市营业收入超50亿元。"
    assert conflicts(statements(text, written=TODAY, known=known)) == {}


def test_an_empty_text_has_no_answers_and_asks_nothing(own: Lake) -> None:
    assert check(own, PUBLIC, (), TODAY, home=CITY) == ()
