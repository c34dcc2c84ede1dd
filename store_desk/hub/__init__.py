"""Head office: a stateless service over PostgreSQL that decides what desks ask for, by the rules of the domain.

How it grows to 10,000 stores of three desks. Figures marked * were measured by
`tests/hub/postgres/measure_applying.py` on two cores that also ran PostgreSQL, the load and other work (load average
9): take the ratios, not the numbers.

Load. 200 tickets a day and store, five operations each: 10 million operations a day; over twelve hours 231 a second,
at the peak four times that, 926. After an hour without head office 3.3 million operations wait; drained within half
an hour beside the peak that is 2,800 a second: the design is for 3,000.

What one hub does. A desk's batch of 50 is one transaction, whose writes travel in one round trip at its end, one
statement for each table; a batch that fails is begun anew with a savepoint per operation, so that what came before the
failing one is kept. Measured at a load average of 12: 1,413 operations a second* over eight connections of one
process, against 699* of pgbench with the statements one by one and no rules (2.0); over one connection 327* against
160* (2.0); one operation per transaction 144* against 235* over eight connections in two processes (0.6). It takes
0.20 ms of Python* per operation, HTTP and signatures apart; the database is the larger half. Hubs keep nothing between
requests: any number of them stand behind one address, and any of them serves any desk, snapshot chunk or answer.

Where it is divided. Every transaction but the moving of a ticket touches one store, and every key that grows (feed,
store_head, ticket_record, snapshot) begins with the store or is found through it. So stores are dealt by the hash of
their code to eight independent PostgreSQL clusters of 1,250 stores: 116 operations a second at the peak, 375 in the
drain, a quarter of what the two shared cores did*. One store is limited by its one row in store_head: some hundreds
of operations a second, and it needs less than one; head office itself must never be made one store, its bulk work
goes store by store. A desk whose scope spans clusters holds one position per store and asks each cluster.

Space. Feed, operation and answer take 2,076 bytes* per operation with their indexes: 21 GB a day, 2.6 GB per cluster;
with changes kept 90 days and operations 120 about 0.3 TB per cluster. `feed` is ready for partitions by hash of the
store (its primary key begins with it); `operation` and `desk_answer` likewise once the store is added to their keys.
Up to about 100 GB per table clearing up by deletes in steps of 5,000 rows (`postgres.clearing`) suffices.

Reading. 30,000 desks that ask every 25 seconds are 1,200 questions a second; each hub looks at store_head once a
quarter of a second for all who wait at it, not once per desk. Questions may be answered by a streaming replica: the
store's row is locked to the commit, hence commit k-1 stands before k in the log and no replica shows k without it. A
replica that lags shows less, never a gap; but a desk that is ahead of it would be told to begin anew, so a replica
may answer only desks whose position it has reached. That choice is not built: all questions go to the primary.

Snapshots. 100,000 tickets take 4.3 seconds and 4.8 MiB*: 10,000 new desks of 80,000 tickets in one night are ten
hours of one core, a bit over an hour on eight; they are kept in the database and served by all hubs, and may be moved
to object storage as they are.

Durability. Each cluster has a synchronous standby and synchronous_commit is never below `on`; the limit of time is
lifted before each commit, since a commit whose wait for the standby is broken off would be reported as done. A
failover to an asynchronous standby is a restore: another time line, another epoch, and the desks offer again what
they sent.

Other engines. Citus, distributed by store, where one SQL surface over the clusters is wanted; moving a ticket is then
the one transaction of two shards. CockroachDB where a region may be lost: the statements hold but for the advisory
locks and triggers, and the loop that begins a transaction anew (`postgres.pool`) is then in daily use. Neither is
needed for this load, and neither was run.
"""
