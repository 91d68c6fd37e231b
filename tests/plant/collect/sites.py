"""A small site for the tests: a lathe that speaks Sparkplug, a press that speaks JSON."""

from __future__ import annotations

from ballast.plant.site import Site, read_site

__all__ = ["MAPPING", "OIL", "PLAIN", "SPEED", "STROKES", "site"]

SPEED = "shop/lathe/speed"
OIL = "shop/press/oil"
STROKES = "shop/press/strokes"
PLAIN = "shop/press/mode"

MAPPING = """
[site]
name = { zh = "阀门车间", en = "valve shop" }
uscc = "91371500MA0000000X"
zone = "Asia/Shanghai"

[[asset]]
asset = "shop"
level = "site"
name = { zh = "车间", en = "shop" }

[[asset]]
asset = "shop/lathe"
level = "machine"
name = { zh = "车床", en = "lathe" }
sparkplug = { group = "shop", node = "line1", device = "lathe" }

[[asset]]
asset = "shop/press"
level = "machine"
name = { zh = "冲床", en = "press" }
topic = "shop/press"

[[topic]]
topic = "shop/press"
time_field = "at"

[[tag]]
tag = "shop/lathe/speed"
name = { zh = "转速", en = "speed" }
metric = "speed"
unit = "%"

[[tag]]
tag = "shop/press/oil"
name = { zh = "油温", en = "oil" }
unit = "°C"
field = "oil.temp"

[[tag]]
tag = "shop/press/strokes"
name = { zh = "次数", en = "strokes" }
field = "n"
role = "produced"

[[tag]]
tag = "shop/press/mode"
name = { zh = "模式", en = "mode" }
json = { topic = "shop/mode" }
role = "state"
states = { RUN = "producing" }
"""


def site() -> Site:
    """Return the site of the mapping."""
    return read_site(MAPPING)
