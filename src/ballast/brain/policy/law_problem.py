"""What is wrong with a file of the law, and where: one fault, its file, its line, what to do.

An exception names one fault; whoever edits a law wants all of them, in the
order of the file, before the next try.
"""

from __future__ import annotations

from dataclasses import dataclass

from ballast.terms.label import Language
from ballast.words import Sentence, say

__all__ = ["Problem"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a law.

    Parameters
    ----------
    file
        The name of the file.
    line
        From 1; None where it is of the file as a whole.
    sentence
        What is wrong and what to do.
    grave
        Whether the law cannot be used with it; else it is worth a look.
    """

    file: str
    line: int | None
    sentence: Sentence
    grave: bool = True

    def text(self, language: Language) -> str:
        """Return the fault as one line.

        Examples
        --------
        >>> said = Sentence("“{key}” means nothing here; take it out", {"key": "ide"})
        >>> Problem("little_giant.yaml", 12, said).text("en")
        'little_giant.yaml, line 12: “ide” means nothing here; take it out'
        """
        said = self.sentence.text(language)
        if self.line is None:
            return say("in {file}: {fault}", language, file=self.file, fault=said)
        return say(
            "{file}, line {line}: {fault}", language, file=self.file, line=self.line, fault=said
        )
