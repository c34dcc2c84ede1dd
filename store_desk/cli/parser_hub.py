"""The words of `hub`: head office's own verbs, for administrators with its database at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store_desk.words import say

if TYPE_CHECKING:
    from store_desk.cli.parser import Maker, Parser, Verbs

DESK_ROLES = ("desk", "head_office", "system")
ZONE = "Asia/Shanghai"
# What holds where nothing is given.
ELSE = " (%(default)s)"


def add_hub(make: Maker, verbs: Verbs) -> None:
    """Adds `hub` and its verbs."""
    hub = make.inner(_verb(make, verbs, "hub", "hub"), "action")
    _init(make, hub)
    _serve(make, hub)
    enrol = _with_database(make, hub, "enrol")
    _place(make, enrol)
    enrol.add_argument("--role", choices=DESK_ROLES, default="desk", help=_words(make, "role") + ELSE)
    enrol.add_argument("--name", type=make.read.code, default="", help=_words(make, "name"))
    enrol.add_argument("--store-name", type=make.read.code, default="", help=_words(make, "store_name"))
    enrol.add_argument("--timezone", type=make.read.code, default=ZONE, help=make.words("timezone") + ELSE)
    enrol.add_argument("--currency", type=make.read.code, default="CNY", help=make.words("currency") + ELSE)
    enrol.add_argument("--country", type=make.read.code, default="CN", help=make.words("country") + ELSE)
    _place(make, _with_database(make, hub, "revoke"))
    _import(make, hub)
    conditions = _with_database(make, hub, "conditions")
    conditions.add_argument(
        "file", type=make.read.path, nargs="?", metavar="FILE", help=_words(make, "conditions_file")
    )
    conditions.add_argument("--show", action="store_true", help=_words(make, "show"))


def _init(make: Maker, hub: Verbs) -> None:
    init = _with_database(make, hub, "init")
    init.add_argument("--store-code", type=make.read.code, default="HQ", help=_words(make, "office_code") + ELSE)
    init.add_argument("--store-name", type=make.read.code, default="总部", help=_words(make, "office_name") + ELSE)
    init.add_argument("--person-id", type=make.read.code, default="9001", help=_words(make, "person_id") + ELSE)
    init.add_argument("--person-name", type=make.read.code, default="总部", help=_words(make, "person_name") + ELSE)
    init.add_argument("--timezone", type=make.read.code, default=ZONE, help=make.words("timezone") + ELSE)


def _serve(make: Maker, hub: Verbs) -> None:
    serve = _with_database(make, hub, "serve")
    # These stand in the environment too, so the parser knows no default of theirs.
    serve.add_argument("--host", type=make.read.code, help=_words(make, "host") + " (SD_HUB_HOST, 127.0.0.1)")
    serve.add_argument("--port", type=make.read.whole, help=_words(make, "port") + " (SD_HUB_PORT, 8470)")
    serve.add_argument("--certificate", type=make.read.path, metavar="FILE", help=_words(make, "certificate"))
    serve.add_argument("--key", type=make.read.path, metavar="FILE", help=_words(make, "key"))
    serve.add_argument("--insecure", action="store_true", default=None, help=_words(make, "insecure"))
    serve.add_argument("--pool", type=make.read.whole, metavar="N", help=_words(make, "pool") + " (SD_HUB_POOL, 8)")


def _import(make: Maker, hub: Verbs) -> None:
    bring = _with_database(make, hub, "import")
    bring.add_argument("file", type=make.read.path, metavar="FILE", help=make.words("import_file"))
    bring.add_argument("--store", type=make.read.code, default="", help=_words(make, "import_store"))
    bring.add_argument(
        "--map", type=make.read.pair, action="append", default=[], metavar="FIELD=HEADING", help=make.words("map")
    )
    meaning = "FIELD:THEIRS=OURS"
    bring.add_argument(
        "--value", type=make.read.meaning, action="append", default=[], metavar=meaning, help=make.words("value")
    )
    bring.add_argument("--dry-run", action="store_true", help=make.words("dry_run"))


def _place(make: Maker, parser: Parser) -> None:
    parser.add_argument("store", type=make.read.code, metavar="STORE", help=_words(make, "store"))
    parser.add_argument("desk", type=make.read.whole, metavar="DESK", help=_words(make, "desk"))


def _with_database(make: Maker, verbs: Verbs, name: str) -> Parser:
    made = _verb(make, verbs, name, f"hub {name}")
    made.add_argument("--database", type=make.read.code, metavar="URL", help=_words(make, "database"))
    return made


def _verb(make: Maker, verbs: Verbs, name: str, does: str) -> Parser:
    text = _words(make, name)
    made: Parser = verbs.add_parser(name, lang=make.lang, help=text, description=text)
    made.set_defaults(does=does)
    make.common(made)
    return made


def _words(make: Maker, key: str) -> str:
    return say(make.lang, f"hub.help.{key}").replace("%", "%%")
