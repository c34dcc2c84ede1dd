"""Recovery sheet and PINs."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from store_desk.domain.errors import SetUpInvalid
from store_desk.store.keys import (
    DeskKeys,
    certificate_wrap,
    file_key,
    fingerprint,
    keys_from_recovery,
    load_keys,
    new_keys,
    public_key,
    recovery_sheet,
)
from store_desk.store.pins import Pins


def test_the_recovery_sheet_brings_the_keys_back_however_it_is_typed() -> None:
    keys = new_keys()
    sheet = recovery_sheet(keys)
    assert keys_from_recovery(sheet) == keys
    assert keys_from_recovery("\n\n" + sheet.lower().replace(" ", "-") + "\n") == keys
    assert keys_from_recovery(sheet.replace("O", "0").replace("I", "1")) == keys


def test_a_mistake_on_the_recovery_sheet_is_named_by_its_line() -> None:
    lines = recovery_sheet(new_keys()).splitlines()
    wrong = "A" if lines[2][0] != "A" else "C"
    lines[2] = wrong + lines[2][1:]
    with pytest.raises(SetUpInvalid) as refused:
        keys_from_recovery("\n".join(lines))
    assert refused.value.facts["value"] == "3"


def test_a_missing_or_doubled_line_of_the_recovery_sheet_is_refused() -> None:
    lines = recovery_sheet(new_keys()).splitlines()
    for typed in (lines[:-1], lines[1:], [lines[0], *lines], [], ["hello"]):
        with pytest.raises(SetUpInvalid):
            keys_from_recovery("\n".join(typed))


def test_the_public_key_and_its_fingerprint_belong_to_the_signing_seed() -> None:
    keys = DeskKeys(b"\0" * 32, b"\1" * 32, bytes(32))
    # The public key of the all-zero seed, RFC 8032's arithmetic.
    assert public_key(keys).hex() == "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"
    assert fingerprint(keys).replace(" ", "").isalnum()


def test_a_pin_is_known_again_only_with_this_desks_secret() -> None:
    pins, other = Pins(b"a" * 32), Pins(b"b" * 32)
    kept = pins.hash("274950")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert pins.verify(kept, "274950")
    assert not pins.verify(kept, "274951")
    assert not other.verify(kept, "274950")
    assert not pins.verify("", "274950") and not pins.verify("nonsense", "274950")


def test_the_key_that_signs_files_follows_from_the_signing_seed_alone() -> None:
    keys = DeskKeys(b"\0" * 32, b"\1" * 32, bytes(32))
    # Fixed for ever: another number here means that a desk's files would be signed by another key than before.
    assert file_key(keys).hex() == "5b1bed240e2677331cdc29b3e008bd19f657a884fa41b8de119a970492212c6b"
    assert file_key(DeskKeys(b"a" * 32, b"b" * 32, bytes(32))) == file_key(keys)
    assert file_key(DeskKeys(b"\0" * 32, b"\1" * 32, b"\1" * 32)) != file_key(keys)
    assert certificate_wrap(keys) != certificate_wrap(DeskKeys(b"a" * 32, b"\1" * 32, bytes(32)))
    assert file_key(keys) not in (keys.signing, certificate_wrap(keys))


def test_keys_written_by_the_first_version_still_open_and_sign_files(tmp_path: Path) -> None:
    keys = DeskKeys(bytes(range(32)), b"\1" * 32, bytes(32))
    body = base64.b64encode(keys.database + keys.pins + keys.signing).decode()
    (tmp_path / "keys.json").write_text(json.dumps({"kept_by": "file", "keys": body}), "utf-8")
    assert load_keys(tmp_path) == keys
    assert file_key(load_keys(tmp_path)) == file_key(keys)
    assert keys_from_recovery(recovery_sheet(keys)) == keys
