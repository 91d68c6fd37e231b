"""A text becomes statements: the door of the reader.

Pure: the text, the day on which it was written and the names that are known go
in, statements come out, each with its place in the text as it was given.
"""

from __future__ import annotations

from datetime import date

from ballast.brain.claims.assembling import Found, assembled
from ballast.brain.claims.line import Context
from ballast.brain.claims.mending import Mended, mended
from ballast.brain.claims.statement import Span, Statement
from ballast.brain.claims.tokens import sentences, tokens
from ballast.brain.claims.vocabulary import Vocabulary

__all__ = ["statements"]


def statements(text: str, *, written: date, known: Vocabulary) -> tuple[Statement, ...]:
    """Return what a text states in figures, ranks and counts, in the order of the text.

    Parameters
    ----------
    text
        Chinese or English, simplified, traditional, or damaged by conversion.
    written
        The day on which it was written: what 去年 and 上半年 are, and what is still to come.
    known
        The names of places, clusters and enterprises.

    Examples
    --------
    >>> home = Vocabulary("371500")
    >>> text = "上半年全市規上工業營業收入同比增長7.8%。"
    >>> found = statements(text, written=date(2026, 7, 10), known=home)
    >>> [(s.kind.value, s.subject.key, str(s.amount.low), str(s.period)) for s in found]
    [('growth', 'revenue', '7.8', '2026H1')]
    """
    whole = mended(text)
    made: list[Statement] = []
    context = Context()
    for start, end, fresh in sentences(whole.text):
        if fresh:  # a paragraph starts: only who speaks goes on
            context = Context(enterprise=context.enterprise)
        found, context = assembled(
            tokens(whole.text[start:end], written, known), known, context, written
        )
        made += [_statement(one, whole, start, end) for one in found]
    return tuple(made)


def _statement(found: Found, whole: Mended, start: int, end: int) -> Statement:
    said = whole.text[start:end]
    lead = start + len(said) - len(said.lstrip())
    return Statement(
        span=Span(*whole.given(start + found.start, start + found.end)),
        sentence=Span(*whole.given(lead, end)),
        words=said[slice(*found.clause)].strip(" ，,。；;:：\n"),
        **found.values,
    )
