"""The fixed words of the paper, Chinese and English together: a slip is not in the clerk's language but in both."""

from __future__ import annotations

from store_desk.domain.slip import Both, Copy, SlipStatus, SlipVariant

COPY = {Copy.CUSTOMER: Both("顾客联", "Customer copy"), Copy.STORE: Both("门店联", "Store copy")}
STATUS = {SlipStatus.PROVISIONAL: Both("暂定", "PROVISIONAL"), SlipStatus.FINAL: Both("最终", "FINAL")}

DEMO = Both("演示", "DEMO")
DRAFT = Both("草稿", "DRAFT")
REPRINT = Both("补打", "REPRINT")
NUMBERED_LATER = Both("确认后编号", "Numbered when confirmed")
SLIP = Both("单号", "Slip")
DESK = Both("号台", "Desk")
TICKET = Both("工单号", "Ticket")
CONFIRMS = Both("确认回执", "Confirms slip")
WITHDRAWS = Both("撤回单号", "Withdraws slip")
# Papers that name another slip for a reason of their own.
CONFIRMS_AS = {SlipVariant.FOLLOW_UP: Both("所跟单号", "Follows slip")}
WITHDRAWS_AS = {
    SlipVariant.REFUSAL: Both("作废单号", "Voids slip"),
    SlipVariant.FOLLOW_UP: Both("取代单号", "Replaces slip"),
}

TYPE = Both("类型", "Type")
CUSTOMER = Both("顾客", "Customer")
PRODUCT = Both("商品", "Product")
SERIAL = Both("序列号", "Serial")
ORDER = Both("订单", "Order")
STATE = Both("当时状态", "State then")
REVIEW = Both("审核", "Review")
WORK = Both("作业", "Work")
ASKED = Both("提出方式", "Asked by")
IDENTITY = Both("身份核对", "Identity check")
TIME = Both("时间", "Time")

REASON = Both("撤销原因", "Reason")
WORDS = Both("顾客原话", "Own words")
MONEY = Both("款项", "Money")
AGREED = Both("约定", "Agreed")
# On a paper that tells of an answer, what stands there was decided, not agreed.
ANSWER = Both("答复", "Decision")
ANSWERS = frozenset({SlipVariant.FOLLOW_UP, SlipVariant.REFUSAL})
OPEN = Both("未了事项", "Open")
RIGHTS = Both("权利告知", "Rights")
NEXT = Both("后续", "Next")
REOPEN = Both("重开异议", "Reopen, object")
READ_BACK = Both("已复述", "Read back")
CONSENT = Both("同意方式", "Consent")
CUSTOMER_SIGNS = Both("顾客签字", "Customer signature")
STAFF_SIGNS = Both("经办 / 主管", "Clerk / supervisor")
CLERK_SIGNS = Both("经办", "Clerk")
VERIFY = Both("核验码", "Short code")
SCAN = Both("扫码核验本单", "Scan to verify")
READ_BACK_HASH = Both("复述文本指纹", "Read-back SHA-256")
PREVIOUS_HASH = Both("本台前一单指纹", "Previous slip SHA-256")
DESK_KEY = Both("本台公钥指纹", "Desk key")
MISSING = Both("〓 代替无法印出的字", "〓 stands for characters without a glyph")
PAGE = Both("页", "Page")
