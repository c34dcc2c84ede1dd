"""What the code names in English within a refusal, in words: below the refusal's code, by what the code says."""

from __future__ import annotations

from typing import Final

DETAILS: Final[dict[str, tuple[str, str]]] = {
    # The answers of set-up, and what could be given instead.
    "setup_invalid.store_code": ("门店代码", "store code"),
    "setup_invalid.store_name": ("门店名称", "store name"),
    "setup_invalid.desk": ("柜台号", "desk"),
    "setup_invalid.currency": ("货币", "currency"),
    "setup_invalid.country": ("国家或地区", "country"),
    "setup_invalid.timezone": ("时区", "time zone"),
    "setup_invalid.manager_id": ("店长工号", "manager's number"),
    "setup_invalid.manager_name": ("店长姓名", "manager's name"),
    "setup_invalid.recovery": ("恢复表行", "line of the recovery sheet"),
    "setup_invalid.CNY, USD, EUR …": (
        "请用 ISO 4217 的货币代码，如 CNY、USD、EUR。",
        "Use a currency code of ISO 4217, such as CNY, USD or EUR.",
    ),
    "setup_invalid.three digits": (
        "本程序的金额最多两位小数，请用其他货币，如 CNY、USD、EUR。",
        "Amounts here have two decimals at most. Use another currency, such as CNY, USD or EUR.",
    ),
    "setup_invalid.CN, DE, US …": (
        "请用 ISO 3166 的国家代码，如 CN、DE、US。",
        "Use a country code of ISO 3166, such as CN, DE or US.",
    ),
    "setup_invalid.Compare this line with the sheet.": ("请与恢复表核对这一行。", "Compare this line with the sheet."),
    "setup_invalid.A line is missing.": ("缺少一行。", "A line is missing."),
    "certificate_unreadable.passphrase": ("口令不对，或不是证书文件", "the passphrase is wrong, or it is no such file"),
    "certificate_unreadable.no_key": ("文件里没有私钥", "the file has no private key"),
    "certificate_unreadable.weak_key": (
        "密钥须为 P-256，或至少 2048 位的 RSA",
        "its key must be P-256, or RSA of at least 2048 bits",
    ),
    "certificate_unreadable.not_for_signing": ("它不是用来签名的", "it is not meant for signing"),
    "certificate_unreadable.not_current": ("它已过期或尚未生效", "it has expired or is not valid yet"),
    "certificate_unreadable.damaged": ("它已损坏", "it is damaged"),
    # What is wrong with a file, by what its readers and the system say in English.
    "file_unreadable.it is a web page; open it in a spreadsheet and save it as XLSX": (
        "这是网页，请用表格软件打开后另存为 XLSX",
        "it is a web page; open it in a spreadsheet and save it as XLSX",
    ),
    "file_unreadable.it is an archive, not a table": ("这是压缩包，不是表格", "it is an archive, not a table"),
    "file_unreadable.it is not a file": ("这不是文件", "it is not a file"),
    "file_unreadable.not a file": ("这不是文件", "it is not a file"),
    "file_unreadable.there is no such file": ("没有这个文件", "there is no such file"),
    "file_unreadable.not found": ("没有这个文件", "there is no such file"),
    "file_unreadable.it is not a table": ("这不是表格", "it is not a table"),
    "file_unreadable.it unpacks into far more than a table holds": (
        "解开后远大于一份表格",
        "it unpacks into far more than a table holds",
    ),
    "file_unreadable.its sheet is too wide": ("工作表的列太多", "its sheet is too wide"),
    "file_unreadable.the workbook is damaged": ("工作簿已损坏", "the workbook is damaged"),
    "file_unreadable.too large": ("文件太大", "it is too large"),
    "file_unreadable.PEM": ("不是 PEM 格式的证书", "it is no certificate in PEM"),
    "file_unreadable.the reader stopped": ("读取中断", "the reader stopped"),
    "file_unreadable.its characters are broken": ("文字编码有误", "its characters are broken"),
    "file_unreadable.the disk does not answer": ("磁盘没有响应", "the disk does not answer"),
    "file_unreadable.Permission denied": ("没有读取权限", "no permission to read it"),
    "file_unreadable.No such file or directory": ("没有这个文件", "there is no such file"),
    "file_unreadable.not a file of keys": ("这不是密钥文件", "it is not a file of keys"),
    "file_unreadable.Is a directory": ("这是文件夹", "it is a folder"),
    "file_unreadable.Not a directory": ("没有这个文件", "there is no such file"),
    "file_unreadable.File name too long": ("文件名太长", "its name is too long"),
    "file_unreadable.Input/output error": ("磁盘读取出错", "the disk cannot read it"),
    "file_unreadable.Too many levels of symbolic links": ("链接绕成了圈", "its links lead in a circle"),
    "file_unreadable.embedded null byte": ("文件名不能使用", "its name cannot be used"),
}
