"""Files of tickets: their rows, and their content once for every hash."""

from __future__ import annotations

from typing import Any

from store_desk.domain.attachments import Attachment, AttachmentKind
from store_desk.services.codec import from_ms, to_ms

_COLUMNS = "id, ticket_id, case_id, name, kind, hash, size, added_at, added_by"
_ADD = f"INSERT INTO attachment ({_COLUMNS}) VALUES ({', '.join('?' * 9)})"  # noqa: S608  # constants only
_KEEP = "INSERT INTO attachment_content (hash, content) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING"
_GET = f"SELECT {_COLUMNS} FROM attachment WHERE id = ?"  # noqa: S608  # constants only
_OF_TICKET = f"SELECT {_COLUMNS} FROM attachment WHERE ticket_id = ? ORDER BY n"  # noqa: S608  # constants only
_CONTENT = "SELECT content FROM attachment_content WHERE hash = ?"


class StoredAttachments:
    """Implements `services.ports.Attachments`."""

    def __init__(self, connection: Any) -> None:
        self._run = connection.execute

    def add(self, attachment: Attachment, content: bytes) -> None:
        """Stores the row, and the content unless another attachment has the same."""
        self._run(_KEEP, (attachment.hash, content))
        self.add_same(attachment)

    def add_same(self, attachment: Attachment) -> None:
        """Stores the row of a file whose content is here already."""
        self._run(
            _ADD,
            (
                attachment.id,
                attachment.ticket_id,
                attachment.case_id,
                attachment.name,
                attachment.kind.value,
                attachment.hash,
                attachment.size,
                to_ms(attachment.added_at),
                attachment.added_by,
            ),
        )

    def get(self, attachment_id: str) -> Attachment | None:
        """The attachment with this id, without its content."""
        row = self._run(_GET, (attachment_id,)).fetchone()
        return None if row is None else _from(row)

    def of_ticket(self, ticket_id: str) -> list[Attachment]:
        """The ticket's attachments, oldest first."""
        return [_from(row) for row in self._run(_OF_TICKET, (ticket_id,))]

    def content(self, digest: str) -> bytes | None:
        """The content of a hash."""
        row = self._run(_CONTENT, (digest,)).fetchone()
        return None if row is None else bytes(row[0])


def _from(row: Any) -> Attachment:
    kind = AttachmentKind(row[4])
    return Attachment(row[0], row[1], row[2], row[3], kind, row[5], row[6], from_ms(row[7]), row[8])
