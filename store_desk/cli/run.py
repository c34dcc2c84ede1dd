"""One call from its words to its exit status: parsed, done, answered, and every failure put into words."""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout

from store_desk.cli.call import Answer, Call
from store_desk.cli.parser import Asked, build_parser
from store_desk.cli.terminal import Terminal, language_of
from store_desk.domain.errors import DiskFailed, DiskFull, DomainError, Family, WrongUse
from store_desk.words import catalogue, say_error

DONE, REFUSED, WRONG_USE, ENVIRONMENT = range(4)
# What shells call a process that an interrupt ended.
INTERRUPTED = 130
STATUS = {Family.REFUSED: REFUSED, Family.WRONG_USE: WRONG_USE, Family.ENVIRONMENT: ENVIRONMENT}

# Verb -> module and function; a module is imported when its verb is asked for.
DOES = {
    "setup": ("founding", "setup"),
    "staff add": ("persons", "add"),
    "staff list": ("persons", "list_"),
    "staff set-role": ("persons", "set_role"),
    "staff reset-pin": ("persons", "reset_pin"),
    "staff unlock": ("persons", "unlock"),
    "staff disable": ("persons", "disable"),
    "staff set-pin": ("persons", "set_pin"),
    "import": ("bringing_in", "import_"),
    "find": ("looking", "find"),
    "show": ("looking", "show"),
    "plan": ("cancelling", "plan"),
    "cancel": ("cancelling", "cancel"),
    "withdraw": ("afterwards", "withdraw"),
    "reopen": ("afterwards", "reopen"),
    "slip": ("slips", "slip"),
    "attach": ("evidence", "attach"),
    "evidence": ("evidence", "evidence"),
    "stop-sheet": ("evidence", "stop_sheet"),
    "export": ("handing_out", "export"),
    "keys export": ("handing_out", "keys_export"),
    "keys import": ("certificates", "keys_import"),
    "keys stamp": ("certificates", "keys_stamp"),
    "verify": ("verifying", "verify"),
    "journal": ("recording", "journal"),
    "backup": ("keeping", "backup"),
    "restore": ("keeping", "restore"),
    "doctor": ("keeping", "doctor"),
    "sync": ("sync", "sync"),
    "join": ("sync", "join"),
    "hub init": ("hub", "init"),
    "hub serve": ("hub", "serve"),
    "hub enrol": ("hub", "enrol"),
    "hub revoke": ("hub", "revoke"),
    "hub import": ("hub", "import_"),
    "hub conditions": ("hub", "conditions"),
    "rehearse": ("rehearse", "rehearse"),
}


def run(argv: tuple[str, ...]) -> int:
    """Does what the words say and answers the exit status; see `store_desk.cli.main`."""
    # How to answer is known before the words are understood; what stands behind `--` is no option.
    options = argv[: argv.index("--")] if "--" in argv else argv
    terminal = Terminal(lang=language_of(options), as_json="--json" in options)
    try:
        # Nothing but the answer belongs on standard output, whatever a library prints.
        with redirect_stdout(sys.stderr):
            answer = _do(argv, terminal)
    except DomainError as error:
        return _refused(terminal, error)
    except OSError as error:
        return _refused(terminal, _ours(error))
    except KeyboardInterrupt:
        return _failed(terminal, "stopped", terminal.say("cli.stopped"), INTERRUPTED)
    except Exception as error:  # noqa: BLE001  # the edge: a fault is told as one, and the caller still gets an answer
        terminal.tell("".join(traceback.format_exception(error)).rstrip())
        words = terminal.say("cli.fault", what=f"{type(error).__name__}: {error}"[:200])
        return _failed(terminal, "fault", words, ENVIRONMENT)
    if answer.failure is not None:
        return _refused(terminal, answer.failure, beside=answer)
    return _answer(terminal, answer, DONE)


def _do(argv: tuple[str, ...], terminal: Terminal) -> Answer:
    try:
        options = build_parser(terminal.lang).parse_args(argv)
    except Asked as asked:
        return Answer({asked.what: asked.text}, (asked.text.rstrip(),))
    except ValueError as error:
        raise WrongUse(detail=str(error)[:200]) from error
    module, name = DOES[options.does]
    verb: Callable[[Call], Answer] = getattr(importlib.import_module(f"store_desk.cli.verbs.{module}"), name)
    return verb(Call(options, terminal))


def _ours(error: OSError) -> DomainError:
    if error.errno == errno.ENOSPC:
        return DiskFull()
    said = error.strerror or str(error)
    return DiskFailed(detail=f"{said}: {error.filename}" if error.filename else said)


def _refused(terminal: Terminal, error: DomainError, *, beside: Answer | None = None) -> int:
    """The refusal in words, with the hint that helps here; `beside` is what the verb answers all the same."""
    hint = terminal.say(f"cli.hint.{error.code}") if f"hint.{error.code}" in catalogue("cli") else ""
    facts: dict[str, object] = {
        name: list(fact) if isinstance(fact, tuple) else fact for name, fact in error.facts.items()
    }
    failure: dict[str, object] = {"code": error.code, "message": say_error(terminal.lang, error), "facts": facts}
    if hint:
        failure["hint"] = hint
    terminal.tell(str(failure["message"]))
    if hint:
        terminal.tell(hint)
    body, lines = (beside.body, beside.lines) if beside is not None else ({}, ())
    return _answer(terminal, Answer({"error": failure} | body, lines), STATUS[error.family])


def _failed(terminal: Terminal, code: str, message: str, status: int) -> int:
    """A failure that is no refusal: an interrupt, or a fault of the program."""
    terminal.tell(message)
    failure: dict[str, object] = {"code": code, "message": message, "facts": {}}
    return _answer(terminal, Answer({"error": failure}), status)


def _answer(terminal: Terminal, answer: Answer, status: int) -> int:
    """Writes the answer; what was done stands when nobody could be told, which is a failure of the environment."""
    try:
        terminal.answer(answer.body, answer.lines)
    except OSError as error:
        _give_up_output()
        if error.errno != errno.EPIPE:
            terminal.tell(terminal.say("cli.not_told", detail=error.strerror or str(error)))
        return status or ENVIRONMENT
    return status


def _give_up_output() -> None:
    """Points standard output elsewhere, so that its last flush at the end of the process fails no more."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        # A stream without a file behind it has no such flush.
        return
