"""Words of joining a head office, and of the test of the way there."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "way": ("加入总部", "This desk joins a head office"),
    "way.caption": ("先建立本柜台，再填总部地址和一次性代码", "Set this desk up, then the address and a one-time code"),
    "pane": ("加入总部", "Join head office"),
    "pane.caption": (
        "总部确认后，本柜台的撤销由总部答复。也可以以后在设置里加入。",
        "From then on head office answers this desk’s cancellations. You can also join later, in Settings.",
    ),
    "pane.later": ("以后再加入", "Join later"),
    "address": ("总部地址", "Address of head office"),
    "address.hint": ("由总部告知，以 https:// 开头", "Head office tells it; it begins with https://"),
    "address.row": ("本柜台向这里发送", "This desk talks to it"),
    "code": ("一次性代码", "One-time code"),
    "code.hint": ("八位，只能用一次，十分钟内有效", "Eight characters; it works once, for ten minutes"),
    "go": ("加入总部", "Join"),
    "go.again": ("重新加入", "Join again"),
    "missing": ("先填地址和八位代码", "Enter the address and the code of eight first"),
    "failed": ("没有加入，程序出错并已记录。", "It did not work: a fault in the program, which was recorded."),
    "step.working": ("正在加入…", "Joining…"),
    "step.asking": ("正在联系总部…", "Asking head office…"),
    "step.key": ("正在登记本机密钥…", "Enrolling this desk’s key…"),
    "step.uploading": ("正在上传工单 {n} / {of}", "Sending tickets, {n} of {of}"),
    "step.copying": ("正在获取工单 {n} / {of}", "Fetching tickets, {n} of {of}"),
    "step.rules": ("正在获取规则…", "Fetching the rules…"),
    "done": ("已加入总部：门店 {store} 柜台 {desk}", "Joined head office: store {store}, desk {desk}"),
    "done.text": ("已送交 {tickets} 张工单。", "{tickets} tickets were handed over."),
    "done.conflicts": (
        "有 {n} 张与总部不一致，请看“同步”页。",
        "{n} differ from what head office has; see the Sync page.",
    ),
    "state": ("总部", "Head office"),
    "state.alone": ("独立门店", "Stands alone"),
    "state.alone.caption": ("本柜台自己决定，撤销当场生效。", "This desk decides itself; cancellations hold at once."),
    "state.joined": ("已加入", "Joined"),
    "state.trouble": ("连接有问题", "Trouble on the way"),
    "forgotten": ("总部已不认识本柜台", "Head office does not know this desk any more"),
    "forgotten.text": (
        "总部多半是从较早的备份恢复的，那时本柜台还没有加入。{who}"
        "工单、撤销单和等待答复的操作（{n} 项）都保留，加入后自动发送；在此之前照常撤销和打印。",
        "It was most likely restored from a copy made before this desk joined. {who} Tickets, slips and operations "
        "that wait for an answer ({n}) are kept and go out by themselves afterwards; until then, cancelling and "
        "printing work as usual.",
    ),
    "forgotten.here": (
        "请向总部要一个新的一次性代码，在下面重新加入。",
        "Ask head office for a new one-time code and join again below.",
    ),
    "forgotten.manager": (
        "请店长向总部要一个新的一次性代码，在这里重新加入。",
        "A manager asks head office for a new one-time code and joins again here.",
    ),
    "role.desk": ("门店 {store} 的柜台", "A desk of store {store}"),
    "role.head_office": ("总部柜台，可看 {n} 家门店", "A desk of head office that sees {n} stores"),
    "contact": ("上次联系", "Last contact"),
    "contact.caption": ("联系不上也能照常工作", "Work goes on without it"),
    "contact.never": ("从未", "Never"),
    "fingerprint": ("本柜台的指纹", "This desk’s fingerprint"),
    "test": ("测试连接", "Test the connection"),
    "test.group": ("连接测试", "Connection"),
    "check.link": ("网络", "Network"),
    "check.name": ("地址解析", "Name"),
    "check.reachable": ("总部应答", "Head office answers"),
    "check.clock": ("时钟", "Clock"),
    "check.signed_in": ("登记", "Known there"),
    "check.ok": ("正常", "Fine"),
    "check.warn": ("请留意", "Look at this"),
    "check.bad": ("不通", "Does not work"),
    "check.skipped": ("没有测试", "Not tested"),
    "link.ok": ("本机已联网", "This computer is on a network"),
    "link.no_way_out": (
        "没有通向外面的网络，请检查网线或无线网",
        "No way out. Check the cable or the wireless network",
    ),
    "name.no_address": ("没有填地址", "There is no address"),
    "name.unknown_name": (
        "找不到 {host}，请检查拼写和网络的 DNS",
        "{host} is not known. Check the spelling and the network’s DNS",
    ),
    "name.found": ("{host} 是 {address}", "{host} is {address}"),
    "reachable.in_ms": ("{ms} 毫秒内应答", "Answered within {ms} ms"),
    "reachable.refused": (
        "那里没有应答，可能关机或被防火墙挡住",
        "Nobody answers there; it may be off, or a firewall in between",
    ),
    "reachable.certificate": ("证书不对，没有发送任何内容", "Its certificate is not right; nothing was sent"),
    "reachable.silent": ("{seconds} 秒没有应答", "No answer for {seconds} s"),
    "reachable.somebody_else": (
        "应答的不是总部，多半是网络的登录页",
        "Something else answers, most likely the network’s sign-in page",
    ),
    "clock.within": ("相差 {seconds} 秒", "{seconds} s apart"),
    "clock.ahead": ("本机快 {minutes} 分钟，请校准", "This computer is {minutes} min fast; set its clock"),
    "clock.behind": ("本机慢 {minutes} 分钟，请校准", "This computer is {minutes} min slow; set its clock"),
    "clock.not_told": ("总部没有告知时间", "Head office did not tell the time"),
    "signed_in.known": ("总部认得本柜台", "Head office knows this desk"),
    "signed_in.not_joined": ("还没有加入", "Not joined yet"),
    "signed_in.desk_unknown": (
        "总部不认识本柜台，请用新的代码重新加入",
        "Head office does not know this desk. Join again with a new code",
    ),
    "signed_in.desk_revoked": ("本柜台已被停用，请致电总部", "This desk was revoked. Call head office"),
    "signed_in.signer_missing": (
        "本机密钥缺失，请用恢复单恢复",
        "This desk’s key is missing; restore it with the recovery sheet",
    ),
    "signed_in.hub_upgrade_needed": ("版本不匹配，请升级", "The versions do not fit; update the older one"),
}
