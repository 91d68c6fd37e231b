"""Successions, against changes that the State Council approved."""

from __future__ import annotations

import pytest

from ballast.terms.region_changes import forerunner, heir
from ballast.terms.region_list import newest_name, tenures_by_code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("371523", "371503"),  # 茌平县 became 茌平区 (2019)
        ("372500", "371500"),  # 聊城地区 became 聊城市 (1997)
        ("372524", "371523"),  # and its counties got new codes
        ("370125", "370115"),  # 济阳县 became 济阳区 (2018)
        ("370282", "370215"),  # 即墨市 became 即墨区 (2017)
        ("110228", "110118"),  # 密云县 became 密云区 (2015), from 1102 to 1101
        ("220381", "220184"),  # 公主岭市 went from 四平 to 长春 (2020)
        ("152128", "150724"),  # 鄂温克族自治旗, when 呼伦贝尔盟 became a city (2001)
    ],
)
def test_a_known_change_is_found_in_both_directions(old: str, new: str) -> None:
    assert heir(old) == new
    assert forerunner(new) == old


@pytest.mark.parametrize(
    "code",
    ["110103", "371503", "370000", "000000", "152700", "140202", "371501", "412502"],
)  # merged under another name; in force; named after no place (城区, 市辖区); or two could follow
def test_where_nothing_stands_out_there_is_no_successor(code: str) -> None:
    assert heir(code) is None


def test_no_two_codes_share_a_successor() -> None:
    followed = [after for code in tenures_by_code() if (after := heir(code)) is not None]
    assert len(followed) == len(set(followed)) > 2000


def test_a_successor_begins_in_the_year_in_which_the_code_ends() -> None:
    for code, tenures in tenures_by_code().items():
        after = heir(code)
        if after is not None:
            assert tenures[-1].until == tenures_by_code()[after][0].since
            assert newest_name(after)
