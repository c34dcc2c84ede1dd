"""A slip of an invented ticket with every part of the paper filled, so that paper, fonts and head can be judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from store_desk.domain.slip import Both, Line, SlipData, SlipStatus, SlipVariant, Stroke
from store_desk.services.desk import DeskIdentity
from store_desk.services.slip_making import store_head
from store_desk.words import both

# A signature nobody wrote: three loops, in units of the pad's width.
_LOOPS = (
    ((0.16, 0.18), (0.22, 0.15), (0.28, 0.17), (0.23, 0.24), (0.19, 0.31), (0.27, 0.28), (0.33, 0.24)),
    ((0.38, 0.16), (0.43, 0.22), (0.40, 0.30), (0.47, 0.26), (0.52, 0.18), (0.55, 0.27), (0.60, 0.24)),
    ((0.64, 0.14), (0.70, 0.20), (0.66, 0.31), (0.74, 0.27), (0.80, 0.17), (0.83, 0.29), (0.90, 0.22)),
)


def sample_slip(identity: DeskIdentity, *, now: datetime) -> SlipData:
    """A cancelled repair at this store and desk, with every part of the paper filled; nothing of it is stored."""
    until = f"{now + timedelta(days=30):%Y-%m-%d}"
    number = f"{identity.store_code}{identity.desk}-{now:%y}"
    customer = Both("王秀兰", "Wang Xiulan")
    return SlipData(
        variant=SlipVariant.CANCELLATION,
        status=SlipStatus.FINAL,
        number=f"{number}-S000000-0",
        issued_at=now,
        zone=identity.timezone,
        time_source=both("slip.time_source"),
        store=store_head(identity),
        desk=identity.desk,
        ticket_number=f"{number}-000000-0",
        ticket_type=both("trade.type.repair"),
        customer=customer,
        customer_phone="138 **** 6021",
        product=Both("北岸 K7 滚筒洗衣机 10 kg", "Norra K7 front-load washer, 10 kg"),
        serial="NK7-25A-0091874",
        order_number="SO-88421907",
        state=both("trade.rung.in_progress"),
        review=both("trade.review.in_process"),
        work=both("trade.work.in_process"),
        asked=both("trade.channel.counter"),
        identity=both("trade.identity.phone_last4"),
        reason=both("trade.reason.self_resolved"),
        customer_words="清理门封圈异物后不再漏水",
        evidence=(),
        currency=identity.currency,
        money=(Line(both("trade.obligation.return_compensation"), amount_minor=12_000),),
        money_total=Line(both("slip.total_paid"), amount_minor=12_000),
        agreed=(),
        obligations=(),
        rights=(),
        next_steps=(both("plan.stop_visit", time="15:00"), both("plan.tell_customer")),
        promise=both("slip.promise.final"),
        how_to_reopen=both("slip.reopen_until", date=until),
        how_to_object=both("slip.object", phone=f" {identity.phone}" if identity.phone else ""),
        read_back=Both(""),
        read_back_hash="",
        consent=both("trade.grade.counter"),
        consent_detail=Both(""),
        signer=customer,
        signed_at=now,
        strokes=_signature(),
        clerk=Both("林晓雨 2047", "Lin Xiaoyu 2047"),
        approver=Both("陈国栋 1003", "Chen Guodong 1003"),
        legal=both("slip.legal"),
        demo=identity.demo,
    )


def trial_page(identity: DeskIdentity, *, now: datetime) -> SlipData:
    """The sample as it may be printed: it has no number and no signature, so nobody takes it for a real slip."""
    tester = Both("试打 𠮷 㛃 䶮", "Test page")
    return replace(
        sample_slip(identity, now=now),
        number="",
        ticket_number="AB1-00-000001-0",
        customer=tester,
        customer_phone="138 **** 0000",
        serial="SN-0000000",
        customer_words="1234567890 ABCDEFG abcdefg",
        signer=tester,
        signed_at=None,
        strokes=(),
        clerk=Both("-"),
        approver=None,
        next_steps=(),
    )


def _signature() -> tuple[Stroke, ...]:
    return tuple(tuple((x, y, 0.6, 12 * step) for step, (x, y) in enumerate(loop)) for loop in _LOOPS)
