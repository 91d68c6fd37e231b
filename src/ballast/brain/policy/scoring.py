"""Points as intervals: what is known, what experts may give, what a missing fact leaves open.

One number would be easier to print, and wrong: of the hundred points of a
high-tech application experts give forty, and an enterprise that is told "68"
neither knows that it may pass nor that it may fail.

- bands: the points of the first band, from the top, that the quantity falls into (a value at a
  boundary takes the higher one, ``above`` excepted; both within the tolerance); in none: 0.
  Unknown or undefined: from the least to the most points of all bands (0 among them where no band
  is for the rest);
- first: the points of the first condition that is met; one that is unknown or for people leaves
  its own points and all that come after it possible; one that is unmet or does not apply is passed;
- capped: the points of all that are met; what is unknown or for people adds to the upper end;
  both ends are cut at the cap;
- per: ``points`` for each full ``each`` (floor(q / each + 5e-10), never below 0), cut at the cap;
  ``each`` is in the unit of the facts; unknown: from 0 to the cap;
- expert: what the fact says experts gave, where it is within the ends; else both ends;
- best: the greatest lower end and the greatest upper end of its parts.

An item is *open* where a missing or undefined fact made it wide (low below
high). Best is open where a part is open whose upper end is above best's lower
end. A group's ends are sums, cut at its cap; it is open where it is wide and
an item is open; the total is open where a group is.
"""

from __future__ import annotations
