#!/usr/bin/env python3
"""Is this slip genuine? One file, for whoever holds a slip and has no Store Desk.

    python verify_slip.py TEXT|FILE [--trust KEYS] [--json]

TEXT is what a telephone shows after scanning the QR of a slip (it begins with SD1:). FILE holds that text; a picture of
the paper is read too where the package `zxing-cpp` (and `pillow`) is installed. KEYS is what `store-desk keys export`
wrote, or a JSON list of such files. Needs Python 3.11 and nothing else; `cryptography` is used where it is there.
Exit status: 0 genuine, 1 anything else, 2 wrong use.

What this program answers for is the paper's QR: the facts that it shows are to be compared with the paper by eye.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

PREFIX = "SD1:"
LENGTH_MAX = 600
SIGNATURE_BYTES = 64
SIZE_MAX = 4 * 1024 * 1024
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
VARIANTS = ("cancellation", "request", "follow_up", "refusal", "change", "void", "stop_sheet")
STATUSES = ("provisional", "final")
# Number in the proof -> name, type.
TEXT, WHOLE, HASH, FLAG = "text", "whole", "hash", "flag"
FACTS = {
    2: ("slip", TEXT),
    3: ("ticket", TEXT),
    4: ("store", TEXT),
    5: ("desk", WHOLE),
    6: ("variant", WHOLE),
    7: ("status", WHOLE),
    8: ("time", WHOLE),
    9: ("reason", TEXT),
    10: ("currency", TEXT),
    11: ("customer_pays_minor", WHOLE),
    12: ("store_pays_minor", WHOLE),
    13: ("consent", TEXT),
    14: ("read_back_hash", HASH),
    15: ("previous_slip", HASH),
    16: ("slip_hash", HASH),
    17: ("case", TEXT),
    18: ("withdraws", TEXT),
    19: ("demo", FLAG),
}
OPTIONAL = frozenset({18, 19})


# --- the text: base45 (RFC 9285) and canonical CBOR (RFC 8949) ------------------------------------------------


def from_base45(text: str) -> bytes:
    """The bytes of base45; raises ValueError."""
    values = [BASE45.index(character) for character in text]
    body = bytearray()
    for at in range(0, len(values), 3):
        part = values[at : at + 3]
        number = sum(value * 45**place for place, value in enumerate(part))
        size = len(part) - 1
        if not size or number >= 1 << (8 * size):
            raise ValueError("no base45")
        body += number.to_bytes(size, "big")
    return bytes(body)


class Reader:
    """Reads the few kinds of values that a proof has, each in its one shortest form; raises ValueError."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.at = 0

    def take(self, count: int) -> bytes:
        """The next bytes."""
        part = self.body[self.at : self.at + count]
        if len(part) < count:
            raise ValueError("cut off")
        self.at += count
        return part

    def head(self) -> tuple[int, int]:
        """Kind and number of the next value."""
        first = self.take(1)[0]
        kind, code = first >> 5, first & 31
        if code < 24:
            return kind, code
        if code > 27:
            raise ValueError("an open or unknown length")
        size = 1 << (code - 24)
        number = int.from_bytes(self.take(size), "big")
        if number < (24 if size == 1 else 1 << (4 * size)):
            raise ValueError("a number in a longer form than it needs")
        return kind, number

    def value(self) -> int | bytes | str | bool:
        """The next value."""
        kind, number = self.head()
        if kind == 0:
            return number
        if kind == 1:
            return -1 - number
        if kind == 2:
            return self.take(number)
        if kind == 3:
            return self.take(number).decode("utf-8")
        if kind == 7 and number in (20, 21):
            return number == 21
        raise ValueError("a kind of value that no proof has")

    def map(self) -> dict[int, int | bytes | str | bool]:
        """The whole map."""
        kind, count = self.head()
        if kind != 5 or count > len(self.body):
            raise ValueError("no map")
        found: dict[int, int | bytes | str | bool] = {}
        for _ in range(count):
            kind, key = self.head()
            if kind != 0 or (found and key <= max(found)):
                raise ValueError("keys out of order")
            found[key] = self.value()
        if self.at != len(self.body):
            raise ValueError("bytes are left over")
        return found


def read_proof(text: str) -> tuple[bytes, bytes, bytes, dict[str, object]]:
    """Key, signature, signed bytes and facts of a QR's text; raises ValueError."""
    text = text.strip()
    if not text.startswith(PREFIX) or len(text) > LENGTH_MAX:
        raise ValueError("no proof of Store Desk")
    raw = from_base45(text[len(PREFIX) :])
    signature, body = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
    found = Reader(body).map()
    key = found.get(1)
    if found.get(0) != 1 or found.get(0) is True or not isinstance(key, bytes) or len(key) != 32:
        raise ValueError("another version")
    if set(found) - {0, 1} - set(FACTS) or not set(FACTS) - OPTIONAL <= set(found):
        raise ValueError("facts are missing or unknown")
    facts = {FACTS[number][0]: shown(number, value) for number, value in found.items() if number > 1}
    facts["short_code"] = short_code(signature + body)
    facts["fingerprint"] = fingerprint(key)
    return key, signature, body, facts


def shown(number: int, value: int | bytes | str | bool) -> object:
    """A fact as the program shows it; raises ValueError for one of another kind."""
    name, kind = FACTS[number]
    if kind == HASH and isinstance(value, bytes):
        return value.hex()
    if kind == FLAG and value is True:
        return True
    if kind == TEXT and isinstance(value, str):
        return value
    if kind == TEXT and isinstance(value, bytes) and len(value) == 16:
        return value.hex() if name == "case" else f"sha256:{value.hex()}"
    if kind == WHOLE and isinstance(value, int) and not isinstance(value, bool):
        if name in ("variant", "status"):
            names = VARIANTS if name == "variant" else STATUSES
            if not 0 <= value < len(names):
                raise ValueError("a fact out of its bounds")
            return names[value]
        if name == "time":
            if not 0 <= value < 2**37:
                raise ValueError("a fact out of its bounds")
            return datetime.fromtimestamp(value, UTC).isoformat()
        return value
    raise ValueError("a fact of another kind")


def fingerprint(key: bytes) -> str:
    """What desk and slip show of a key."""
    digits = hashlib.sha256(key).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


def short_code(signed: bytes) -> str:
    """The code printed beside the QR."""
    number = int.from_bytes(hashlib.sha256(signed).digest()[:5], "big") >> 5
    values = [number >> (5 * place) & 31 for place in reversed(range(7))]
    check = 0
    for value in reversed(values):
        check = (check ^ value) << 1
        check = check ^ 0b100101 if check & 32 else check
    letters = "".join(CODE_ALPHABET[value] for value in [*values, check])
    return f"{letters[:4]}-{letters[4:]}"


# --- Ed25519 (RFC 8032, section 5.1), for where no library is ---------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def add(one: Point, other: Point) -> Point:
    """The sum of two points in extended coordinates."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    """The point that many times."""
    result: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def point_of(raw: bytes) -> Point:
    """The point of its 32 bytes; raises ValueError when there is none."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= P:
        raise ValueError("no point")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (not x and sign):
        raise ValueError("no point")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def bytes_of(point: Point) -> bytes:
    """The 32 bytes of a point."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = point_of(BASE_Y.to_bytes(32, "little"))


def is_signed_slowly(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the key made the signature, in plain Python (about 10 ms)."""
    try:
        public = point_of(key)
    except ValueError:
        return False
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if len(signature) != SIGNATURE_BYTES or s >= ORDER:
        return False
    digest = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % ORDER
    negative: Point = (P - public[0], public[1], 1, P - public[3])
    return bytes_of(add(times(s, BASE), times(digest, negative))) == r


def is_signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the key made the signature."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return is_signed_slowly(key, signature, message)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- keys and the verdict ---------------------------------------------------------------------------------------


def read_keys(path: Path) -> dict[bytes, dict[str, object]]:
    """The desks of a key file by key; raises ValueError or OSError."""
    if path.stat().st_size > SIZE_MAX:
        raise ValueError("too large")
    raw = json.loads(path.read_text("utf-8-sig"))
    keys: dict[bytes, dict[str, object]] = {}
    for entry in raw if isinstance(raw, list) else [raw]:
        if not isinstance(entry, dict) or not isinstance(entry.get("public_key"), str):
            raise ValueError("no file of keys")
        key = bytes.fromhex(entry["public_key"])
        known = keys.setdefault(key, entry)
        # A revoked entry goes before any other, and only a plain `false` says that a key is good.
        if known.get("revoked", False) is False and entry.get("revoked", False) is not False:
            keys[key] = entry
    return keys


def verify(text: str, keys: dict[bytes, dict[str, object]]) -> dict[str, object]:
    """The verdict with what was changed and the facts."""
    try:
        key, signature, body, facts = read_proof(text)
    except (ValueError, OverflowError) as error:
        return {"verdict": "unreadable", "changed": [], "facts": {}, "why": str(error)}
    if not is_signed(key, signature, body):
        return {"verdict": "changed", "changed": ["qr"], "facts": facts}
    known = keys.get(key)
    if known is None:
        return {"verdict": "unknown_desk", "changed": [], "facts": facts}
    wrong = [name for name in ("store", "desk") if known.get(name) and known[name] != facts[name]]
    if known.get("revoked", False) is not False:
        return {"verdict": "revoked_desk", "changed": wrong, "facts": facts}
    return {"verdict": "changed" if wrong else "genuine", "changed": wrong, "facts": facts}


def text_of(what: str) -> str:
    """The QR's text: given, in a file, or in a picture; raises ValueError or OSError."""
    if what.lstrip().startswith(PREFIX):
        return what
    path = Path(what)
    if path.stat().st_size > 16 * SIZE_MAX:
        raise ValueError("too large")
    content = path.read_bytes()
    if content.lstrip().startswith(PREFIX.encode()):
        return content[: 4 * LENGTH_MAX].decode("ascii", "replace")
    return text_in_picture(path)


def text_in_picture(path: Path) -> str:
    """The QR's text in a picture; raises ValueError, also where the packages for it are missing."""
    try:
        import zxingcpp
        from PIL import Image
    except ImportError as error:
        raise ValueError("pictures need the packages zxing-cpp and pillow; or scan the QR and give its text") from error
    with Image.open(path) as picture:
        codes = zxingcpp.read_barcodes(picture.convert("L"))
    found = {code.text for code in codes if code.text.startswith(PREFIX)}
    if len(found) != 1:
        raise ValueError("several slips" if found else "no QR of a slip")
    return found.pop()


def main(words: list[str] | None = None) -> int:
    """Answers one question and its exit status."""
    parser = argparse.ArgumentParser(prog="verify_slip", description="Is this slip genuine?")
    parser.add_argument("what", metavar="TEXT|FILE", help="the text of the slip's QR, or a file or picture with it")
    parser.add_argument("--trust", type=Path, metavar="KEYS", help="what `store-desk keys export` wrote")
    parser.add_argument("--json", action="store_true", help="answer as one JSON object")
    options = parser.parse_args(words)
    try:
        keys = read_keys(options.trust) if options.trust is not None else {}
    except (OSError, ValueError, RecursionError) as error:
        print(f"{options.trust}: {error}", file=sys.stderr)
        return 2
    try:
        answer = verify(text_of(options.what), keys)
    except (OSError, ValueError) as error:
        answer = {"verdict": "unreadable", "changed": [], "facts": {}, "why": str(error)}
    if options.json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print(str(answer["verdict"]).upper())
        facts = answer["facts"]
        for name, value in facts.items() if isinstance(facts, dict) else ():
            print(f"  {name}: {value}")
        if answer["verdict"] == "unknown_desk":
            print("  The key is not in your list: compare its fingerprint with the store by telephone.")
        if answer.get("why"):
            print(f"  {answer['why']}")
    return 0 if answer["verdict"] == "genuine" else 1


if __name__ == "__main__":
    sys.exit(main())
