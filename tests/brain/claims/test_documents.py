from __future__ import annotations

import contextlib
import io
import time
import zipfile

import pytest

from ballast.brain.claims.documents import MOST_BYTES, MOST_CHARACTERS, document
from ballast.errors import UnreadableFile

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SENTENCE = "全市规上工业增加值同比增长7.8%。"


def word(body: str, *, head: str = "", name: str = "word/document.xml") -> bytes:
    inside = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    xml = f'<?xml version="1.0"?>{head}{inside}'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(name, xml)
    return packed.getvalue()


def paragraph(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def test_a_word_document_gives_its_paragraphs_cells_and_runs_in_order() -> None:
    row = (
        "<w:tr><w:tc>"
        + paragraph("产值")
        + "</w:tc><w:tc>"
        + paragraph("5085亿元")
        + "</w:tc></w:tr>"
    )
    body = paragraph("全市规上工业增加值", "同比增长7.8%。") + f"<w:tbl>{row}</w:tbl>"
    found = document("a.docx", word(body))
    assert found.form == "docx"
    assert found.text.splitlines() == [SENTENCE, "产值 5085亿元 "]


def test_what_was_deleted_in_a_document_is_not_read() -> None:
    body = "<w:p><w:del><w:r><w:delText>增长99%</w:delText></w:r></w:del></w:p>" + paragraph(
        SENTENCE
    )
    assert "99" not in document("a.docx", word(body)).text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_the_encodings_that_offices_use(encoding: str) -> None:
    assert document("a.txt", SENTENCE.encode(encoding)).text == SENTENCE


def test_a_page_gives_what_it_shows() -> None:
    page = (
        "<!DOCTYPE html><html><head><meta charset='gbk'><style>p{width:33%}</style>"
        "<script>if (a<b) x='增长99%'</script><title>简报</title></head><body><!-- 下降5% -->"
        f"<p>{SENTENCE[:8]}<b>{SENTENCE[8:]}</b></p><table><tr><td>1</td><td>2</td></tr></table>"
        "3 &lt; 4 &amp; 5 < 6</body></html>"
    )
    text = document("a.html", page.encode("gbk")).text
    assert SENTENCE in text.splitlines()
    assert "99" not in text
    assert "下降" not in text
    assert "3 < 4 & 5 < 6" in text


def test_a_page_in_big5_is_read_as_it_declares() -> None:
    page = "<html><head><meta charset=big5></head><p>全市產值增長7.8%</p></html>"
    assert "產值增長" in document("a.html", page.encode("big5")).text


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 ...", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", b"   \n ",
        b"PK\x03\x04 broken", b"\x00\x01\x02\x03" * 40, b"\xff" * 99,
        word("", name="xl/workbook.xml"), word(paragraph(SENTENCE))[:-40],
        word(paragraph("a"), head='<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'),
        word("<w:p>"), b"x" * (MOST_BYTES + 1), b"<p>" + b"x" * (MOST_CHARACTERS + 1),
    ],
    ids=lambda data: repr(data[:4]) + str(len(data)),  # behind them a package holds the hour
)  # fmt: skip
def test_what_is_no_text_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        document("a.docx" if data[:2] == b"PK" else "a.txt", data)
    assert "\n" not in str(refused.value)


def test_a_zip_bomb_is_not_unpacked_to_its_end() -> None:
    bomb = word(f"<w:p><w:r><w:t>{'增长1%。' * 20_000_000}</w:t></w:r></w:p>")
    assert len(bomb) < 2_000_000
    start = time.perf_counter()
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        document("bomb.docx", bomb)
    assert time.perf_counter() - start < 20


def test_a_bomb_of_empty_elements_ends_too() -> None:
    bomb = word("<w:p/>" * 12_000_000)
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        document("bomb.docx", bomb)


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<script>", "<p ", "</", "<!", "&#x26;", "<a href='"]
)
def test_no_page_keeps_the_reader_busy(piece: str) -> None:
    start = time.perf_counter()
    with contextlib.suppress(UnreadableFile):
        document("a.html", (piece * 200_000)[: MOST_CHARACTERS * 2].encode())
    assert time.perf_counter() - start < 20
