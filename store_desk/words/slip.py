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
        "By signing or confirming, the customer cancels this ticket. Statutory warranty rights are not affected.",
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
}
