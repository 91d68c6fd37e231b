from __future__ import annotations

import re

import httpx
import pytest

from .running import PREFIX

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "en"}


def test_a_browser_is_sent_where_the_record_leads(client: httpx.Client) -> None:
    answer = client.get(f"/{PREFIX}/A-1", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (302, "https://example.cn/p/1")
    assert answer.headers["cache-control"] == "public, max-age=86400"


def test_a_program_that_would_rather_have_json_gets_it(client: httpx.Client) -> None:
    answer = client.get(f"/{PREFIX}/A-1", headers={"accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json() == client.get(f"/api/handles/{PREFIX}/A-1").json()


@pytest.mark.parametrize(
    ("handle", "query"),
    [
        ("A-1", "?noredirect"), ("A-1", "?type=EMAIL"), ("A-1", "?index=2"), ("REVOKED", ""),
        ("EXPIRED", ""), ("NOLINK", ""), ("EVIL", ""), ("HIDDEN", ""),
    ],
)  # fmt: skip
def test_a_page_is_shown_where_nobody_is_to_be_sent_on(
    client: httpx.Client, handle: str, query: str
) -> None:
    answer = client.get(f"/{PREFIX}/{handle}{query}", headers=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f"{PREFIX}/{handle}" in answer.text


def test_a_selection_that_holds_the_address_is_followed(client: httpx.Client) -> None:
    assert client.get(f"/{PREFIX}/A-1?type=URL", headers=BROWSER).status_code == 302
    assert client.get(f"/{PREFIX}/A-1?index=1&index=2", headers=BROWSER).status_code == 302


def test_an_alias_is_followed(client: httpx.Client) -> None:
    answer = client.get(f"/{PREFIX}/ALIAS", headers=BROWSER)
    assert answer.headers["location"] == "https://example.cn/p/1"


def test_a_script_in_a_record_is_neither_followed_nor_linked(client: httpx.Client) -> None:
    page = client.get(f"/{PREFIX}/EVIL", headers=BROWSER).text
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page


def test_a_page_holds_no_script_and_allows_none(client: httpx.Client) -> None:
    answer = client.get(f"/{PREFIX}/MARKUP", headers=BROWSER)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert "&lt;b&gt;x&lt;/b&gt;" in answer.text
    assert "<i>" not in answer.text
    assert "\x1b" not in answer.text
    assert "\u202e" not in answer.text


def test_the_real_name_behind_the_prefix_is_shown(client: httpx.Client) -> None:
    page = client.get(f"/{PREFIX}/A-1?noredirect", headers=BROWSER).text
    assert "山东聊城阀门制造有限公司" in page
    assert "91371500MA3C5EEJ8Q" in page


@pytest.mark.parametrize(
    ("handle", "language", "word"),
    [
        ("A-1", "zh", "有效"), ("A-1", "en", "Valid"), ("REVOKED", "zh", "已吊销"),
        ("REVOKED", "en", "Revoked"), ("EXPIRED", "zh", "已过期"), ("EXPIRED", "en", "Expired"),
    ],
)  # fmt: skip
def test_the_state_is_said_in_both_languages(
    client: httpx.Client, handle: str, language: str, word: str
) -> None:
    answer = client.get(f"/{PREFIX}/{handle}?noredirect&lang={language}", headers=BROWSER)
    found = re.search(r'class="state [a-z]+">([^<]+)<', answer.text)
    assert found is not None
    assert found[1] == word
    assert answer.headers["content-language"].startswith(language)


def test_a_revoked_record_links_to_nothing_of_its_own(client: httpx.Client) -> None:
    page = client.get(f"/{PREFIX}/REVOKED", headers=BROWSER).text
    assert "https://example.cn/p/1" in page
    assert 'href="https://example.cn' not in page


@pytest.mark.parametrize(
    ("path", "status", "state"),
    [
        (f"/{PREFIX}/NONE", 404, "missing"),
        ("/77.1/NONE", 404, "elsewhere"),
        ("/99.1/NONE", 404, "elsewhere"),
        ("/noslash", 404, "elsewhere"),
        ("/favicon.ico", 404, "elsewhere"),
    ],
)
def test_what_is_not_here_has_a_page_that_says_so(
    client: httpx.Client, path: str, status: int, state: str
) -> None:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == status
    assert f'class="state {state}"' in answer.text


def test_the_code_leads_back_here(client: httpx.Client) -> None:
    assert "<svg" in client.get(f"/{PREFIX}/A-1?noredirect", headers=BROWSER).text
    assert "<svg" not in client.get(f"/{PREFIX}/NONE", headers=BROWSER).text


def test_an_address_cannot_add_to_a_page(client: httpx.Client) -> None:
    page = client.get(f"/{PREFIX}/%3Cimg%20src=x%3E%22?noredirect", headers=BROWSER).text
    assert "<img" not in page


def test_the_other_language_is_one_step_away_and_keeps_the_question(client: httpx.Client) -> None:
    page = client.get(f"/{PREFIX}/A-1?noredirect&type=EMAIL", headers=BROWSER).text
    assert f'href="/{PREFIX}/A-1?noredirect=&amp;type=EMAIL&amp;lang=zh"' in page


@pytest.mark.parametrize("path", ["//evil.cn/x", "///evil.cn/x", "/%2Fevil.cn/x"])
def test_no_link_of_a_page_leads_where_the_address_says(client: httpx.Client, path: str) -> None:
    page = client.get(client.base_url.join("/").copy_with(raw_path=path.encode())).text
    assert "lang=" in page
    assert not re.search(r'href="(?!/(?!/))', page)
