"""Sentences of the slip that do not belong to the layout: read-back, promise, how to go on, the legal line."""

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "read_back": (
        "本人申请撤销工单 {number}（{product}），原因：{reason}。{words}{money}{obligations}"
        "撤销后该工单不再处理；如问题再次出现，可凭本单重开。",
        "I ask to cancel ticket {number} ({product}), reason: {reason}. {words}{money}{obligations}"
        "Work on it stops; if the problem comes back, this slip reopens it.",
    ),
    "read_back.words": ("本人说明：{words}。", "In my words: {words}. "),
    "read_back.pays": ("本人应付 {amount}。", "I pay {amount}. "),
    "read_back.receives": ("门店应付本人 {amount}。", "The store owes me {amount}. "),
    "read_back.waiver": ("本人主动放弃本单的处理。", "I give up this request of my own choice. "),
    "read_back.agreed": ("双方商定：{remedy}，{due} 前兑现。", "Agreed: {remedy}, by {due}. "),
    "promise.final": ("本店已确认撤销。", "Confirmed by this store."),
    "reopen_until": ("{date} 前可凭本单优先重开工单。", "Reopen with this slip, with priority, until {date}."),
    "object": (
        "如有异议，请联系本店{phone}，或向消费者协会投诉。",
        "To object, contact this store{phone}, or the consumer association.",
    ),
    "legal": (
        "签字或确认即表示本人申请撤销上述售后工单；撤销不影响法定保修权利。",
        "By signing or confirming, the customer asks to cancel this ticket."
        " Statutory warranty rights are not affected.",
    ),
    "time_source": ("本机时钟", "this desk's clock"),
    "state.visit": ("{state}（技师已预约 {time}）", "{state}, technician booked {time}"),
    "collected": ("{what}，已收", "{what}, received"),
    "owed": ("{what}，待付", "{what}, to be paid"),
    "total_paid": ("顾客已付", "Paid by the customer"),
    "total_owed": ("顾客应付", "To be paid by the customer"),
    "total_store": ("门店应付", "To be paid by the store"),
    "due": ("{date} 前", "by {date}"),
    "solved_on": ("顾客于{date}报告问题已自行解决", "Problem reported solved by the customer on {date}"),
    "void.what": (
        "撤销单 {slip} 作废，工单恢复原状态。",
        "Slip {slip} is void; the ticket is back in its earlier state.",
    ),
    "void.give_back": ("退回顾客 {amount}", "Give {amount} back to the customer"),
    "void.go_on": ("通知各方继续处理", "Everybody concerned is told to go on"),
    "grade.phone_detail": ("录音编号 {reference}", "Recording {reference}"),
    "grade.proxy_detail": ("{name}（{relation}），依据：{authority}", "{name} ({relation}), authority: {authority}"),
    "grade.refused_detail": ("见证人 {witness}", "Witness {witness}"),
    "stop.acknowledge": ("请停止上述作业，签字并写明时间", "Stop the work above, sign and note the time"),
    "stop.object": ("已有进展的，写明已完成的部分", "If work has begun, note what is done already"),
    "stop.promise": ("工单已撤销，见撤销单 {slip}。", "The ticket is cancelled, see slip {slip}."),
    "stop.legal": (
        "本单只通知停止作业，不含顾客款项；签字表示已知悉。",
        "This sheet only stops work and carries no money of the customer. Signing means it was received.",
    ),
    "linked_ticket": ("新工单 {number}", "New ticket {number}"),
    "kept_ticket": ("并入工单 {number}", "Kept ticket {number}"),
    "request.promise.office": (
        "本单已于柜台登记，尚未生效；以总部确认为准，{hours} 小时内（{until} 前）答复。",
        "Recorded at the counter, not in force yet. Head office decides and answers within {hours} hours, by {until}.",
    ),
    "request.promise.approval": (
        "本单已于柜台登记，尚未生效；待主管批准并由总部确认，{hours} 小时内（{until} 前）答复。",
        "Recorded at the counter, not in force yet. A supervisor and head office decide within {hours} hours,"
        " by {until}.",
    ),
    "request.promise.store": (
        "本单已于柜台登记，尚未生效；待本店主管批准，{hours} 小时内（{until} 前）答复。",
        "Recorded at the counter, not in force yet. A supervisor of this store decides within {hours} hours,"
        " by {until}.",
    ),
    "request.deposit": ("{what}，暂收押金", "{what}, held as a deposit"),
    "request.then": ("确认后：{what}", "Once confirmed: {what}"),
    "request.total_deposit": ("已收押金", "Deposit received"),
    "request.total_nothing": ("现在应付", "To be paid now"),
    "request.meanwhile": (
        "答复前有关作业暂停，工单保留。",
        "Until the answer, work is on hold and the ticket is kept.",
    ),
    "request.unchanged": (
        "批准前工单照常处理。",
        "Until it is approved, the ticket goes on as before.",
    ),
    "request.if_yes": (
        "总部确认：另出售后工单撤销单。",
        "If head office agrees: you get the cancellation slip.",
    ),
    "request.if_yes.store": ("批准：另出售后工单撤销单。", "If it is approved: you get the cancellation slip."),
    "request.if_no": (
        "未通过：电话告知原因，暂停的恢复，押金全退。",
        "If not: we call you and say why, what is on hold goes on, the deposit is given back.",
    ),
    "request.take_back": (
        "答复前可随时凭本单撤回申请。",
        "Until the answer, this slip takes the request back at any time.",
    ),
    "promise.office": ("总部已于 {time} 确认撤销。", "Confirmed by head office ({time})."),
    "promise.conditions": (
        "总部已于 {time} 确认撤销，内容有变，另见跟进单。",
        "Confirmed by head office ({time}) with changes, see the follow-up slip.",
    ),
    "promise.follow_up": (
        "撤销已确认，但与约定相比有变化。",
        "The cancellation stands, but not quite as it was agreed.",
    ),
    "promise.refused": (
        "撤销未通过，工单继续有效。",
        "Not cancelled; the ticket stays in force.",
    ),
    "promise.refused_over": (
        "撤销未通过，工单此前已结束。",
        "Not cancelled; the ticket had come to its end before.",
    ),
    "promise.superseded": (
        "工单此前已撤销，本次申请不再另作处理。",
        "The ticket was cancelled before; this request changes nothing more.",
    ),
    "promise.superseded_waits": (
        "工单已有另一撤销申请在处理，以该申请为准。",
        "Another request to cancel this ticket is being decided; that one counts.",
    ),
    "refusal.next.done": (
        "可凭本通知办理退货、换货，或协商补偿。",
        "With this notice you can ask for a return, an exchange or compensation.",
    ),
    "refusal.next.rejected": (
        "可凭本通知对驳回提出异议，或重新申请售后。",
        "With this notice you can object to the rejection, or ask for service anew.",
    ),
    "refusal.next.declined": (
        "可请本店主管说明，或请总部复核。",
        "Ask a supervisor of this store to explain, or head office to look at it again.",
    ),
    "refusal.next.other": (
        "本店会请总部复核，并电话告知结果。",
        "This store asks head office to look at it again and calls you.",
    ),
    "outcome.call": ("本店会打电话说明。", "This store calls you to explain."),
    "superseded.next": (
        "请保留撤销单 {slip}；本单不另作处理。",
        "Please keep slip {slip}; nothing more is done on this one.",
    ),
    "superseded.next.unknown": (
        "可凭本单在柜台索取该撤销单的副本。",
        "With this paper the counter gives you a copy of that slip.",
    ),
    "follow_up.next": (
        "请与撤销单 {slip} 一并保留。",
        "Please keep it together with slip {slip}.",
    ),
    "signed_before": ("纸面签字（签在回执 {slip} 上）", "Signed on paper, on slip {slip}"),
}
