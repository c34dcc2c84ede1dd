"""Finding out in which encoding a text table was written.

A byte order mark decides. Else a file that is UTF-8 to its last byte is UTF-8. Else the lines with bytes above 0x7F
are looked at: GB18030 reads almost anything, so it is taken only when most pairs fall on the 3,755 common characters
of GB2312; the same is asked of Big5 and of the kana of Shift-JIS. What remains is a single-byte Windows code page:
Cyrillic when nearly all such bytes are Cyrillic letters standing together, Central European when letters stand where
Western text never has them, else Western. Guessing libraries took small Chinese files for Korean and are not used.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CHUNK_BYTES: Final = 1024 * 1024
SAMPLE_BYTES: Final = 256 * 1024
# A UTF-8 file with a few broken bytes stays UTF-8; the rows that hold them are refused one by one.
BROKEN_SHARE_MAX: Final = 0.02
CHINESE_SHARE_MIN: Final = 0.6
BIG5_SHARE_MIN: Final = 0.75
KANA_SHARE_MIN: Final = 0.2
CYRILLIC_SHARE_MIN: Final = 0.8
CYRILLIC_RUN_MIN: Final = 2.5

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
# Bytes that are Polish or Hungarian letters in cp1250 but signs in cp1252, right after a letter.
_CENTRAL: Final = re.compile(rb"[A-Za-z][\xb3\xb9\x9c\xbf\x9f\xf5\xfb]")
_UNDEFINED_1252: Final = frozenset(b"\x81\x8d\x8f\x90\x9d")
# The lead and trail bytes of GB2312 level one, of its punctuation and full-width rows, and of any two-byte character.
_GB_PAIR: Final = re.compile(rb"[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]|[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_GB_COMMON: Final = re.compile(rb"[\xb0-\xd7\xa1\xa3][\xa1-\xfe]")
_BIG5_PAIR: Final = re.compile(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]")
_BIG5_COMMON: Final = re.compile(rb"[\xa1\xa4-\xc6][\x40-\x7e\xa1-\xfe]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding as Python calls it, and how many line ends the file has (a count of rows, more or less)."""

    name: str
    lines: int


def detect(path: Path) -> Encoding:
    """The encoding of the file; reads all of it once, a piece at a time. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(CHUNK_BYTES)
        mark = next((name for mark, name in _MARKS if head.startswith(mark)), "") or _unmarked_utf16(head)
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        valid = not mark
        feeds = returns = 0
        sample = bytearray()
        chunk = head
        while chunk:
            feeds += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            if not mark and not chunk.isascii():
                valid = valid and _feeds_well(decoder, chunk)
                _gather(sample, chunk)
            chunk = file.read(CHUNK_BYTES)
    if valid and not _ends_well(decoder):
        valid = False
    lines = max(feeds, returns)
    if mark:
        return Encoding(mark, lines)
    return Encoding("utf-8" if valid else _by_look(bytes(sample)), lines)


def _feeds_well(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _ends_well(decoder: codecs.IncrementalDecoder) -> bool:
    try:
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _unmarked_utf16(head: bytes) -> str:
    """UTF-16 without a mark shows in the zero bytes of its separators and digits, all on one side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even + odd < len(head) // 10 or len(head) < 4:
        return ""
    if odd > 20 * even:
        return "utf-16-le"
    if even > 20 * odd:
        return "utf-16-be"
    return ""


def _gather(sample: bytearray, chunk: bytes) -> None:
    """Keep lines with bytes above 0x7F: the first megabyte of an export may be plain ASCII."""
    room = SAMPLE_BYTES - len(sample)
    if room <= 0:
        return
    for line in chunk.splitlines(keepends=True):
        if not line.isascii():
            sample += line[:room]
            room -= len(line)
            if room <= 0:
                return


def _by_look(sample: bytes) -> str:
    """The encoding of bytes that are not all UTF-8."""
    runs = _HIGH_RUN.findall(sample)
    high = sum(map(len, runs)) or 1
    text = sample.decode("utf-8", "surrogateescape")
    broken = sum(1 for c in text if "\udc80" <= c <= "\udcff")
    if broken <= high * BROKEN_SHARE_MAX:
        return "utf-8"
    if _share(sample, _GB_PAIR, _GB_COMMON) >= CHINESE_SHARE_MIN and _decodes(sample, "gb18030"):
        return "gb18030"
    if _decodes(sample, "cp932"):
        read = sample.decode("cp932", "ignore")
        beyond = [c for c in read if c > "\x7f"]
        if beyond and sum("\u3040" <= c <= "\u30ff" for c in beyond) >= len(beyond) * KANA_SHARE_MIN:
            return "cp932"
    if _share(sample, _BIG5_PAIR, _BIG5_COMMON) >= BIG5_SHARE_MIN and _decodes(sample, "big5hkscs"):
        return "big5hkscs"
    cyrillic = sum(byte >= 0xC0 or byte in (0xA8, 0xB8) for run in runs for byte in run)
    if cyrillic >= high * CYRILLIC_SHARE_MIN and high / max(1, len(runs)) >= CYRILLIC_RUN_MIN:
        return "cp1251"
    if len(_CENTRAL.findall(sample)) * 5 >= len(runs):
        return "cp1250"
    return "latin-1" if any(byte in _UNDEFINED_1252 for run in runs for byte in run) else "cp1252"


def _share(sample: bytes, pair: re.Pattern[bytes], common: re.Pattern[bytes]) -> float:
    """How many of the characters beyond ASCII are common ones."""
    pairs = pair.findall(sample)
    if not pairs:
        return 0.0
    return sum(common.fullmatch(item) is not None for item in pairs) / len(pairs)


def _decodes(sample: bytes, name: str) -> bool:
    """Whether the bytes can be read so, but for a character in a thousand (cut lines, a single broken one)."""
    text = sample.decode(name, "replace")
    return text.count("\ufffd") <= max(4, len(text) // 1_000)
