"""Repositories: each kind of record with its statements; constant SQL where a clerk waits, peewee elsewhere."""
