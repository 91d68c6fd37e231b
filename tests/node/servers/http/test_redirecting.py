from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.node.servers.http.redirecting import safe_link, url_of


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://example.cn", "https://example.cn"),
        ("HTTP://Example.cn:8080/a?b=c#d", "http://Example.cn:8080/a?b=c#d"),
        ("https://例子.中国/路", "https://xn--fsqu00a.xn--fiqs8s/%E8%B7%AF"),
        ("https://example.cn/%E9%98%80", "https://example.cn/%E9%98%80"),
        ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x"),
        (" https://example.cn/ \n", "https://example.cn/"),
    ],
)
def test_addresses_of_the_web_are_followed(text: str, link: str) -> None:
    assert safe_link(text) == link


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "\tjavascript:alert(1)", "data:text/html,x",
        "vbscript:x", "file:///etc/passwd", "ftp://example.cn", "//evil.cn", "/local", "evil.cn",
        "https://bank.cn@evil.cn", "https://bank.cn:x@evil.cn", "https:\\\\evil.cn",
        "https:/evil.cn",
        "https://bank.cn\\@evil.cn", "https://a.cn/\r\nSet-Cookie: x", "https://a b.cn",
        "https://a.cn/\u202ecod.exe", "https://a.cn/\x00", "https://", "", "https://a.cn:123456/",
        "https://bank.cn\uff20evil.cn/", "https://evil.ca\u2100.bank.cn/",
        "https://evil.cn\uff0f.b.cn", "https://bank.cn\uff1f.evil.cn",
        "https://[::1", "https://" + "a" * 9000, "https://a.cn/<script>", 'https://a.cn/"x',
    ],
)  # fmt: skip
def test_what_runs_hides_or_misleads_is_not(text: str) -> None:
    assert safe_link(text) is None


@given(st.text(max_size=200) | st.from_regex(r"(https?|javascript)://[\s\S]{0,60}"))
def test_whatever_is_followed_is_one_line_of_ascii_and_of_the_web(text: str) -> None:
    link = safe_link(text)
    if link is not None:
        assert link.isascii()
        assert not any(c.isspace() or c in '"<>\\' for c in link)
        found = urlsplit(link)
        assert found.scheme in ("http", "https")
        assert found.username is None


def test_data_that_are_no_text_lead_nowhere() -> None:
    assert url_of(b"https://a.cn/\xff") is None
