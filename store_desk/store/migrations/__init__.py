"""Migrations of the desk's database, applied in order by `store_desk.store.upgrade`."""
