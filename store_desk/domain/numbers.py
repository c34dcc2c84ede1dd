"""Ticket and slip numbers of this house, with the check character of ISO 7064 MOD 37,36."""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Store code, desk, year, the desk's own counter (six digits at least), check character: XH2-26-004711-K.
TICKET_NUMBER = re.compile(r"([A-Z][A-Z0-9]{0,7}?)(\d{1,3})-(\d{2})-(\d{6,9})-([0-9A-Z])")
SLIP_NUMBER = re.compile(r"([A-Z][A-Z0-9]{0,7}?)(\d{1,3})-(\d{2})-S(\d{6,9})-([0-9A-Z])")


def check_character(text: str) -> str:
    """The check character of ISO 7064 MOD 37,36 over the letters and digits of `text` (hyphens are passed over)."""
    product = 36
    for character in text:
        if character == "-":
            continue
        product = (product + ALPHABET.index(character)) % 36 or 36
        product = product * 2 % 37
    return ALPHABET[(37 - product) % 36]


def is_checked(number: str) -> bool:
    """Whether the last character is the right check character of what stands before it."""
    body, _, check = number.rpartition("-")
    try:
        return bool(body) and check_character(body) == check
    except ValueError:
        return False


def ticket_number(store_code: str, desk: int, year: int, counter: int) -> str:
    """Our own ticket number, e.g. `XH2-26-004711-K`; `year` is the calendar year in the store's zone."""
    body = f"{store_code}{desk}-{year % 100:02d}-{counter:06d}"
    return f"{body}-{check_character(body)}"


def slip_number(store_code: str, desk: int, year: int, counter: int) -> str:
    """A slip's number, e.g. `XH2-26-S000457-K`."""
    body = f"{store_code}{desk}-{year % 100:02d}-S{counter:06d}"
    return f"{body}-{check_character(body)}"


def is_own_ticket_number(text: str) -> bool:
    """Whether the text has the shape of our own number and its check character is right."""
    return TICKET_NUMBER.fullmatch(text) is not None and is_checked(text)


def is_slip_number(text: str) -> bool:
    """Whether the text has the shape of a slip number and its check character is right."""
    return SLIP_NUMBER.fullmatch(text) is not None and is_checked(text)


def is_store_code(text: str) -> bool:
    """Whether the text can be a store's code: one to eight capitals or digits, beginning and ending with a letter"""
    return re.fullmatch(r"[A-Z]([A-Z0-9]{0,6}[A-Z])?", text) is not None
