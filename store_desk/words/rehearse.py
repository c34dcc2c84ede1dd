"""Words of the rehearsal: its options, what it tells while it runs, what came of it."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "help": (
        "在本机演练整个总部：数据库、服务、柜台和一天的业务",
        "rehearse a whole head office on this machine: database, service, desks, a day of work",
    ),
    "help.desks": ("柜台数（默认 2）", "how many desks (default 2)"),
    "help.tickets": ("工单数（默认 200）", "how many tickets (default 200)"),
    "help.faults": (
        "按种子制造故障：断线、重复、进程被杀、从备份恢复",
        "trouble by this seed: lines that break and repeat, processes killed, backups restored",
    ),
    "help.windows": (
        "打开两个柜台的窗口，直到窗口关闭",
        "open the windows of two desks beside each other, until they are closed",
    ),
    "founding": (
        "正在建立总部：{desks} 个柜台，{tickets} 张工单……",
        "Founding head office: {desks} desks, {tickets} tickets …",
    ),
    "hour": ("{hour} 点（到 {of} 点）", "{hour} o'clock of {of}"),
    "evening": ("晚上：处理待授权，等待全部同步", "Evening: what waits is decided, and everything settles"),
    "comparing": ("正在核对各柜台与总部的账", "Comparing the books of the desks with head office's"),
    "hub_killed": ("故障：总部服务被杀，重新启动", "Trouble: a service of head office is killed and started again"),
    "database_crashed": ("故障：总部数据库崩溃", "Trouble: head office's database crashes"),
    "backed_up": ("总部做了一次备份", "Head office is backed up"),
    "restored": (
        "故障：总部从备份恢复，没有人告诉它",
        "Trouble: head office is restored from a backup, and nobody tells it",
    ),
    "restored_anew": ("故障：总部从备份恢复（新的历史）", "Trouble: head office is restored from a backup"),
    "desk_killed": ("故障：柜台 {desk} 断电", "Trouble: the power of desk {desk} goes"),
    "desk_back": ("柜台 {desk} 又开机了", "Desk {desk} is on again"),
    "disk_put_back": (
        "故障：柜台 {desk} 的磁盘换回旧镜像",
        "Trouble: an old image of the disk is put back at desk {desk}",
    ),
    "refusals": (
        "当场被拒绝 {n} 次（如顾客未同意、无权限），这是正常的。",
        "{n} thing was refused on the spot, as it should be.|{n} things were refused on the spot, as they should be.",
    ),
    "gone": (
        "{n} 笔操作在镜像之后、上报之前随旧磁盘消失，不计在内。",
        "{n} operation went with a disk before it was sent, and is not counted."
        "|{n} operations went with a disk before they were sent, and are not counted.",
    ),
    "for_a_person": ("须由人处理：{what}", "For a person to settle: {what}"),
    "differs": ("不一致：{what}", "Difference: {what}"),
    "done": (
        "{operations} 笔操作，{seconds} 秒：丢失 {lost}，重复 {doubled}，各方{equal}。",
        "{operations} operations in {seconds} s: {lost} lost, {doubled} doubled, books {equal}.",
    ),
    "equal": ("一致", "equal"),
    "unequal": ("不一致", "not equal"),
    "outcome": ("{outcome}：{n}", "{outcome}: {n}"),
    "not_settled": ("未能平息：{what}", "it did not settle: {what}"),
    "window": ("柜台 {desk}：{folder}", "Desk {desk}: {folder}"),
    "pins": ("工号与练习 PIN：{pins}", "Staff numbers and practice PINs: {pins}"),
    "windows_open": (
        "总部在 {url}；关闭两个窗口即结束。",
        "Head office is at {url}; it ends when both windows are closed.",
    ),
    "windows_closed": ("窗口已关闭，演练结束。", "The windows are closed; the rehearsal has ended."),
}
