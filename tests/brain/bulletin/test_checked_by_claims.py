"""The reader of claims checks the prose of the bulletin: all of it holds, nothing altered does.

Two parts of the product that share no code but the figures: the one writes the month's report,
the other reads any text. What they disagree on is a fault of one of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from tests.brain.bulletin.conftest import TODAY
from tests.brain.cube.world import SEALER

from ballast.brain.bulletin.shape import Bulletin, plain
from ballast.brain.claims.answers import Checked, Verdict
from ballast.brain.claims.checking import check
from ballast.brain.claims.reading import statements
from ballast.brain.claims.statement import Span, Statement
from ballast.brain.claims.vocabulary import Vocabulary, vocabulary
from ballast.lake.lake import Lake
from ballast.terms.label import LANGUAGES, Language
from ballast.terms.viewer import PUBLIC, Viewer

# Its answers are made once, in one worker.
pytestmark = pytest.mark.xdist_group("bulletin")

HOME = "371500"
_NOWHERE = Span(0, 0)
_TURNS = {
    "增长": "下降", "下降": "增长", "提高": "下降", "拉动": "下拉", "下拉": "拉动",
    "up": "down", "down": "up", "gave": "took", "took": "gave",
}  # fmt: skip
_SAME = {"持平": "增长0.1%", "unchanged": "up 0.1%"}
_VERB = re.compile(r"(拉动|下拉)(?:(?!拉).){0,12}?增长$|(增长|下降|提高)$|\b(up|down|gave|took) $")


@dataclass(frozen=True)
class Altered:
    """One figure of the prose, changed: which, how it reads now, and what is read."""

    number: int
    text: str
    statement: Statement


@dataclass(frozen=True)
class Read:
    """The prose of a bulletin in one language: its paragraphs, its statements, altered ones."""

    said: tuple[str, ...]
    statements: tuple[Statement, ...]
    altered: tuple[Altered, ...]


def paragraphs(of: Bulletin, language: Language) -> Iterator[str]:
    for section in of.sections:
        for sentences in section.paragraphs:
            between = "" if language == "zh" else " "
            yield between.join(plain(sentence.text(language)) for sentence in sentences)


def alterations(text: str, span: Span) -> Iterator[str]:
    """Yield a text with one figure changed: its last digit, its first, its direction."""
    figure = text[span.start : span.end]
    if figure in _SAME:
        yield text[: span.start] + _SAME[figure] + text[span.end :]
    places = [at for at, sign in enumerate(figure) if sign.isdigit()]
    for at in {places[-1], places[0]} if places else ():
        digit = int(figure[at])
        other = str(8 if digit == 9 and at == places[0] else (digit + 1) % 10)
        yield text[: span.start] + figure[:at] + other + figure[at + 1 :] + text[span.end :]
    verb = _VERB.search(text, max(0, span.start - 24), span.start)
    if verb is not None:
        group = next(n for n in (1, 2, 3) if verb[n])
        start, end = verb.span(group)
        yield text[:start] + _TURNS[verb[group]] + text[end:]


def bare(one: Statement) -> Statement:
    """Return a statement without where it stands and how its clause reads."""
    return replace(one, span=_NOWHERE, sentence=_NOWHERE, words="")


def read(of: Bulletin, language: Language, known: Vocabulary) -> Read:
    said: list[str] = []
    found: list[Statement] = []
    altered: list[Altered] = []
    for text in paragraphs(of, language):
        before = statements(text, written=TODAY, known=known)
        for number, one in enumerate(before):
            for other in alterations(text, one.span):
                after = statements(other, written=TODAY, known=known)
                assert len(after) == len(before), other
                pairs = zip(before, after, strict=True)
                changed = [n for n, (a, b) in enumerate(pairs) if bare(a) != bare(b)]
                assert changed == [number], other
                altered.append(Altered(len(found) + number, other, after[number]))
        said += [text[one.span.start : one.span.end] for one in before]
        found += before
    return Read(tuple(said), tuple(found), tuple(altered))


@dataclass(frozen=True)
class Answered:
    """What was read of a bulletin in one language, with the answers."""

    read: Read
    answers: tuple[Checked, ...]
    of_altered: tuple[Checked, ...]

    @property
    def unanswered(self) -> list[tuple[str, str]]:
        """Kind and words of the statements that cannot be checked."""
        pairs = zip(self.answers, self.read.said, strict=True)
        return [
            (one.statement.kind.value, said)
            for one, said in pairs
            if one.verdict is Verdict.UNCHECKED
        ]


def answered(town: Lake, viewer: Viewer, of: Bulletin) -> dict[Language, Answered]:
    """Return all answers of a bulletin; asked at once, since a figure is then read once."""
    known = vocabulary(town, viewer, HOME)
    texts = {language: read(of, language, known) for language in LANGUAGES}
    every = [
        one
        for text in texts.values()
        for one in (*text.statements, *(each.statement for each in text.altered))
    ]
    answers = iter(check(town, viewer, every, TODAY, home=HOME))
    return {
        language: Answered(
            text,
            tuple(next(answers) for _ in text.statements),
            tuple(next(answers) for _ in text.altered),
        )
        for language, text in texts.items()
    }


@pytest.fixture(scope="module")
def bureaus(town: Lake, own: Bulletin) -> dict[Language, Answered]:
    return answered(town, SEALER, own)


@pytest.fixture(scope="module")
def anyones(town: Lake, everybodys: Bulletin) -> dict[Language, Answered]:
    return answered(town, PUBLIC, everybodys)


@pytest.fixture(params=["bureaus", "anyones"])
def both(request: pytest.FixtureRequest) -> dict[Language, Answered]:
    found: dict[Language, Answered] = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_statement_of_the_bulletin_fails_and_most_hold(
    both: dict[Language, Answered], language: Language
) -> None:
    found = both[language]
    verdicts = Counter(one.verdict for one in found.answers)
    failing = [
        said
        for one, said in zip(found.answers, found.read.said, strict=True)
        if one.verdict is Verdict.FAILS
    ]
    assert not failing
    assert verdicts[Verdict.HOLDS] >= 0.8 * len(found.answers) > 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_altered_is_caught_where_the_true_one_is_answered(
    both: dict[Language, Answered], language: Language
) -> None:
    """But where figures are withheld: a count of other places than those seen may be right."""
    found = both[language]
    missed, caught, withheld = [], 0, 0
    for altered, answer in zip(found.read.altered, found.of_altered, strict=True):
        true = found.answers[altered.number]
        if true.verdict is Verdict.UNCHECKED:
            assert answer.verdict is not Verdict.HOLDS, altered.text
        elif answer.verdict is Verdict.FAILS:
            caught += 1
        elif altered.statement.of != true.statement.of and _is_withheld(answer):
            withheld += 1
        else:
            missed.append((answer.verdict.value, altered.text))
    assert not missed
    assert caught > 25
    assert withheld <= 1


def _is_withheld(answer: Checked) -> bool:
    return answer.verdict is Verdict.UNCHECKED and "withheld" in str(answer.reason)


UNANSWERED = {
    ("bureaus", "zh"): {"level": 2},
    ("bureaus", "en"): {"level": 2, "distance": 1},
    ("anyones", "zh"): {"level": 1},
    ("anyones", "en"): {"level": 1},
}


@pytest.mark.parametrize(("whose", "language"), UNANSWERED)
def test_what_cannot_be_checked_is_counted_by_kind(
    request: pytest.FixtureRequest, whose: str, language: Language
) -> None:
    """How many of those asked reported, and of how many divisions figures are withheld."""
    found: dict[Language, Answered] = request.getfixturevalue(whose)
    unanswered = found[language].unanswered
    assert Counter(kind for kind, _ in unanswered) == UNANSWERED[whose, language], unanswered


_NO_FIGURE = re.compile(
    r"GB/T 4754-2017|20\d\d-\d\d-\d\d|近 30 天|last 30 days|\d{4}年(?:1-)?(?:\d{1,2}月)?|20\d\d"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_the_prose_is_read(
    town: Lake, own: Bulletin, everybodys: Bulletin, language: Language
) -> None:
    """But times, the standard's number and the days an indicator has in its name."""
    known = vocabulary(town, SEALER, HOME)
    for text in (*paragraphs(own, language), *paragraphs(everybodys, language)):
        left = list(text)
        for one in statements(text, written=TODAY, known=known):
            left[one.span.start : one.span.end] = " " * (one.span.end - one.span.start)
        rest = _NO_FIGURE.sub("", "".join(left))
        assert not re.search(r"\d|持平|unchanged", rest), rest
