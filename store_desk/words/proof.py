"""Words of checking a slip: the verdicts, the names of facts, and what to do next."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "genuine": ("真实有效", "Genuine"),
    "changed": ("内容被改动", "Changed"),
    "unknown_desk": ("未知柜台", "Unknown desk"),
    "revoked_desk": ("柜台已停用", "Revoked desk"),
    "unreadable": ("无法读取", "Unreadable"),
    "advice.genuine": (
        "由该柜台签发，未被改动。请把下面的内容与纸面逐项核对；之后是否撤回，按单号在系统中查。",
        "Issued by this desk and not changed. Compare the facts below with the paper; whether it was withdrawn since, "
        "the system tells by its number.",
    ),
    "advice.changed": (
        "不要据此办理。请按单号在系统中查找原单，并告知主管。",
        "Do not act on it. Look up the original by its slip number and tell a supervisor.",
    ),
    "advice.unknown_desk": (
        "内容完整，但本机不认识这个柜台。请向该店索取密钥文件，或打电话核对指纹。",
        "The proof is whole, but this computer does not know the desk. Ask that store for its key file, or compare the "
        "fingerprint by telephone.",
    ),
    "advice.revoked_desk": (
        "该柜台的密钥已停用。不要据此办理，请联系总部或店长。",
        "The key of this desk was revoked. Do not act on it; call head office or the manager.",
    ),
    "advice.unreadable": (
        "没有读到撤销单的二维码。请拍得更近、更平、更亮，或直接扫码。",
        "No code of a slip could be read. Take the picture closer, flatter and brighter, or scan the code.",
    ),
    "why.file": (
        "文件签名不符：{why}。纸面可另行扫码核验。",
        "The signature of the file does not hold: {why}. The paper can be checked by its code.",
    ),
    "fact.slip": ("撤销单号", "Slip"),
    "fact.ticket": ("工单号", "Ticket"),
    "fact.store": ("门店", "Store"),
    "fact.desk": ("柜台", "Desk"),
    "fact.variant": ("单据种类", "Kind of paper"),
    "fact.status": ("状态", "Status"),
    "fact.time": ("时间", "Time"),
    "fact.reason": ("撤销原因", "Reason"),
    "fact.currency": ("货币", "Currency"),
    "fact.amounts": ("款项", "Money"),
    "fact.customer_pays_minor": ("顾客应付", "Customer pays"),
    "fact.store_pays_minor": ("门店应付", "Store pays"),
    "fact.consent": ("同意方式", "Consent"),
    "fact.consent_detail": ("同意方式说明", "Details of the consent"),
    "fact.read_back": ("复述文本", "Read-back text"),
    "fact.read_back_hash": ("复述文本指纹", "Hash of the read-back text"),
    "fact.previous_slip": ("前一单指纹", "Hash of the slip before"),
    "fact.slip_hash": ("全单指纹", "Hash of the whole slip"),
    "fact.case": ("撤销记录", "Case"),
    "fact.withdraws": ("撤回单号", "Withdraws slip"),
    "fact.confirms": ("确认回执", "Confirms slip"),
    "fact.demo": ("演示标记", "Mark of a demonstration"),
    "fact.short_code": ("核验码", "Short code"),
    "fact.fingerprint": ("本台公钥指纹", "Desk key"),
    "fact.members": ("文件数", "Files"),
    "fact.qr": ("二维码", "QR code"),
    "fact.file": ("文件签名", "Signature of the file"),
    "fact.time_source": ("时间来源", "Source of the time"),
    "fact.ticket_type": ("工单类型", "Type of ticket"),
    "fact.customer": ("顾客", "Customer"),
    "fact.customer_phone": ("电话", "Telephone"),
    "fact.product": ("商品", "Product"),
    "fact.serial": ("序列号", "Serial"),
    "fact.order_number": ("订单", "Order"),
    "fact.state": ("当时状态", "State then"),
    "fact.review": ("审核", "Review"),
    "fact.work": ("作业", "Work"),
    "fact.asked": ("提出方式", "Asked by"),
    "fact.identity": ("身份核对", "Identity check"),
    "fact.customer_words": ("顾客原话", "Own words"),
    "fact.evidence": ("证据", "Evidence"),
    "fact.agreed": ("约定", "Agreed"),
    "fact.obligations": ("未了事项", "Open obligations"),
    "fact.rights": ("权利告知", "Rights"),
    "fact.next_steps": ("后续", "Next steps"),
    "fact.promise": ("确认说明", "Promise"),
    "fact.how_to_reopen": ("如何重开", "How to reopen"),
    "fact.how_to_object": ("如何异议", "How to object"),
    "fact.signer": ("签字人", "Signer"),
    "fact.clerk": ("经办", "Clerk"),
    "fact.approver": ("主管", "Approver"),
    "fact.legal": ("法律条款", "Legal text"),
    "variant.cancellation": ("撤销单", "cancellation"),
    "variant.request": ("撤销申请回执", "request"),
    "variant.follow_up": ("撤销后续通知", "follow-up"),
    "variant.refusal": ("撤销未通过通知", "refusal"),
    "variant.change": ("工单变更单", "change"),
    "variant.void": ("撤回通知", "withdrawal"),
    "variant.stop_sheet": ("停止作业单", "stop sheet"),
    "status.provisional": ("暂定", "PROVISIONAL"),
    "status.final": ("最终", "FINAL"),
}


def fact_name(key: str) -> str:
    """The catalogue's key for a fact's name; a fact without words goes by its code."""
    return f"proof.fact.{key}" if f"fact.{key}" in WORDS else ""
