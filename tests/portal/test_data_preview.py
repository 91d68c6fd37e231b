"""What a file would do: its table, headers not understood, each wrong cell in place."""

from __future__ import annotations

from pathlib import Path

import pytest

from ballast.errors import Refused, WrongColumns
from ballast.lake.lake import Lake
from ballast.lake.loading import load_file
from ballast.portal.data_faults import fault_html
from ballast.portal.data_mapping import free_columns
from ballast.portal.data_preview import preview
from ballast.portal.data_work import Asked
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.viewer import operator

CODE = with_check_character("91371500MA0000000")
OTHER = with_check_character("91371500MA0000001")
LOADER = operator("loader")
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "home")


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "in.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def reports(tmp_path: Path) -> Path:
    return written(
        tmp_path,
        "统一社会信用代码,月份,规上,工业总产值（万元）,从业人员,纳税合计",
        f"{CODE},2026-05,是,100.5,30,9",
        f"{OTHER},2026-05,{HOSTILE},=1+1,-3,9",
        f"{CODE[:-1]}?,2026-05,是,1,1,9",
    )


def test_the_table_is_the_one_most_headers_fit(lake: Lake, tmp_path: Path) -> None:
    found = preview(lake, reports(tmp_path))
    assert found.table == "enterprise_period"
    best = found.guesses[0]
    assert (best.table, best.matched, best.headers, best.missing) == ("enterprise_period", 5, 6, 0)
    assert [one.matched for one in found.guesses] == sorted(
        (one.matched for one in found.guesses), reverse=True
    )


def test_a_wrong_cell_stands_among_its_neighbours(lake: Lake, tmp_path: Path) -> None:
    found = preview(lake, reports(tmp_path))
    assert (found.accepted, found.refused) == (1, 2)
    flag = next(one for one in found.wrong if one.issue.found == HOSTILE)
    assert flag.issue.row == 3
    assert [(cell.letters, cell.wrong) for cell in flag.cells] == [
        ("A", False),
        ("B", False),
        ("C", True),
        ("D", False),
        ("E", False),
    ]
    assert flag.cells[3].text == "=1+1"
    first = next(one for one in found.wrong if one.issue.row == 4)
    assert [cell.letters for cell in first.cells] == ["A", "B", "C", "D", "E"]
    assert first.cells[0].wrong


def test_what_a_cell_holds_is_never_markup(lake: Lake, tmp_path: Path) -> None:
    found = preview(lake, reports(tmp_path))
    page = "".join(str(fault_html(one, "en")) for one in found.wrong)
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "write 是 or 否" in page


def test_the_preview_says_what_the_load_then_does(lake: Lake, tmp_path: Path) -> None:
    path = reports(tmp_path)
    found = preview(lake, path)
    report = load_file(lake, found.table, path, LOADER)
    assert (report.accepted, report.refused) == (found.accepted, found.refused)
    assert report.issues == tuple(one.issue for one in found.wrong)
    assert report.notes == found.notes
    assert report.refused_file is not None


def test_a_header_that_is_not_understood_can_be_said_and_is_remembered(
    lake: Lake, tmp_path: Path
) -> None:
    path = reports(tmp_path)
    found = preview(lake, path)
    assert [(one.key, one.examples) for one in found.strange] == [("纳税合计", ("9", "9", "9"))]
    free = free_columns(found, Asked(found.table), "zh")
    assert "tax_1e4_cny" in free
    assert "output_1e4_cny" not in free
    given = {"纳税合计": "tax_1e4_cny"}
    again = preview(lake, path, name=found.table, given=given)
    assert again.strange == ()
    assert again.matched["tax_1e4_cny"] == "纳税合计"
    load_file(lake, found.table, path, LOADER, given=given)
    assert preview(lake, path).strange == ()


def test_a_missing_column_is_asked_for_before_anything_is_checked(
    lake: Lake, tmp_path: Path
) -> None:
    path = written(tmp_path, "统一社会信用代码,哪个月,规上,产值", f"{CODE},2026-05,是,1")
    found = preview(lake, path, name="enterprise_period")
    assert found.missing == ("period",)
    assert not found.loads
    assert next(iter(free_columns(found, Asked(found.table), "en"))) == "period"
    mended = preview(lake, path, name="enterprise_period", given={"哪个月": "period"})
    assert (mended.missing, mended.accepted) == ((), 1)


def test_two_headers_for_one_column_are_a_fault_that_can_be_settled(
    lake: Lake, tmp_path: Path
) -> None:
    path = written(tmp_path, "信用代码,月份,规上,产值,总产值", f"{CODE},2026-05,是,1,2")
    found = preview(lake, path, name="enterprise_period")
    assert isinstance(found.fault, WrongColumns)
    assert {one.key for one in found.strange} >= {"产值", "总产值"}
    settled = preview(lake, path, name="enterprise_period", given={"总产值": "output_1e4_cny"})
    assert settled.fault is None
    assert settled.accepted == 1


def test_refused_rows_that_were_mended_load_without_questions(lake: Lake, tmp_path: Path) -> None:
    report = load_file(lake, "enterprise_period", reports(tmp_path), LOADER)
    assert report.refused_file is not None
    text = report.refused_file.read_text(encoding="utf-8-sig")
    mended = text.replace(f"{CODE[:-1]}?", CODE).replace("2026-05", "2026-04")
    mended = mended.replace(HOSTILE, "否").replace("'=1+1", "2").replace("=1+1", "2")
    path = tmp_path / "mended.csv"
    path.write_text(mended.replace("'-3", "3").replace("-3,", "3,"), encoding="utf-8")
    found = preview(lake, path)
    assert (found.accepted, found.refused) == (2, 0), [o.issue.text("en") for o in found.wrong]
    assert {one.key for one in found.strange} == {"纳税合计"}


def test_a_file_that_fits_no_table_is_refused_with_its_headers(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="天气, 心情"):
        preview(lake, written(tmp_path, "天气,心情", "晴,好"))


def test_nothing_is_changed_by_looking(lake: Lake, tmp_path: Path) -> None:
    path = reports(tmp_path)
    before = sorted(str(p) for p in lake.home.path.rglob("*"))
    preview(lake, path)
    assert sorted(str(p) for p in lake.home.path.rglob("*")) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home", "in.csv"]
