"""The one table of settings: name, type, default, a line of help.

Only the command line reads it, once, at the door, and hands plain values
down; nothing below looks at the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ballast.errors import WrongUsage
from ballast.settings.plant import PLANT, PlantSettings, plant_settings
from ballast.settings.row import LAST_PORT, YES_NO, Setting, number
from ballast.terms.label import LANGUAGES, Label, Language

__all__ = [
    "SETTINGS",
    "NodeSettings",
    "PlantSettings",
    "Setting",
    "Settings",
    "read_settings",
]

_AUTO = "auto"
_LEAST_WORKERS, _MOST_WORKERS = 2, 8


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
    "node_host": Setting(
        "BALLAST_NODE_HOST",
        "127.0.0.1",
        Label(
            "标识节点监听的地址；默认仅本机可访问",
            "address that the identifier node listens on; this machine alone unless changed",
        ),
    ),
    "node_port": Setting(
        "BALLAST_NODE_PORT",
        "2641",
        Label(
            "标识节点原生协议端口（UDP 与 TCP）；0 为任选空闲端口；国内客户端只接受至 9999 的端口",
            "port of the node's native protocol, UDP and TCP; 0: any that is free; Chinese clients "
            "take ports up to 9999 only",
        ),
    ),
    "node_http_port": Setting(
        "BALLAST_NODE_HTTP_PORT",
        "8000",
        Label(
            "标识节点的 HTTP 端口；0 表示任选空闲端口",
            "port of the node's HTTP interface; 0: any that is free",
        ),
    ),
    "node_https_port": Setting(
        "BALLAST_NODE_HTTPS_PORT",
        "8443",
        Label(
            "标识节点的 HTTPS 端口；未给出证书时不开",
            "port of the node's HTTPS interface; opened only where a certificate is given",
        ),
    ),
    "node_certificate": Setting(
        "BALLAST_NODE_CERTIFICATE",
        "",
        Label("HTTPS 证书链文件（PEM）", "file of the certificate chain for HTTPS (PEM)"),
    ),
    "node_certificate_key": Setting(
        "BALLAST_NODE_CERTIFICATE_KEY",
        "",
        Label(
            "证书私钥文件（PEM）；其他用户不得可读",
            "file of the certificate's private key (PEM); nobody else may read it",
        ),
    ),
    "node_basic_over_plain": Setting(
        "BALLAST_NODE_BASIC_OVER_PLAIN",
        "no",
        Label(
            "是否允许不加密地以用户名和密码登录（仅当前面另有 TLS 服务器时）",
            "whether a name and a password are taken without TLS (only behind a server that "
            "speaks TLS)",
        ),
        YES_NO,
    ),
    "node_base_url": Setting(
        "BALLAST_NODE_BASE_URL",
        "",
        Label(
            "标识二维码所用的节点地址，例如 https://id.example.cn；为空则取访问时的地址",
            "address under which people reach the node, for QR codes, such as "
            "https://id.example.org; the one they asked where empty",
        ),
    ),
    "node_workers": Setting(
        "BALLAST_NODE_WORKERS",
        "auto",
        Label(
            "标识节点的工作进程数；auto 则按处理器核数，2 至 8 个",
            "worker processes of the node; auto: as many as processor cores, 2 to 8",
        ),
    ),
    "node_map_gib": Setting(
        "BALLAST_NODE_MAP_GIB",
        "64",
        Label(
            "登记库可增长到的大小（GiB）；不预先占用磁盘",
            "how large the registry may grow, GiB; no disk is taken before it is used",
        ),
    ),
    "node_connections": Setting(
        "BALLAST_NODE_CONNECTIONS",
        "16384",
        Label(
            "每个工作进程同时保持的 TCP 连接数上限",
            "most TCP connections that one worker keeps open",
        ),
    ),
    "node_connections_by_address": Setting(
        "BALLAST_NODE_CONNECTIONS_BY_ADDRESS",
        "4096",
        Label("其中同一地址的上限", "most of them of one address"),
    ),
    "node_idle_seconds": Setting(
        "BALLAST_NODE_IDLE_SECONDS",
        "300",
        Label(
            "TCP 连接无消息多久后关闭（秒）",
            "after how many seconds without a message a TCP connection is closed",
        ),
    ),
    "node_requests_per_second": Setting(
        "BALLAST_NODE_REQUESTS_PER_SECOND",
        "20000",
        Label(
            "每个工作进程每秒接受同一地址的请求数；可短时突发到两倍",
            "requests a second that one worker takes from one address; twice as many in a burst",
        ),
    ),
    "node_failures_per_minute": Setting(
        "BALLAST_NODE_FAILURES_PER_MINUTE",
        "30",
        Label(
            "每分钟允许同一地址认证失败的次数",
            "failed authentications a minute that one address is allowed",
        ),
    ),
    "node_amplification": Setting(
        "BALLAST_NODE_AMPLIFICATION",
        "3",
        Label(
            "对未经核实的 UDP 地址，应答字节数至多为请求的几倍",
            "how many times the bytes of its requests an unverified UDP address gets in answers",
        ),
    ),
    **PLANT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSettings:
    """The settings of the identifier node, as plain values; their names are those of the table.

    ``workers`` is a number here, also where the setting is ``auto``;
    ``certificate`` and ``certificate_key`` are given together or not at all.
    """

    host: str
    port: int
    http_port: int
    https_port: int
    certificate: Path | None
    certificate_key: Path | None
    basic_over_plain: bool
    base_url: str
    workers: int
    map_gib: int
    connections: int
    connections_by_address: int
    idle_seconds: int
    requests_per_second: int
    failures_per_minute: int
    amplification: int


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
    node: NodeSettings
    plant: PlantSettings


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
        port=_number(found, "port", 0, LAST_PORT),
        base_url=found["base_url"].rstrip("/"),
        oidc_issuer=found["oidc_issuer"],
        oidc_client_id=found["oidc_client_id"],
        oidc_secret_file=Path(secret) if secret else None,
        contact=found["contact"],
        node=_node(found),
        plant=plant_settings(found),
    )


def _node(found: Mapping[str, str]) -> NodeSettings:
    certificate, key = found["node_certificate"], found["node_certificate_key"]
    if bool(certificate) != bool(key):
        raise WrongUsage(
            "{one} is set and {other} is not; a certificate and its private key go together",
            one=SETTINGS["node_certificate" if certificate else "node_certificate_key"].variable,
            other=SETTINGS["node_certificate_key" if certificate else "node_certificate"].variable,
        )
    return NodeSettings(
        host=found["node_host"],
        port=_number(found, "node_port", 0, LAST_PORT),
        http_port=_number(found, "node_http_port", 0, LAST_PORT),
        https_port=_number(found, "node_https_port", 0, LAST_PORT),
        certificate=Path(certificate) if certificate else None,
        certificate_key=Path(key) if key else None,
        basic_over_plain=found["node_basic_over_plain"] == "yes",
        base_url=found["node_base_url"].rstrip("/"),
        workers=(
            max(_LEAST_WORKERS, min(os.cpu_count() or 1, _MOST_WORKERS))
            if found["node_workers"] == _AUTO
            else _number(found, "node_workers", 1, 64)
        ),
        map_gib=_number(found, "node_map_gib", 1, 1 << 14),
        connections=_number(found, "node_connections", 1, 1 << 20),
        connections_by_address=_number(found, "node_connections_by_address", 1, 1 << 20),
        idle_seconds=_number(found, "node_idle_seconds", 1, 86_400),
        requests_per_second=_number(found, "node_requests_per_second", 1, 1 << 24),
        failures_per_minute=_number(found, "node_failures_per_minute", 1, 1 << 20),
        amplification=_number(found, "node_amplification", 1, 100),
    )


def _number(found: Mapping[str, str], name: str, least: int, most: int) -> int:
    return number(SETTINGS[name], found[name], least, most)
