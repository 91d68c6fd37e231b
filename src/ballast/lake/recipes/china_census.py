"""Employment of Chinese counties by section, Seventh National Population Census, 2020.

The census publishes shares per county, not counts; a nation or a province
can only be added up from counts. They are estimated here, once and marked,
rather than in each measure that needs a weight.

The share of residents aged 15 and over is not in the files. The national
share, 82.05 %, stands for every county: 1 − 17.95 % aged 0–14, Communiqué
of the Seventh National Population Census No. 5 (National Bureau of
Statistics, 2021). One factor for all counties cancels in every share and in
every location quotient; it matters for the level of the counts alone. (The ratio is of
residents aged 16 and over: the year of age between makes them about 1 % too high.)

The level is that of the census, not of the labour statistics: 671.2 million
persons in all, 10.6 % below the 750.64 million employed that the Bureau
published for the end of 2020. The census asks a tenth of the households and
finds fewer of them employed. The counts are not scaled up to the published
figure, because the gap is not known to be the same in every county.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from ballast.errors import RefusedRows, WrongUsage
from ballast.lake.recipes.opening import (
    check_columns,
    check_filled,
    check_unique,
    numbers,
    read_csv,
    typed,
    whole_numbers,
)
from ballast.lake.recipes.recipe import Recipe, RecipeFrames
from ballast.terms import region
from ballast.terms.label import Label
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme
from ballast.words import Sentence

EMPLOYMENT = ("county_code", "county_name", "section", "employment_share")
POPULATION = (
    "county_code",
    "county_name",
    "population_persons",
    "population_basis",
    "employment_ratio_16plus",
)
SECTIONS = tuple("ABCDEFGHIJKLMNOPQRST")
AGED_15_AND_OVER = 1 - 0.1795
PERIOD = "2020"
# The codes of a year are checked at its end, as the loader checks them.
LAST_DAY = date(2020, 12, 31)
SOURCE = "国家统计局，《2020中国人口普查分县资料》（中国统计出版社，2022）"
_SUM_LEAST, _SUM_MOST = 0.999, 1.001
_CODE = r"^\d{6}$"


def estimate_persons(
    population: pl.Expr, employment_ratio: pl.Expr, section_share: pl.Expr
) -> pl.Expr:
    r"""Return the estimated number of employed persons of a section in a county.

    .. math:: \hat{e}_{ri} = \operatorname{round}(P_r \cdot a \cdot q_r \cdot s_{ri})

    Parameters
    ----------
    population
        P, usual residents, persons.
    employment_ratio
        q, employed as a fraction of the residents aged 16 and over, 0 to 1.
    section_share
        s, the section's fraction of the county's employed, 0 to 1.

    Returns
    -------
    Expr
        Persons, whole; with a = 0.8205, the national share of residents aged
        15 and over (Communiqué of the Seventh National Population Census No. 5, 2021).

    Examples
    --------
    >>> one = pl.select(estimate_persons(pl.lit(1_000_000), pl.lit(0.6), pl.lit(0.25)))
    >>> one.item()
    123075
    """
    return (population * AGED_15_AND_OVER * employment_ratio * section_share).round().cast(pl.Int64)


def _sorted_out(paths: Sequence[Path]) -> tuple[Path, pl.DataFrame, Path | None, pl.DataFrame]:
    """Tell the two files apart by their columns, in whichever order they come."""
    employment: list[tuple[Path, pl.DataFrame]] = []
    population: list[tuple[Path, pl.DataFrame]] = []
    for path in paths:
        frame = read_csv(path)
        is_population = "population_persons" in frame.columns
        check_columns(path, frame.columns, POPULATION if is_population else EMPLOYMENT)
        (population if is_population else employment).append((path, frame))
    if len(employment) != 1:
        raise WrongUsage(
            "{given}: the recipe needs the file of employment shares once, and may have the file "
            "of population beside it; here the shares come {count} times",
            given=", ".join(str(path) for path in paths),
            count=len(employment),
        )
    path, shares = employment[0]
    if population:
        return path, shares, *population[0]
    return path, shares, None, pl.DataFrame(schema=dict.fromkeys(POPULATION, pl.String))


def _check_codes(path: Path, frame: pl.DataFrame) -> None:
    wrong = ~frame["county_code"].str.contains(_CODE)
    if wrong.any():
        at = wrong.arg_max() or 0
        raise RefusedRows(
            "{path}, row {row}: {code} is not a county code; it must have six digits, leading "
            "zeros kept",
            path=path,
            row=at + 2,
            code=frame["county_code"][at],
        )


def _shares(path: Path, frame: pl.DataFrame) -> pl.DataFrame:
    check_filled(path, frame, EMPLOYMENT, 2)
    _check_codes(path, frame)
    check_unique(path, frame, ["county_code", "section"], 2)
    frame = frame.with_columns(numbers(path, frame, "employment_share", 2))
    for at, row in enumerate(frame.select("section", "employment_share").iter_rows()):
        if row[0] not in SECTIONS or not 0 <= row[1] <= 1:
            raise RefusedRows(
                "{path}, row {row}: section {section} with the share {share}; sections are A to T "
                "and shares lie between 0 and 1",
                path=path,
                row=at + 2,
                section=row[0],
                share=row[1],
            )
    counties = frame.group_by("county_code", maintain_order=True).agg(
        pl.col("county_name").first(),
        pl.col("county_name").n_unique().alias("names"),
        pl.col("employment_share").sum().alias("sum"),
        pl.len().alias("sections"),
    )
    whole = pl.col("sum").is_between(_SUM_LEAST, _SUM_MOST) & (pl.col("sections") == len(SECTIONS))
    broken = counties.filter(~whole | (pl.col("names") > 1))
    if broken.height:
        first = broken.row(0, named=True)
        raise RefusedRows(
            "{path}: county {code} {name} has {sections} of {all} sections, {names} name(s), and "
            "shares that add up to {sum}; all sections must be there and add up to {least}–{most}",
            path=path,
            code=first["county_code"],
            name=first["county_name"],
            sections=first["sections"],
            all=len(SECTIONS),
            names=first["names"],
            sum=f"{first['sum']:.4f}",
            least=_SUM_LEAST,
            most=_SUM_MOST,
        )
    return frame


def _population(path: Path | None, frame: pl.DataFrame) -> pl.DataFrame:
    if path is None:
        return frame.cast({"population_persons": pl.Int64, "employment_ratio_16plus": pl.Float64})
    check_filled(path, frame, ["county_code", "county_name"], 2)
    _check_codes(path, frame)
    check_unique(path, frame, ["county_code"], 2)
    ratio = numbers(path, frame, "employment_ratio_16plus", 2)
    wrong = (~ratio.is_between(0, 1)).fill_null(value=False)
    if wrong.any():
        at = wrong.arg_max() or 0
        raise RefusedRows(
            "{path}, row {row}: county {code} has an employment ratio of {ratio}; give it as a "
            "fraction between 0 and 1",
            path=path,
            row=at + 2,
            code=frame["county_code"][at],
            ratio=ratio[at],
        )
    return frame.with_columns(whole_numbers(path, frame, "population_persons", 2), ratio)


def _schemes(codes: pl.Series) -> pl.DataFrame:
    """Return for each code its scheme: codes not in force in 2020 must not be lost."""
    known = [region.valid_on(code, LAST_DAY) for code in codes]
    return pl.DataFrame(
        {
            "county_code": codes,
            "region_scheme": [
                (RegionScheme.GB2260 if k else RegionScheme.EXT).value for k in known
            ],
        }
    )


def _extensions(counties: pl.DataFrame) -> pl.DataFrame:
    zone = pl.col("county_code").str.slice(4, 1) == "7"
    return counties.filter(pl.col("region_scheme") == RegionScheme.EXT.value).select(
        "region_scheme",
        pl.col("county_code").alias("region"),
        pl.col("county_name").alias("name"),
        (pl.col("county_code").str.head(4) + "00").alias("parent"),
        pl.when(zone)
        .then(pl.lit("开发区等统计单元"))
        .otherwise(pl.lit("县级单位"))
        .alias("region_kind"),
        zone.alias("zone"),
    )


def _sentences(
    rows: pl.DataFrame, extensions: pl.DataFrame, population: pl.DataFrame, given: bool
) -> tuple[Sentence, ...]:
    counties = rows["region"].n_unique()
    others = extensions.filter(~pl.col("zone"))
    said = [
        Sentence(
            "{counties} counties by {sections} sections. {zones} development zones and similar "
            "units with statistical codes (fifth digit 7), and {others} unit(s) whose codes "
            "GB/T 2260 does not have in 2020 ({listed}), are loaded as extension codes.",
            {
                "counties": counties,
                "sections": len(SECTIONS),
                "zones": extensions.height - others.height,
                "others": others.height,
                "listed": ", ".join(
                    f"{code} {name}" for code, name in others.select("region", "name").iter_rows()
                )
                or "—",
            },
        )
    ]
    if not given:
        said.append(
            Sentence(
                "The file of population was not given: there are shares alone, and no counts.", {}
            )
        )
        return tuple(said)
    uncounted = rows.filter(pl.col("employment_persons").is_null())["region"].n_unique()
    without = population.filter(~pl.col("county_code").is_in(rows["region"].implode()))
    said.append(
        Sentence(
            "Counts are estimates: population × {aged} (national share of residents aged 15 and "
            "over) × employment ratio × share, {total} persons in all; {uncounted} of "
            "the counties lack the population and have none; {without} units of the population "
            "file have no shares and are left out ({listed}).",
            {
                "aged": f"{AGED_15_AND_OVER:.4f}",
                "total": f"{rows['employment_persons'].sum():,}",
                "uncounted": uncounted,
                "without": without.height,
                "listed": ", ".join(without["county_code"].head(10)) or "—",
            },
        )
    )
    return tuple(said)


def read(paths: Sequence[Path], options: Mapping[str, str]) -> RecipeFrames:  # noqa: ARG001
    """Return the employment of counties by section, 2020.

    Parameters
    ----------
    paths
        The CSV of shares; beside it, in either order, the CSV of population.
    options
        None are declared.

    Returns
    -------
    RecipeFrames
        ``region`` (units that GB/T 2260 does not have in 2020) and
        ``region_industry``: shares from 0 to 1; persons estimated, or empty
        without the population.

    Raises
    ------
    WrongUsage
        If the shares are missing or come twice.
    UnreadableFile, WrongColumns, RefusedRows
        If a file is damaged, has other columns, or rows that cannot be right.
    """
    employment_path, employment, population_path, population = _sorted_out(paths)
    shares = _shares(employment_path, employment)
    population = _population(population_path, population)
    counties = shares.select("county_code", "county_name").unique(maintain_order=True)
    counties = counties.join(_schemes(counties["county_code"]), on="county_code")
    persons = estimate_persons(
        pl.col("population_persons"),
        pl.col("employment_ratio_16plus"),
        pl.col("employment_share"),
    )
    rows = (
        shares.join(counties.drop("county_name"), on="county_code", maintain_order="left")
        .join(population.drop("county_name"), on="county_code", how="left", maintain_order="left")
        .select(
            "region_scheme",
            pl.col("county_code").alias("region"),
            pl.lit(IndustryScheme.GBT4754_2017.value).alias("industry_scheme"),
            pl.lit(IndustryLevel.SECTION.value).alias("industry_level"),
            pl.col("section").alias("industry"),
            pl.lit(PERIOD).alias("period"),
            persons.alias("employment_persons"),
            "employment_share",
            pl.when(persons.is_not_null()).then(pl.lit("estimated")).alias("basis"),
            pl.lit(SOURCE).alias("source"),
        )
    )
    extensions = _extensions(counties)
    return RecipeFrames(
        {
            "region": typed("region", extensions),
            "region_industry": typed("region_industry", rows),
        },
        _sentences(rows, extensions, population, population_path is not None),
    )


CHINA_CENSUS_EMPLOYMENT = Recipe(
    name="china-census-employment",
    label=Label("人口普查分县就业", "census employment of Chinese counties"),
    meaning=Label(
        "2020 年第七次全国人口普查：各县（市、区）就业人员按行业门类的构成。人数为估计数："
        "常住人口 × 15 岁及以上人口全国占比 82.05%（普查公报第五号）× 就业率 × 构成；"
        "全国占比在比重与区位商中约去；合计 6.712 亿人，比公布的 "
        "2020 年末就业人员 7.5064 亿低 10.6%。2020 年 GB/T 2260 没有的代码按扩展代码装入。",
        "Seventh National Population Census, 2020: the employed of each county by section. Counts "
        "are estimates: residents × 82.05 %, the national share aged 15 and over (communiqué "
        "No. 5) × employment ratio × share; the national share cancels in shares and location "
        "quotients; the total of 671.2 million is 10.6 % below the published 750.64 million "
        "employed at the end of 2020. Codes that GB/T 2260 does not have in 2020 are loaded as "
        "extension codes.",
    ),
    files=(
        Label(
            "就业构成 CSV，列：" + "、".join(EMPLOYMENT),
            "CSV of shares with columns " + ", ".join(EMPLOYMENT),
        ),
        Label(
            "人口与就业率 CSV（可缺），列：" + "、".join(POPULATION),
            "CSV of population (may be left out) with columns " + ", ".join(POPULATION),
        ),
    ),
    options={},
    tables=("region", "region_industry"),
    reader=read,
    fewest_files=1,
)
