"""A slip that shows every part of the paper, for test pages; no customer of the store is on it."""

from __future__ import annotations

from datetime import timedelta

from store_desk.domain.slip import Both, Line, SlipData, SlipStatus, SlipVariant
from store_desk.services.desk import Desk
from store_desk.services.slip_making import store_head
from store_desk.words import both


def sample_slip(desk: Desk) -> SlipData:
    """The sample, dated now and headed with this store's name."""
    now = desk.clock()
    read_back = both("slip.legal")
    return SlipData(
        variant=SlipVariant.CANCELLATION,
        status=SlipStatus.FINAL,
        number="",
        issued_at=now,
        zone=desk.identity.timezone,
        time_source=both("slip.time_source"),
        store=store_head(desk),
        desk=desk.identity.desk,
        ticket_number="AB1-00-000001-0",
        ticket_type=both("trade.type.repair"),
        customer=Both("试打 𠮷 㛃 䶮", "Test page"),
        customer_phone="138 **** 0000",
        product=Both("滚筒洗衣机 10 kg", "Front-load washer, 10 kg"),
        serial="SN-0000000",
        order_number="202402174792119356",
        state=both("trade.rung.in_progress"),
        review=both("trade.review.in_process"),
        work=both("trade.work.in_process"),
        asked=both("trade.channel.counter"),
        identity=both("trade.identity.phone_last4"),
        reason=both("trade.reason.self_resolved"),
        customer_words="1234567890 ABCDEFG abcdefg",
        evidence=(),
        currency=desk.identity.currency,
        money=(Line(both("trade.obligation.return_compensation"), Both(""), 12_000),),
        money_total=Line(both("slip.total_paid"), Both(""), 12_000),
        agreed=(),
        obligations=(),
        rights=(),
        next_steps=(),
        promise=both("slip.promise.final"),
        how_to_reopen=both("slip.reopen_until", date=(now + timedelta(days=30)).date().isoformat()),
        how_to_object=both("slip.object", phone=""),
        read_back=read_back,
        read_back_hash="",
        consent=both("trade.grade.paper"),
        consent_detail=Both(""),
        signer=Both("试打", "Test page"),
        signed_at=None,
        strokes=(),
        clerk=Both("-"),
        approver=None,
        legal=both("slip.legal"),
        demo=desk.identity.demo,
    )
