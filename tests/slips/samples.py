"""Slips to draw in tests: the scene of the pictures, the shortest that can be, and the longest that must still fit."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from store_desk.domain.slip import Both, Line, SlipData, SlipStatus, SlipVariant, StoreHead, Stroke

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2026, 5, 14, 14, 21, tzinfo=CHINA)
STORE = StoreHead(
    "XH",
    Both("明禾家居电器 · 徐汇店", "Minghe Home · Xuhui store"),
    "上海市徐汇区漕溪北路 398 号",
    "021-5550 0198",
    "禾",
)
LEGAL = Both(
    "签字或确认即表示本人申请撤销上述售后工单；撤销不影响法定保修权利。",
    "By signing or confirming, the customer asks to cancel this ticket. Statutory warranty rights are not affected.",
)


def signature() -> tuple[Stroke, ...]:
    """Three strokes as a tablet gives them, with pressure that rises and falls."""
    strokes = []
    for part in range(3):
        points = []
        for step in range(28):
            along = step / 27
            x = 0.1 + part * 0.25 + 0.2 * along + 0.03 * math.sin(along * 9 + part)
            y = 0.2 + 0.12 * math.sin(along * 7 + part * 2) + 0.05 * part * along
            points.append((round(x, 5), round(y, 5), round(0.25 + 0.6 * math.sin(along * math.pi), 3), step * 11))
        strokes.append(tuple(points))
    return tuple(strokes)


def usual() -> SlipData:
    """The main ticket of the scene, cancelled at the counter and confirmed by the store."""
    return SlipData(
        variant=SlipVariant.CANCELLATION,
        status=SlipStatus.FINAL,
        number="XH2-26-S000457-K",
        issued_at=NOW,
        zone="Asia/Shanghai",
        time_source=Both("本机时钟，今日已校准", "desk clock, checked today"),
        store=STORE,
        desk=2,
        ticket_number="XH2-26-004711-K",
        ticket_type=Both("上门维修", "Home repair"),
        customer=Both("王秀兰", "Wang Xiulan"),
        customer_phone="138 **** 6021",
        product=Both("北岸 K7 滚筒洗衣机 10 kg", "Norra K7 front-load washer, 10 kg"),
        serial="NK7-25A-0091874",
        order_number="SO-88421907",
        state=Both("处理中，技师已预约 15:00", "In progress, technician booked 15:00"),
        review=Both("处理中", "In process"),
        work=Both("作业中", "In process"),
        asked=Both("顾客本人，柜台", "Customer, at the counter"),
        identity=Both("手机尾号 + 购物小票", "Phone last 4 and receipt"),
        reason=Both("已自行解决", "Already solved"),
        customer_words="清理门封圈异物后不再漏水",
        evidence=(Line(Both("解决方式", "How solved"), Both("顾客自行清理", "Cleaned by the customer")),),
        currency="CNY",
        money=(
            Line(
                Both("已退回补偿（交通补贴，现金）", "Compensation returned (travel allowance, cash)"),
                amount_minor=12000,
            ),
            Line(Both("上门费", "Visit fee"), amount_minor=0),
        ),
        money_total=Line(Both("顾客已付", "Paid by customer"), amount_minor=12000),
        agreed=(
            Both("门店停止 15:00 的上门", "The store stops the visit at 15:00"),
            Both("顾客退回交通补贴 ¥120.00", "The customer returns the allowance of ¥120.00"),
        ),
        obligations=(
            Line(
                Both("召回门封圈 1 件", "Recall 1 door seal"),
                Both("顺丰 SF 6021 4471，2026-05-16 前", "SF 6021 4471, by 2026-05-16"),
            ),
        ),
        rights=(Both("法定保修至 2026-11-02 不变", "Statutory warranty until 2026-11-02 stays"),),
        next_steps=(
            Both("技师 15:00 上门已通知停止", "Technician visit at 15:00 stopped"),
            Both("门封圈备件召回仓库", "Door seal part recalled to depot"),
        ),
        promise=Both("本店已确认，即时生效", "Confirmed by this store, in force now"),
        how_to_reopen=Both("2026-06-13 前可凭本单重开工单", "Reopen with this slip until 2026-06-13"),
        how_to_object=Both("有异议请致电 021-5550 0198", "To object call 021-5550 0198"),
        read_back=Both(
            "您申请撤销工单 XH2-26-004711-K，原因为已自行解决；您退回补偿 ¥120.00，15:00 的上门取消。",
            "You ask to cancel ticket XH2-26-004711-K, already solved; you return ¥120.00, the visit at 15:00 is off.",
        ),
        read_back_hash="5f0c8a3e" * 8,
        consent=Both("柜台手写签名", "Signed on the pad at the counter"),
        consent_detail=Both("已复述并同意", "Read back and agreed"),
        signer=Both("王秀兰", "Wang Xiulan"),
        signed_at=NOW,
        strokes=signature(),
        clerk=Both("林晓雨 2047", "Lin Xiaoyu"),
        approver=Both("陈国栋 1003", "Chen Guodong"),
        legal=LEGAL,
        previous_hash="a1b2c3d4" * 8,
    )


def by_phone() -> SlipData:
    """The same, asked by telephone: consent is the recording, nobody signs."""
    return replace(
        usual(),
        asked=Both("电话 138 **** 6021", "By phone, recorded 14:09"),
        identity=Both("短信验证码 + 尾号", "SMS code and last 4"),
        consent=Both("电话确认，无签名", "By phone, no signature"),
        consent_detail=Both("录音编号 R-260514-0917", "Recording R-260514-0917"),
        strokes=(),
    )


def shortest() -> SlipData:
    """Only what every slip has."""
    nothing = Both("")
    return replace(
        usual(),
        store=StoreHead("XH", Both("徐汇店")),
        ticket_number="7",
        customer=Both("王"),
        customer_phone="",
        product=Both("锅"),
        serial="",
        order_number="",
        customer_words="",
        evidence=(),
        money=(),
        money_total=None,
        agreed=(),
        obligations=(),
        rights=(),
        next_steps=(),
        how_to_object=nothing,
        consent_detail=nothing,
        consent=Both("口头", "Verbal"),
        strokes=(),
        signed_at=None,
        approver=None,
        previous_hash="",
        read_back_hash="",
    )


def longest() -> SlipData:
    """Two hundred characters of words, twelve steps, long names, rare characters and an endless word."""
    note = "顾客说：机器自上周三起每次脱水都会剧烈晃动并发出异响，" * 8
    steps = tuple(
        Both(
            f"第 {n} 步：通知仓库、技师与配送方停止处理，并在系统中登记回执编号",
            f"Step {n}: tell depot, technician and carrier to stop",
        )
        for n in range(1, 13)
    )
    return replace(
        usual(),
        status=SlipStatus.PROVISIONAL,
        variant=SlipVariant.REQUEST,
        ticket_number="XH2-26-004711-K",
        customer=Both(
            "欧阳㛃䶮𠮷" + "阿卜杜热合曼·买买提" * 3, "Maximiliana-Konstantina von und zu Hohenfels-Altenburg"
        ),
        product=Both("北岸 K7 滚筒洗衣机 10 kg 智能变频银离子除菌烘干一体豪华版" * 2, "Norra K7 " + "front-load " * 12),
        serial="SN" + "A0091874" * 8,
        order_number="SO-88421907-" + "7" * 40,
        state=Both(
            "处理中，技师已预约 15:00，等待顾客补充材料并确认时间", "In progress, technician booked 15:00, waiting"
        ),
        customer_words=note[:199] + "𠮷" + "\nhttps://example.test/" + "w" * 180,
        evidence=tuple(
            Line(Both(f"证据第 {n} 项", f"Evidence {n}"), Both("照片与检测报告" * 5, "photo and report"))
            for n in range(4)
        ),
        money=tuple(
            Line(
                Both(f"补偿退回第 {n} 笔（交通补贴，现金，跨行转账）", "Compensation returned by bank transfer"),
                amount_minor=123456789,
            )
            for n in range(6)
        ),
        money_total=Line(Both("顾客应付合计", "To be paid by the customer in all"), amount_minor=740740734),
        agreed=steps[:6],
        obligations=tuple(Line(step, Both("2026-06-13 前", "by 2026-06-13"), 1200) for step in steps[:5]),
        rights=steps[:4],
        next_steps=steps,
        read_back=Both("您申请撤销工单 XH2-26-004711-K。" * 9, "You ask to cancel ticket XH2-26-004711-K. " * 8),
        signer=Both("欧阳㛃䶮𠮷" + "阿卜杜热合曼·买买提" * 3, "Maximiliana-Konstantina von und zu Hohenfels"),
        confirms="XH2-26-S000456-M",
    )


def of_variant(data: SlipData, variant: SlipVariant) -> SlipData:
    """The slip as another paper, with the numbers that such a paper names."""
    status = SlipStatus.PROVISIONAL if variant is SlipVariant.REQUEST else SlipStatus.FINAL
    confirms = "XH2-26-S000456-M" if variant in (SlipVariant.CANCELLATION, SlipVariant.FOLLOW_UP) else ""
    withdraws = "XH2-26-S000455-P" if variant in (SlipVariant.VOID, SlipVariant.REFUSAL) else ""
    return replace(data, variant=variant, status=status, confirms=confirms, withdraws=withdraws)
