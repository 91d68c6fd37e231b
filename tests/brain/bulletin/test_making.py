"""A bulletin is complete: every figure has its note; none says more than its reader may know."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest
from tests.brain.bulletin.conftest import TODAY
from tests.brain.cube.world import SEALER, public

from ballast.brain.bulletin.making import bulletin, months
from ballast.brain.bulletin.shape import Bulletin, pieces
from ballast.cli.app import run
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.terms.label import LANGUAGES, Language
from ballast.terms.period import Period
from ballast.terms.viewer import PUBLIC

_FIGURE = re.compile(r"\d")
_OF_ITSELF = re.compile(  # digits that are no figure: periods, the standard, days, ranks' sets
    r"\d{4}年(1-)?\d*月?末?|20\d\d( to the end of \w+)?|\w+ 20\d\d|GB/T 4754-2017|\d{4}-\d\d-\d\d"
)


_ABSENT = "There are no data on", "not among the published figures", " is withheld: "


def told(of: Bulletin, language: Language) -> Iterator[str]:
    for section in of.sections:
        for paragraph in section.paragraphs:
            for sentence in paragraph:
                yield sentence.text(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_mark_the_same_notes(own: Bulletin, language: Language) -> None:
    marks = [n for text in told(own, language) for _, n in pieces(text) if n is not None]
    assert set(marks) == {note.number for note in own.notes}
    assert [note.number for note in own.notes] == list(range(1, len(own.notes) + 1))


def test_a_sentence_with_a_figure_has_a_note(own: Bulletin, everybodys: Bulletin) -> None:
    """But for counts of cells that the sentence before it told of, and the notes on the data."""
    for made in (own, everybodys):
        for section in made.sections[:-1]:
            for paragraph in section.paragraphs:
                texts = [sentence.text("en") for sentence in paragraph]
                for text in texts:
                    figures = _FIGURE.search(_OF_ITSELF.sub("", text))
                    counted = text.startswith(("It rose in", "The figures of"))
                    absent = any(part in text for part in _ABSENT)
                    if figures and not counted and not absent:
                        assert any(n is not None for _, n in pieces(text)), text


def test_every_note_names_a_command_that_makes_the_figure_again(
    town: Lake, own: Bulletin, everybodys: Bulletin, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = {note.command for made in (own, everybodys) for note in made.notes}
    assert len(commands) > 15
    for command in sorted(commands):
        words = shlex.split(command)
        assert words[0] == "ballast"
        assert run([*words[1:], "--home", str(town.home.path)]) == 0, command
        assert capsys.readouterr().out.strip()


def test_the_public_bulletin_holds_no_figure_that_the_cube_does_not_publish(
    town: Lake, everybodys: Bulletin, own: Bulletin
) -> None:
    sealed = public(town)
    assert (sealed["status"] == "suppressed").any()
    assert all("--public" in note.command for note in everybodys.notes)
    assert everybodys.open_to_all
    assert not own.open_to_all
    assert all("--public" not in n.command or "policy pool" in n.command for n in own.notes)
    withheld = [text for text in told(everybodys, "en") if "withheld" in text]
    assert withheld


def test_where_the_largest_may_be_withheld_no_sentence_calls_another_the_largest_of_all(
    everybodys: Bulletin,
) -> None:
    for section in everybodys.sections:
        texts = [s.text("en") for paragraph in section.paragraphs for s in paragraph]
        of_others = any("what follows is of the others" in text for text in texts)
        for text in texts:
            if text.startswith("The largest,"):
                assert of_others
        for chart in section.charts:
            assert "of those published" in chart.title.text("en")


def test_a_month_that_nobody_reported_is_refused_with_those_there_are(town: Lake) -> None:
    with pytest.raises(NotFound, match=r"they go from .*2025.* to .*2026"):
        bulletin(town, SEALER, "371500", today=TODAY, period=Period.parse("2026-09"))


def test_months_of_the_public_are_those_sealed(town: Lake) -> None:
    assert [str(p) for p in months(town, SEALER)] == [
        "2025-02ytd", "2025-03ytd", "2026-02ytd", "2026-03ytd",
    ]  # fmt: skip
    assert set(months(town, PUBLIC)) <= set(months(town, SEALER))


def test_a_first_month_has_levels_and_no_growth(town: Lake) -> None:
    made = bulletin(town, SEALER, "371500", today=TODAY, period=Period.parse("2025-03"))
    text = " ".join(told(made, "en"))
    assert "Gross output of above-scale industry came to CNY" in text
    assert "on a year before" not in text.replace("“on a year before”", "")
