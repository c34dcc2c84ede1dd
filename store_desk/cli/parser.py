"""The words of the command line: verbs, their options, and wrong use as one of our refusals."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import Any, NoReturn

from store_desk import __version__
from store_desk.cli.arguments import Reading
from store_desk.cli.parser_hub import add_hub
from store_desk.cli.parser_rehearse import add_rehearse
from store_desk.cli.parser_sync import add_sync
from store_desk.domain.attachments import AttachmentKind
from store_desk.domain.consent import Channel
from store_desk.domain.errors import WrongUse
from store_desk.domain.roles import Role
from store_desk.domain.slip import Paper
from store_desk.words import Lang, say

PROGRAM = "store-desk"
# Roles that a store gives; head office is no member of its staff.
ROLES = tuple(role.value for role in Role if role is not Role.HEAD_OFFICE)
# What argparse says, and our sentence for it; the groups are its facts a and b.
_SAID = (
    (re.compile(r"the following arguments are required: (?P<a>.+)", re.S), "required"),
    (re.compile(r"unrecognized arguments: (?P<a>.+)", re.S), "unrecognized"),
    (re.compile(r"argument (?P<a>[^:]+): invalid choice: (?P<b>.+) \(choose from (?P<c>.+)\)", re.S), "choice"),
    (re.compile(r"argument (?P<a>[^:]+): expected .+", re.S), "value"),
    (re.compile(r"argument (?P<a>[^:]+): ignored explicit argument (?P<b>.+)", re.S), "no_value"),
    (re.compile(r"argument (?P<a>[^:]+): not allowed with argument (?P<b>.+)", re.S), "together"),
)
_FACT_MAX = 200


class Asked(Exception):
    """Somebody asked about the program itself: `what` is help or version, `text` what to show."""

    def __init__(self, what: str, text: str) -> None:
        super().__init__(what, text)
        self.what = what
        self.text = text


class Parser(argparse.ArgumentParser):
    """argparse that raises WrongUse in the language of the call instead of ending the process."""

    def __init__(self, *, lang: Lang, prog: str, description: str) -> None:
        super().__init__(prog=prog, description=description, add_help=False, allow_abbrev=False)
        self.lang: Lang = lang

    def error(self, message: str) -> NoReturn:
        """Wrong use, in words."""
        for pattern, key in _SAID:
            if found := pattern.fullmatch(message):
                facts = {name: text[:_FACT_MAX] for name, text in found.groupdict().items()}
                raise WrongUse(detail=say(self.lang, f"cli.wrong.{key}", **facts))
        raise WrongUse(detail=message[:_FACT_MAX])


class _Help(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        raise Asked("help", parser.format_help())


class _Version(argparse.Action):
    def __call__(self, *_: object) -> None:
        raise Asked("version", __version__)


Verbs = Any  # argparse's object for subparsers has no public type


class Maker:
    """Makes the parser of one language; every parser in it takes the common options."""

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self.read = Reading(lang)

    def words(self, key: str) -> str:
        """The help text of a key; a percent sign means itself."""
        return say(self.lang, f"cli.help.{key}").replace("%", "%%")

    def common(self, parser: Parser) -> None:
        """The options that stand before or after the verb; without a default, so that the later one wins."""
        group = parser.add_argument_group(self.words("common"))
        suppress = argparse.SUPPRESS
        group.add_argument("-h", "--help", action=_Help, nargs=0, default=suppress, help=self.words("help"))
        group.add_argument("--data", type=self.read.path, default=suppress, metavar="DIR", help=self.words("data"))
        group.add_argument("--lang", choices=("zh", "en"), default=suppress, help=self.words("lang"))
        group.add_argument("--json", action="store_true", default=suppress, help=self.words("json"))
        group.add_argument("--clerk", type=self.read.code, default=suppress, metavar="ID", help=self.words("clerk"))

    def verb(self, verbs: Verbs, name: str, does: str, *, key: str = "") -> Parser:
        """One verb; `does` is its key in the table of verbs."""
        text = self.words(key or name)
        made: Parser = verbs.add_parser(name, lang=self.lang, help=text, description=text)
        made.set_defaults(does=does)
        self.common(made)
        return made

    def inner(self, parser: Parser, name: str) -> Verbs:
        """The verbs within a verb."""
        return parser.add_subparsers(dest=name, required=True, metavar="VERB")


def build_parser(lang: Lang) -> Parser:
    """The parser of the whole command line; its result holds `does`, the key of the table of verbs."""
    make = Maker(lang)
    parser = Parser(prog=PROGRAM, lang=lang, description=make.words("program"))
    make.common(parser)
    parser.add_argument("--version", action=_Version, nargs=0, default=argparse.SUPPRESS, help=make.words("version"))
    verbs = make.inner(parser, "verb")
    groups: tuple[Callable[[Maker, Verbs], None], ...] = (_founding, _people, _importing, _looking, _cancelling)
    for add in (*groups, _afterwards, _proving, _handing_out, _verifying, _caring, add_sync, add_hub, add_rehearse):
        add(make, verbs)
    return parser


def _founding(make: Maker, verbs: Verbs) -> None:
    setup = make.verb(verbs, "setup", "setup")
    code = make.read.code
    setup.add_argument("--store-code", type=code, required=True, metavar="CODE", help=make.words("store_code"))
    setup.add_argument("--store-name", type=code, required=True, metavar="NAME", help=make.words("store_name"))
    setup.add_argument("--desk", type=make.read.whole, required=True, metavar="N", help=make.words("desk"))
    setup.add_argument("--manager-id", type=code, required=True, metavar="ID", help=make.words("manager_id"))
    setup.add_argument("--manager-name", type=code, required=True, metavar="NAME", help=make.words("name"))
    setup.add_argument("--currency", type=code, default="CNY", help=make.words("currency"))
    setup.add_argument("--timezone", type=code, default="Asia/Shanghai", help=make.words("timezone"))
    setup.add_argument("--country", type=code, default="CN", help=make.words("country"))
    setup.add_argument("--store-name-other", type=code, default="", help=make.words("name_other"))
    setup.add_argument("--address", type=code, default="", help=make.words("address"))
    setup.add_argument("--phone", type=code, default="", help=make.words("phone"))


def _people(make: Maker, verbs: Verbs) -> None:
    staff = make.inner(make.verb(verbs, "staff", "staff"), "action")
    add = make.verb(staff, "add", "staff add", key="staff_add")
    add.add_argument("id", type=make.read.code, metavar="ID", help=make.words("staff_id"))
    add.add_argument("--name", type=make.read.code, required=True, help=make.words("name"))
    add.add_argument("--role", choices=ROLES, required=True, help=make.words("role"))
    add.add_argument("--name-other", type=make.read.code, default="", help=make.words("name_other"))
    make.verb(staff, "list", "staff list", key="staff_list")
    role = make.verb(staff, "set-role", "staff set-role", key="staff_set_role")
    role.add_argument("id", type=make.read.code, metavar="ID", help=make.words("staff_id"))
    role.add_argument("--role", choices=ROLES, required=True, help=make.words("role"))
    for name in ("reset-pin", "unlock", "disable"):
        changed = make.verb(staff, name, f"staff {name}", key=f"staff_{name.replace('-', '_')}")
        changed.add_argument("id", type=make.read.code, metavar="ID", help=make.words("staff_id"))
    own = make.verb(staff, "set-pin", "staff set-pin", key="staff_set_pin")
    own.add_argument("id", type=make.read.code, nargs="?", metavar="ID", help=make.words("staff_id"))


def _importing(make: Maker, verbs: Verbs) -> None:
    bring = make.verb(verbs, "import", "import")
    bring.add_argument("file", type=make.read.path, nargs="?", metavar="FILE", help=make.words("import_file"))
    bring.add_argument(
        "--map", type=make.read.pair, action="append", default=[], metavar="FIELD=HEADING", help=make.words("map")
    )
    meaning = "FIELD:THEIRS=OURS"
    bring.add_argument(
        "--value", type=make.read.meaning, action="append", default=[], metavar=meaning, help=make.words("value")
    )
    bring.add_argument("--dry-run", action="store_true", help=make.words("dry_run"))
    bring.add_argument("--undo", type=make.read.whole, metavar="BATCH", help=make.words("undo"))


def _looking(make: Maker, verbs: Verbs) -> None:
    find = make.verb(verbs, "find", "find")
    find.add_argument("text", type=make.read.note, nargs="+", metavar="TEXT", help=make.words("find_text"))
    find.add_argument("--limit", type=make.read.whole, default=50, metavar="N", help=make.words("limit"))
    show = make.verb(verbs, "show", "show")
    _number(make, show)
    show.add_argument("--reveal", type=make.read.code, metavar="WHY", help=make.words("reveal"))


def _number(make: Maker, parser: Parser, *, key: str = "number") -> None:
    parser.add_argument("number", type=make.read.code, metavar="NUMBER", help=make.words(key))


def _asked(make: Maker, parser: Parser) -> None:
    """What `plan` and `cancel` share. The reason is not required here: the rule refuses without one."""
    _number(make, parser)
    channels = tuple(channel.value for channel in Channel)
    parser.add_argument("--reason", type=make.read.code, metavar="CODE", help=make.words("reason"))
    parser.add_argument("--channel", choices=channels, default="counter", help=make.words("channel"))
    parser.add_argument("--note", type=make.read.note, default="", metavar="TEXT", help=make.words("note"))
    pair = "FIELD=VALUE"
    parser.add_argument(
        "--evidence", type=make.read.pair, action="append", default=[], metavar=pair, help=make.words("evidence")
    )


def _paper(make: Maker, parser: Parser) -> None:
    papers = tuple(paper.value for paper in Paper)
    parser.add_argument("--paper", choices=papers, default="a5", help=make.words("paper"))


def _cancelling(make: Maker, verbs: Verbs) -> None:
    _asked(make, make.verb(verbs, "plan", "plan"))
    cancel = make.verb(verbs, "cancel", "cancel")
    _asked(make, cancel)
    read = make.read
    cancel.add_argument("--suggestion", type=read.note, default="", metavar="TEXT", help=make.words("suggestion"))
    cancel.add_argument(
        "--identity", type=read.identity, action="append", default=[], metavar="KIND=VALUE", help=make.words("identity")
    )
    cancel.add_argument("--consent", type=read.consent, metavar="GRADE", help=make.words("consent"))
    cancel.add_argument("--settle", choices=("cash", "later"), default="later", help=make.words("settle"))
    cancel.add_argument("--approve-as", type=read.code, metavar="ID", help=make.words("approve_as"))
    cancel.add_argument("--slip", type=read.path, metavar="OUT.pdf", help=make.words("cancel_slip"))
    _paper(make, cancel)


def _afterwards(make: Maker, verbs: Verbs) -> None:
    _number(make, make.verb(verbs, "withdraw", "withdraw"))
    reopen = make.verb(verbs, "reopen", "reopen")
    _number(make, reopen)
    reopen.add_argument("--note", type=make.read.note, required=True, metavar="TEXT", help=make.words("reopen_note"))
    slip = make.verb(verbs, "slip", "slip")
    _number(make, slip, key="slip_number")
    _paper(make, slip)
    slip.add_argument("--out", type=make.read.path, required=True, metavar="FILE", help=make.words("out"))


def _proving(make: Maker, verbs: Verbs) -> None:
    attach = make.verb(verbs, "attach", "attach")
    _number(make, attach)
    attach.add_argument("file", type=make.read.path, metavar="FILE", help=make.words("attach_file"))
    kinds = tuple(kind.value for kind in AttachmentKind)
    attach.add_argument("--kind", choices=kinds, default=None, help=make.words("attach_kind"))
    evidence = make.verb(verbs, "evidence", "evidence", key="evidence_pack")
    _number(make, evidence)
    evidence.add_argument("--out", type=make.read.path, required=True, metavar="FILE.zip", help=make.words("out"))
    stop = make.verb(verbs, "stop-sheet", "stop-sheet", key="stop_sheet")
    _number(make, stop)
    _paper(make, stop)
    stop.add_argument("--out", type=make.read.path, required=True, metavar="FILE", help=make.words("out"))


def _handing_out(make: Maker, verbs: Verbs) -> None:
    export = make.verb(verbs, "export", "export")
    export.add_argument("out", type=make.read.path, metavar="OUT", help=make.words("export_out"))
    export.add_argument("--query", type=make.read.code, default="", metavar="TEXT", help=make.words("query"))
    keys = make.inner(make.verb(verbs, "keys", "keys"), "action")
    out = make.verb(keys, "export", "keys export", key="keys_export")
    out.add_argument("out", type=make.read.path, metavar="OUT", help=make.words("out"))
    taken = make.verb(keys, "import", "keys import", key="keys_import")
    taken.add_argument("file", type=make.read.path, metavar="FILE.p12", help=make.words("keys_import_file"))
    stamp = make.verb(keys, "stamp", "keys stamp", key="keys_stamp")
    stamp.add_argument("address", type=make.read.code, metavar="ADDRESS", help=make.words("keys_stamp_address"))


def _verifying(make: Maker, verbs: Verbs) -> None:
    verify = make.verb(verbs, "verify", "verify", key="verify_slip")
    what = "FILE|PICTURE|TEXT"
    verify.add_argument("what", type=make.read.slip, metavar=what, help=make.words("verify_what"))
    verify.add_argument("--trust", type=make.read.path, metavar="KEYS", help=make.words("trust"))


def _caring(make: Maker, verbs: Verbs) -> None:
    journal = make.verb(verbs, "journal", "journal")
    journal.add_argument("--verify", action="store_true", help=make.words("verify"))
    journal.add_argument("--export", type=make.read.path, metavar="OUT", help=make.words("journal_export"))
    backup = make.verb(verbs, "backup", "backup")
    backup.add_argument("out", type=make.read.path, metavar="OUT", help=make.words("out"))
    restore = make.verb(verbs, "restore", "restore")
    restore.add_argument("file", type=make.read.path, metavar="FILE", help=make.words("restore_file"))
    restore.add_argument("--force", action="store_true", help=make.words("force"))
    doctor = make.verb(verbs, "doctor", "doctor")
    doctor.add_argument("--mend", action="store_true", help=make.words("mend"))
