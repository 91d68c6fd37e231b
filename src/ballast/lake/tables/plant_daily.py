"""A factory's day as it tells it the city: the only thing of a plant that leaves its home.

Streamed from the city's inbox of signed summaries: the signature was checked
where it arrived, and a summary of the same day that arrives later replaces the
earlier one.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ballast.lake.declare import Column, Kind, Sensitivity, Stage, Table
from ballast.lake.tables.plant_telemetry import PLANT_PROVENANCE
from ballast.lake.tables.shared_columns import USCC, ZERO
from ballast.terms.label import Label
from ballast.terms.unit import COUNT, FRACTION, KWH, Unit

__all__ = ["PLANT_DAILY"]


def _figure(name: str, quantity: Unit | None, zh: str, en: str, meaning: Label, most: int | None = None) -> Column:  # fmt: skip
    return Column(
        name=name, kind=Kind.NUMBER, unit=quantity, least=ZERO,
        most=None if most is None else Decimal(most), label=Label(zh, en), meaning=meaning,
    )  # fmt: skip


PLANT_DAILY = Table(
    name="plant_daily",
    label=Label("工厂日汇总", "days of plants"),
    meaning=Label(
        "企业同意上报的一个设备组一天的汇总；当日重报以最后一次为准",
        "one day of a group of machines, told the city with the enterprise's consent; of several "
        "about one day the last holds",
    ),
    stage=Stage.STREAMED,
    moment="day",
    key=("uscc", "asset_group", "day"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    columns=(
        Column(name="seq", kind=Kind.INTEGER, required=True, least=ZERO, label=Label("序号", "sequence number"), meaning=Label("到达的次序", "the order of arrival")),
        USCC,
        Column(name="asset_group", kind=Kind.TEXT, required=True, label=Label("设备组", "asset group"), meaning=Label("设备组；全厂则为 plant", "the group of machines; plant for all of them")),
        Column(name="day", kind=Kind.DATE, required=True, label=Label("日期", "day"), meaning=Label("工厂当地的一天", "a day of the plant's own calendar")),
        _figure("oee", FRACTION, "设备综合效率", "OEE", Label("ISO 22400-2 的 OEE；不可计算则空", "OEE of ISO 22400-2; empty where undefined")),
        _figure("availability", FRACTION, "可用率", "availability", Label("可用率", "availability")),
        _figure("effectiveness", FRACTION, "性能率", "effectiveness", Label("性能率，可大于 1", "effectiveness, which may exceed 1")),
        _figure("quality", FRACTION, "合格率", "quality ratio", Label("合格率", "quality ratio"), 1),
        _figure("planned_busy_s", None, "计划开动时间（秒）", "planned busy time (s)", Label("各设备计划开动时间之和，秒", "planned busy time of all machines in seconds")),
        _figure("production_s", None, "实际生产时间（秒）", "production time (s)", Label("各设备实际生产时间之和，秒", "actual production time of all machines in seconds")),
        _figure("produced", COUNT, "产量", "produced", Label("生产总数", "made in all")),
        _figure("good", COUNT, "合格数", "good", Label("合格数", "how many are good")),
        _figure("energy_kwh", KWH, "用电量", "energy", Label("用电量", "electricity used")),
        Column(name="machines", kind=Kind.INTEGER, unit=COUNT, required=True, least=ZERO, label=Label("设备数", "machines"), meaning=Label("汇总所含的设备数", "how many machines it sums up")),
        _figure("coverage", FRACTION, "数据覆盖率", "coverage", Label("有数据的时间占应有时间的比重", "share of the time of which there are data"), 1),
        Column(name="received_at", kind=Kind.TIMESTAMP, required=True, label=Label("到达时间", "received at"), meaning=Label("本市收到的时刻", "when the city had it")),
        Column(name="signature_key", kind=Kind.CODE, label=Label("签名密钥", "signing key"), meaning=Label("验过其签名的公钥编号；合成数据则空", "the public key under which its signature was checked; empty for invented days")),
        replace(PLANT_PROVENANCE, meaning=Label("该日数据是真实的还是合成的", "whether the day is real or invented")),
    ),
)  # fmt: skip
