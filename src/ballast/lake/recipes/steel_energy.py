"""A steel plant's year of meter readings, UCI data set 851: 15-minute energy as `energy_meter`.

The file is written by the end of each interval, day first, and calls the last
interval of a day 00:00 *of that same day* (``NSM``, seconds from midnight, 0):
read as timestamps its rows would jump back a day every night, and the year
would begin without its first quarter and end a day early. Here each row's
start is its date plus ``NSM`` less 15 minutes, with 0 for 24:00.

The plant stands in Gwangyang, South Korea (github.com/herrerovir/
Steel-industry-energy-consumption-forecasting, opened); hence the default zone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["STEEL_ENERGY"]

COLUMNS = (
    "date",
    "Usage_kWh",
    "Lagging_Current_Reactive.Power_kVarh",
    "Leading_Current_Reactive_Power_kVarh",
    "CO2.tCO2.",
    "Lagging_Current_Power_Factor",
    "Leading_Current_Power_Factor",
    "NSM",
    "WeekStatus",
    "Day_of_week",
    "Load_Type",
)
_MINUTES, _DAY = 15, 86_400
_ENERGY = {
    "Usage_kWh": "kwh",
    "Lagging_Current_Reactive.Power_kVarh": "kvarh_lagging",
    "Leading_Current_Reactive_Power_kVarh": "kvarh_leading",
}


def _starts(path: Path, frame: pl.DataFrame) -> pl.Series:
    """Return the local start of every interval, without a zone."""
    seconds = whole_numbers(path, frame, "NSM", 2)
    told = frame.select(
        day=pl.col("date").str.slice(0, 10).str.to_date("%d-%m-%Y", strict=False),
        clock=pl.col("date").str.slice(11).str.to_time("%H:%M", strict=False),
    )
    clock = (
        told["clock"].dt.hour().cast(pl.Int64) * 3600
        + told["clock"].dt.minute().cast(pl.Int64) * 60
    )
    wrong = (told["day"].is_null() | clock.is_null() | (clock != seconds)).fill_null(value=True)
    wrong |= (seconds >= _DAY) | (seconds % (_MINUTES * 60) != 0)
    if wrong.any():
        at = wrong.arg_max() or 0
        raise RefusedRows(
            "{path}, row {row}: {date} with NSM {seconds} is no quarter of an hour written as "
            "dd-mm-yyyy hh:mm and its seconds from midnight",
            path=path,
            row=at + 2,
            date=frame["date"][at],
            seconds=frame["NSM"][at],
        )
    ends = pl.when(seconds == 0).then(_DAY).otherwise(seconds)
    return pl.select(
        told["day"].cast(pl.Datetime("us")) + pl.duration(seconds=ends - _MINUTES * 60)
    ).to_series()


def read(paths: Sequence[Path], options: Mapping[str, str]) -> RecipeFrames:
    """Return the intervals of the meter.

    Parameters
    ----------
    paths
        The CSV file.
    options
        ``meter``, ``asset``, ``zone``, as in the recipe.

    Returns
    -------
    RecipeFrames
        ``energy_meter``; kWh and kVArh, start in UTC.

    Raises
    ------
    WrongUsage
        If the zone is none.
    UnreadableFile, WrongColumns, RefusedRows
        If the file is damaged, or a row is no interval.
    """
    (path,) = paths
    zone = options.get("zone", "Asia/Seoul")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongUsage(
            "zone={zone}: there is no such time zone; write one like Asia/Seoul", zone=zone
        ) from None
    frame = read_csv(path)
    check_columns(path, frame.columns, COLUMNS)
    check_filled(path, frame, COLUMNS, 2)
    start = _starts(path, frame).alias("start")
    # Where clocks go back, an hour is there twice: the first is taken, so none is lost silently.
    utc = start.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    rows = frame.select(
        pl.lit(options.get("meter", "steel-plant")).alias("meter"),
        pl.lit(options.get("asset")).alias("asset"),
        utc.dt.convert_time_zone("UTC").alias("start"),
        pl.lit(float(_MINUTES)).alias("minutes"),
        *(numbers(path, frame, old, 2).alias(new) for old, new in _ENERGY.items()),
        pl.lit("file").alias("entered_by"),
    )
    check_filled(path, rows, ["start"], 2)
    check_unique(path, rows, ["start"], 2)
    first, last = rows["start"].min(), rows["start"].max()
    total = rows["kwh"].sum()
    missing = 0
    if first is not None and last is not None:
        span: timedelta = last - first  # type: ignore[operator,assignment]
        missing = span // timedelta(minutes=_MINUTES) + 1 - rows.height
    return RecipeFrames(
        {"energy_meter": typed("energy_meter", rows)},
        (
            Sentence(
                "{count} intervals of 15 minutes, {missing} missing between the first and the "
                "last, {kwh} kWh together; rows are written by their end, and 00:00 is the end of "
                "its day.",
                {"count": rows.height, "missing": missing, "kwh": f"{total:,.2f}"},
            ),
        ),
    )


STEEL_ENERGY = Recipe(
    name="uci-steel-energy",
    label=Label("钢铁厂电表数据（UCI 851）", "a steel plant's meter, UCI data set 851"),
    meaning=Label(
        "韩国光阳一家钢铁厂 2018 年每 15 分钟的有功与无功电量。日期为日-月-年，时刻为时段之末，"
        "当日最后一段写作当日 00:00。文件自带的碳排放与功率因数不装入，由平台计算。",
        "Active and reactive energy of a steel plant in Gwangyang, Korea, every 15 minutes of "
        "2018. Dates are day first; rows are told by their end, the last of a day as 00:00 of "
        "that day. Carbon and power factors of the file are not loaded, they are reckoned.",
    ),
    files=(Label("CSV 文件，列：" + "、".join(COLUMNS), "CSV with columns " + ", ".join(COLUMNS)),),
    options={
        "meter": Label("电表编号；缺省 steel-plant", "the meter; default steel-plant"),
        "asset": Label("所计量的设备或区域；缺省空", "the asset that it meters; default none"),
        "zone": Label("时区；缺省 Asia/Seoul", "time zone; default Asia/Seoul"),
    },
    tables=("energy_meter",),
    reader=read,
)
