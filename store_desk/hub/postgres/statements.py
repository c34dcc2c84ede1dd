"""The statements of one transaction at head office; every one constant, with its values apart from it."""

from __future__ import annotations

from typing import LiteralString

_DESK: LiteralString = """
    select d.desk_id, i.inc, d.store, d.number, d.public_key, d.role, d.scope, i.last_n, i.chain,
           d.revoked_at is not null, d.name
      from desk_incarnation i join desk d on d.desk_id = i.desk_id
     where i.desk_id = %s and i.inc = %s"""
DESK = _DESK
LOCK_DESK: LiteralString = _DESK + " for update of i"
SAVE_DESK: LiteralString = "update desk_incarnation set last_n = %s, chain = %s where desk_id = %s and inc = %s"

OPERATIONS: LiteralString = """
    select o.digest, o.desk_id,
           a.op_id, a.inc, a.n, a.result, a.chain, a.version, a.store, a.seq, nullif(f.body, ''), a.facts, a.at,
           a.body_store, a.body_seq
      from operation o
      join desk_answer a on a.desk_id = o.desk_id and a.inc = o.inc and a.n = o.n
      left join feed f on f.store = a.body_store and f.seq = a.body_seq
     where o.op_id = any(%s)"""
# What a transaction writes into one table goes in one statement: a list for each column, in binary (%b), since as text
# every quotation mark of a body would have to be escaped.
ADD_OPERATIONS: LiteralString = """
    insert into operation(op_id, digest, desk_id, inc, n, kind, ticket_id, result, at, payload, store)
    select v.*, (select store from desk where desk_id = v.desk_id)
      from unnest(%b::text[], %b::bytea[], %b::text[], %b::int[], %b::bigint[], %b::text[], %b::text[], %b::text[],
                  %b::timestamptz[], %b::text[])
        as v(op_id, digest, desk_id, inc, n, kind, ticket_id, result, at, payload)"""
ADD_ANSWERS: LiteralString = """
    insert into desk_answer(desk_id, inc, n, op_id, result, chain, version, store, seq, body_store, body_seq, facts, at)
    select * from unnest(%b::text[], %b::int[], %b::bigint[], %b::text[], %b::text[], %b::bytea[], %b::bigint[],
                         %b::text[], %b::bigint[], %b::text[], %b::bigint[], %b::text[], %b::timestamptz[])"""
ANSWER_AT: LiteralString = """
    select a.op_id, a.inc, a.n, a.result, a.chain, a.version, a.store, a.seq, nullif(f.body, ''), a.facts, a.at,
           a.body_store, a.body_seq
      from desk_answer a
      left join feed f on f.store = a.body_store and f.seq = a.body_seq
     where a.desk_id = %s and a.inc = %s and a.n = %s"""
ANSWERS_AFTER: LiteralString = """
    select a.op_id, a.inc, a.n, a.result, a.chain, a.version, a.store, a.seq, nullif(f.body, ''), a.facts, a.at,
           a.body_store, a.body_seq
      from desk_answer a
      left join feed f on f.store = a.body_store and f.seq = a.body_seq
     where a.desk_id = %s and a.inc = %s and a.n > %s
     order by a.n limit %s"""

LOCK_RECORDS: LiteralString = """
    select ticket_id, store, seq, body from ticket_record where ticket_id = any(%s) order by ticket_id for update"""
ADD_RECORDS: LiteralString = """
    insert into ticket_record(store, number, order_number, phone_last4, review, work, case_state, version, seq,
                              changed_at, body, ticket_id)
    select * from unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
                         %b::bigint[], %b::bigint[], %b::timestamptz[], %b::text[], %b::text[])"""
SAVE_RECORDS: LiteralString = """
    update ticket_record r
       set store = v.store, number = v.number, order_number = v.order_number, phone_last4 = v.phone_last4,
           review = v.review, work = v.work, case_state = v.case_state, version = v.version, seq = v.seq,
           changed_at = v.changed_at, body = v.body
      from unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::bigint[],
                  %b::bigint[], %b::timestamptz[], %b::text[], %b::text[])
        as v(store, number, order_number, phone_last4, review, work, case_state, version, seq, changed_at, body,
             ticket_id)
     where r.ticket_id = v.ticket_id"""

LOCK_HEADS: LiteralString = """
    select store, seq, hash from store_head where store = any(%s) order by store for update"""
SAVE_HEAD: LiteralString = "update store_head set seq = %s, hash = %s where store = %s"
ADD_CHANGES: LiteralString = """
    insert into feed(store, seq, kind, ticket_id, version, op_id, at, salt, body_hash, hash, body)
    select * from unnest(%b::text[], %b::bigint[], %b::text[], %b::text[], %b::bigint[], %b::text[],
                         %b::timestamptz[], %b::bytea[], %b::bytea[], %b::bytea[], %b::text[])"""
HEAD: LiteralString = "select seq, hash, floor from store_head where store = %s"
CHANGES_AFTER: LiteralString = """
    select store, seq, kind, ticket_id, version, body, salt, body_hash, hash
      from feed where store = %s and seq > %s order by seq limit %s"""
CHANGE_HASH: LiteralString = "select hash from feed where store = %s and seq = %s"

EPOCH: LiteralString = "select value from meta where name = 'epoch'"
PERSON: LiteralString = "select store, id, name, role, enabled from person where store = %s and id = %s"
RULES_TEXT: LiteralString = "select body from rules where name = %s order by version desc limit 1"
RULES_VERSION: LiteralString = "select version from rules_version"
STORE_ZONE: LiteralString = "select timezone from store where code = %s"
STORES: LiteralString = "select code from store order by code"

SAVEPOINT: LiteralString = "savepoint operation"
KEEP: LiteralString = "release savepoint operation"
GIVE_UP: LiteralString = "rollback to savepoint operation"
