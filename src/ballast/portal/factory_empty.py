"""What the Factory page says where there is no plant to show, and what would change that."""

from __future__ import annotations

from markupsafe import Markup

from ballast.portal.data_html import note, show
from ballast.terms.label import Language
from ballast.words import say

__all__ = ["START", "show_no_mapping", "show_no_plant", "show_not_yours"]

START = """\
mosquitto -p 1883 &
cat > site.toml <<'END'
uscc = "91371500MA0000000X"
name = { zh = "我的车间", en = "My shop" }
zone = "Asia/Shanghai"
END
ballast plant serve --broker mqtt://127.0.0.1:1883 --site site.toml &
ballast plant tags
"""
"""What a shop with a mosquitto types to begin."""


def show_no_plant(language: Language) -> None:
    """Say that the home has no plant, and how to begin with one."""
    note(
        say(
            "This home hears no machines yet. A broker that your machines publish to (Sparkplug B, "
            "or plain JSON over MQTT) and one mapping file are enough to begin with; everything "
            "they say stays in this home.",
            language,
        )
    )
    show(Markup('<pre class="fa-code" tabindex="0"><code>{}</code></pre>').format(START))
    note(
        say(
            "The code is your unified social credit code: only accounts of that enterprise see the "
            "machines. What arrives without standing in the mapping is collected all the same and "
            "listed by `ballast plant tags`, to be copied into the mapping.",
            language,
        )
    )


def show_no_mapping(language: Language) -> None:
    """Say that machines are heard without a mapping, so that nobody may see them here."""
    note(
        say(
            "Machines are heard, but no mapping says whose they are, so nobody sees them here. "
            "List what arrives with `ballast plant tags`, write the mapping, and start with it: "
            "`ballast plant serve --site FILE`. What has been collected until then is kept.",
            language,
        ),
        "alert",
    )


def show_not_yours(language: Language) -> None:
    """Say that the machines are of another enterprise."""
    note(
        say(
            "The machines of this home belong to another enterprise than those of your account; "
            "only its own people see them.",
            language,
        )
    )
