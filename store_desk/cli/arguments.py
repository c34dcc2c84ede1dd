"""Words of a call read into values: cleaned of what no field may hold, cut to their bounds, wrong ones named."""

from __future__ import annotations

import re
from pathlib import Path

from store_desk.domain.consent import Consent, Grade
from store_desk.domain.errors import ReasonMissing, ReasonUnknown, WrongUse
from store_desk.domain.identity import IdentityKind
from store_desk.domain.reasons import Reason
from store_desk.words import Lang, say

# A number, an identifier or a search; nothing of that kind is longer.
CODE_LENGTH_MAX = 200
# A note or a piece of evidence, the same bound that the services have.
NOTE_LENGTH_MAX = 2_000
# The greatest number that the database holds.
WHOLE_MAX = 2**63 - 1
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SHOWN_MAX = 60
# Longer names are no file's; asking for one is an error on most systems.
_NAME_MAX = 200


def clean(text: str) -> str:
    """The text without control characters; bytes that were no text become U+FFFD, line ends and tabs stay."""
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub(" ", text))


class Reading:
    """The readers of one call, each usable as argparse's `type`; they raise WrongUse in the language of the call."""

    def __init__(self, lang: Lang) -> None:
        self._lang: Lang = lang

    def wrong(self, key: str, **facts: object) -> WrongUse:
        """The wrong use of a word key."""
        return WrongUse(detail=say(self._lang, f"cli.wrong.{key}", **facts))

    def code(self, text: str) -> str:
        """A number or identifier."""
        return self._bounded(text, CODE_LENGTH_MAX)

    def note(self, text: str) -> str:
        """A text of one or more sentences."""
        return self._bounded(text, NOTE_LENGTH_MAX)

    def _bounded(self, text: str, limit: int) -> str:
        if len(text) > limit:
            raise self.wrong("too_long", value=_cut(clean(text)), limit=limit)
        return clean(text)

    def slip(self, text: str) -> Path | str:
        """A slip's file, or the text of its QR, which begins as no file's name does."""
        if text.lstrip().startswith("SD1:") and not _is_file(text[:_NAME_MAX]):
            return text
        return self.path(text)

    def path(self, text: str) -> Path:
        """A file or folder; undecodable bytes stay, because a name may hold them."""
        if not text or "\0" in text:
            raise self.wrong("path", value=_cut(clean(text)))
        return Path(text)

    def whole(self, text: str) -> int:
        """A whole number from 0."""
        if not text.isascii() or not text.isdigit() or len(text) > 19 or int(text) > WHOLE_MAX:
            raise self.wrong("number", value=_cut(clean(text)))
        return int(text)

    def pair(self, text: str) -> tuple[str, str]:
        """`NAME=VALUE`."""
        name, sign, value = self._bounded(text, NOTE_LENGTH_MAX + CODE_LENGTH_MAX).partition("=")
        if not sign or not name.strip():
            raise self.wrong("pair", value=_cut(text))
        return name.strip(), value

    def meaning(self, text: str) -> tuple[str, str, str]:
        """`FIELD:THEIRS=OURS`; their word may hold colons and equals signs, ours holds none."""
        left, sign, ours = self.note(text).rpartition("=")
        field, colon, theirs = left.partition(":")
        if not sign or not colon or not field.strip() or not theirs.strip() or not ours.strip():
            raise self.wrong("meaning", value=_cut(text))
        return field.strip(), theirs.strip(), ours.strip()

    def identity(self, text: str) -> tuple[IdentityKind, str]:
        """`KIND=VALUE` of an identity answer."""
        name, value = self.pair(text)
        try:
            return IdentityKind(name), value
        except ValueError as error:
            known = ", ".join(kind.value for kind in IdentityKind)
            raise self.wrong("identity", value=_cut(name), known=known) from error

    def consent(self, text: str) -> Consent:
        """`paper`, `phone:REF`, `verbal`, `proxy:NAME,RELATION,AUTHORITY`, `refused:WITNESS-ID` or `store_started`."""
        grade, _, detail = self.note(text).partition(":")
        detail = detail.strip()
        match grade.strip():
            case "paper" | "verbal" | "store_started" if not detail:
                return Consent(Grade(grade.strip()))
            case "phone":
                return Consent(Grade.PHONE, reference=detail)
            case "proxy":
                parts = [part.strip() for part in detail.replace("，", ",").split(",", 2)]
                name, relation, authority = (*parts, "", "", "")[:3]
                return Consent(Grade.PROXY, name=name, relation=relation, authority=authority)
            case "refused":
                return Consent(Grade.REFUSED, witness=detail)
        raise self.wrong("consent", value=_cut(text))


def _is_file(name: str) -> bool:
    """Whether there is such a file; a name that the disk refuses (too many bytes, another's folder) is none."""
    try:
        return Path(name).is_file()
    except OSError:
        return False


def _cut(text: str) -> str:
    return clean(text if len(text) <= _SHOWN_MAX else text[:_SHOWN_MAX] + "…")


def reason_of(text: str | None) -> Reason:
    """The reason of a code. Raises ReasonMissing without one and ReasonUnknown for one that the catalogue lacks.

    Both are refusals by a rule and no wrong use: every cancellation needs a reason, however it is asked for.
    """
    if not text:
        raise ReasonMissing()
    try:
        return Reason(text)
    except ValueError as error:
        raise ReasonUnknown(reason=_cut(text), known=tuple(reason.value for reason in Reason)) from error
