"""What the command line says and where: the answer on standard output, everything for people on standard error."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from store_desk.domain.slip import Both
from store_desk.words import Lang, say

# Control characters and those that turn the direction of writing: data must not steer the terminal it is shown on.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """The text with characters that steer a terminal shown as escapes; line ends and tabs stay."""
    return _STEERING.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"


def language_of(words: Iterable[str]) -> Lang | None:
    """The language that `--lang` names among the words of a call, also when the rest of it cannot be understood."""
    before = ""
    for word in words:
        named = word.removeprefix("--lang=") if word.startswith("--lang=") else word if before == "--lang" else ""
        if named == "zh" or named == "en":
            return "zh" if named == "zh" else "en"
        before = word
    return None


def language_here() -> Lang:
    """The language of the locale: Chinese unless it says English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        # C and POSIX say nothing of a language.
        if value and value.partition(".")[0] not in ("C", "POSIX"):
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


class Terminal:
    """The two streams of a call. `fixed` says that `--lang` chose the language, so that no setting changes it."""

    def __init__(self, *, lang: Lang | None, as_json: bool) -> None:
        self.fixed = lang is not None
        self.lang: Lang = lang or language_here()
        self.as_json = as_json
        self._out = _ready(sys.stdout)
        self._err = _ready(sys.stderr)
        self._line_open = False

    def say(self, key: str, **facts: object) -> str:
        """The sentence of a word key in the language of the call; a fact that is a Both gives its text in it."""
        plain = {name: self.of(fact) if isinstance(fact, Both) else fact for name, fact in facts.items()}
        return say(self.lang, key, **plain)

    def of(self, text: Both) -> str:
        """The one of two texts that fits the language."""
        return text.en or text.zh if self.lang == "en" else text.zh

    def tell(self, text: str) -> None:
        """One message for people. A standard error that is gone is no reason to stop."""
        self._clear_line()
        with suppress(OSError, ValueError):
            self._err.write(harmless(text) + "\n")
            self._err.flush()

    def _clear_line(self) -> None:
        """Takes the line of progress away."""
        if self._line_open:
            self._line_open = False
            with suppress(OSError, ValueError):
                self._err.write("\r\x1b[K")
                self._err.flush()

    def progress(self) -> Callable[[int, int], None]:
        """Something to call with (done, total); draws one line over and over where standard error is a terminal."""
        if not self._err.isatty():
            return lambda done, total: None

        def draw(done: int, total: int) -> None:
            share = f"{min(100, done * 100 // total)} %" if total else str(done)
            with suppress(OSError, ValueError):
                self._err.write(f"\r{self.say('cli.progress', share=share)}\x1b[K")
                self._err.flush()
            self._line_open = True

        return draw

    def answer(self, body: dict[str, object], lines: Iterable[str]) -> None:
        """The answer: one JSON object, or lines for people. Raises OSError when it cannot be written."""
        self._clear_line()
        if self.as_json:
            text = json.dumps(body, ensure_ascii=False, allow_nan=False)
        else:
            text = harmless("\n".join(lines))
        if text:
            self._out.write(text + "\n")
        self._out.flush()


def _ready(stream: TextIO | None) -> TextIO:
    """The stream made to take any text: UTF-8, and escapes for what even that cannot hold (halves of surrogates).

    A stream that the caller closed is answered by one that goes nowhere.
    """
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    # In JSON such an escape is the right way to write half a surrogate, so that the object stays one.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        with suppress(OSError, ValueError):
            reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream
