"""The laws that Ballast carries can be read, and what cannot be read is said in full."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest
from tests.brain.policy.law_text import SMALL_CASES, SMALL_LAW, folder_of

from ballast.brain.policy.reading import laws, open_folder, read_laws
from ballast.errors import Refused, UnreadableFile
from ballast.words import explain


def faults(folder: Path) -> list[tuple[str, int | None, str]]:
    return [(p.file, p.line, p.text("en")) for p in open_folder(folder).problems]


def test_the_ladder_comes_first_in_its_order() -> None:
    assert laws().schemes == (
        "innovative_sme",
        "technology_sme",
        "specialised_sme",
        "little_giant",
        "high_tech",
        "size_standard",
    )
    assert laws() is laws()


def test_a_folder_of_ones_own_is_read_like_ours(tmp_path: Path) -> None:
    own = read_laws(folder_of(tmp_path / "law"))
    assert own.schemes == ("technology_sme",)
    value = own.law("technology_sme").versions[0].parameters["revenue_least"].values[0].value
    assert (value, type(value)) == (Decimal(1000), Decimal)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("threshold: score_least", "treshold: score_least", "write “threshold”"),
        ("threshold: score_least", "zzz: score_least", "“zzz” means nothing here; take it out"),
        ('op: ">=", threshold', 'op: "=>", threshold', "“=>” is not one of"),
        ("kind: flag", "kind: flags", "“flags” is not one of"),
        ("value: 1000", "value: 一千", "what belongs here is a figure"),
        ("value: 1000", "value: true", "what belongs here is a figure"),
        ("rung: 1", "rung: 1.5", "a whole number"),
        ("expected: false", "expected: maybe", "true or false"),
        ("schemes: [high_tech]", "schemes: high_tech", "a list"),
        ("      article: 第1条\n      of:", "      of:", "“article” is missing"),
        ("since: 2020-01-01\nversions", "since: 第一天\nversions", "YYYY-MM-DD"),
        ("points: 20}", "points: viele}", "a figure"),
        ("to: new, since: 2024", "to: renewl, since: 2024", "“renewl” is not one of"),
    ],
)
def test_what_does_not_fit_is_said_in_plain_words_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert SMALL_LAW.count(old) >= 1
    text = SMALL_LAW.replace(old, new, 1)
    found = faults(folder_of(tmp_path / "law", text, None))
    place = next(n for n, line in enumerate(text.splitlines(), 1) if new.splitlines()[-1] in line)
    told = [line for _, line, text in found if said in text]
    assert len(told) == 1, found
    assert len(found) == (2 if "zzz" in new else 1)  # what is misspelt is not missing as well
    assert told[0] is not None
    assert abs(told[0] - place) <= 4, (found, place)


def test_a_refusal_names_every_fault_in_the_readers_language(tmp_path: Path) -> None:
    text = SMALL_LAW.replace("rung: 1", "rungs: 1").replace("expected: false", "expected: maybe")
    with pytest.raises(Refused) as refusal:
        read_laws(folder_of(tmp_path / "law", text, None))
    said = explain(refusal.value, "en")
    assert "2 faults" in said
    assert "technology_sme.yaml, line 4" in said
    assert "第 4 行" in explain(refusal.value, "zh")
    assert "\n" not in said


def test_a_copy_under_a_wrong_name_and_a_file_with_another_ending_are_noticed(
    tmp_path: Path,
) -> None:
    folder = folder_of(tmp_path / "law")
    (folder / "technology_sme.yaml").rename(folder / "technology.yaml")
    assert "stands in technology_sme.yaml" in faults(folder)[0][2]
    (folder / "technology.yaml").rename(folder / "technology_sme.yml")
    assert "stands in technology_sme.yaml" in faults(folder)[0][2]


def test_a_folder_that_is_not_there_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="not a folder"):
        read_laws(tmp_path / "nowhere")
    with pytest.raises(UnreadableFile, match="no law in this folder"):
        read_laws(tmp_path)
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(UnreadableFile, match="not a folder"):
        read_laws(tmp_path / "a.txt")


def test_cases_that_cannot_be_read_are_named_too(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "law", cases=SMALL_CASES.replace("vary:", "very:", 1))
    found = faults(folder)
    assert any("write “vary”" in said for _, _, said in found), found
    assert {file for file, _, _ in found} == {"technology_sme.cases.yaml"}


def test_a_file_that_is_no_text_or_too_long_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "law", cases=None)
    (folder / "technology_sme.yaml").write_bytes("scheme: 小巨人\nlabel: ".encode() + b"\xff\xfe")
    assert faults(folder)[0][1:] == (2, "technology_sme.yaml, line 2: the file is not UTF-8 from here on; save it as UTF-8")  # fmt: skip  # noqa: E501
    (folder / "technology_sme.yaml").write_bytes(b"a: 1\n" * 900_000)
    assert "no law is longer" in faults(folder)[0][2]
    with pytest.raises(Refused):
        read_laws(folder)


def test_a_mark_at_the_files_beginning_does_not_matter(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "law")
    law = folder / "technology_sme.yaml"
    law.write_bytes(b"\xef\xbb\xbf" + law.read_bytes())
    assert faults(folder) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "law")
    (folder / "technology_sme.yaml").chmod(0)
    assert "cannot be read" in faults(folder)[0][2]


def test_an_empty_law_says_what_is_missing(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "law", "", None)
    assert faults(folder)[0][0] == "technology_sme.yaml"
    folder = folder_of(tmp_path / "law", "scheme: technology_sme\n", None)
    assert len(faults(folder)) == 4
