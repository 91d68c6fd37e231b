"""US County Business Patterns: employment and establishments by area and NAICS industry.

The file carries every NAICS level at once, totals beside their parts. A sum
over it would count a person five times, so a load takes one level and its
note says which, and what share of all employment that level holds. Dropping
the levels silently, or keeping them for measures to sort out, would make
every later sum wrong by default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from ballast.errors import RefusedRows, WrongUsage
from ballast.lake.recipes.opening import (
    check_columns,
    check_filled,
    check_unique,
    read_parquet,
    typed,
    whole_numbers,
    year_of,
)
from ballast.lake.recipes.recipe import Recipe, RecipeFrames
from ballast.terms.label import Label
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme
from ballast.words import Sentence

COLUMNS = (
    "metro_code",
    "metro_name",
    "metro_type",
    "naics",
    "naics_level",
    "employment",
    "establishments",
)

LEVELS: dict[str, IndustryLevel] = {
    "0": IndustryLevel.TOTAL,
    "2": IndustryLevel.NAICS2,
    "3": IndustryLevel.NAICS3,
    "4": IndustryLevel.NAICS4,
    "5": IndustryLevel.NAICS5,
    "6": IndustryLevel.NAICS6,
}

# Three NAICS sectors span several two-digit codes.
SPANNING_SECTORS = {
    "31": "31-33",
    "32": "31-33",
    "33": "31-33",
    "44": "44-45",
    "45": "44-45",
    "48": "48-49",
    "49": "48-49",
}
CODE_OF_LEVEL = {
    0: r"^00$",
    2: r"^[1-9]\d(-\d\d)?$",
    **{digits: rf"^\d{{{digits}}}$" for digits in (3, 4, 5, 6)},
}
PARENT_LEVEL = {6: 5, 5: 4, 4: 3, 3: 2, 2: 0}


def _parent_code(level: int) -> pl.Expr:
    if level == 2:
        return pl.lit("00")
    if level == 3:
        return pl.col("naics").str.head(2).replace(SPANNING_SECTORS)
    return pl.col("naics").str.head(level - 1)


def check_levels(path: Path, frame: pl.DataFrame) -> None:
    """Refuse a code whose digits are not those of its level.

    Counting characters puts sector 31-33 at level 5; a level that is wrong
    would count its persons twice.

    Raises
    ------
    RefusedRows
        Naming the first such row.
    """
    fits = pl.any_horizontal(
        (pl.col("naics_level") == level) & pl.col("naics").str.contains(pattern)
        for level, pattern in CODE_OF_LEVEL.items()
    )
    wrong = frame.with_row_index("row", offset=1).filter(~fits)
    if wrong.height:
        raise RefusedRows(
            "{path}, row {row}: NAICS {industry} is not a code of level {level}; give the level "
            "as 0 (total), 2 (sectors, 31-33 among them) or the number of digits",
            path=path,
            row=wrong["row"][0],
            industry=wrong["naics"][0],
            level=wrong["naics_level"][0],
        )


def check_nesting(path: Path, frame: pl.DataFrame) -> None:
    """Refuse a file in which parts exceed their whole.

    Parts may fall short of it: cells with fewer than three establishments
    are not published.

    Parameters
    ----------
    path
        For the message.
    frame
        The file's columns; levels that it does not hold are not compared.

    Raises
    ------
    RefusedRows
        Naming area, industry, both amounts and the excess.
    """
    levels = set(frame["naics_level"].unique())
    for level, above in PARENT_LEVEL.items():
        if level not in levels or above not in levels:
            continue
        parts = (
            frame.filter(pl.col("naics_level") == level)
            .group_by("metro_code", _parent_code(level).alias("parent"))
            .agg(pl.col("employment").sum(), pl.col("establishments").sum())
        )
        whole = frame.filter(pl.col("naics_level") == above).select(
            "metro_code",
            pl.col("naics").alias("parent"),
            pl.col("employment", "establishments").name.suffix("_whole"),
        )
        both = parts.join(whole, on=["metro_code", "parent"], how="left").sort(
            "metro_code", "parent"
        )
        for item in ("employment", "establishments"):
            # A whole that is absent counts as nothing: its parts cannot be there without it.
            allowed = pl.col(f"{item}_whole").fill_null(0)
            for code, parent, summed, of in (
                both.filter((pl.col(item) > allowed) | pl.col(f"{item}_whole").is_null())
                .select("metro_code", "parent", item, allowed)
                .iter_rows()
            ):
                raise RefusedRows(
                    "{path}: area {area}, NAICS {industry}: its parts at level {level} have "
                    "{summed} in {item}, the whole has {whole}: {excess} too many; get the file "
                    "again from its source",
                    path=path,
                    area=code,
                    industry=parent,
                    level=level,
                    item=item,
                    summed=summed,
                    whole=of,
                    excess=summed - of,
                )


def _checked(path: Path) -> pl.DataFrame:
    frame = read_parquet(path)
    check_columns(path, frame.columns, COLUMNS)
    check_filled(path, frame, COLUMNS, 1)
    frame = frame.with_columns(
        pl.col("metro_code", "metro_name", "metro_type", "naics").cast(pl.String),
        *(
            whole_numbers(path, frame, column, 1)
            for column in ("naics_level", "employment", "establishments")
        ),
    )
    check_unique(path, frame, ["metro_code", "naics", "naics_level"], 1)
    check_levels(path, frame)
    check_nesting(path, frame)
    return frame


def _regions(path: Path, frame: pl.DataFrame) -> pl.DataFrame:
    areas = frame.select("metro_code", "metro_name", "metro_type").unique().sort("metro_code")
    twice = areas.filter(pl.col("metro_code").is_duplicated())
    if twice.height:
        raise RefusedRows(
            "{path}: area {area} has two names or kinds: {names}; get the file again from its "
            "source",
            path=path,
            area=twice["metro_code"][0],
            names="; ".join(
                f"{name} ({kind})" for code, name, kind in twice.iter_rows()
                if code == twice["metro_code"][0]
            ),
        )  # fmt: skip
    return areas.select(
        pl.lit(RegionScheme.US_CBSA.value).alias("region_scheme"),
        pl.col("metro_code").alias("region"),
        pl.col("metro_name").alias("name"),
        pl.col("metro_name").alias("name_en"),
        pl.col("metro_type").alias("region_kind"),
    )


def _sentences(frame: pl.DataFrame, level: str, rows: pl.DataFrame) -> tuple[Sentence, ...]:
    total = frame.filter(pl.col("naics_level") == 0)["employment"].sum()
    held = int(rows["employment"].sum())
    if not total:
        return (
            Sentence(
                "NAICS level {level} alone is loaded: {industries} industries in {areas} areas, "
                "{held} persons employed; the file has no total to compare them with.",
                {
                    "level": level,
                    "industries": rows["naics"].n_unique(),
                    "areas": rows["metro_code"].n_unique(),
                    "held": f"{held:,}",
                },
            ),
        )
    return (
        Sentence(
            "NAICS level {level} alone is loaded: {industries} industries in {areas} areas, "
            "{held} persons employed, {share} % of the total of {total}; cells with fewer than "
            "three establishments are not published, so an absent cell is not zero.",
            {
                "level": level,
                "industries": rows["naics"].n_unique(),
                "areas": rows["metro_code"].n_unique(),
                "held": f"{held:,}",
                "share": f"{100 * held / total:.1f}",
                "total": f"{total:,}",
            },
        ),
    )


def _industries(rows: pl.DataFrame, level: str, year: str) -> pl.DataFrame:
    return rows.select(
        pl.lit(RegionScheme.US_CBSA.value).alias("region_scheme"),
        pl.col("metro_code").alias("region"),
        pl.lit(IndustryScheme.NAICS_2017.value).alias("industry_scheme"),
        pl.lit(LEVELS[level].value).alias("industry_level"),
        pl.col("naics").alias("industry"),
        pl.lit(year).alias("period"),
        pl.col("employment").alias("employment_persons"),
        pl.col("establishments"),
        pl.lit("reported").alias("basis"),
        pl.lit(f"US Census Bureau, County Business Patterns {year}").alias("source"),
    )


def read(paths: Sequence[Path], options: Mapping[str, str]) -> RecipeFrames:
    """Return the areas, and one NAICS level of their industries.

    Parameters
    ----------
    paths
        The Parquet file.
    options
        ``level`` 0 or 2 to 6 (6), ``year`` (from the file name).

    Returns
    -------
    RecipeFrames
        ``region`` and ``region_industry``; persons and establishments as counts.

    Raises
    ------
    WrongUsage
        If an option is no level or no year.
    UnreadableFile, WrongColumns, RefusedRows
        If the file is damaged, has other columns, empty or doubled rows, or
        parts that exceed their whole.
    """
    (path,) = paths
    level = options.get("level", "6")
    if level not in LEVELS:
        raise WrongUsage(
            "level={level}: there is no such NAICS level; write one of {known}",
            level=level,
            known=", ".join(LEVELS),
        )
    year = year_of(path, options)
    frame = _checked(path)
    rows = frame.filter(pl.col("naics_level") == int(level))
    if rows.is_empty():
        raise RefusedRows(
            "{path}: holds no rows at NAICS level {level}; it holds the levels {known}",
            path=path,
            level=level,
            known=", ".join(str(n) for n in sorted(frame["naics_level"].unique())),
        )
    return RecipeFrames(
        {
            "region": typed("region", _regions(path, frame)),
            "region_industry": typed("region_industry", _industries(rows, level, year)),
        },
        _sentences(frame, level, rows),
    )


US_CBP = Recipe(
    name="us-cbp",
    label=Label("美国县域商业模式", "US County Business Patterns"),
    meaning=Label(
        "美国人口普查局县域商业模式：各都市区、小都市区按 NAICS 2017 行业的从业人员与单位数。"
        "只装入一个层级，各层级不可相加。",
        "US Census Bureau: employment and establishments of metropolitan and micropolitan areas "
        "by NAICS 2017 industry. One level is loaded; levels must not be added up.",
    ),
    files=(
        Label(
            "Parquet 文件，列：" + "、".join(COLUMNS), "Parquet with columns " + ", ".join(COLUMNS)
        ),
    ),
    options={
        "level": Label(
            "NAICS 层级：0（合计）或 2 至 6 位；缺省 6", "NAICS level: 0 (total), 2 to 6; default 6"
        ),
        "year": Label("数据年份；缺省取自文件名", "year of the data; default: from the file name"),
    },
    tables=("region", "region_industry"),
    reader=read,
)
