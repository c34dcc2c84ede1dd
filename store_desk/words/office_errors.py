"""Refusals and failures between a desk and head office in words, by their codes."""

from __future__ import annotations

from typing import Final

OFFICE: Final[dict[str, tuple[str, str]]] = {
    "signer_missing": (
        "本机密钥缺失，无法向总部发送。请用恢复单恢复密钥。",
        "This desk’s key is missing, so nothing can be sent to head office. Restore the key with the recovery sheet.",
    ),
    "ticket_of_other_store": (
        "{number} 属于门店 {store}，请引导顾客到该门店办理。",
        "{number} belongs to store {store}. Please refer the customer to that store.",
    ),
    "import_at_head_office": (
        "本机属于总部，工单由总部导入。请把文件交给总部。",
        "This desk belongs to a head office, which brings tickets in. Send the file there.",
    ),
    "not_enrolled": (
        "本机没有总部。请在设置里用地址和一次性代码加入。",
        "This desk has no head office. Join one in Settings with the address and a one-time code.",
    ),
    "already_enrolled": ("本机已属于 {url} 的总部。", "This desk belongs to the head office at {url} already."),
    "enrolment_refused": (
        "总部没有接受该代码。请索取新代码：只能用一次，十分钟内有效。",
        "Head office did not take the code. Ask for a new one; codes work once, for ten minutes.",
    ),
    "enrolled_elsewhere": (
        "该代码属于门店 {store} 柜台 {desk}；本机是门店 {own_store} 柜台 {own_desk}。",
        "This code is for store {store}, desk {desk}; this computer is store {own_store}, desk {own_desk}.",
    ),
    "hub_unreachable": (
        "联系不上总部（{detail}）。可照常工作，恢复后自动发送。",
        "Head office cannot be reached ({detail}). Work goes on; everything is sent when it can be reached again.",
    ),
    "hub_not_genuine": (
        "{url} 的应答不是总部（{detail}）。没有发送任何内容，请检查网络登录页。",
        "What answered at {url} is not head office ({detail}). Nothing was sent. Check the network sign-in page.",
    ),
    "hub_unreachable.name": ("找不到这个地址", "no such name"),
    "hub_unreachable.closed": ("对方没有开启服务", "nothing listens there"),
    "hub_unreachable.no_way": ("没有网络通路", "no way there"),
    "hub_unreachable.slow": ("应答太慢", "too slow"),
    "hub_unreachable.broken_off": ("连接中断", "the connection broke off"),
    "hub_unreachable.busy": ("总部正忙", "head office is busy"),
    "hub_not_genuine.certificate": ("证书不可信", "its certificate is not trusted"),
    "hub_not_genuine.certificate_unknown": ("证书由未知机构签发", "its certificate is by an unknown authority"),
    "hub_not_genuine.certificate_expired": (
        "证书已过期，或本机时钟不准",
        "its certificate is over, or the clock is wrong",
    ),
    "hub_not_genuine.certificate_not_yet_valid": (
        "证书尚未生效，或本机时钟不准",
        "its certificate is not valid yet, or the clock is wrong",
    ),
    "hub_not_genuine.certificate_other_name": ("证书属于另一个地址", "its certificate is for another address"),
    "hub_not_genuine.no_tls": ("没有安全连接", "no secure connection"),
    "hub_not_genuine.too_large": ("应答过大", "its answer is too large"),
    "hub_not_genuine.copy_altered": ("数据副本不完整", "the copy is not whole"),
    "hub_upgrade_needed": (
        "总部与本机的版本不匹配（{detail}）。请升级较旧的一方，数据不会丢失。",
        "Head office and this desk run versions that do not fit ({detail}). Update the older one; nothing is lost.",
    ),
    "desk_revoked": (
        "总部已停用本机。请致电总部；这里等待发送的内容都保留着。",
        "Head office has revoked this desk. Call head office; what waits here is kept.",
    ),
    "desk_unknown": (
        "总部已不认识本机。请用新的代码重新加入；这里等待的内容都保留，加入后自动发送。",
        "Head office does not know this desk any more. Join again with a new code; what waits here is kept and sent.",
    ),
    "hub_refused": ("总部拒绝：{detail}。", "Head office refused: {detail}."),
    "hub_database_unreachable": (
        "联系不上总部的数据库（{detail}）。",
        "Head office’s database cannot be reached ({detail}).",
    ),
    "hub_database_busy": (
        "总部的数据库正忙（{detail}），没有保存任何内容。请重试。",
        "Head office’s database is busy ({detail}); nothing was stored. Try again.",
    ),
    "hub_outcome_unknown": (
        "与总部数据库的连接在最后一刻中断。请再次查询结果。",
        "The connection to head office’s database was lost at the last moment; ask again for what became of it.",
    ),
    "hub_database_refused": (
        "总部的数据库拒绝了（{detail}）。",
        "Head office’s database refused ({detail}).",
    ),
    "hub_schema_newer": (
        "总部数据库的结构版本是 {found}，比本程序所知的 {known} 新。请安装新版程序。",
        "Head office’s database has schema {found}, newer than {known}. Install the newer program.",
    ),
    "hub_schema_older": (
        "总部数据库的结构版本是 {found}，本程序需要 {known}。请先运行 store-desk hub init。",
        "Head office’s database has schema {found}, this program needs {known}. Run store-desk hub init first.",
    ),
    "hub_store_unknown": ("总部没有门店 {store}。", "Head office has no store {store}."),
    "hub_snapshot_gone": (
        "这份快照已不再保留。请重新获取。",
        "This snapshot is no longer kept; ask for a new one.",
    ),
    "published_meanwhile": (
        "期间有人发布了版本 {version}。请查看后再发布。",
        "Somebody published version {version} of this meanwhile. Look at it and publish again.",
    ),
    "feed_broken": (
        "总部的变更在 {seq} 号处有缺口。没有采用任何内容，正在重新获取。",
        "Head office’s changes have a gap at number {seq}. Nothing was taken over; a fresh copy is being fetched.",
    ),
    "case_not_waiting": (
        "该申请已有决定，不再等待审批。",
        "This request no longer waits for approval; it was decided meanwhile.",
    ),
    "nothing_to_ask": ("总部没有拒绝此事，无需询问。", "Head office has not refused this, so there is nothing to ask."),
    "overruling_reason_missing": ("请用一句话写明原因，门店会看到。", "Write in one line why; the store reads it."),
    "rehearsal_failed": (
        "演练未通过：丢失 {lost} 笔操作，重复 {doubled} 笔，{unequal} 处不一致。",
        "The rehearsal did not hold: {lost} operations lost, {doubled} doubled, {unequal} differences.",
    ),
}
