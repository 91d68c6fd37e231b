"""The Claims page: who opens it, what its file field takes, what it shows of a hostile text."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.brain.claims.test_documents import paragraph, word

from ballast.brain.claims.documents import MOST_BYTES
from ballast.brain.claims.reading import statements
from ballast.brain.claims.showing import unchecked
from ballast.brain.claims.vocabulary import Vocabulary
from ballast.portal.claims import FILE, MOST_CHARACTERS, PAGE
from ballast.portal.claims_view import SIGNS, answers, marked, summary
from ballast.terms.role import Role

SIGNED_IN = [role for role in Role if role is not Role.PUBLIC]


def send(door: Any, content: bytes, name: str = "a.docx", role: Role = Role.OPERATOR) -> Any:
    return door.browser(role).post(FILE, content=content, headers={"x-file-name": name})


@pytest.mark.parametrize("role", SIGNED_IN)
def test_whoever_is_signed_in_may_check_a_text(shared_door: Any, role: Role) -> None:
    with shared_door.browser(role) as client:
        answer = client.get(f"{PAGE}?lang=en")
    assert answer.status_code == 200
    assert "Are the figures in this text right?" in answer.text


def test_nobody_else_may(shared_door: Any) -> None:
    assert shared_door.browser().get(PAGE).status_code in (303, 401)
    assert shared_door.browser().post(FILE, content=b"x").status_code in (303, 401, 403)


def test_a_file_is_read_and_nothing_of_it_kept(shared_door: Any) -> None:
    home = shared_door.context.lake.home.path
    before = sorted(home.rglob("*"))
    answer = send(shared_door, word(paragraph("产值增长7.8%。")))
    assert answer.json()["token"].strip() == "产值增长7.8%。"
    assert answer.headers["cache-control"] == "no-store"
    changed = {p for p in home.rglob("*") if p not in before and "state" not in p.name}
    assert changed == set()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7", "a.pdf"),
        (b"", "a.txt"),
        (word("<w:p/>" * 400_000), "bomb.docx"),
        (("增" * (MOST_CHARACTERS + 1)).encode(), "long.txt"),
    ],
)
def test_what_cannot_be_checked_is_refused_in_the_reader_s_words(
    shared_door: Any, content: bytes, name: str
) -> None:
    answer = send(shared_door, content, name)
    assert answer.status_code in (400, 413, 422)
    assert "Traceback" not in answer.text


def test_a_file_over_the_limit_is_not_read_to_its_end(shared_door: Any) -> None:
    answer = send(shared_door, b"x" * (MOST_BYTES + 1), "a.txt")
    assert answer.status_code in (400, 413)


def test_another_site_cannot_send_a_file_in_somebody_s_name(shared_door: Any) -> None:
    client = shared_door.browser(Role.ANALYST)
    del client.headers["x-csrf-token"]
    assert client.post(FILE, content=b"x", headers={"x-file-name": "a.txt"}).status_code == 403


def test_a_text_is_shown_as_it_was_given_and_never_as_markup() -> None:
    text = "<script>alert(1)</script> 全市产值增长7.8%，<b>利润</b>增长3%。"
    found = statements(text, written=date(2026, 7, 10), known=Vocabulary("371500"))
    checked = tuple(map(unchecked, found))
    page = str(marked(text, checked, "zh")) + str(answers(text, checked, "zh"))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>" not in page
    assert page.count('class="cl-mark') == len(found) == 2


def test_marks_and_answers_lead_to_each_other_and_carry_a_sign() -> None:
    text = "专精特新企业、高新技术企业数量均实现倍增。"
    found = statements(text, written=date(2026, 7, 10), known=Vocabulary("371500"))
    checked = tuple(map(unchecked, found))
    assert len(checked) == 2
    page = str(marked(text, checked, "en"))
    assert 'href="#cl-a1"' in page
    assert "1, 2?" in page
    assert "(cannot be checked)" in page
    listed = str(answers(text, checked, "en"))
    assert 'id="cl-a1"' in listed
    assert 'id="cl-a2"' in listed
    assert len(set(SIGNS.values())) == len(SIGNS)


def test_a_text_without_statements_says_so() -> None:
    assert "Nothing in this text is stated in figures." in str(summary((), "en"))
