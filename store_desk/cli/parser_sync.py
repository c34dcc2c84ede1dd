"""The words of `sync` and `join`: a desk and its head office."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store_desk.cli.parser import Maker, Verbs


def add_sync(make: Maker, verbs: Verbs) -> None:
    """Adds `sync` and `join`."""
    sync = make.verb(verbs, "sync", "sync")
    sync.add_argument("--once", action="store_true", help=make.words("once"))
    join = make.verb(verbs, "join", "join")
    join.add_argument("url", type=make.read.code, metavar="URL", help=make.words("join_url"))
    join.add_argument("code", type=make.read.code, metavar="CODE", help=make.words("join_code"))
    join.add_argument("--authority", type=make.read.path, metavar="FILE.pem", help=make.words("join_authority"))
