"""The kinds of member that messages are made of, each with its bounds, and the base of all messages."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from store_desk.services.json_text import WHOLE_MAX

# A ticket's record or an operation's payload as text, in characters.
BODY_LENGTH_MAX = 1_000_000
PAYLOAD_LENGTH_MAX = 200_000

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", description="UUID as 32 hex digits")]
IdOrNone = Annotated[str, Field(pattern=r"^([0-9a-f]{32})?$", description="UUID as 32 hex digits, or empty")]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="32 bytes in hex")]
Signature = Annotated[str, Field(pattern=r"^[0-9a-f]{128}$", description="64 bytes in hex")]
StoreCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,20}$", description="the store's code")]
Epoch = Annotated[str, Field(pattern=r"^[0-9a-zA-Z-]{0,64}$", description="epoch of head office's history, opaque")]
Whole = Annotated[int, Field(ge=0, le=WHOLE_MAX)]
Millis = Annotated[int, Field(ge=0, le=253_402_300_799_999, description="milliseconds since 1970 UTC")]
Incarnation = Annotated[int, Field(ge=0, le=1_000_000)]
# No control characters: a name is shown on screens, papers and in logs.
Name = Annotated[str, Field(max_length=120, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$")]
Person = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,20}$", description="a person's number")]
PersonOrNone = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{0,20}$", description="a person's number, or empty")]
Word = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$", description="a code of this protocol")]
Text = Annotated[str, Field(max_length=2_000)]
Body = Annotated[str, Field(max_length=BODY_LENGTH_MAX, description="a ticket's record, canonical JSON in a text")]
Payload = Annotated[str, Field(max_length=PAYLOAD_LENGTH_MAX, description="the very bytes that were signed, as text")]


class Message(BaseModel):
    """A message: unknown members and silent conversions are refused, values do not change."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
