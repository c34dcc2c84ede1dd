"""What is said of the line to head office outside its page: at the end of the program and on the command line."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "unsent": (
        "还有 {n} 项操作未发送到总部，下次打开时自动发送。",
        "{n} operation not yet sent to head office; it goes when the program runs again."
        "|{n} operations not yet sent to head office; they go when the program runs again.",
    ),
    "lapsed": (
        "已超过 72 小时没有联系上总部，“{role}”的权限暂停。恢复联系后重新登录即可。",
        "Head office has not been heard for more than 72 hours, so the rights of {role} rest. "
        "Sign in again once there is contact.",
    ),
    "round": (
        "已发送 {sent} · 已答复 {answered} · 已接收 {received} · 等待 {waiting} · 待处理 {refused}",
        "sent {sent} · answered {answered} · received {received} · waiting {waiting} · to deal with {refused}",
    ),
    "contact": ("最近联系：{at}", "last contact: {at}"),
    "joined": ("已加入总部：门店 {store}，柜台 {desk}。", "Joined head office: store {store}, desk {desk}."),
    "joined.tickets": (
        "上传工单 {n} 张，其中 {conflicts} 张与总部不一致。",
        "{n} ticket sent, {conflicts} in conflict.|{n} tickets sent, {conflicts} in conflict.",
    ),
    "final": ("总部已答复：{state}。", "Head office has answered: {state}."),
    "provisional": (
        "总部尚未答复，单据为待确认回执。",
        "Head office has not answered yet; the slip is provisional.",
    ),
}
