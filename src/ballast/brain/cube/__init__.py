"""The sealed cube: what anyone may know of what enterprises reported, decided once a vintage.

A question that is suppressed by itself leaks through the next one: the year to
date less the one before it, a ratio times its denominator, a second vintage.
So all cells of all linked tables are decided together (``sealing``), written
as one vintage, and whoever has no right to unit data reads that and nothing
else (``reading``).
"""
