"""What the words of other systems for states, types and reasons mean here.

Words of our own and of the default table are taken as they are; words of other systems are only proposals, because
`Closed` is a finished repair in one shop and a cancelled one in the next.
"""

from __future__ import annotations

from typing import Final

from store_desk.domain.errors import MappingInvalid
from store_desk.domain.imports import DEFAULT_STATES, StateValue
from store_desk.domain.reasons import Reason
from store_desk.domain.ticket import Review, TicketType, Work
from store_desk.exchange.folding import fold

CANCELLED: Final = "cancelled"

REVIEW_NAMES: Final = {
    Review.PENDING_REVIEW: ("待审核", "Pending review"),
    Review.UNDER_REVIEW: ("审核中", "Under review"),
    Review.APPROVED: ("已通过", "Approved"),
    Review.REJECTED: ("已驳回", "Rejected"),
    Review.IN_PROCESS: ("处理中", "In process"),
}
WORK_NAMES: Final = {
    Work.UNASSIGNED: ("未分配", "Unassigned"),
    Work.ASSIGNED: ("已分配", "Assigned"),
    Work.IN_PROCESS: ("处理中", "In process"),
    Work.AWAITING_CONFIRMATION: ("待确认", "Awaiting confirmation"),
    Work.DONE: ("已完成", "Done"),
}
TYPE_NAMES: Final = {
    TicketType.REPAIR: ("维修", "Repair"),
    TicketType.RETURN: ("退货", "Return"),
    TicketType.EXCHANGE: ("换货", "Exchange"),
    TicketType.COMPLAINT: ("投诉", "Complaint"),
}
CANCELLED_NAMES: Final = ("已取消", "Cancelled")

_TYPE_WORDS: Final = {
    TicketType.REPAIR: (
        "repair|维修|维修单|修理|返修|保修|維修|warranty|warranty claim|service|reparatur|réparation|reparatie|"
        "reparación|修理依頼"
    ),
    TicketType.RETURN: (
        "return|退货|退款|仅退款|退货退款|退換貨|退貨|refund|return and refund|rückgabe|retoure|erstattung|retour|"
        "remboursement|terugbetaling|retourzending|devolución|reembolso|返品|返金"
    ),
    TicketType.EXCHANGE: (
        "exchange|换货|换新|换机|補換|換貨|replacement|replace|umtausch|austausch|échange|omruiling|ruilen|cambio|交換"
    ),
    TicketType.COMPLAINT: (
        "complaint|投诉|客诉|投訴|feedback|beschwerde|reklamation|réclamation|plainte|klacht|queja|reclamación|"
        "クレーム|苦情"
    ),
}
# In a column of problem types: what kind of ticket a word speaks of, the first that fits.
_PROBLEM_KEYWORDS: Final[tuple[tuple[TicketType, str], ...]] = (
    (TicketType.RETURN, "退货|退换|退款|退貨|return|refund|返品"),
    (TicketType.EXCHANGE, "换货|换新|換貨|exchange|replace|交換"),
    (
        TicketType.COMPLAINT,
        "投诉|投訴|客服|态度|物流|真伪|价格|描述不符|complaint|attitude|delivery|price|poor data|unknown|other|其他",
    ),
    (
        TicketType.REPAIR,
        (
            "维修|返修|修理|故障|屏幕|电池|充电|死机|卡顿|发热|噪音|漏水|破损|损坏|不开机|無法|维護|repair|"
            "power|battery|cable|cord|damage|motor|screen|button|switch|storage|boot|heat|port|slot|connector|"
            "filter|keyboard|board|fault|broken|printhead|ink|feed|blockage|performance|configuration|"
            "operating system|case|chassis|hose|tube|virus|camera|lens|speaker|audio|sound|fan|hinge|charging|"
            "wifi|network|software|display|wear|leak|noise|fuse|sensor|mechan|electr|drive|disk|memory"
        ),
    ),
)

_PROPOSED_STATES: Final = {
    "pending_review/unassigned": (
        "new|submitted|created|requested|draft|unconfirmed|to review|pending approval|待受理|新建|未处理|"
        "已提交|neu|eingegangen|entwurf|nouveau|brouillon|nieuw|concept|nuevo|borrador|新規|受付|未対応"
    ),
    "under_review/unassigned": "in review|reviewing|in prüfung|en examen|in beoordeling|en revisión|審査中|受理中",
    "approved/unassigned": (
        "open|opened|to do|todo|confirmed|accepted|reopened|unresolved|active|待维修|已受理|待分配|待派工|"
        "待派单|offen|bestätigt|ouvert|confirmé|openstaand|bevestigd|abierto|confirmado|未完了|受付済|"
        "unfulfilled"
    ),
    "approved/assigned": "scheduled|已派单|已派工|zugewiesen|assigné|toegewezen|asignado|担当決定",
    "in_process/in_process": (
        "in progress|work in progress|wip|processing|under repair|under_repair|working|replied|hold|on hold|"
        "pending|waiting|waiting for customer|pending reminder|pending close|维修中|检测中|进行中|待配件|"
        "等待配件|挂起|in bearbeitung|in arbeit|wartend|warten auf erinnerung|en cours|en attente|"
        "in behandeling|in uitvoering|wachtend|en proceso|en curso|pendiente|対応中|処理中|修理中|保留"
    ),
    "in_process/awaiting_confirmation": (
        "ready|to confirm|waiting for confirmation|ready for pickup|2binvoiced|待取机|待取件|待验收|"
        "abholbereit|fertig zur abholung|prêt|klaar|gereed|listo|確認待ち|引取待ち"
    ),
    "approved/done": (
        "done|closed|resolved|completed|complete|finished|solved|repaired|fulfilled|refunded|已结单|已关闭|"
        "已完结|完成|已解决|已修复|已维修|已換貨|已换货|geschlossen|erledigt|abgeschlossen|gelöst|fermé|clos|"
        "terminé|résolu|gesloten|afgerond|opgelost|cerrado|resuelto|completado|完了|解決済|終了"
    ),
    "rejected/unassigned": (
        "declined|denied|refused|not approved|不通过|审核不通过|已拒绝|拒绝|驳回|abgelehnt|refusé|rejeté|"
        "afgewezen|geweigerd|rechazado|却下"
    ),
    CANCELLED: (
        "cancel|canceled|cancelled|canceled by customer|void|voided|withdrawn|revoked|取消|撤销|已作废|作废|"
        "已撤单|用户取消|客户取消|已取消客户|storniert|abgebrochen|annulé|annulée|geannuleerd|ingetrokken|"
        "cancelado|anulado|キャンセル|取消済"
    ),
}

_REASON_WORDS: Final = {
    Reason.SELF_RESOLVED: (
        "问题已自行解决|已自行解决|自行解决|自己修好了|不用修了|已恢复正常|self resolved|resolved itself|"
        "fixed itself|problem solved"
    ),
    Reason.SOLVED_BY_STORE: "门店已解决|商家已解决|已解决|远程解决|电话指导解决|solved by store|solved",
    Reason.AGREEMENT: "与商家协商一致|协商一致|双方协商一致|已协商|达成一致|agreement|agreed with seller|settled",
    Reason.MISTAKE: (
        "误操作|操作失误|误点|提交错误|拍错|下错单|申请错误|mistake|by mistake|created by mistake|accidental"
    ),
    Reason.NEED_CHANGED: (
        "不想要了|不需要了|需求变化|改变主意|不想退了|不想换了|不想修了|need changed|changed my mind|no longer needed"
    ),
    Reason.WAIVED: "主动放弃|客户放弃|放弃维修|放弃|放弃售后|waived|customer declined",
    Reason.WRONG_INFORMATION: (
        "信息填写错误|信息错误|资料错误|地址错误|电话错误|wrong information|wrong data|wrong address"
    ),
    Reason.DISSATISFIED: "不满意|对服务不满意|服务不满意|dissatisfied|not satisfied",
    Reason.PAST_DEADLINE: "超过期限|超时|逾期|超过售后期|已过保|past deadline|expired|timeout",
    Reason.FORCE_MAJEURE: "不可抗力|force majeure",
    Reason.NOT_GENUINE: "不实|虚假申请|恶意申请|not genuine|fraud",
    Reason.DUPLICATE: "重复提交|重复|重复工单|重复申请|duplicate|duplicated",
    Reason.RETURNED_REFUNDED: "已退货退款|已退款|已退货|returned and refunded|refunded",
    Reason.OTHER_CHANNEL: "改为到店处理|其他渠道处理|改走其他渠道|转平台处理|other channel",
}


def _states() -> dict[str, StateValue]:
    found = {fold(word): value for word, value in DEFAULT_STATES.items()}
    for review, names in REVIEW_NAMES.items():
        value = DEFAULT_STATES[names[0]]
        found.setdefault(fold(names[1]), value)
        found.setdefault(fold(review.value), value)
    for work, names in WORK_NAMES.items():
        if work is not Work.UNASSIGNED:
            found.setdefault(fold(names[1]), DEFAULT_STATES[names[0]])
    found.setdefault(fold(CANCELLED_NAMES[1]), DEFAULT_STATES[CANCELLED_NAMES[0]])
    return found


STATES: Final = _states()
REVIEWS: Final = {fold(word): review for review, names in REVIEW_NAMES.items() for word in (*names, review.value)}
WORKS: Final = {fold(word): work for work, names in WORK_NAMES.items() for word in (*names, work.value)}
TYPES: Final = {fold(word): kind for kind, words in _TYPE_WORDS.items() for word in words.split("|")}
REASONS: Final = {
    fold(word): reason
    for reason in Reason
    for word in (reason.value, *_REASON_WORDS.get(reason, "").split("|"))
    if word
}
_PROPOSALS: Final = {fold(word): value for value, words in _PROPOSED_STATES.items() for word in words.split("|")}
_KEYWORDS: Final = tuple((kind, tuple(words.split("|"))) for kind, words in _PROBLEM_KEYWORDS)


def type_of_problem(word: str) -> TicketType:
    """The kind of ticket that a problem type speaks of; a problem that names no fault is a complaint."""
    known = TYPES.get(fold(word))
    if known is not None:
        return known
    lower = word.lower()
    for kind, keywords in _KEYWORDS:
        if any(keyword in lower for keyword in keywords):
            return kind
    return TicketType.COMPLAINT


def proposed_state(word: str) -> str:
    """What a foreign state word probably means, as `REVIEW/WORK` or `cancelled`; empty when it could be anything."""
    key = fold(word)
    if key in _PROPOSALS:
        return _PROPOSALS[key]
    # A word with a remark, like 已取消（客户） or 处理中/待配件: its beginning is the state.
    for known in sorted((*STATES, *_PROPOSALS), key=len, reverse=True):
        if len(known) >= 2 and not known.isascii() and key.startswith(known):
            return state_text(STATES[known]) if known in STATES else _PROPOSALS[known]
    return ""


def proposed_type(word: str) -> str:
    """What a foreign type word probably means; empty when no keyword fits."""
    lower = word.lower()
    for kind, keywords in _KEYWORDS:
        if any(keyword in lower for keyword in keywords) and fold(word):
            return kind.value
    return ""


def state_text(value: StateValue) -> str:
    """The value as `Mapping.values` holds it."""
    review, work, cancelled = value
    return CANCELLED if cancelled else f"{review.value}/{work.value}"


def parse_state(text: str) -> StateValue:
    """`REVIEW/WORK` or `cancelled` as a value. Raises MappingInvalid."""
    if text == CANCELLED:
        return DEFAULT_STATES[CANCELLED_NAMES[0]]
    review, _, work = text.partition("/")
    try:
        return Review(review), Work(work or Work.UNASSIGNED.value), False
    except ValueError as error:
        known = (CANCELLED, *(f"{item.value}/WORK" for item in Review), *(f"REVIEW/{item.value}" for item in Work))
        raise MappingInvalid(what=text, known=known) from error


def parse_value(field: str, value: str) -> None:
    """Whether a value can stand for a word of this field. Raises MappingInvalid."""
    kinds = {"type": TicketType, "problem_type": TicketType, "review": Review, "work": Work, "cancel_reason": Reason}
    if field == "state":
        parse_state(value)
        return
    if field not in kinds:
        raise MappingInvalid(what=field, known=("state", *kinds))
    known = tuple(str(item.value) for item in kinds[field])
    if value not in known:
        raise MappingInvalid(what=value, known=known)
