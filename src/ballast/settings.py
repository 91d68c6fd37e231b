"""The one table of settings: name, type, default, a line of help.

Only the command line reads it, once, at the door, and hands plain values
down; nothing below looks at the environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ballast.errors import WrongUsage
from ballast.terms.label import LANGUAGES, Label, Language

__all__ = ["SETTINGS", "Setting", "Settings", "read_settings"]

_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Parameters
    ----------
    variable
        The environment variable.
    default
        What holds where it is not set.
    help
        What it does.
    choices
        What it may be; anything where empty.
    """

    variable: str
    default: str
    help: Label
    choices: tuple[str, ...] = ()


SETTINGS: dict[str, Setting] = {
    "home": Setting(
        "BALLAST_HOME",
        "ballast-home",
        Label("数据之家的目录", "directory of the home"),
    ),
    "language": Setting(
        "BALLAST_LANGUAGE",
        "auto",
        Label(
            "界面语言：zh、en；auto 则按系统区域设置",
            "language of what is shown: zh, en, or auto: that of the system's locale",
        ),
        ("auto", *LANGUAGES),
    ),
    "engine": Setting(
        "BALLAST_ENGINE",
        "duckdb",
        Label("计算引擎：duckdb 或 spark", "engine for set-shaped work: duckdb or spark"),
        ("duckdb", "spark"),
    ),
    "region": Setting(
        "BALLAST_REGION",
        "",
        Label(
            "门户所述的地区（名称或代码）；为空则取唯一有数据的城市",
            "region that the portal is about, by name or code; the only city with figures "
            "where empty",
        ),
    ),
    "host": Setting(
        "BALLAST_HOST",
        "127.0.0.1",
        Label(
            "门户监听的地址；默认仅本机可访问",
            "address that the portal listens on; this machine alone unless changed",
        ),
    ),
    "port": Setting(
        "BALLAST_PORT",
        "8710",
        Label("门户端口；0 表示任选空闲端口", "port of the portal; 0: any that is free"),
    ),
    "base_url": Setting(
        "BALLAST_BASE_URL",
        "",
        Label(
            "用户看到的门户地址，例如 https://ballast.example.cn；为空则由监听地址和端口得出",
            "address under which people reach the portal, such as https://ballast.example.org; "
            "that of host and port where empty",
        ),
    ),
    "oidc_issuer": Setting(
        "BALLAST_OIDC_ISSUER",
        "",
        Label(
            "单位统一登录（OpenID Connect）的签发者；为空则不用",
            "issuer of the organisation's sign-in (OpenID Connect); none where empty",
        ),
    ),
    "oidc_client_id": Setting(
        "BALLAST_OIDC_CLIENT_ID",
        "",
        Label("在签发者处登记的客户端标识", "client id registered with that issuer"),
    ),
    "oidc_secret_file": Setting(
        "BALLAST_OIDC_SECRET_FILE",
        "",
        Label(
            "存放客户端密钥的文件；其他用户不得可读",
            "file that holds the client's secret; nobody else may read it",
        ),
    ),
    "contact": Setting(
        "BALLAST_CONTACT",
        "",
        Label("公开页面上显示的联系方式", "whom to ask, as shown on the public pages"),
    ),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run."""

    home: Path
    language: Language
    engine: str
    region: str
    host: str
    port: int
    base_url: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_secret_file: Path | None
    contact: str


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings that an environment gives.

    Raises
    ------
    WrongUsage
        If a setting is none of its choices, or the port no port.

    Examples
    --------
    >>> read_settings({"BALLAST_LANGUAGE": "en"}).language
    'en'
    """
    found: dict[str, str] = {}
    for name, setting in SETTINGS.items():
        value = environment.get(setting.variable) or setting.default
        if setting.choices and value not in setting.choices:
            raise WrongUsage(
                "{variable} is {value}; it must be one of: {choices}",
                variable=setting.variable,
                value=value,
                choices=", ".join(setting.choices),
            )
        found[name] = value
    if found["language"] == "auto":
        locale = environment.get("LC_ALL") or environment.get("LANG") or ""
        found["language"] = "zh" if locale.lower().startswith("zh") else "en"
    secret = found["oidc_secret_file"]
    return Settings(
        home=Path(found["home"]),
        language="zh" if found["language"] == "zh" else "en",
        engine=found["engine"],
        region=found["region"],
        host=found["host"],
        port=_port(found["port"]),
        base_url=found["base_url"].rstrip("/"),
        oidc_issuer=found["oidc_issuer"],
        oidc_client_id=found["oidc_client_id"],
        oidc_secret_file=Path(secret) if secret else None,
        contact=found["contact"],
    )


def _port(value: str) -> int:
    if value.isascii() and value.isdigit() and int(value) <= _LAST_PORT:
        return int(value)
    raise WrongUsage(
        "{variable} is {value}; it must be a number from 0 to {last}",
        variable=SETTINGS["port"].variable,
        value=value,
        last=_LAST_PORT,
    )
