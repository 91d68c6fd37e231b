"""What is right by every rule and still looks wrong: said, never refused.

A spreadsheet takes a code for a number and drops its leading zero: 0610
becomes 610. Some of what is left is another code (0111 and 111 both exist),
so no rule can refuse it; only the company that it keeps gives it away.
"""

from __future__ import annotations

import polars as pl

from ballast.lake.declare import Kind, Table
from ballast.terms import industry as industries
from ballast.terms.scheme import IndustryScheme
from ballast.words import Sentence

_NAMED = 8


def lost_zeros(declared: Table, frame: pl.DataFrame) -> list[Sentence]:
    """Return a word of doubt where codes look as if they had lost a leading zero.

    Parameters
    ----------
    declared
        The table.
    frame
        Its rows that are right.

    Returns
    -------
    list of Sentence
        One for each column of industries in which a code stands among longer
        ones and would be one of them with a zero before it.

    Examples
    --------
    >>> from ballast.lake.tables import table
    >>> rows = {"industry_scheme": "gbt4754-2017", "industry": ["111", "3452"]}
    >>> [doubt] = lost_zeros(table("project"), pl.DataFrame(rows))
    >>> doubt.values["codes"]
    '111'
    """
    doubts = []
    for column in declared:
        scheme = column.scheme_column
        if column.kind is not Kind.INDUSTRY or scheme not in frame.columns:
            continue
        national = frame.filter(pl.col(scheme) == IndustryScheme.GBT4754_2017.value)
        codes = set(national[column.name].drop_nulls().to_list())
        lengths = {len(code) for code in codes if code.isdigit()}
        lost = sorted(
            code
            for code in codes
            if code.isdigit() and len(code) + 1 in lengths and industries.exists(f"0{code}")
        )
        # Where all three levels are given, a code of each length is to be expected.
        if lost and len(lengths) == 2 and not _is_tree(codes):
            doubts.append(
                Sentence(
                    "{column}: {codes} stand among longer codes; if a leading zero was lost "
                    "(0{first}), load it again with the codes as text.",
                    {
                        "column": column.label,
                        "codes": ", ".join(lost[:_NAMED]) + (" …" if lost[_NAMED:] else ""),
                        "first": lost[0],
                    },
                )
            )
    return doubts


def _is_tree(codes: set[str]) -> bool:
    """Return whether most of the longer codes stand with the one above them: levels on purpose."""
    longest = max(len(code) for code in codes)
    long = [code for code in codes if len(code) == longest]
    return 2 * sum(code[:-1] in codes for code in long) > len(long)
