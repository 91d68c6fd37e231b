"""What a text claims in figures, and what the figures of the house say to it.

Rules and dictionaries rather than a model: a reader of a report must be able
to ask why a sentence was read so, an alteration of one digit must be seen
every time, and a text of the bureau leaves the house to nobody. What the rules
do not know is named as such; it is never guessed.

A text becomes `statements` (``reading``, pure) and each of these is answered
(``checking``): it holds, it does not, or it cannot be checked and why.
"""
