"""The text of a file as an office sends it: plain, a web page, or a Word document.

Bytes in, text out: who may send a file decides elsewhere. A file comes from
anybody, so nothing in it is believed: a document is unpacked within bounds and
read by a parser that refuses entities, a page is walked once from left to
right, and what is longer than any report is refused before it is read.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from ballast.errors import UnreadableFile

__all__ = ["MOST_BYTES", "MOST_CHARACTERS", "Document", "document"]

MOST_BYTES = 20 * 1024 * 1024
MOST_CHARACTERS = 300_000  # a report of 10,000 words has about 20,000
_MOST_XML = 32 * 1024 * 1024
_CHUNK = 256 * 1024
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "caption",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_SILENT = ("script", "style", "template", "noscript", "svg", "iframe", "object", "textarea")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
_LIKE_HTML = re.compile(rb"\s*(?:<!doctype\s+html|<html|<head|<body)", re.IGNORECASE)
_DECLARED = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs", "utf-16": "utf-16",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """A text and what it was read from: ``txt``, ``html`` or ``docx``."""

    text: str
    form: str


def document(name: str, data: bytes) -> Document:
    """Return the text of a file.

    Parameters
    ----------
    name
        What the file is called, for messages and for what it is.
    data
        Its bytes.

    Raises
    ------
    UnreadableFile
        If it is too large, empty, in no known encoding, damaged, or of a kind
        that is not read (PDF, the old .doc); the message says what to do.

    Examples
    --------
    >>> document("a.html", b"<p>Output grew 7.8%.</p><script>9%</script>").text.strip()
    'Output grew 7.8%.'
    """
    if len(data) > MOST_BYTES:
        raise UnreadableFile(
            "{name}: {size} MB, a text may have {most} MB; send the part that is to be checked",
            name=name,
            size=len(data) // 1024 // 1024,
            most=MOST_BYTES // 1024 // 1024,
        )
    form = _form(name, data)
    text = _of_word(name, data) if form == "docx" else _decoded(name, data, form)
    if form == "html":
        text = _page(text)
    if len(text) > MOST_CHARACTERS:
        raise UnreadableFile(
            "{name}: {count} characters, a text may have {most}; send the part that is to be "
            "checked",
            name=name,
            count=len(text),
            most=MOST_CHARACTERS,
        )
    if not text.strip():
        raise UnreadableFile("{name}: there is no text in it", name=name)
    return Document(text, form)


def _form(name: str, data: bytes) -> str:
    lower = name.lower()
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if data.startswith((b"%PDF", b"\xd0\xcf\x11\xe0")) or lower.endswith(".docx"):
        raise UnreadableFile(
            "{name}: only text, web pages and .docx are read; save it as one of these", name=name
        )
    if lower.endswith((".html", ".htm", ".xhtml")) or _LIKE_HTML.match(data[:200]):
        return "html"
    return "txt"


def _decoded(name: str, data: bytes, form: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig"]
        declared = _CHARSET.search(data[:4096]) if form == "html" else None
        if declared is not None:
            known = _DECLARED.get(declared[1].decode("ascii").lower())
            encodings += [known] if known else []
        encodings.append("gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableFile("{name}: is neither UTF-8 nor GB18030; save it as UTF-8 text", name=name)


def _page(source: str) -> str:
    """Return what a web page shows, walked once; a tag that never ends hides the rest."""
    parts: list[str] = []
    place, length = 0, len(source)
    lower = source.lower() if source.isascii() else _ascii_lower(source)
    while place < length:
        opening = source.find("<", place)
        if opening < 0:
            parts.append(source[place:])
            break
        parts.append(source[place:opening])
        if source.startswith("<!--", opening):
            end = source.find("-->", opening + 4)
            place = length if end < 0 else end + 3
            continue
        tag = _TAG.match(source, opening)
        if tag is None and source[opening + 1 : opening + 2] not in ("!", "?"):
            parts.append("<")  # a sign, no tag
            place = opening + 1
            continue
        end = source.find(">", opening)
        place = length if end < 0 else end + 1
        word = tag[1].lower() if tag is not None else ""
        if word in _BLOCKS:
            parts.append("\n")
        elif word in ("td", "th"):
            parts.append(" ")
        elif word in _SILENT and source[opening + 1] != "/":
            close = lower.find(f"</{word}", place)
            place = length if close < 0 else close
    text = html.unescape("".join(parts))
    return re.sub(r"[ \t\r\f\v]*\n\s*", "\n", text)


def _ascii_lower(text: str) -> str:
    """Return a text of the same length with the letters of ASCII in lower case."""
    return text.translate({code: code + 32 for code in range(ord("A"), ord("Z") + 1)})


def _of_word(name: str, data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if "word/document.xml" not in package.namelist():
                raise UnreadableFile(
                    "{name}: is a zip file but no Word document; save it as .docx", name=name
                )
            with package.open("word/document.xml") as part:
                return _WordText(name).read(part)
    except UnreadableFile:
        raise
    except RuntimeError:  # zipfile's word for an encrypted part
        raise UnreadableFile("{name}: is locked with a password", name=name) from None
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
        KeyError, expat.ExpatError,
    ):  # fmt: skip
        raise UnreadableFile("{name}: is damaged and cannot be read", name=name) from None


class _WordText:
    """Collects the running text of ``word/document.xml``: paragraphs, cells, tabs, breaks."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parts: list[str] = []
        self._inside = 0
        self._length = 0

    def read(self, part: IO[bytes]) -> str:
        """Return the text; what unpacks to more than a document may is not read to its end."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.buffer_text = True
        read = 0
        while chunk := part.read(_CHUNK):
            read += len(chunk)
            if read > _MOST_XML or self._length > MOST_CHARACTERS:
                raise UnreadableFile(
                    "{name}: unpacks to more than a text may have; send the part that is to be "
                    "checked",
                    name=self._name,
                )
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
        return "".join(self._parts)

    def _refuse(self, *_: object) -> None:
        raise UnreadableFile(
            "{name}: declares entities, which no Word document does; save it again as .docx",
            name=self._name,
        )

    def _local(self, name: str) -> str:
        space, _, local = name.rpartition(" ")
        return local if space in (_WORD, _STRICT) else ""

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        match self._local(name):
            case "t":
                self._inside += 1
            case "tab":
                self._parts.append(" ")
            case "br" | "cr":
                self._parts.append("\n")

    def _end(self, name: str) -> None:
        match self._local(name):
            case "t":
                self._inside -= 1
            case "p":
                self._parts.append("\n")
                self._length += 1  # empty paragraphs are cheap to write and not to read
            case "tc":
                if self._parts and self._parts[-1] == "\n":
                    self._parts[-1] = " "  # the cells of a row are one line
            case "tr":
                self._parts.append("\n")

    def _text(self, text: str) -> None:
        if self._inside:
            self._parts.append(text)
            self._length += len(text)
