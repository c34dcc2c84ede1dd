"""Headings of many systems and languages are matched to our fields."""

from __future__ import annotations

from pathlib import Path

import pytest

from store_desk.domain.imports import Field, FileShape
from store_desk.exchange.matching import headings_key, propose, propose_with_confidence
from store_desk.exchange.readers import open_table
from store_desk.exchange.synonyms import HEADINGS
from store_desk.words.imports import WORDS


def _shape(headings: str, *rows: str) -> FileShape:
    names = tuple(headings.split("|"))
    sample = tuple(tuple(row.split("|")) for row in rows) or (("",) * len(names),)
    return FileShape("a.csv", "csv", "utf-8", ",", "", names, sample, len(rows))


F = Field


@pytest.mark.parametrize(
    ("headings", "row", "wanted"),
    [
        (
            "Ticket Number|Date Created|Subject|From|From Email|Help Topic|Source|Current Status|"
            "Last Updated|Due Date|Closed Date|Agent Assigned",
            "412345|2024-02-03 10:00:00|No display|Ann|a@b.c|Repair|Web|Open|2024-02-03 11:00:00|||Tom",
            {
                F.NUMBER: "Ticket Number",
                F.CREATED_AT: "Date Created",
                F.DESCRIPTION: "Subject",
                F.CUSTOMER: "From",
                F.STATE: "Current Status",
                F.UPDATED_AT: "Last Updated",
                F.DUE_AT: "Due Date",
                F.CLOSED_AT: "Closed Date",
                F.ASSIGNEE: "Agent Assigned",
                F.CHANNEL: "Source",
                F.PROBLEM_TYPE: "Help Topic",
            },
        ),
        (
            "Ticketnummer|Erstellt am|Betreff|Kundenname|Telefonnummer|Status|Gerät|Seriennummer|Betrag",
            "A1|03.02.2024 10:00|kaputt|Müller|0171 1234567|offen|TV|S1|12,50",
            {
                F.NUMBER: "Ticketnummer",
                F.CREATED_AT: "Erstellt am",
                F.DESCRIPTION: "Betreff",
                F.CUSTOMER: "Kundenname",
                F.PHONE: "Telefonnummer",
                F.STATE: "Status",
                F.PRODUCT: "Gerät",
                F.SERIAL: "Seriennummer",
                F.AMOUNT: "Betrag",
            },
        ),
        (
            "Numéro de ticket|Nom du client|Téléphone|État|Créé le|Numéro de série|Montant",
            "A1|Dupont|0612345678|ouvert|03/02/2024|S1|12,50",
            {
                F.NUMBER: "Numéro de ticket",
                F.CUSTOMER: "Nom du client",
                F.PHONE: "Téléphone",
                F.STATE: "État",
                F.CREATED_AT: "Créé le",
                F.SERIAL: "Numéro de série",
                F.AMOUNT: "Montant",
            },
        ),
        (
            "Reparatienummer|Klantnaam|Telefoonnummer|Omschrijving|Aangemaakt op|Filiaal",
            "R1|Jan|0612345678|stuk|03-02-2024|Utrecht",
            {
                F.NUMBER: "Reparatienummer",
                F.CUSTOMER: "Klantnaam",
                F.PHONE: "Telefoonnummer",
                F.DESCRIPTION: "Omschrijving",
                F.CREATED_AT: "Aangemaakt op",
                F.STORE: "Filiaal",
            },
        ),
        (
            "Número de caso|Cliente|Teléfono|Estado|Fecha de creación|Descripción",
            "C1|Ana|600123123|abierto|03/02/2024|roto",
            {
                F.NUMBER: "Número de caso",
                F.CUSTOMER: "Cliente",
                F.PHONE: "Teléfono",
                F.STATE: "Estado",
                F.CREATED_AT: "Fecha de creación",
                F.DESCRIPTION: "Descripción",
            },
        ),
        (
            "受付番号|お客様名|電話番号|商品名|症状|受付日時|ステータス",
            "U1|山田|090-1234-5678|TV|映らない|2024/02/03 10:00|対応中",
            {
                F.NUMBER: "受付番号",
                F.CUSTOMER: "お客様名",
                F.PHONE: "電話番号",
                F.PRODUCT: "商品名",
                F.DESCRIPTION: "症状",
                F.CREATED_AT: "受付日時",
                F.STATE: "ステータス",
            },
        ),
        (
            "name|partner_id/name|product_id/name|lot_id|guarantee_limit|state|internal_notes|amount_total|create_date",
            "RMA/0001|Ann|TV|S1|2025-01-01|under_repair|x|12.5|2024-02-03 10:00:00",
            {
                F.NUMBER: "name",
                F.CUSTOMER: "partner_id/name",
                F.PRODUCT: "product_id/name",
                F.SERIAL: "lot_id",
                F.WARRANTY_UNTIL: "guarantee_limit",
                F.STATE: "state",
                F.DESCRIPTION: "internal_notes",
                F.AMOUNT: "amount_total",
                F.CREATED_AT: "create_date",
            },
        ),
        (
            "naming_series|status|complaint_date|serial_no|customer|complaint|item_code|warranty_expiry_date|contact_mobile",
            "SER-WRN-2024-00001|Open|2024-02-03|S1|Ann|broken|TV|2025-01-01|13800138000",
            {
                F.NUMBER: "naming_series",
                F.STATE: "status",
                F.CREATED_AT: "complaint_date",
                F.SERIAL: "serial_no",
                F.CUSTOMER: "customer",
                F.DESCRIPTION: "complaint",
                F.PRODUCT: "item_code",
                F.WARRANTY_UNTIL: "warranty_expiry_date",
                F.PHONE: "contact_mobile",
            },
        ),
        (
            "Name|Email|Fulfillment Status|Currency|Total|Created at|Lineitem name|"
            "Billing Name|Billing Phone|Refunded Amount",
            "#1001|a@b.c|fulfilled|CNY|12.50|2026-05-01 10:00:00 +0200|Case|Ann|'+86 13800138000|0.00",
            {
                F.NUMBER: "Name",
                F.STATE: "Fulfillment Status",
                F.CURRENCY: "Currency",
                F.AMOUNT: "Total",
                F.CREATED_AT: "Created at",
                F.PRODUCT: "Lineitem name",
                F.CUSTOMER: "Billing Name",
                F.PHONE: "Billing Phone",
                F.COMPENSATION: "Refunded Amount",
            },
        ),
        (
            "number|title|state|created_at|updated_at|close_at|customer",
            "10001|x|open|2024-02-03T10:00:00Z|2024-02-03T10:00:00Z||Ann",
            {
                F.NUMBER: "number",
                F.STATE: "state",
                F.CREATED_AT: "created_at",
                F.UPDATED_AT: "updated_at",
                F.CUSTOMER: "customer",
            },
        ),
    ],
)
def test_headings_of_a_system_are_matched(headings: str, row: str, wanted: dict[Field, str]) -> None:
    proposed = propose(_shape(headings, row))
    assert {field: proposed.get(field) for field in wanted} == wanted
    assert len(set(proposed.values())) == len(proposed)


def test_case_width_spaces_and_marks_do_not_count() -> None:
    proposed = propose(_shape("ＴＩＣＫＥＴ＿ＮＵＭＢＥＲ| customer-name |Phone*", "A1|Ann|13800138000"))
    assert set(proposed) == {F.NUMBER, F.CUSTOMER, F.PHONE}


def test_a_longer_and_a_misspelt_heading_are_less_sure() -> None:
    shape = _shape("本店工单号|客户姓名|Serial Numbr|客户联系电话", "A1|王|S1|13800138000")
    found = {item.field: item for item in propose_with_confidence(shape)}
    assert (found[F.NUMBER].because, found[F.SERIAL].because, found[F.PHONE].because) == ("part", "spelling", "part")
    assert found[F.CUSTOMER].confidence == 100
    assert all(45 <= item.confidence <= 100 for item in found.values())


def test_headings_that_say_nothing_are_matched_by_their_values() -> None:
    rows = [f"{n}|1380013800{n}|20240201000000000{n}|2024-02-0{n + 1} 10:00|待处理" for n in range(5)]
    proposed = propose(_shape("a1|b2|c3|d4|e5", *rows))
    assert proposed == {F.PHONE: "b2", F.ORDER_NUMBER: "c3", F.CREATED_AT: "d4", F.STATE: "e5"}


def test_values_that_contradict_a_name_lower_it() -> None:
    rows = [f"Ann{n}|A{n}" for n in "abcde"]
    assert propose(_shape("Name|Ticket", *rows)) == {F.CUSTOMER: "Name", F.NUMBER: "Ticket"}


def test_what_the_clerk_said_comes_first() -> None:
    shape = _shape("工单号|客户姓名|联系电话", "A1|王|13800138000")
    proposed = propose(shape, {F.CUSTOMER: "联系电话", F.PHONE: "客户姓名", F.BRAND: "没有"})
    assert proposed == {F.NUMBER: "工单号", F.CUSTOMER: "联系电话", F.PHONE: "客户姓名"}


def test_a_mapping_is_remembered_by_its_headings_in_any_order() -> None:
    assert headings_key(_shape("a|b")) == headings_key(_shape("B|A"))
    assert headings_key(_shape("a|b")) != headings_key(_shape("a|c"))


def test_every_field_has_names_and_words() -> None:
    assert set(HEADINGS) == set(Field)
    assert {f"field.{field.value}" for field in Field} <= set(WORDS)
    assert all(all(pair) for pair in WORDS.values())


@pytest.mark.shared_data
def test_the_erp_export_is_matched_without_a_correction(real_files: Path) -> None:
    shape = open_table(real_files / "erp" / "erp_zh_utf8bom.csv").shape
    assert propose(shape) == {
        F.NUMBER: "售后单号",
        F.ORDER_NUMBER: "订单号",
        F.CUSTOMER: "客户姓名",
        F.PHONE: "联系电话",
        F.STORE: "门店",
        F.CATEGORY: "商品类别",
        F.PRODUCT: "商品名称",
        F.BRAND: "品牌",
        F.SERIAL: "序列号",
        F.PROBLEM_TYPE: "问题类型",
        F.DESCRIPTION: "问题描述",
        F.STATE: "状态",
        F.CANCEL_REASON: "取消原因",
        F.AMOUNT: "订单金额",
        F.COMPENSATION: "补偿金额",
        F.CREATED_AT: "创建时间",
        F.UPDATED_AT: "更新时间",
        F.SOURCE_KEY: "来源编号",
    }
