"""Nouns that check themselves: industries, periods, units, enterprise codes.

No lake and no file is needed: the terms stand on their own.
"""

from __future__ import annotations

from decimal import Decimal

from ballast.errors import InvalidTerm
from ballast.terms.enterprise_code import parse_uscc, with_check_character
from ballast.terms.industry import industry, roll_up
from ballast.terms.period import Period
from ballast.terms.scheme import IndustryLevel
from ballast.terms.unit import convert, parse_unit

bearings = industry("3451")
print(bearings.code, bearings.label.zh, "in division", roll_up("3451", IndustryLevel.DIVISION))

to_may = Period.parse("2026年1-5月")
print(to_may, "ends on", to_may.end, "and compares with", to_may.same_period_last_year())

print("1.5 亿元 =", convert(Decimal("1.5"), parse_unit("亿元"), parse_unit("万元")), "万元")

code = with_check_character("91371500MA3C0FFEE")
try:
    parse_uscc(code[:-1] + ("0" if code[-1] != "0" else "1"))
except InvalidTerm as refused:
    print(refused)
