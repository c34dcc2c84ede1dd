"""Words of the customer's screen, which addresses the customer, in the language that the customer chooses."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "open": ("到顾客屏", "Customer screen"),
    "close": ("收回", "Take back"),
    "check": ("请核对后签字", "Please check, then sign"),
    "yours": ("您要撤销的售后工单", "The ticket you are cancelling"),
    "language": ("语言", "Language"),
    "product": ("商品", "Product"),
    "reason": ("原因", "Reason"),
    "pays": ("您现在应付", "You pay now"),
    "pays.back": ("退回{kind}", "Returns the {kind}"),
    "pays.back_of": ("退回 {day}的{kind}", "Returns the {kind} of {day}"),
    "receives": ("门店应付您", "The store owes you"),
    "nothing": ("您无需付款", "You pay nothing"),
    "text": ("您确认的内容", "What you confirm"),
    "sign": ("请在框内签字", "Please sign in the frame"),
    "again": ("重写", "Clear"),
    "done": ("签好了", "Done"),
    "thanks": ("谢谢，已收到您的签字", "Thank you, your signature has been taken"),
    "step.stop_visit": ("技师不再上门", "The technician no longer comes"),
    "step.stop_visit.at": ("{when} 技师不再上门", "The technician does not come on {when}"),
    "step.stop_visit.today": ("今天 {when} 技师不再上门", "The technician does not come at {when} today"),
    "step.stop_work": ("维修作业停止", "Work on your item stops"),
    "step.recall_goods": ("已发出的货物将召回", "What was sent is called back"),
    "step.hand_back_item": ("您的商品交还给您", "You get your item back"),
    "step.refund_to_customer": ("退款到账前会一直跟进", "We follow your refund until it arrives"),
    "step.remedy": ("门店兑现与您商定的办法", "The store does what was agreed with you"),
    "step.tell_customer": ("结果会告知您", "You are told the result"),
    "always.reopen": ("{date}前可凭撤销单重开", "Your slip reopens the ticket until {date}"),
    "always.warranty": ("不影响法定保修权利", "Your statutory warranty rights stay"),
    "data": (
        "笔迹只用于证明本次撤销，可以要求删除。",
        "Your strokes only prove this cancellation; you may have them erased.",
    ),
}
