"""The shop: whose it is, its machines, what they can do and what goes wrong with them.

A refrigeration-valve shop of eleven assets that speak: three lathes, two
machining centres, a grinder and a washer in machining, a leak tester in
inspection, a packer and a labeller in packing, and the main meter. The figures
are of a plausible shop and of no real one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from ballast.plant.measures.time_model import MachineState
from ballast.sample.synthetic import SOURCE
from ballast.terms.label import Label

__all__ = [
    "AREAS",
    "ENTERPRISE",
    "GROUP",
    "LEAK_UPPER",
    "MACHINES",
    "MEANINGS",
    "METER",
    "PREFIX",
    "PRODUCTS",
    "SHOP",
    "SHOP_NAME",
    "USCC",
    "Code",
    "Machine",
    "Product",
    "asset_of",
]

#: The sample's only maker of refrigeration valves.
USCC = "91371502YL55678518"
ENTERPRISE = "东昌府砚芃骐制冷阀件有限公司（样例）"
SHOP = "valve-shop"
SHOP_NAME = Label(
    f"东昌府砚芃骐制冷阀件（样例）阀门车间 · {SOURCE}",
    f"Refrigeration-valve shop (sample) · {SOURCE}",
)
#: Under the sample's node, far behind the prefixes of its clusters' members.
PREFIX = "88.000.9001"
#: Group of Sparkplug.
GROUP = "valve-shop"
METER = "main-meter"
LEAK_UPPER = 50.0  # Pa: a piece that loses more pressure in the test is scrap
AREAS: dict[str, Label] = {
    "machining": Label("机加工", "machining"),
    "inspection": Label("检验", "inspection"),
    "packing": Label("包装", "packing"),
    "utilities": Label("动力", "utilities"),
}


class Code(IntEnum):
    """What the controllers of the shop say in their state register."""

    RUN = 10
    SETUP = 20
    TOOL = 31
    FEED = 32
    SPINDLE = 33
    AIR = 34
    MATERIAL = 35
    SEAL = 36
    IDLE = 40
    BREAK = 50
    MAINTENANCE = 51


_S = MachineState
MEANINGS: dict[Code, tuple[MachineState, Label]] = {
    Code.RUN: (_S.PRODUCING, Label("加工", "running")),
    Code.SETUP: (_S.SETUP, Label("换型", "changeover")),
    Code.TOOL: (_S.DELAYED, Label("刀具破损", "tool broke")),
    Code.FEED: (_S.DELAYED, Label("送料卡滞", "feed jammed")),
    Code.SPINDLE: (_S.DELAYED, Label("主轴轴承故障", "spindle bearing failed")),
    Code.AIR: (_S.DELAYED, Label("气压不足", "air pressure low")),
    Code.MATERIAL: (_S.DELAYED, Label("待料", "waiting for material")),
    Code.SEAL: (_S.DELAYED, Label("测试密封圈更换", "test seal replaced")),
    Code.IDLE: (_S.IDLE, Label("无工单", "no order")),
    Code.BREAK: (_S.PLANNED_STOP, Label("休息", "break")),
    Code.MAINTENANCE: (_S.PLANNED_STOP, Label("计划保养", "planned maintenance")),
}


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the shop: its model names it in orders and handles."""

    model: str
    name: Label


PRODUCTS = (
    Product("DPF-16", Label("电子膨胀阀", "electronic expansion valve")),
    Product("STF-08", Label("四通换向阀", "four-way reversing valve")),
    Product("JZF-10", Label("截止阀", "shut-off valve")),
    Product("DCF-12", Label("电磁阀", "solenoid valve")),
)


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine.

    Parameters
    ----------
    machine
        Its name below its area.
    area
        Key of ``AREAS``; also the edge node that speaks for it.
    name
        As the shop says it.
    cycle_s
        Planned run time of a piece.
    pace
        How much longer a piece really takes, on the average.
    scrap
        Share of pieces that it spoils.
    run_kw
        Mean power while it runs.
    faults
        What stops it, with the mean hours between two stops and the usual minutes of one.
    spindle
        Whether it cuts, and so has a spindle with load and vibration.
    rise
        How much warmer than the hall it gets, K.
    orders
        Which of a shift's two orders it works on: ``0``, ``1``, or both, one behind the other.
    """

    machine: str
    area: str
    name: Label
    cycle_s: float
    pace: float
    scrap: float
    run_kw: float
    faults: MappingProxyType[Code, tuple[float, float]]
    spindle: bool
    rise: float
    orders: tuple[int, ...]


def _faults(**of: tuple[float, float]) -> MappingProxyType[Code, tuple[float, float]]:
    return MappingProxyType({Code[name.upper()]: figures for name, figures in of.items()})


_CUTTING = _faults(tool=(7, 18), feed=(6, 8), material=(9, 13))
_HANDLING = _faults(feed=(4, 6), air=(30, 18), material=(8, 11))
MACHINES = (
    Machine("lathe-1", "machining", Label("1 号数控车床", "CNC lathe 1"),
            45, 1.09, 0.008, 9.5, _CUTTING, spindle=True, rise=31, orders=(0,)),
    Machine("lathe-2", "machining", Label("2 号数控车床", "CNC lathe 2"),
            45, 1.13, 0.012, 9.8, _CUTTING, spindle=True, rise=33, orders=(1,)),
    Machine("lathe-3", "machining", Label("3 号数控车床", "CNC lathe 3"),
            45, 1.17, 0.010, 9.2, _CUTTING, spindle=True, rise=30, orders=(1,)),
    Machine("mill-1", "machining", Label("1 号加工中心", "machining centre 1"),
            32, 1.10, 0.011, 14.5, _CUTTING, spindle=True, rise=28, orders=(0,)),
    Machine("mill-2", "machining", Label("2 号加工中心", "machining centre 2"),
            32, 1.08, 0.009, 14.0, _CUTTING, spindle=True, rise=27, orders=(1,)),
    Machine("grinder-1", "machining", Label("1 号磨床", "grinder 1"),
            17, 1.12, 0.014, 7.4, _CUTTING, spindle=True, rise=24, orders=(0, 1)),
    Machine("washer-1", "machining", Label("清洗机", "washer"),
            15, 1.05, 0.0, 18.0, _faults(air=(60, 15), material=(20, 12)), spindle=False,
            rise=38, orders=(0, 1)),
    Machine("leak-tester-1", "inspection", Label("气密检测机", "leak tester"),
            16, 1.04, 0.0, 2.2, _faults(air=(30, 9), material=(18, 8)), spindle=False,
            rise=9, orders=(0, 1)),
    Machine("packer-1", "packing", Label("装盒机", "packer"),
            15, 1.12, 0.004, 3.1, _HANDLING, spindle=False, rise=12, orders=(0, 1)),
    Machine("labeller-1", "packing", Label("贴标机", "labeller"),
            14, 1.08, 0.006, 1.4, _HANDLING, spindle=False, rise=7, orders=(0, 1)),
)  # fmt: skip


def asset_of(machine: Machine) -> str:
    """Return the path of a machine in the asset tree.

    Examples
    --------
    >>> asset_of(MACHINES[0])
    'valve-shop/machining/lathe-1'
    """
    return f"{SHOP}/{machine.area}/{machine.machine}"
