"""The statements of each schema version, in order; a statement that has been released is never edited.

Texts that are compared but never read aloud (ids, codes) have collation "C": faster, and the same on every machine.
Bodies and payloads are `text`, since hashes and signatures are over their very characters. The hot tables have no
foreign keys: the check would lock rows of `store` and `desk` in every operation. Feed, operation and desk_answer are
only ever added to; a trigger stops everything else but clearing up, which says so in its transaction.
"""

from __future__ import annotations

from typing import LiteralString

_STORES: tuple[LiteralString, ...] = (
    """create table meta(
        name text collate "C" primary key,
        value text not null)""",
    """create table store(
        code text collate "C" primary key check (code ~ '^[0-9A-Za-z_-]{1,20}$'),
        name_zh text not null default '',
        name_en text not null default '',
        timezone text not null default 'Asia/Shanghai',
        currency text not null default 'CNY',
        country text not null default 'CN',
        made_at timestamptz not null default now(),
        closed_at timestamptz)""",
    # One row per store, written by every change: half of each page is left free, so that updates stay on it.
    """create table store_head(
        store text collate "C" primary key references store(code),
        seq bigint not null default 0,
        hash bytea not null default decode(repeat('00', 32), 'hex'),
        floor bigint not null default 0,
        check (floor <= seq and octet_length(hash) = 32)) with (fillfactor = 50)""",
    """create function store_gets_head() returns trigger language plpgsql as $$
        begin
            insert into store_head(store) values (new.code);
            return null;
        end $$""",
    "create trigger store_gets_head after insert on store for each row execute function store_gets_head()",
)

_DESKS: tuple[LiteralString, ...] = (
    """create table desk(
        desk_id text collate "C" primary key,
        store text collate "C" not null references store(code),
        number int not null,
        name text not null default '',
        public_key bytea not null,
        role text not null default 'desk' check (role in ('desk', 'head_office', 'system')),
        scope text[] not null,
        enrolled_at timestamptz not null default now(),
        enrolled_by text not null default '',
        revoked_at timestamptz,
        revoked_by text not null default '',
        last_contact_at timestamptz,
        program_version text not null default '',
        clock_offset_ms bigint)""",
    "create unique index desk_number on desk(store, number) where revoked_at is null",
    # What every operation of a desk locks and writes, apart from what is known about the desk.
    """create table desk_incarnation(
        desk_id text collate "C" not null references desk(desk_id),
        inc int not null check (inc >= 1),
        last_n bigint not null default 0,
        chain bytea not null default decode(repeat('00', 32), 'hex') check (octet_length(chain) = 32),
        made_at timestamptz not null default now(),
        primary key (desk_id, inc)) with (fillfactor = 50)""",
    """create table enrolment_code(
        code_id text collate "C" primary key,
        code_hash bytea not null unique,
        store text collate "C" not null references store(code),
        number int not null,
        name text not null default '',
        role text not null default 'desk' check (role in ('desk', 'head_office', 'system')),
        scope text[] not null,
        made_at timestamptz not null default now(),
        made_by text not null,
        expires_at timestamptz not null,
        tries int not null default 0,
        used_at timestamptz,
        used_by text not null default '')""",
    "create index enrolment_code_of_store on enrolment_code(store, expires_at)",
    """create table person(
        store text collate "C" not null references store(code),
        id text collate "C" not null,
        name text not null,
        name_other text not null default '',
        role text not null,
        enabled boolean not null default true,
        changed_at timestamptz not null default now(),
        changed_by text not null default '',
        primary key (store, id))""",
)

_RULES: tuple[LiteralString, ...] = (
    # Published texts get their number from this one row, in the order of commits; a sequence would not give that.
    """create table rules_version(
        one boolean primary key default true check (one),
        version bigint not null default 0)""",
    "insert into rules_version default values",
    """create table rules(
        name text collate "C" not null,
        version bigint not null unique,
        body text not null,
        published_at timestamptz not null,
        published_by text not null,
        primary key (name, version))""",
)

_TICKETS: tuple[LiteralString, ...] = (
    """create table ticket_record(
        ticket_id text collate "C" primary key,
        store text collate "C" not null,
        number text collate "C" not null,
        order_number text collate "C" not null default '',
        phone_last4 text collate "C" not null default '',
        review text not null,
        work text not null,
        case_state text not null default '',
        version bigint not null,
        seq bigint not null,
        changed_at timestamptz not null,
        body text not null) with (fillfactor = 70)""",
    "create index ticket_record_number on ticket_record(number, store)",
    "create index ticket_record_order on ticket_record(order_number) where order_number <> ''",
    "create index ticket_record_phone on ticket_record(phone_last4, store) where phone_last4 <> ''",
    "create index ticket_record_store on ticket_record(store, ticket_id)",
    "create index ticket_record_waiting on ticket_record(store, changed_at) where case_state = 'pending_approval'",
    """create table operation(
        op_id text collate "C" primary key,
        digest bytea not null,
        desk_id text collate "C" not null,
        inc int not null,
        n bigint not null,
        store text collate "C" not null,
        kind text collate "C" not null,
        ticket_id text collate "C" not null,
        result text collate "C" not null,
        at timestamptz not null,
        payload text not null)""",
    "create index operation_ticket on operation(ticket_id)",
    "create index operation_store on operation(store, at)",
    # body_store and body_seq name the change whose body went with the answer, also where the answer made none itself.
    """create table desk_answer(
        desk_id text collate "C" not null,
        inc int not null,
        n bigint not null,
        op_id text collate "C" not null,
        result text collate "C" not null,
        chain bytea not null check (octet_length(chain) = 32),
        version bigint,
        store text collate "C" not null default '',
        seq bigint,
        body_store text collate "C",
        body_seq bigint,
        facts text not null default '{}',
        at timestamptz not null,
        primary key (desk_id, inc, n))""",
    "create index desk_answer_operation on desk_answer(op_id)",
    """create table feed(
        store text collate "C" not null,
        seq bigint not null,
        kind text collate "C" not null check (kind in ('put', 'evict', 'erase')),
        ticket_id text collate "C" not null,
        version bigint not null,
        op_id text collate "C" not null,
        at timestamptz not null,
        salt bytea not null,
        body_hash bytea not null check (octet_length(body_hash) = 32),
        hash bytea not null check (octet_length(hash) = 32),
        body text not null,
        primary key (store, seq))""",
    "create index feed_at on feed(store, at)",
    """create function only_added_to() returns trigger language plpgsql as $$
        begin
            if current_setting('store_desk.clearing_up', true) = 'yes' then
                return null;
            end if;
            raise exception 'rows of % are only ever added', tg_table_name using errcode = 'restrict_violation';
        end $$""",
    "create trigger only_added_to before update or delete or truncate on feed execute function only_added_to()",
    "create trigger only_added_to before update or delete or truncate on operation execute function only_added_to()",
    "create trigger only_added_to before update or delete or truncate on desk_answer execute function only_added_to()",
)

_SNAPSHOTS: tuple[LiteralString, ...] = (
    """create table snapshot(
        snapshot_id text collate "C" primary key,
        store text collate "C" not null references store(code),
        epoch text not null,
        seq bigint not null,
        hash bytea not null,
        rows bigint not null,
        chunks int not null,
        bytes bigint not null,
        sha256 bytea not null,
        built_at timestamptz not null)""",
    "create index snapshot_latest on snapshot(store, seq)",
    """create table snapshot_chunk(
        snapshot_id text collate "C" not null references snapshot(snapshot_id) on delete cascade,
        n int not null,
        sha256 bytea not null,
        data bytea not null,
        primary key (snapshot_id, n))""",
    # The chunks are compressed already.
    "alter table snapshot_chunk alter column data set storage external",
)

_JOINING: tuple[LiteralString, ...] = (
    # Slips of desks that stood alone before they joined; kept as they were written.
    """create table desk_slip(
        number text collate "C" primary key,
        desk_id text collate "C" not null,
        store text collate "C" not null,
        ticket_id text collate "C" not null,
        case_id text collate "C" not null default '',
        variant text not null,
        hash bytea not null check (octet_length(hash) = 32),
        made_at timestamptz not null,
        received_at timestamptz not null default now(),
        body text not null)""",
    "create index desk_slip_ticket on desk_slip(ticket_id)",
)

MIGRATIONS: tuple[tuple[LiteralString, ...], ...] = ((*_STORES, *_DESKS, *_RULES, *_TICKETS, *_SNAPSHOTS, *_JOINING),)
