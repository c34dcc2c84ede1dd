"""Addresses of receipt printers: read, written back the same, refused with the part that is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_desk.domain.printer_address import AddressWrong, Line, ReceiptAddress, read_address, typed_address


@pytest.mark.parametrize(
    "text",
    [
        "escpos+tcp://192.168.1.50:9100",
        "escpos+tcp://printer.shop.lan:9101?limit=40",
        "escpos+tcp://[fe80::1]:9100",
        "escpos+usb://04b8:0202",
        "escpos+usb://04b8:0202/X7%2F1",
        "escpos+serial:///dev/ttyUSB0?baud=9600",
        "escpos+serial:///dev/serial/by-id/usb-1?baud=115200&flow=rts",
        "escpos+serial:///COM3?baud=19200&limit=60",
    ],
)
def test_an_address_is_written_as_it_was_read(text: str) -> None:
    assert str(read_address(text)) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("192.168.1.50", "escpos+tcp://192.168.1.50:9100"),
        ("  printer:9101 ", "escpos+tcp://printer:9101"),
        ("fe80::1", "escpos+tcp://[fe80::1]:9100"),
        ("[fe80::1]:9105", "escpos+tcp://[fe80::1]:9105"),
        ("escpos+usb://04B8:0202", "escpos+usb://04b8:0202"),
    ],
)
def test_a_person_may_type_less(typed: str, meant: str) -> None:
    assert str(typed_address(typed)) == meant


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "kind"),
        ("http://printer", "kind"),
        ("escpos+tcp://", "host"),
        ("escpos+tcp://a b:9100", "host"),
        ("escpos+tcp://user@printer:9100", "host"),
        ("escpos+tcp://[fe80::1", "host"),
        ("escpos+tcp://-x:9100", "host"),
        ("escpos+tcp://printer:0", "port"),
        ("escpos+tcp://printer:65536", "port"),
        ("escpos+tcp://printer:９１００", "port"),
        ("escpos+tcp://printer:9100?limit=1", "limit"),
        ("escpos+tcp://printer:9100?limit=x", "limit"),
        ("escpos+usb://4b8:0202", "usb"),
        ("escpos+serial:///etc/passwd", "device"),
        ("escpos+serial:///dev/../etc/passwd", "device"),
        ("escpos+serial:///dev/ttyS0?baud=1234", "baud"),
        ("escpos+serial:///dev/ttyS0?flow=maybe", "flow"),
    ],
)
def test_an_address_that_cannot_be_right_names_the_wrong_part(text: str, code: str) -> None:
    with pytest.raises(AddressWrong) as wrong:
        read_address(text)
    assert wrong.value.code == code


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_address_or_is_refused(text: str) -> None:
    try:
        address = typed_address(text)
    except AddressWrong:
        return
    assert read_address(str(address)) == address


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.text(st.characters(min_codepoint=33, max_codepoint=126)))
def test_a_usb_printer_reads_back(vendor: int, product: int, serial: str) -> None:
    address = ReceiptAddress(Line.USB, vendor=vendor, product=product, serial=serial[:64])
    assert read_address(str(address)) == address
