from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from benchmarks.claims import known, labelled, score

from ballast.brain.claims.reading import statements
from ballast.brain.claims.statement import Bound, Kind, Statement
from ballast.brain.claims.vocabulary import Vocabulary

WRITTEN = date(2026, 7, 10)
NAMES = known()


def read(text: str, names: Vocabulary = NAMES) -> tuple[Statement, ...]:
    return statements(text, written=WRITTEN, known=names)


def only(text: str) -> Statement:
    (one,) = read(text)
    return one


def test_of_the_open_sentences_nearly_all_is_read_whole() -> None:
    found = score([row for row in labelled() if row[0] % 3])
    assert min(found["found"][:2]) >= 0.99
    assert min(found["whole"][:2]) >= 0.97


def test_of_the_unseen_sentences_most_is_read() -> None:
    found = score([row for row in labelled() if row[0] % 3 == 0])
    assert min(found["found"][:2]) >= 0.95
    assert min(found["whole"][:2]) >= 0.85


def test_there_are_enough_sentences_some_without_a_statement() -> None:
    rows = labelled()
    assert len(rows) >= 120
    assert sum(not is_ for _, _, is_ in rows) >= 15


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n ",
        "会议强调，要抓好落实。",
        "No figure is in this sentence.",
        "。。。！！",
        "1\n2\n3",
    ],
)
def test_a_text_without_statements_has_none(text: str) -> None:
    assert read(text) == ()


def test_a_statement_is_marked_where_it_stands_in_the_text_as_it_was_given() -> None:
    text = "前言。\n東昌府區(qū)規上工業增加值同比增長(zhǎng)７．５％。"
    one = only(text)
    assert text[one.span.start : one.span.end] == "７．５％"
    assert text[one.sentence.start : one.sentence.end] == text.split("\n")[1]
    assert one.words == "东昌府区规上工业增加值同比增长7.5%"
    assert one.place is not None
    assert one.place.codes == ("371502",)


def test_what_was_said_before_is_carried_and_named_as_carried() -> None:
    level, growth = read("1-5月，茌平区规上工业营业收入512亿元，同比增长6.3%。")
    assert growth.subject.key == level.subject.key == "revenue"
    assert growth.carried == ("subject",)
    assert str(growth.period) == "2026-05ytd"
    assert level.carried == ()


def test_a_paragraph_carries_place_and_period_and_the_next_does_not() -> None:
    first, second, third = read(
        "2025年，茌平区规上工业总产值增长9%。利润总额增长3%。\n营业收入增长4%。"
    )
    assert (first.carried, second.carried) == ((), ("place", "period"))
    assert second.place == first.place
    assert (third.place, third.period, third.carried) == (None, None, ())


def test_a_sentence_with_several_places_leaves_none_to_the_next() -> None:
    *_, last = read("茌平区、阳谷县产值分别增长9%和8%。全市利润总额增长3%。营业收入增长4%。")
    assert last.place is None or last.place.codes == ("371500",)


def test_what_is_not_in_the_dictionary_is_never_taken_for_the_figure_before_it() -> None:
    gdp, other = read("2025年全市地区生产总值3190亿元，固定资产投资增长4%。")
    assert gdp.subject.key == "gdp"
    assert other.subject.key is None
    assert other.subject.words == "固定资产投资"


def test_an_unknown_place_is_named_and_has_no_code() -> None:
    one = only("火星市规上工业总产值增长12%。")
    assert one.place is not None
    assert (one.place.words, one.place.codes) == ("火星市", ())


def test_units_are_kept_as_far_as_they_are_said() -> None:
    found = read(
        "营业收入1500000万元，利润总额62.7亿元，利润率4.6%，提高0.3个百分点，产值增长1.2倍。"
    )
    amounts = [one.amount for one in found if one.amount is not None]
    assert [a.unit.name for a in amounts if a.unit] == [
        "1e8_cny", "1e8_cny", "percent", "pp", "percent",
    ]  # fmt: skip
    assert [a.low for a in amounts] == [
        Decimal(150), Decimal("62.7"), Decimal("4.6"), Decimal("0.3"), Decimal(120),
    ]  # fmt: skip
    assert amounts[0].step == Decimal("0.0001")


@pytest.mark.parametrize(
    ("words", "bound", "low"),
    [
        ("增长8%-10%", Bound.RANGE, "8"),
        ("增长超过8%", Bound.MORE, "8"),
        ("增长近8%", Bound.NEARLY, "8"),
        ("增长8%左右", Bound.ABOUT, "8"),
        ("增长8%以上", Bound.LEAST, "8"),
        ("增长不足8%", Bound.LESS, "8"),
        ("增长一成多", Bound.ODD, "10"),
        ("翻了一番", Bound.EXACT, "100"),
        ("翻两番", Bound.EXACT, "300"),
        ("实现倍增", Bound.EXACT, "100"),
        ("增长三分之一", Bound.EXACT, "33.33"),
        ("下降百分之五点三", Bound.EXACT, "-5.3"),
        ("与上年持平", Bound.EXACT, "0"),
    ],
)
def test_bounds_and_doublings_are_read_as_growth(words: str, bound: Bound, low: str) -> None:
    one = only(f"全市规上工业总产值{words}。")
    assert one.kind is Kind.GROWTH
    assert one.amount is not None
    assert (one.amount.bound, one.amount.low) == (bound, Decimal(low))


def test_a_goal_is_no_fact() -> None:
    assert only("力争全年规上工业增加值增长7%。").target
    assert only("到2028年，规上工业企业达到2500家。").target
    assert not only("上半年规上工业增加值增长7%。").target


def test_an_alteration_of_one_digit_alters_exactly_its_statement() -> None:
    text = "2025年全市规上工业实现营业收入5100亿元，同比增长7.1%；利润总额235亿元，增长4.0%。"
    before = read(text)
    for place, sign in enumerate(text):
        if not sign.isdigit() or place < 5:
            continue
        after = read(text[:place] + str((int(sign) + 1) % 10) + text[place + 1 :])
        changed = [a.amount != b.amount for a, b in zip(before, after, strict=True)]
        assert sum(changed) == 1, text[max(0, place - 6) : place + 3]


def test_ten_thousand_words_are_read_in_two_seconds() -> None:
    text = "".join(sentence for _, sentence, _ in labelled())
    whole = (text + "\n") * (20_000 // len(text) + 1)
    start = time.perf_counter()
    assert len(read(whole)) > 300
    # Twice the promise on an idle machine: this one may be busy; benchmarks/claims.py has the time.
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize(
    "text",
    ["1" * 20_000, "一" * 20_000, "增长" * 10_000 + "1%", "，" * 20_000, "(" * 20_000,
     "1," * 10_000, "more than " * 3_000, "占全市" * 5_000, "a " * 20_000, "百分之" * 5_000,
     "第" * 10_000 + "一", "区(" * 5_000, "有限公司" * 4_000],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_no_text_keeps_the_reader_busy(text: str) -> None:
    start = time.perf_counter()
    read(text)
    assert time.perf_counter() - start < 10


def test_the_news_text_is_read_in_full(shared_data: Path) -> None:
    text = (shared_data / "documents" / "liaocheng_industry_news.txt").read_text(encoding="utf-8")
    found = {
        (one.subject.key or one.listing, one.kind.value, str(one.amount.low), one.years)
        for one in read(text)
        if one.amount is not None
    }
    assert found == {
        ("export_share", "level", "30", None),
        ("exports", "growth", "70", None),
        ("全国先进制造业百强市", "listed", "None", 3),
        ("divisions", "level", "32", None),
        ("groups", "level", "137", None),
        ("projects", "level", "1800", None),
        ("upgrade_investment", "growth", "17.5", None),
        ("upgrade_investment", "rank", "None", None),
        ("digitised_smes", "level", "2000", None),
        ("high_tech_share", "distance", "4", None),
        ("rd_intensity_society", "rank", "3", 3),
        *(
            (f"title:{scheme}", kind, low, None)
            for scheme in ("specialised_sme", "high_tech", "technology_sme")
            for kind, low in (("growth", "100"), ("rank", "None"))
        ),
    }
