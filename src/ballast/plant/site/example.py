"""A mapping to copy: every table and nearly every key of it, as a small shop would write them.

It stands in the program, not only in a page about it, so that a shop can have
it written out (``ballast plant tags --example``) and a test reads it.
"""

from __future__ import annotations

__all__ = ["EXAMPLE"]

EXAMPLE = """\
# The mapping of a site: what speaks on the network, and which machine, quantity and unit it is.
# 现场映射表：网络上的每个信号属于哪台设备、是什么量、用什么单位。

[site]
name = { zh = "阀门车间", en = "Valve shop" }
uscc = "91371500MA0000000X"        # the enterprise whose data all of this is 统一社会信用代码
zone = "Asia/Shanghai"             # whose wall clock shifts, tariff and files mean
provenance = "synthetic"           # leave out in a real shop 真实车间请删除本行

[broker]                           # your mosquitto or EMQX 已有的 MQTT 服务器
host = "127.0.0.1"
port = 1883
# user = "ballast"
# password_file = "broker.password"   # a file that only you may read

[sparkplug]                        # only for machines that speak Sparkplug B
host_id = "ballast"

# --- the tree of assets: enterprise, site, area, line, machine 设备树（ISA-95 层级）

[[asset]]
asset = "valve-shop"
level = "site"
name = { zh = "阀门车间", en = "Valve shop" }

[[asset]]
asset = "valve-shop/machining"
level = "area"
name = { zh = "机加工", en = "Machining" }

[[asset]]
asset = "valve-shop/machining/lathe-1"
level = "machine"
name = { zh = "1号数控车床", en = "Lathe 1" }
kind = "lathe"                     # has the tags of [[kind]] lathe below
cycle_s = 42                       # planned time of a piece 计划单件节拍，秒
handle = "88.118.8/LATHE-1"        # its identifier, if it has one 设备标识
sparkplug = { group = "valve-shop", node = "machining", device = "lathe-1" }

[[asset]]
asset = "valve-shop/press-1"
level = "machine"
name = { zh = "1号冲床", en = "Press 1" }
topic = "shop/press-1"             # a machine that sends plain JSON 发送普通 JSON 的设备

# --- what every lathe has 同类设备共用的测点

[[kind]]
kind = "lathe"

[[kind.tag]]
tag = "spindle-load"
name = { zh = "主轴负载", en = "Spindle load" }
metric = "Spindle/Load"
unit = "%"
every_s = 1

[[kind.tag]]
tag = "state"
name = { zh = "运行状态", en = "State" }
role = "state"
metric = "State"
states = { "1" = "producing", "2" = "setup", "3" = { state = "delayed", reason = "刀具断裂" }, \
"0" = "idle" }

[[kind.tag]]
tag = "good"
name = { zh = "合格品", en = "Good pieces" }
role = "good"
metric = "Counter/Good"

[[kind.tag]]
tag = "scrap"                      # with the good ones: all that were made 与合格品合计即产量
name = { zh = "报废品", en = "Scrap" }
role = "scrap"
metric = "Counter/Scrap"

[[kind.tag]]
tag = "energy"
name = { zh = "电能", en = "Energy" }
role = "energy"                    # a counter in kWh
metric = "Energy/Active"

[[kind.tag]]
tag = "bore"
name = { zh = "阀孔直径", en = "Bore" }
quantity = "diameter"
metric = "Gauge/Bore"
unit = "mm"
lower = 11.98                      # specification limits 规格限
target = 12.0
upper = 12.02
subgroup = 5                       # pieces of one sample 子组大小

# --- tags one by one 单独的测点

[[topic]]
topic = "shop/press-1"             # {"ts": 1767225600000, "n": 7, "oil": {"temp": 41.5}}
time_field = "ts"
time_form = "ms"                   # or "s", "iso"
ordinal_field = "n"                # tells apart values of one millisecond

[[tag]]
tag = "valve-shop/press-1/oil-temperature"
name = { zh = "油温", en = "Oil temperature" }
quantity = "temperature"
unit = "°C"
field = "oil.temp"
every_s = 10

# --- shifts 班次

[[shift]]
shift = "day"
name = { zh = "白班", en = "Day shift" }
start = "08:00"
end = "20:00"
days = ["mon", "tue", "wed", "thu", "fri", "sat"]

[[shift]]
shift = "night"
name = { zh = "夜班", en = "Night shift" }
start = "20:00"
end = "08:00"
days = ["mon", "tue", "wed", "thu", "fri"]

# --- electricity by the hour 分时电价：尖峰平谷。These prices are made up: copy your own bill's.

[[tariff]]
since = 2026-01-01
source = "made up for this example 示例电价"
prices = { sharp = "1.2345", peak = "0.9876", flat = "0.6543", valley = "0.3210" }
demand_price = "38.4"              # CNY a kW and month of the maximum demand 需量电价

[[tariff.season]]
months = [7, 8]
sharp = ["14:00-15:00"]
peak = ["08:00-11:00", "15:00-17:00", "19:00-21:00"]
valley = ["23:00-07:00"]           # all other hours are flat

[[tariff.season]]
months = [1, 2, 3, 4, 5, 6, 9, 10, 11, 12]
peak = ["08:00-11:00", "19:00-21:00"]
valley = ["23:00-07:00"]

# --- carbon: leave out, and the published national average of the grid is taken 碳排放因子
# [[carbon]]
# since = 2026-01-01
# kg_per_kwh = "0.5500"
# source = "your supplier, certificate no. …"
"""
