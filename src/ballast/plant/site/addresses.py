"""Where a source speaks: an MQTT topic, or group, node and device of Sparkplug, as written."""

from __future__ import annotations

from ballast.plant.site.entry import Entry

__all__ = ["sparkplug_place", "topic_name"]


def topic_name(entry: Entry, key: str) -> str | None:
    """Return a topic that a message can be published on, outside Sparkplug's."""
    found = entry.raw(key)
    if found is None:
        return None
    if (
        not isinstance(found, str)
        or not found
        or set(found) & set("+#\0")
        or len(found.encode("utf-8", "replace")) > 65_535
        or found.startswith(("spBv1.0/", "$"))
    ):
        raise entry.wrong(key, f'{key} = "shop/press-1/state"')
    return found


def sparkplug_place(entry: Entry) -> tuple[str, str, str | None] | None:
    """Return group, node and device of ``sparkplug = {…}``."""
    if "sparkplug" not in entry:
        return None
    inner = Entry(f"{entry.where}, sparkplug", entry.raw("sparkplug"))
    found = (inner.must_text("group"), inner.must_text("node"), inner.text("device"))
    for key, part in zip(("group", "node", "device"), found, strict=True):
        if part is not None and set(part) & set("/+#"):
            raise inner.wrong(key, f'{key} = "lathe-1"')
    inner.done()
    return found
