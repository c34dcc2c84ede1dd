#!/usr/bin/env python3
"""Is this slip or evidence pack genuine? One file, for whoever holds one and has no Store Desk.

    python verify_slip.py TEXT|FILE [--trust KEYS] [--json]

TEXT is what a telephone shows after scanning the QR of a slip (it begins with SD1:). FILE holds that text, or is an
evidence pack (a ZIP); a picture of the paper is read too where the package `zxing-cpp` (and `pillow`) is installed.
KEYS is what `store-desk keys export` wrote, or a JSON list of such files. Needs Python 3.11 and nothing else;
`cryptography` is used where it is there. Exit status: 0 genuine, 1 anything else, 2 wrong use.

What this program answers for is the paper's QR, whose facts are to be compared with the paper by eye, and every byte of
an evidence pack: a pack that is not genuine names the members that are not as the store signed them.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
    """The verdict on a QR's text with what was changed and the facts."""
    try:
        key, signature, body, facts = read_proof(text)
    except (ValueError, OverflowError) as error:
        return unreadable(str(error))
    if not is_signed(key, signature, body):
        return {"verdict": "changed", "changed": ["qr"], "facts": facts}
    return standing(keys.get(key), facts)


def standing(known: dict[str, object] | None, facts: dict[str, object]) -> dict[str, object]:
    """The verdict on what a key has signed; a desk's key speaks for that desk alone."""
    if known is None:
        return {"verdict": "unknown_desk", "changed": [], "facts": facts}
    wrong = [name for name in ("store", "desk") if known.get(name) and known[name] != facts[name]]
    if known.get("revoked", False) is not False:
        return {"verdict": "revoked_desk", "changed": wrong, "facts": facts}
    return {"verdict": "changed" if wrong else "genuine", "changed": wrong, "facts": facts}


def unreadable(why: str) -> dict[str, object]:
    """The verdict on what is nothing of Store Desk."""
    return {"verdict": "unreadable", "changed": [], "facts": {}, "why": why}


# --- evidence packs ---------------------------------------------------------------------------------------------

PACK_FORMAT = "store-desk-evidence-1"
PACK_MAGIC = b"PK\x03\x04"
PACK_MAX = 512 * 1024 * 1024
MEMBERS_MAX = 5_000
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
# How a pack is written: members stored in the order of their names, at the earliest time that a ZIP can tell.
PACK_TIME = (1980, 1, 1, 0, 0, 0)
PACK_MODE = 0o100644 << 16


def verify_pack(path: Path, keys: dict[bytes, dict[str, object]]) -> dict[str, object]:
    """The verdict on an evidence pack; what was changed are members, or `file` where only the ZIP around them was."""
    if path.stat().st_size > PACK_MAX + SIZE_MAX:
        return unreadable("no evidence pack: too large")
    content = path.read_bytes()
    try:
        members = pack_members(content)
        manifest = read_manifest(members[MANIFEST])
        key, signature = bytes.fromhex(manifest["key"]), bytes.fromhex(members[SIGNATURE].decode("ascii"))
        facts = pack_facts(manifest, key)
        listed = {str(name): str(one["sha256"]) for name, one in manifest["members"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return unreadable(f"no evidence pack: {error}"[:200])
    if not is_signed(key, signature, members[MANIFEST]):
        return {"verdict": "changed", "changed": [MANIFEST], "facts": facts, "why": "signature"}
    answer = standing(keys.get(key), facts)
    changed = [*answer["changed"], *changed_members(members, listed)]  # type: ignore[misc]  # a list of names
    if not changed and pack_of(members) != content:
        changed = ["file"]
    # That a desk is not known, or not trusted any more, stays the first thing to say.
    verdict = "changed" if changed and answer["verdict"] == "genuine" else answer["verdict"]
    return {**answer, "verdict": verdict, "changed": changed}


def pack_members(content: bytes) -> dict[str, bytes]:
    """The members by name; raises ValueError for what no pack is, before anything large is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            entries = pack.infolist()
            if len(entries) > MEMBERS_MAX or len({entry.filename for entry in entries}) != len(entries):
                raise ValueError("too many or double members")
            if any(entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 for entry in entries):
                raise ValueError("members are packed or encrypted")
            if sum(entry.file_size for entry in entries) > len(content):
                raise ValueError("members lie over one another")
            return {entry.filename: member_of(pack, entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, OverflowError) as error:
        raise ValueError(str(error)) from error


def member_of(pack: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A member's bytes even where its own checksum fails: the manifest says which one it is."""
    with pack.open(entry) as member:
        member._expected_crc = None  # type: ignore[attr-defined]  # zipfile has no other way to read on
        return member.read()


def pack_of(members: dict[str, bytes]) -> bytes:
    """The one file of these members, so that no byte of a pack is free."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as pack:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, PACK_TIME)
            info.create_system = 3
            info.external_attr = PACK_MODE
            pack.writestr(info, members[name])
    return out.getvalue()


def read_manifest(raw: bytes) -> dict[str, Any]:
    """The manifest; raises ValueError."""
    if len(raw) > SIZE_MAX:
        raise ValueError("manifest too large")
    manifest = json.loads(raw)
    if not isinstance(manifest, dict) or manifest.get("format") != PACK_FORMAT:
        raise ValueError("another format")
    return manifest


def pack_facts(manifest: dict[str, Any], key: bytes) -> dict[str, object]:
    """What a pack says of itself."""
    facts: dict[str, object] = {
        "ticket": str(manifest["ticket"]),
        "store": str(manifest["store"]),
        "desk": int(manifest["desk"]),
        "time": str(manifest["made_at"]),
        "members": len(manifest["members"]),
        "fingerprint": fingerprint(key),
    }
    return facts | ({"demo": True} if manifest.get("demo") else {})


def changed_members(members: dict[str, bytes], listed: dict[str, str]) -> list[str]:
    """Members that are not as the manifest says, are missing, or were added."""
    ours = {name: content for name, content in members.items() if name not in (MANIFEST, SIGNATURE)}
    other = [name for name, content in ours.items() if hashlib.sha256(content).hexdigest() != listed.get(name)]
    return sorted({*other, *(listed.keys() - ours.keys())})


# --- what is handed in ------------------------------------------------------------------------------------------


def answer_to(what: str, keys: dict[bytes, dict[str, object]]) -> dict[str, object]:
    """The verdict on a text or a file."""
    try:
        if not what.lstrip().startswith(PREFIX) and begins_with(Path(what), PACK_MAGIC):
            return verify_pack(Path(what), keys)
        return verify(text_of(what), keys)
    except (OSError, ValueError) as error:
        return unreadable(str(error))


def begins_with(path: Path, magic: bytes) -> bool:
    """Whether the file begins so."""
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


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
    parser = argparse.ArgumentParser(prog="verify_slip", description="Is this slip or evidence pack genuine?")
    parser.add_argument(
        "what", metavar="TEXT|FILE", help="the text of the slip's QR, or a file with it or an evidence pack"
    )
    parser.add_argument("--trust", type=Path, metavar="KEYS", help="what `store-desk keys export` wrote")
    parser.add_argument("--json", action="store_true", help="answer as one JSON object")
    options = parser.parse_args(words)
    try:
        keys = read_keys(options.trust) if options.trust is not None else {}
    except (OSError, ValueError, RecursionError) as error:
        print(f"{options.trust}: {error}", file=sys.stderr)
        return 2
    answer = answer_to(options.what, keys)
    if options.json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print(str(answer["verdict"]).upper())
        facts = answer["facts"]
        for name, value in facts.items() if isinstance(facts, dict) else ():
            print(f"  {name}: {value}")
        if answer["changed"]:
            print("  changed:", *answer["changed"], sep="\n    ")  # type: ignore[misc]  # a list of names
        if answer["verdict"] == "unknown_desk":
            print("  The key is not in your list: compare its fingerprint with the store by telephone.")
        if answer.get("why"):
            print(f"  {answer['why']}")
    return 0 if answer["verdict"] == "genuine" else 1


if __name__ == "__main__":
    sys.exit(main())
