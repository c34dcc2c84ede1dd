"""PINs and passphrases: from a variable of the environment, else from a prompt on the terminal, never from the call."""

from __future__ import annotations

import os
import sys

from store_desk.cli.arguments import clean
from store_desk.cli.terminal import Terminal
from store_desk.domain.errors import WrongUse

PIN = "STORE_DESK_PIN"
NEW_PIN = "STORE_DESK_NEW_PIN"
APPROVER_PIN = "STORE_DESK_APPROVER_PIN"
PASSPHRASE = "STORE_DESK_PASSPHRASE"
CERTIFICATE_PASSPHRASE = "STORE_DESK_CERTIFICATE_PASSPHRASE"


def ask(terminal: Terminal, variable: str, *, who: str = "", twice: bool = False) -> str:
    """The secret of this variable; typed `twice` when it is a new one. Raises WrongUse when nobody can be asked."""
    given = os.environ.get(variable)
    if given:
        return clean(given)
    if not sys.stdin or not sys.stdin.isatty():
        raise WrongUse(detail=terminal.say("cli.wrong.no_secret", variable=variable))
    from getpass import getpass

    prompt = terminal.say(f"cli.prompt.{variable.removeprefix('STORE_DESK_').lower()}", who=who)
    try:
        typed = getpass(prompt)
        if twice and getpass(terminal.say("cli.prompt.again")) != typed:
            raise WrongUse(detail=terminal.say("cli.wrong.not_the_same"))
    except EOFError as error:
        raise WrongUse(detail=terminal.say("cli.wrong.no_secret", variable=variable)) from error
    return clean(typed)
