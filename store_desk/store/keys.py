"""The desk's secrets: database key, PIN secret and signing key, where they are kept, and the recovery sheet.

Two more keys follow from these and are kept nowhere, so that old key files, recovery sheets and backups bring them
along: the P-256 key that signs files, from the signing seed, and the key that wraps an installed certificate's private
key, from the database key (HKDF-SHA256, RFC 5869, each with a name of its own).

The three are kept in the operating system's key store when STORE_DESK_KEYRING=1 and one works, else in a file that only
its owner may read; such a file does not protect a stolen disk, which `doctor` says.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from store_desk.domain.errors import KeyMissing, SetUpInvalid
from store_desk.store.files import write_private

KEYS_FILE = "keys.json"
# Tells a wrong key from a damaged database: a keyed hash of the key, worthless to anybody who has only it.
CHECK_FILE = "desk.check"
KEYRING_SWITCH = "STORE_DESK_KEYRING"
KEYRING_SERVICE = "store-desk"

SECRET_BYTES = 32
_SHEET_HEAD = b"SD1"
_GROUP = 4
_GROUPS_PER_LINE = 5
_LINE_BYTES = _GROUP * _GROUPS_PER_LINE
# Two characters check each line, so that a slip of the pen is found where it stands.
_CHECK_CHARACTERS = 2


# Changing one of these names changes the key that follows: files would be signed by another key from then on.
FILE_KEY_NAME = b"store-desk file signature P-256 1"
WRAP_NAME = b"store-desk installed certificate 1"
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class DeskKeys:
    """Three secrets of 32 bytes: `database` opens the file, `pins` goes into every PIN, `signing` is Ed25519's seed."""

    database: bytes
    pins: bytes
    signing: bytes

    def __repr__(self) -> str:
        return "DeskKeys(...)"


def new_keys() -> DeskKeys:
    """Fresh secrets from the operating system's source of randomness."""
    return DeskKeys(*(secrets.token_bytes(SECRET_BYTES) for _ in range(3)))


def save_keys(folder: Path, keys: DeskKeys) -> None:
    """Keeps the secrets for the store of this folder, and the check that belongs to them."""
    text = _to_text(keys)
    kept_by = "file"
    if _keyring_wanted() and _put_in_keyring(folder, text):
        kept_by, text = "keyring", ""
    content = {"kept_by": kept_by, "keys": text, "check": _check_of_all(keys)}
    write_private(folder / CHECK_FILE, _check_of(keys).encode())
    write_private(folder / KEYS_FILE, json.dumps(content).encode())


def load_keys(folder: Path) -> DeskKeys:
    """The secrets of the store of this folder; raises KeyMissing when they are gone, unreadable or another store's."""
    try:
        content = json.loads((folder / KEYS_FILE).read_text("utf-8"))
        text = content["keys"] if content["kept_by"] == "file" else _from_keyring(folder)
        keys = _from_text(text)
        # Key files of before bear no check.
        check = _check_of_all(keys)
        whole = hmac.compare_digest(str(content.get("check", check)).encode(), check.encode())
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise KeyMissing(folder=str(folder)) from error
    if not whole or not key_fits(folder, keys):
        raise KeyMissing(folder=str(folder))
    return keys


def key_fits(folder: Path, keys: DeskKeys) -> bool:
    """Whether the keys belong to the store of this folder; true as well when its check file is gone."""
    try:
        kept = (folder / CHECK_FILE).read_text("ascii")
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return True
    return hmac.compare_digest(kept.encode(), _check_of(keys).encode())


def kept_by(folder: Path) -> str:
    """`keyring` or `file`: what protects the secrets; `none` when there are none."""
    try:
        return str(json.loads((folder / KEYS_FILE).read_text("utf-8"))["kept_by"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "none"


def recovery_sheet(keys: DeskKeys) -> str:
    """The secrets as lines of five groups of four characters and two check characters, to be printed and kept safe."""
    body = _SHEET_HEAD + keys.database + keys.pins + keys.signing
    letters = base64.b32encode(body + hashlib.sha256(body).digest()[:4]).decode().rstrip("=")
    lines: list[str] = []
    for start in range(0, len(letters), _LINE_BYTES):
        line = letters[start : start + _LINE_BYTES]
        groups = [line[at : at + _GROUP] for at in range(0, len(line), _GROUP)]
        lines.append(" ".join([*groups, _line_check(line, number=len(lines))]))
    return "\n".join(lines)


def keys_from_recovery(text: str) -> DeskKeys:
    """The secrets from a typed recovery sheet; raises SetUpInvalid that names the line with the mistake.

    Small letters, other spacing, 0 for O, 1 for I and 8 for B are understood.
    """
    letters = ""
    lines = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        typed = "".join(line.upper().replace("-", " ").split()).translate(str.maketrans("018", "OIB"))
        part, check = typed[:-_CHECK_CHARACTERS], typed[-_CHECK_CHARACTERS:]
        if not part or not hmac.compare_digest(check.encode(), _line_check(part, number=number).encode()):
            raise SetUpInvalid(field="recovery", value=f"{number + 1}", hint="Compare this line with the sheet.")
        letters += part
    try:
        body = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError as error:
        raise SetUpInvalid(field="recovery", value="", hint="A line is missing.") from error
    body, check_bytes = body[:-4], body[-4:]
    length = len(_SHEET_HEAD) + 3 * SECRET_BYTES
    if len(body) != length or hashlib.sha256(body).digest()[:4] != check_bytes or not body.startswith(_SHEET_HEAD):
        raise SetUpInvalid(field="recovery", value="", hint="A line is missing.")
    return keys_from_bytes(body[len(_SHEET_HEAD) :])


def public_key(keys: DeskKeys) -> bytes:
    """The 32 bytes of the desk's Ed25519 public key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(keys.signing).public_key().public_bytes_raw()


def fingerprint(keys: DeskKeys) -> str:
    """The first 16 bytes of the public key's SHA-256 in hex, in groups of four, to compare by eye."""
    shown = hashlib.sha256(public_key(keys)).hexdigest()[:32]
    return " ".join(shown[at : at + 4] for at in range(0, len(shown), 4))


def file_key(keys: DeskKeys) -> bytes:
    """The 32 bytes of the desk's P-256 private key, which signs files; the same for the same signing seed."""
    # More bytes than the number needs, so that no number is likelier than another (FIPS 186-5, A.2.1).
    wide = int.from_bytes(_derived(keys.signing, FILE_KEY_NAME, SECRET_BYTES + 16), "big")
    return (wide % (_P256_ORDER - 1) + 1).to_bytes(SECRET_BYTES, "big")


def certificate_wrap(keys: DeskKeys) -> bytes:
    """The 32 bytes that encrypt the private key of a certificate which somebody else issued."""
    return _derived(keys.database, WRAP_NAME, SECRET_BYTES)


def _derived(secret: bytes, name: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), length, salt=None, info=name).derive(secret)


def _line_check(line: str, *, number: int) -> str:
    return base64.b32encode(hashlib.sha256(f"{number}:{line}".encode()).digest())[:_CHECK_CHARACTERS].decode()


def _check_of(keys: DeskKeys) -> str:
    return hmac.new(keys.database, b"store-desk database key", hashlib.sha256).hexdigest()


def _check_of_all(keys: DeskKeys) -> str:
    """Shows one flipped bit in any of the three: a changed signing seed would sign slips that nobody can verify."""
    return hmac.new(keys.database, b"store-desk keys" + keys.pins + keys.signing, hashlib.sha256).hexdigest()


def keys_to_bytes(keys: DeskKeys) -> bytes:
    """The three secrets in a row."""
    return keys.database + keys.pins + keys.signing


def _to_text(keys: DeskKeys) -> str:
    return base64.b64encode(keys_to_bytes(keys)).decode()


def _from_text(text: str) -> DeskKeys:
    return keys_from_bytes(base64.b64decode(text, validate=True))


def keys_from_bytes(body: bytes) -> DeskKeys:
    """The secrets from their bytes; raises ValueError unless there are 96."""
    if len(body) != 3 * SECRET_BYTES:
        raise ValueError("three keys of 32 bytes are expected")
    return DeskKeys(*(body[at : at + SECRET_BYTES] for at in range(0, len(body), SECRET_BYTES)))


def _keyring_wanted() -> bool:
    return os.environ.get(KEYRING_SWITCH) == "1"


def _put_in_keyring(folder: Path, text: str) -> bool:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(KEYRING_SERVICE, str(folder.absolute()), text)
        return keyring.get_password(KEYRING_SERVICE, str(folder.absolute())) == text
    except KeyringError:
        return False


def _from_keyring(folder: Path) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        text = keyring.get_password(KEYRING_SERVICE, str(folder.absolute()))
    except KeyringError as error:
        raise KeyMissing(folder=str(folder)) from error
    if text is None:
        raise KeyMissing(folder=str(folder))
    return text
