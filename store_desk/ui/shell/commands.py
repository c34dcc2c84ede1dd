"""All actions by name, those of the current ticket first, and the keys of every place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from store_desk.ui import shortcuts
from store_desk.ui.language import Language
from store_desk.ui.look.theme import THEME
from store_desk.ui.shell.palette import Command
from store_desk.ui.tasks import run
from store_desk.words import Lang, say

if TYPE_CHECKING:
    from store_desk.ui.shell.window import MainWindow

Keys = tuple[tuple[str, ...], str]


def commands_of(window: MainWindow) -> list[Command]:
    """What can be done now."""
    say, make = window.bench.language.say, _Maker(window.bench.language)
    ticket, anytime = say("ui_shell.palette.ticket"), say("ui_shell.palette.everywhere")
    found: list[Command] = []
    if window.desk.current_ticket_id() and window.pages.currentWidget() is window.desk:
        # The same keys as in the bar at the bottom: what the ticket's state does not allow is not offered.
        known = window.desk.detail.opened() is not None
        now = {keys for keys, _ in window.desk.hints()}
        found += [
            command
            for command in (
                make("ui_shell.command.cancel", "ban", ("F8",), ticket, window.on_cancel_key),
                make("ui_shell.command.print", "printer", ("F9",), ticket, window.on_print_key),
                make("ui_shell.command.reveal", "eye", ("Alt", "V"), ticket, window.on_reveal_key),
            )
            if command.keys in now or not known
        ]
    if window.wire is not None:
        found += [
            make("ui_sync.command.go", "refresh-cw", (), anytime, window.wire.open_sync),
            make("ui_sync.now", "cloud-upload", ("F5",), anytime, window.wire.wake),
        ]
    # The settings are the last place of the rail, wherever that is for who is signed in.
    last = str(len(window.places.keys()))
    found += [
        make("ui_shell.command.search", "search", ("F2",), anytime, window.focus_search),
        make("ui_shell.command.desk", "store", ("Ctrl", "1"), anytime, window.go_desk),
        *_further(window, anytime),
        make("ui_shell.command.settings", "settings", ("Ctrl", last), anytime, window.go_settings),
        make("ui_shell.command.import", "file-up", (), anytime, window.go_import),
        make("ui_shell.command.verify", "shield-check", (), anytime, window.go_verify),
        make("ui_shell.command.refresh", "refresh-cw", ("F5",), anytime, window.on_refresh),
        _other_language(make("ui_shell.command.language", "languages", (), anytime, _Switch(window).language), window),
        make("ui_shell.command.scheme", "moon", (), anytime, _Switch(window).scheme),
        make("ui_shell.command.lock", "lock", ("Ctrl", "L"), anytime, window.lock),
        make("ui_shell.command.help", "circle-help", ("F1",), anytime, window.open_help),
    ]
    return found


def _further(window: MainWindow, group: str) -> list[Command]:
    """The places that not every desk and not everybody has."""
    supervision, make = window.supervision, _Maker(window.bench.language)
    found: list[Command] = []
    for key, words, icon, go in (
        ("approvals", "ui_approvals.command", "shield-check", supervision.open_approvals),
        ("office", "ui_office.command", "building-2", supervision.open_office),
    ):
        if window.places.has(key):
            found.append(make(words, icon, (), group, go))
    return found


class _Maker:
    """Makes commands that are found by their name in either language."""

    def __init__(self, language: Language) -> None:
        self._now: Lang = language.now
        self._other: Lang = "en" if language.now == "zh" else "zh"

    def __call__(self, key: str, icon: str, keys: tuple[str, ...], group: str, do: Callable[[], None]) -> Command:
        return Command(say(self._now, key), icon, keys, group, do, say(self._other, key))


def _other_language(command: Command, window: MainWindow) -> Command:
    """With that language's own name for itself, which whoever needs it can read."""
    language = window.bench.language
    return replace(
        command, name=f"{command.name} {language.say('ui_signin.en' if language.now == 'zh' else 'ui_signin.zh')}"
    )


class _Switch:
    """Switches looks at once and keeps them."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def language(self) -> None:
        language = self._window.bench.language
        language.switch("en" if language.now == "zh" else "zh")
        self._keep("look.language", language.now)

    def scheme(self) -> None:
        THEME.set_scheme("light" if THEME.is_dark else "dark")
        self._keep("look.scheme", THEME.scheme)

    def _keep(self, name: str, value: str) -> None:
        from store_desk.services.rules import change_setting

        bench = self._window.bench
        actor = bench.session.actor
        if actor is not None:
            run(
                self._window,
                bench.database,
                lambda: change_setting(bench.desk, actor, name=name, value=json.dumps(value)),
            )


def key_groups(language: Language) -> list[tuple[str, list[Keys]]]:
    """The keys of every place, for the page of keys."""

    def say(key: str) -> str:
        return language.say(f"ui_shell.{key}")

    def caps(keys: str) -> tuple[str, ...]:
        return shortcuts.caps(keys)

    return [
        (
            say("help.everywhere"),
            [
                (caps(shortcuts.SEARCH), say("command.search")),
                (caps(shortcuts.COMMANDS), say("hint.commands")),
                (("Ctrl", "1…6"), say("help.rail")),
                (caps(shortcuts.LOCK), say("command.lock")),
                (caps(shortcuts.REFRESH), say("command.refresh")),
                (caps(shortcuts.PRINT), say("command.print")),
                (caps(shortcuts.HELP), say("command.help")),
            ],
        ),
        (
            say("help.desk"),
            [
                (("↑", "↓"), say("hint.move")),
                (("Enter",), say("hint.open")),
                (caps(shortcuts.CANCEL), say("command.cancel")),
                (caps(shortcuts.REVEAL), say("command.reveal")),
                (caps(shortcuts.CLEAR), say("help.clear")),
            ],
        ),
        (
            say("help.cancel"),
            [
                (("Alt", "C", "P"), say("help.channel")),
                (caps(shortcuts.REASON), say("help.reason")),
                (caps(shortcuts.PIN), say("help.pin")),
                (caps(shortcuts.SIGN), say("help.sign")),
                (caps(shortcuts.PAPER), say("help.paper")),
                (caps(shortcuts.CONFIRM), say("help.confirm")),
                (caps(shortcuts.KEEP), say("help.keep")),
            ],
        ),
        (
            say("help.done"),
            [
                (caps(shortcuts.PRINT), say("command.print")),
                (caps(shortcuts.UNDO), say("help.undo")),
                (caps(shortcuts.NEXT), say("help.next")),
            ],
        ),
    ]
