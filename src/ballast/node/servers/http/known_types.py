"""How the types of values are called on a page, and which of them say what a thing is."""

from __future__ import annotations

from ballast.terms.label import Label, Language

__all__ = ["NAME_TYPES", "TECHNICAL", "TYPE_LABELS"]

TYPE_LABELS: dict[str, Label] = {
    "URL": Label("网址", "Address on the web"),
    "EMAIL": Label("电子邮箱", "E-mail"),
    "DESC": Label("说明", "Description"),
    "NAME": Label("名称", "Name"),
    "NAME_EN": Label("英文名称", "Name in English"),
    "TITLE": Label("名称", "Title"),
    "STATUS": Label("状态", "Status"),
    "TEMPLATE_ID": Label("数据模板", "Data template"),
    "TEMPLATE": Label("模板版本", "Version of the template"),
    "BATCH": Label("批次", "Batch"),
    "SERIAL": Label("序列号", "Serial number"),
    "MODEL": Label("型号", "Model"),
    "PRODUCT": Label("产品", "Product"),
    "MATERIAL": Label("材料", "Material"),
    "DATE": Label("日期", "Date"),
    "MADE_ON": Label("生产日期", "Made on"),
    "ENTERPRISE": Label("生产企业", "Made by"),
    "SOURCE": Label("数据来源", "Source of the data"),
    "CHECKSUM": Label("校验值", "Checksum"),
    "HS_ADMIN": Label("管理员", "Administrator"),
    "HS_SITE": Label("服务站点", "Service site"),
    "HS_SERV": Label("服务标识", "Service handle"),
    "HS_VLIST": Label("管理员名单", "List of administrators"),
    "HS_PUBKEY": Label("公钥", "Public key"),
    "HS_ALIAS": Label("别名", "Alias of"),
    "HS_NAMESPACE": Label("命名空间", "Namespace"),
}

NAME_TYPES: dict[Language, tuple[str, ...]] = {
    "zh": ("NAME", "TITLE", "产品名称", "名称", "PRODUCT", "NAME_EN"),
    "en": ("NAME_EN", "NAME", "TITLE", "产品名称", "名称", "PRODUCT"),
}
"""A value of the first of these that a record has is what the page is headed with: a foreign
buyer reads the English name where there is one."""

TECHNICAL = "HS_"
"""Values whose type begins so are for machines and stand folded away."""
