"""What the identifier node streams in: its events, its days, and whose each prefix is.

``enterprise_prefix`` is the join of node and brain. It is streamed from the
same outbox as the events rather than loaded: who holds a prefix is decided in
the node, and a load by hand would be a second, later truth about it.
"""

from __future__ import annotations

from dataclasses import replace

from ballast.lake.declare import Choice, Column, Kind, Sensitivity, Stage, Table
from ballast.lake.tables.ledger import LOAD
from ballast.lake.tables.shared_columns import USCC, ZERO
from ballast.terms.label import Label
from ballast.terms.unit import COUNT

__all__ = ["ENTERPRISE_PREFIX", "EVENT_KINDS", "HANDLE_DAILY", "HANDLE_EVENT", "PREFIX_STATES"]

EVENT_KINDS = (
    Choice("registered", Label("注册", "registered")),
    Choice("changed", Label("变更", "changed")),
    Choice("deleted", Label("删除", "deleted")),
    Choice("revoked", Label("吊销", "revoked")),
    Choice("restored", Label("恢复", "restored")),
    Choice("renewed", Label("续期", "renewed")),
    Choice("prefix-allotted", Label("分配前缀", "prefix allotted")),
    Choice("prefix-changed", Label("变更前缀", "prefix changed")),
    Choice("prefix-withdrawn", Label("收回前缀", "prefix withdrawn")),
)

PREFIX_STATES = (
    Choice("held", Label("持有", "held")),
    Choice("withdrawn", Label("已收回", "withdrawn")),
)

_NODE = Column(name="node", kind=Kind.CODE, required=True, label=Label("节点", "node"), meaning=Label("二级节点自身的前缀", "the prefix of the secondary node itself"))  # fmt: skip
_SEQ = Column(name="seq", kind=Kind.INTEGER, required=True, least=ZERO, label=Label("序号", "sequence number"), meaning=Label("事件在该节点内的序号，逐一递增", "number of the event in its node, one after the other"))  # fmt: skip
_PREFIX = Column(name="prefix", kind=Kind.CODE, required=True, label=Label("前缀", "prefix"), meaning=Label("标识中“/”之前的部分，小写", "what stands before the / of an identifier, in lower case"))  # fmt: skip
_HOLDER = replace(
    USCC,
    required=False,
    synonyms=(),
    meaning=Label(
        "持有该前缀的企业；节点自用的前缀则空",
        "the enterprise that holds the prefix; empty for those of the node itself",
    ),
)

_PROVENANCE = replace(
    LOAD.column("provenance"),
    default=None,
    meaning=Label("该节点的数据是真实的还是合成的", "whether the node's data are real or invented"),
)

HANDLE_EVENT = Table(
    name="handle_event",
    label=Label("标识事件", "identifier events"),
    meaning=Label(
        "标识或前缀的一次注册、变更或状态变化，按节点提交的次序",
        "one registration, change or change of state of an identifier or a prefix, in the order "
        "in which the node committed them",
    ),
    stage=Stage.STREAMED,
    moment="at",
    key=("node", "seq"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    columns=(
        _NODE,
        _SEQ,
        Column(name="at", kind=Kind.TIMESTAMP, required=True, label=Label("时间", "time"), meaning=Label("节点接受该事件的时刻", "when the node took it")),
        Column(name="kind", kind=Kind.CHOICE, required=True, choices=EVENT_KINDS, label=Label("事件", "event"), meaning=Label("发生了什么", "what happened")),
        _PREFIX,
        Column(name="handle", kind=Kind.TEXT, required=True, label=Label("标识", "identifier"), meaning=Label("登记时的写法；前缀事件为前缀自身的标识", "as spelled when registered; the prefix's own handle for an event of a prefix")),
        Column(name="actor", kind=Kind.TEXT, label=Label("操作者", "actor"), meaning=Label("管理员标识，形如 300:0.NA/88.118.8；本机命令则为 operator", "the administrator, such as 300:0.NA/88.118.8; operator for commands of this machine")),
        _HOLDER,
        _PROVENANCE,
    ),
)  # fmt: skip


def _counted(name: str, zh: str, en: str, meaning: Label) -> Column:
    return Column(name=name, kind=Kind.INTEGER, unit=COUNT, required=True, least=ZERO, label=Label(zh, en), meaning=meaning)  # fmt: skip


HANDLE_DAILY = Table(
    name="handle_daily",
    label=Label("标识日统计", "identifiers by day"),
    meaning=Label(
        "一个前缀一天的注册、变更、删除与解析次数；当日结束后才写入",
        "registrations, changes, deletions and resolutions of one prefix on one day; written once "
        "the day is over",
    ),
    stage=Stage.STREAMED,
    moment="day",
    key=("prefix", "day"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    columns=(
        _NODE,
        _PREFIX,
        Column(name="day", kind=Kind.DATE, required=True, label=Label("日期", "day"), meaning=Label("北京时间的一天", "a day of China's calendar")),
        _counted("registered", "注册数", "registered", Label("当日新注册的标识数", "identifiers registered on the day")),
        _counted("changed", "变更数", "changed", Label("当日变更及状态变化的次数", "changes and changes of state on the day")),
        _counted("deleted", "删除数", "deleted", Label("当日删除的标识数", "identifiers deleted on the day")),
        _counted("resolved", "解析数", "resolved", Label("当日解析次数，含未找到的", "resolutions on the day, those that found nothing included")),
        _HOLDER,
        _PROVENANCE,
    ),
)  # fmt: skip

ENTERPRISE_PREFIX = Table(
    name="enterprise_prefix",
    label=Label("企业前缀", "prefixes of enterprises"),
    meaning=Label(
        "自某一时刻起，一个前缀归哪家企业；变更即新的一行",
        "whose a prefix is from a moment on; a change is a new row",
    ),
    stage=Stage.STREAMED,
    moment="from",
    key=("prefix", "uscc", "from"),
    sensitivity=Sensitivity.PUBLIC,
    columns=(
        _NODE,
        _SEQ,
        _PREFIX,
        # Part of the key, so never missing: an empty text where nobody holds it.
        replace(_HOLDER, required=True),
        Column(name="from", kind=Kind.TIMESTAMP, required=True, label=Label("起始时刻", "from"), meaning=Label("本行情况自此时起有效，直至同一前缀的下一行", "the row holds from this moment until the next row of the prefix")),
        Column(name="state", kind=Kind.CHOICE, required=True, choices=PREFIX_STATES, label=Label("状态", "state"), meaning=Label("持有或已收回", "held, or withdrawn")),
        _PROVENANCE,
    ),
)  # fmt: skip
