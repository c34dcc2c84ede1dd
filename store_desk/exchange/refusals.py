"""When to give a file up: what holds hardly a ticket among its rows is no export, however long it is."""

from __future__ import annotations

from store_desk.domain.errors import NotATicketExport
from store_desk.domain.imports import ReadRow, RefusedRow
from store_desk.exchange.limits import UNKNOWN_WORDS_MAX

# Refused only because nobody has explained a word yet: the row is a ticket once somebody does.
_ASKED = "value_unknown"


class RefusedBound:
    """Counts the rows of one file as they are read, and gives up where those that are no tickets outnumber the others.

    Up to `most` rows may be refused whatever the others are: a column matched wrongly refuses every row of a real
    export, and its check has to tell so. Rows that only wait for a word to be explained count as nothing, for as many
    words as a clerk is asked about.
    """

    def __init__(self, file: str, *, most: int) -> None:
        self._file = file
        self._most = most
        self._asked: set[tuple[str, str]] = set()
        self._line = 0
        self.rows = 0
        self.refused = 0

    def take(self, row: ReadRow | RefusedRow) -> None:
        """Counts a row; raises NotATicketExport behind the one too many."""
        if isinstance(row, ReadRow):
            self.rows += 1
            return
        if row.code == _ASKED and self._will_be_asked(row):
            return
        self.refused += 1
        self._line = self._line or row.line
        if self.refused > max(self._most, self.rows):
            raise NotATicketExport(file=self._file, refused=self.refused, rows=self.rows, line=self._line, kept="")

    def _will_be_asked(self, row: RefusedRow) -> bool:
        word = (row.field, row.value)
        if word not in self._asked and len(self._asked) < UNKNOWN_WORDS_MAX:
            self._asked.add(word)
        return word in self._asked
