"""Head office's database on PostgreSQL: schema, pool, transactions, epochs, snapshots and clearing up."""
