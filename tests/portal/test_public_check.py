"""The self-check for anyone: a report at once, nothing kept, and nothing that can be done to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from ballast.brain.policy.reading import laws
from ballast.brain.policy.selfcheck import sheet
from ballast.portal.public_check import MOST_FIELDS, PATH, SHEET_PATH, TEMPLATE_PATH
from ballast.state.audit import entries
from ballast.terms.role import Role

GIANT = {
    "scheme": "little_giant", "day": "2026-06-01", "industry": "3443",
    "holds[specialised_sme]": "2024-07-01", "revenue[2025]": "6800", "revenue[2024]": "6000",
    "revenue[2023]": "5200", "main_revenue[2025]": "6500", "rd[2025]": "420", "rd[2024]": "400",
    "assets[2025]": "9000", "liabilities[2025]": "6900", "staff[2025]": "150",
    "niche_years[2025]": "5", "niche_share[2025]": "12%", "six_bases": "yes",
    "class1_ip_in_use": "2", "national_prize_top3_3y": "no", "abnormal_listing": "no",
    "serious_dishonesty": "no", "major_incident_3y": "no", "fraud_3y": "no",
    "falsification_ban": "no", "platform_score": "57",
}  # fmt: skip
HOSTILE = '"><script>alert(1)</script>'
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Reader(HTMLParser):
    """Collects tags and attributes, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in {"meta", "br", "input", "circle", "line", "rect", "path"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"circle", "line", "rect", "path"}:
            assert self.open.pop() == tag


@pytest.fixture
def browser(shared_door: Any) -> Iterator[Any]:
    shared_door.app.state.check_pages.tries._of.clear()
    with shared_door.browser() as opened:
        yield opened


def token(browser: Any) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get(PATH).text)
    assert found is not None
    return found[1]


def checked(browser: Any, given: Mapping[str, str], language: str = "en") -> Any:
    return browser.post(f"{PATH}?lang={language}", data={"csrf": token(browser), **given})


def sent(browser: Any, content: bytes, **more: str) -> Any:
    return browser.post(
        f"{SHEET_PATH}?lang=en",
        data={"csrf": token(browser), "scheme": "little_giant", "day": "2026-06-01", **more},
        files={"file": ("check.xlsx", content, XLSX)},
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", ["", "long"])
def test_the_form_and_the_report_are_whole_without_script(
    browser: Any, language: str, form: str
) -> None:
    empty = browser.get(f"{PATH}?lang={language}&form={form}")
    full = checked(browser, GIANT | {"form": form}, language)
    for answer in (empty, full):
        assert answer.status_code == 200
        page = Reader(answer.text)
        assert page.open == []
        assert "script" not in page.tags
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        links = [value for name, value in page.attributes if name in ("href", "src", "action")]
        assert all(link.startswith(("/", "#")) for link in links)
        assert "script-src" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert len(re.findall("<h1>", answer.text)) == 1


def test_the_verdict_comes_first_then_each_criterion_against_its_threshold(browser: Any) -> None:
    text = unescape(checked(browser, GIANT).text)
    verdict, debt = text.index("Not eligible"), text.index("76.67%")
    assert verdict < debt
    assert "≤ 75%" in text
    assert "1.67 percentage points short" in text
    assert "57 points" in text
    assert "≥ 60 points" in text
    assert "CNY 8.2 m" in text
    assert "3 points short" in text
    assert text.count('class="mark"') >= 4
    assert re.search(r"<details[^>]*><summary><span[^>]*>✓</span>met: \d", text)


def test_a_missing_fact_is_named_with_its_paper_and_no_verdict_is_guessed(browser: Any) -> None:
    given = {k: v for k, v in GIANT.items() if k not in ("liabilities[2025]", "platform_score")}
    given |= {"rd[2025]": "900", "rd[2024]": "800", "class1_ip_in_use": "6"}
    text = checked(browser, given).text
    assert "Data missing, cannot be decided yet" in text
    brought = text[text.index("What is missing to bring") :]
    assert "Liabilities of 2025" in brought[:1500]
    assert "annual audit report" in brought[:1500]


def test_a_renewal_of_2026_is_decided_by_the_law_that_still_holds_for_it(browser: Any) -> None:
    given = GIANT | {"application": "renewal", "certificate": "2023-07-01", "form": "long"}
    text = unescape(checked(browser, given).text)
    assert "Renewals · <b>工信部企业〔2022〕63号</b>" in text
    assert "CNY 12 m" not in text  # the two-year total of the rules of 2026
    assert 'name="certificate" value="2023-07-01"' in text


def test_what_was_written_stands_in_the_form_again(browser: Any) -> None:
    text = checked(browser, GIANT).text
    assert 'name="revenue[2025]" value="6800"' in text
    assert '<option value="yes" selected>' in text


def test_units_are_read_as_written(browser: Any) -> None:
    in_yuan = GIANT | {"revenue[2025]": "68,000,000元", "rd[2025]": "0.042亿元"}
    text = checked(browser, in_yuan).text
    assert "CNY 8.2 m" in text
    wrong = checked(browser, GIANT | {"revenue[2025]": "68吨"})
    assert wrong.status_code == 400
    assert 'aria-invalid="true"' in wrong.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"revenue[2025]": "much"}, "is no figure"),
        ({"revenue[2025]": "9" * 50}, "is no figure"),
        ({"revenue[2025]": "1e400"}, "no unit"),
        ({"revenue[2025]": "NaN"}, "is no figure"),
        ({"industry": "abc"}, "is no industry"),
        ({"holds[specialised_sme]": "2031-01-01"}, "after 2026-06-01"),
        ({"holds[specialised_sme]": "yes"}, "write the date of award"),
        ({"platform_score": HOSTILE}, "is no figure"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named_and_nothing_is_computed(
    browser: Any, given: dict[str, str], said: str
) -> None:
    answer = checked(browser, GIANT | given)
    assert answer.status_code == 400
    assert said in unescape(answer.text)
    assert 'class="lt' not in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"day": "1066-10-14"}, 400),
        ({"day": "9999-12-31"}, 400),
        ({"day": "tomorrow"}, 400),
        ({"scheme": HOSTILE}, 404),
        ({"certificate": "2026-02-30", "application": "renewal"}, 400),
        ({"day": "2015-06-01", "scheme": "little_giant"}, 400),  # before any law of the scheme
    ],
)
def test_a_day_or_a_scheme_that_is_none_is_refused_in_words(
    browser: Any, given: dict[str, str], status: int
) -> None:
    for answer in (checked(browser, GIANT | given), browser.get(PATH, params=given)):
        assert answer.status_code == status
        assert "<script" not in answer.text
        assert "Traceback" not in answer.text
        assert 'role="alert"' in answer.text


def test_nothing_filled_in_is_no_report(browser: Any) -> None:
    answer = checked(browser, {"scheme": "little_giant"})
    assert answer.status_code == 400
    assert "nothing was filled in" in answer.text


def test_nothing_of_a_check_is_kept(shared_door: Any, browser: Any) -> None:
    def traces() -> tuple[int, object, set[Path]]:
        home = shared_door.context.lake.home.path
        kept = {path for path in home.rglob("*") if path.is_file()}
        return len(entries(shared_door.state)), shared_door.context.lake.live_loads(), kept

    before = traces()
    assert checked(browser, GIANT | {"rd[2025]": "423.1177"}).status_code == 200
    assert sent(browser, filled({"rd[2025]": "423.1177"})).status_code == 200
    assert traces() == before
    for path in shared_door.context.lake.home.path.rglob("*"):
        assert not path.is_file() or b"423.1177" not in path.read_bytes()


def test_a_form_from_elsewhere_is_not_taken(browser: Any) -> None:
    assert browser.post(PATH, data=GIANT).status_code == 403
    assert browser.post(PATH, data=GIANT | {"csrf": "guessed"}).status_code == 403
    good = token(browser)
    twice = browser.post(PATH, content=f"csrf={good}&csrf={good}&staff=1", headers=FORM)
    assert twice.status_code == 403
    elsewhere = {"origin": "https://evil.example"}
    assert browser.post(PATH, data={"csrf": good}, headers=elsewhere).status_code == 403
    cross = {"sec-fetch-site": "cross-site"}
    assert browser.post(PATH, data={"csrf": good}, headers=cross).status_code == 403
    with_file = browser.post(SHEET_PATH, files={"file": ("a.xlsx", b"PK", XLSX)})
    assert with_file.status_code == 403
    named = {"csrf": "x", "file": "y"}
    assert browser.post(SHEET_PATH, data=named, headers=elsewhere).status_code == 403


FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "body",
    [
        b"&".join(b"f%d=1" % n for n in range(5000)),
        b"csrf=" + b"a" * 60_000,
        b"\xff\xfe\x00" * 100,
        b"csrf",
        b"revenue%5B2025%5D=" + b"%3Cscript%3E" * 1000,
    ],
)
def test_a_body_made_to_harm_is_refused_in_words(browser: Any, body: bytes) -> None:
    answer = browser.post(PATH, content=body, headers=FORM)
    assert answer.status_code in (400, 403, 413)
    assert "Traceback" not in answer.text


def test_thousands_of_fields_with_a_good_token_are_refused(browser: Any) -> None:
    many = {f"rd[{n}]": "1" for n in range(MOST_FIELDS + 1)}
    answer = browser.post(PATH, data={"csrf": token(browser), **many})
    assert answer.status_code in (400, 403)


def test_a_script_in_a_field_or_in_a_name_of_one_is_never_markup(browser: Any) -> None:
    given = GIANT | {"abnormal_listing": HOSTILE, HOSTILE: HOSTILE, "once": HOSTILE}
    answer = checked(browser, given)
    assert "<script" not in answer.text
    asked = browser.get(PATH, params={"scheme": HOSTILE, "form": HOSTILE, "lang": HOSTILE})
    assert "<script" not in asked.text


def test_too_many_checks_from_one_address_must_wait(browser: Any) -> None:
    given = {"csrf": token(browser), "scheme": "little_giant", "platform_score": "1"}
    found = [browser.post(PATH, data=given).status_code for _ in range(61)]
    assert found[:60] == [200] * 60
    assert found[60] == 429
    answer = browser.post(f"{PATH}?lang=zh", data=given)
    assert answer.headers["retry-after"] == "900"
    assert "15 分钟" in answer.text


def filled(given: Mapping[str, str]) -> bytes:
    """Return a sheet of the self-check with answers put in, by their field."""
    return sheet(laws(), ("little_giant",), "zh", date(2026, 6, 1), given)


def test_a_sheet_is_answered_as_the_form_is_and_fills_it(browser: Any) -> None:
    empty = browser.get(f"{TEMPLATE_PATH}?lang=en&scheme=little_giant&day=2026-06-01")
    assert empty.headers["content-type"] == XLSX
    fields = {k: v for k, v in GIANT.items() if k not in ("scheme", "day")}
    answer = sent(browser, filled(fields))
    assert answer.status_code == 200, answer.text[:3000]
    text = unescape(answer.text)
    assert "76.67%" in text
    assert "Not eligible" in text
    assert 'name="rd[2025]" value="420"' in text


@pytest.mark.parametrize(
    "content", [b"", b"no workbook", b"PK\x03\x04" + b"\0" * 1000, b"<html>" * 1000]
)
def test_what_is_no_sheet_is_refused_in_words(browser: Any, content: bytes) -> None:
    answer = sent(browser, content)
    assert answer.status_code in (400, 500)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "Traceback" not in answer.text


def test_a_sheet_beyond_the_limit_is_not_even_read(browser: Any) -> None:
    answer = sent(browser, b"PK" + b"\0" * (600 * 1024))
    assert answer.status_code == 413


def test_a_field_beside_a_file_cannot_be_made_of_many(browser: Any) -> None:
    parts = "".join(
        f'--x\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n{n}\r\n' for n in range(300)
    )
    headers = {"content-type": "multipart/form-data; boundary=x"}
    for body in (parts + "--x--\r\n", parts, "--x", "", "--x\r\n\r\n\r\n--x--"):
        answer = browser.post(SHEET_PATH, content=body.encode(), headers=headers)
        assert answer.status_code == 403
    unnamed = {"content-type": "multipart/form-data"}
    assert browser.post(SHEET_PATH, content=b"--x", headers=unnamed).status_code == 403


def test_an_account_s_own_token_is_the_one_that_counts(shared_door: Any, browser: Any) -> None:
    shared_door.become(browser, Role.ANALYST)
    browser.headers.pop("x-csrf-token")
    answer = checked(browser, GIANT)
    assert answer.status_code == 200
    assert "Keep these facts" not in answer.text


def test_between_midnight_in_beijing_and_in_greenwich_the_form_is_of_chinas_day(
    shared_door: Any, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_door.clock, "now", datetime(2026, 6, 30, 17, tzinfo=UTC))
    assert 'name="day" value="2026-07-01"' in browser.get(PATH).text
