"""peewee's models of the tables that are not on a clerk's path; they never leave this package."""

from __future__ import annotations

from peewee import BooleanField, CharField, IntegerField, Model, TextField


class StaffRow(Model):
    """A person of this store."""

    id = CharField(primary_key=True)
    name = TextField()
    name_other = TextField()
    role = TextField()
    enabled = BooleanField()
    pin_hash = TextField()
    pin_is_first = BooleanField()
    wrong_pins = IntegerField()
    lockouts = IntegerField()
    locked_until = IntegerField(null=True)

    class Meta:
        table_name = "staff"


class DraftRow(Model):
    """An unfinished cancellation."""

    ticket_id = CharField(primary_key=True)
    clerk = TextField()
    body = TextField()
    saved_at = IntegerField()

    class Meta:
        table_name = "draft"


class BatchRow(Model):
    """One import; `counts` is the JSON of its numbers."""

    id = IntegerField(primary_key=True)
    file = TextField()
    started_at = IntegerField()
    started_by = TextField()
    state = TextField()
    counts = TextField()
    mapping = TextField()
    refused_file = TextField()
    finished_at = IntegerField(null=True)

    class Meta:
        table_name = "import_batch"
