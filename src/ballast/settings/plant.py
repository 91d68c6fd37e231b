"""The rows of the table that are about the plant: which broker, as whom, and how much is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ballast.errors import WrongUsage
from ballast.settings.row import YES_NO, Setting, number
from ballast.terms.label import Label

__all__ = ["PLANT", "PlantSettings", "plant_settings"]

_AUTO = "auto"

PLANT: dict[str, Setting] = {
    "plant_broker": Setting(
        "BALLAST_PLANT_BROKER",
        "",
        Label(
            "工厂 MQTT 代理服务器地址，例如 mqtt://10.0.0.5:1883 或 mqtts://…；为空则取映射文件所写",
            "address of the plant's MQTT broker, such as mqtt://10.0.0.5:1883 or mqtts://…; that "
            "of the mapping file where empty",
        ),
    ),
    "plant_user": Setting(
        "BALLAST_PLANT_USER",
        "",
        Label("在代理服务器上的用户名", "user name at the broker"),
    ),
    "plant_password_file": Setting(
        "BALLAST_PLANT_PASSWORD_FILE",
        "",
        Label(
            "存放代理服务器密码的文件；其他用户不得可读",
            "file that holds the password for the broker; nobody else may read it",
        ),
    ),
    "plant_ca_file": Setting(
        "BALLAST_PLANT_CA_FILE",
        "",
        Label(
            "用于核验代理服务器证书的 CA 文件（PEM）；为空则用系统自带",
            "file of the authority that signed the broker's certificate (PEM); those of the "
            "system where empty",
        ),
    ),
    "plant_client_id": Setting(
        "BALLAST_PLANT_CLIENT_ID",
        "",
        Label(
            "MQTT 客户端标识；为空则由主机标识得出",
            "MQTT client id; made from the host id where empty",
        ),
    ),
    "plant_host_id": Setting(
        "BALLAST_PLANT_HOST_ID",
        "",
        Label(
            "Sparkplug 主机应用标识；同一代理服务器上不得重复；为空则取映射文件所写，或 ballast",
            "id of this Sparkplug host application, which no other on the broker may have; that of "
            "the mapping file, or ballast, where empty",
        ),
    ),
    "plant_primary": Setting(
        "BALLAST_PLANT_PRIMARY",
        _AUTO,
        Label(
            "是否为主 Sparkplug 主机：发布 STATE，可下发命令；auto 则取映射文件所写，或 yes",
            "whether this is a primary Sparkplug host, which tells its STATE and may command; "
            "auto: as the mapping file says, or yes",
        ),
        (_AUTO, *YES_NO),
    ),
    "plant_spool_mib": Setting(
        "BALLAST_PLANT_SPOOL_MIB",
        "4096",
        Label(
            "尚未入湖的采集数据最多占用的磁盘（MiB）；满则停止确认",
            "most disk that collected data take before they are in the lake, MiB; when it is "
            "full nothing more is acknowledged",
        ),
    ),
    "plant_ship_seconds": Setting(
        "BALLAST_PLANT_SHIP_SECONDS",
        "10",
        Label("采集数据入湖的间隔（秒）", "how often collected data go into the lake, seconds"),
    ),
    "plant_keep_days": Setting(
        "BALLAST_PLANT_KEEP_DAYS",
        "90",
        Label(
            "原始采样值保存的天数，0 为永久；分钟汇总保存其 8 倍，小时汇总永久保存",
            "how many days samples are kept, 0 for good; roll-ups by the minute eight times as "
            "long, those by the hour for good",
        ),
    ),
    "plant_push_to": Setting(
        "BALLAST_PLANT_PUSH_TO",
        "",
        Label(
            "每日接收日汇总的本市门户地址；为空则不上报；须先 `ballast plant push --consent` 同意",
            "address of the city's portal that is told the day's sums every day; nobody where "
            "empty; `ballast plant push --consent` comes first",
        ),
    ),
    "plant_push_key_file": Setting(
        "BALLAST_PLANT_PUSH_KEY_FILE",
        "",
        Label(
            "存放本企业在该门户的接口密钥的文件；其他用户不得可读",
            "file with the key of the enterprise's account there; nobody else may read it",
        ),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantSettings:
    """The settings of the plant, as plain values; their names are those of the table.

    ``primary`` is none where the mapping file decides.
    """

    broker: str
    user: str
    password_file: Path | None
    ca_file: Path | None
    client_id: str
    host_id: str
    primary: bool | None
    spool_mib: int
    ship_seconds: int
    keep_days: int
    push_to: str
    push_key_file: Path | None


def plant_settings(found: Mapping[str, str]) -> PlantSettings:
    """Return the settings of the plant.

    Parameters
    ----------
    found
        Name of the row to what the environment says, or the default.

    Raises
    ------
    WrongUsage
        If a number is none, or a push has an address without a key or the other way round.
    """
    password, authority = found["plant_password_file"], found["plant_ca_file"]
    push_key = found["plant_push_key_file"]
    if bool(found["plant_push_to"]) != bool(push_key):
        raise WrongUsage(
            "{one} is set and {other} is not; the city's address and the key of the account there "
            "go together",
            one=PLANT["plant_push_key_file" if push_key else "plant_push_to"].variable,
            other=PLANT["plant_push_to" if push_key else "plant_push_key_file"].variable,
        )
    return PlantSettings(
        broker=found["plant_broker"],
        user=found["plant_user"],
        password_file=Path(password) if password else None,
        ca_file=Path(authority) if authority else None,
        client_id=found["plant_client_id"],
        host_id=found["plant_host_id"],
        primary={"yes": True, "no": False}.get(found["plant_primary"]),
        spool_mib=number(PLANT["plant_spool_mib"], found["plant_spool_mib"], 16, 1 << 20),
        ship_seconds=number(PLANT["plant_ship_seconds"], found["plant_ship_seconds"], 1, 3600),
        keep_days=number(PLANT["plant_keep_days"], found["plant_keep_days"], 0, 36_500),
        push_to=found["plant_push_to"].rstrip("/"),
        push_key_file=Path(push_key) if push_key else None,
    )
