"""Every kind of look-up over a store of made-up tickets: `python -m tests.benchmarks.lookup --tickets 200000`.

Prints a table (kind | rows | p50 ms | p99 ms | ratio to a row probe) of processor time, and keeps a JSON beside it.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from store_desk.domain.ticket import Ticket
from store_desk.services.desk import DeskIdentity
from store_desk.store import create_store, exists, open_store
from store_desk.store.opening import Store
from tests.benchmarks.data import tickets

ROWS_PER_TRANSACTION = 5_000
SAMPLE_EVERY = 200
LIMIT = 50
UNLUCKY = ("王 smith", "张 王 李", "海尔 冰箱 不制冷", "refrigerator haier smith")


def build(folder: Path, count: int) -> Store:
    """A store with so many tickets, kept in the folder for the next run."""
    if exists(folder):
        return open_store(folder)
    store = create_store(folder, identity=DeskIdentity("XH", "Bench", 2, "0" * 32))
    source = tickets(count)
    started = time.perf_counter()
    while chunk := list(islice(source, ROWS_PER_TRANSACTION)):
        with store.work() as unit:
            for ticket in chunk:
                unit.tickets.add(ticket)
        store.checkpoint()
    print(f"built {count:,} tickets in {time.perf_counter() - started:.0f} s, {store.path.stat().st_size / 1e6:.0f} MB")
    return store


def _swap(text: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _wrong_digit(text: str, rng: random.Random) -> str:
    at = rng.choice([at for at, sign in enumerate(text) if sign.isdigit()])
    return text[:at] + str((int(text[at]) + 1 + rng.randrange(9)) % 10) + text[at + 1 :]


def _same_sound(character: str) -> str:
    """A rare character that sounds the same."""
    from store_desk.store.search_words import _readings, readings_of

    sound = readings_of(character)[0]
    return next(other for other, found in reversed(_readings().items()) if found[0] == sound)


def kinds(rng: random.Random) -> dict[str, tuple[Callable[[Ticket], bool], Callable[[Ticket], str]]]:
    """Each kind: which tickets it can be made from, and the text to type."""

    def chinese(ticket: Ticket) -> bool:
        return ticket.customer[0] > "\u4e00"

    def latin(ticket: Ticket) -> bool:
        return not chinese(ticket)

    def all_of(_: Ticket) -> bool:
        return True

    from store_desk.store.search_words import fold, name_readings

    return {
        "ticket_exact": (all_of, lambda t: t.number),
        "ticket_tail6": (all_of, lambda t: t.number[-8:-2]),
        "ticket_tail4": (all_of, lambda t: t.number[-6:-2]),
        "order_exact": (all_of, lambda t: t.order_number),
        "order_prefix9": (all_of, lambda t: t.order_number[:9]),
        "phone_exact": (all_of, lambda t: t.phone),
        "phone_prefix7": (all_of, lambda t: t.phone[:7]),
        "phone_prefix3": (all_of, lambda t: t.phone[:3]),
        "phone_last4": (all_of, lambda t: t.phone[-4:]),
        "phone_last8": (all_of, lambda t: t.phone[-8:]),
        "serial_exact": (all_of, lambda t: t.serial),
        "serial_tail6": (all_of, lambda t: t.serial[-6:]),
        "zh_full2": (lambda t: chinese(t) and len(t.customer) == 2, lambda t: t.customer),
        "zh_full3": (lambda t: chinese(t) and len(t.customer) == 3, lambda t: t.customer),
        "zh_surname": (chinese, lambda t: t.customer[0]),
        "zh_given2": (lambda t: chinese(t) and len(t.customer) == 3, lambda t: t.customer[1:]),
        "zh_homophone": (
            lambda t: chinese(t) and len(t.customer) == 3,
            lambda t: t.customer[:2] + _same_sound(t.customer[2]),
        ),
        "py_full": (chinese, lambda t: name_readings(t.customer)[0]),
        "py_initials": (chinese, lambda t: "".join(name_readings(c)[0][0] for c in t.customer)),
        "py_prefix5": (chinese, lambda t: name_readings(t.customer)[0][:5]),
        "py_syllables": (chinese, lambda t: " ".join(name_readings(c)[0] for c in t.customer)),
        "la_full": (latin, lambda t: t.customer),
        "la_surname": (latin, lambda t: t.customer.split()[-1]),
        "la_prefix3": (latin, lambda t: t.customer.split()[-1][:3]),
        "la_prefix5": (latin, lambda t: t.customer.split()[-1][:5]),
        "la_accent": (lambda t: not t.customer.isascii() and latin(t), lambda t: fold(t.customer)),
        "la_1": (latin, lambda t: t.customer[0]),
        "product_word": (all_of, lambda t: t.product),
        "product_prefix5": (lambda t: t.product.isascii(), lambda t: t.product[:5]),
        "surname+product": (chinese, lambda t: f"{t.customer[0]} {t.product}"),
        "name+phone4": (all_of, lambda t: f"{t.customer} {t.phone[-4:]}"),
        "surname+phone4": (chinese, lambda t: f"{t.customer[0]} {t.phone[-4:]}"),
        "name+phone": (all_of, lambda t: f"{t.customer} {t.phone}"),
        "name+tail6": (all_of, lambda t: f"{t.customer} {t.number[-8:-2]}"),
        "desc_sub4": (lambda t: t.description[0] > "\u4e00", lambda t: t.description[:4]),
        "miss_word": (all_of, lambda t: "xqzv" + t.serial[-3:].lower()),
        "miss_number": (all_of, lambda t: "9" * 4 + t.order_number[:6]),
        "la_typo": (
            lambda t: latin(t) and len(t.customer.split()[-1]) > 5,
            lambda t: _swap(t.customer.split()[-1], rng),
        ),
        "ticket_typo": (all_of, lambda t: t.number[:7] + _wrong_digit(t.number[7:-2], rng) + t.number[-2:]),
        "phone_typo": (all_of, lambda t: _wrong_digit(t.phone, rng)),
        "order_typo": (all_of, lambda t: _wrong_digit(t.order_number, rng)),
        "common+common": (all_of, lambda t: rng.choice(UNLUCKY)),
    }


def sample(count: int) -> list[Ticket]:
    """Some of the tickets, spread over all of them."""
    return list(islice(tickets(count), 0, None, max(1, count // 5_000)))


def queries(known: list[Ticket], rng: random.Random, number: int) -> Iterator[tuple[str, list[str]]]:
    """The texts of each kind."""
    for name, (fits, text) in kinds(rng).items():
        fitting = [ticket for ticket in known if fits(ticket)]
        yield name, [text(rng.choice(fitting)) for _ in range(number)]


def measure(store: Store, texts: list[str]) -> tuple[list[float], list[int], int]:
    """Processor time of each look-up in milliseconds, the rows found, and how many were given up."""
    spent: list[float] = []
    rows: list[int] = []
    capped = 0
    for text in texts:
        with store.read() as unit:
            started = time.thread_time()
            hits = unit.finder.find(text, limit=LIMIT)
            spent.append((time.thread_time() - started) * 1000)
        rows.append(len(hits.hits))
        capped += hits.capped
    return spent, rows, capped


def main() -> None:
    """Builds or opens the store, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=200_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--folder", type=Path, default=None)
    arguments = parser.parse_args()
    folder = arguments.folder or Path(tempfile.gettempdir()) / f"store-desk-lookup-{arguments.tickets}"
    store = build(folder, arguments.tickets)
    rng = random.Random(5)
    known = sample(arguments.tickets)
    with store.reading() as unit:
        probes = []
        for ticket in rng.choices(known, k=2_000):
            started = time.thread_time()
            unit.connection.execute("SELECT number FROM ticket WHERE id = ?", (ticket.id,)).fetchone()
            probes.append((time.thread_time() - started) * 1000)
    probe = sorted(probes)[len(probes) // 2]
    table = {}
    print(f"a row probe takes {probe * 1000:.0f} us")
    print(f"{'kind':16} {'rows':>5} {'p50 ms':>8} {'p99 ms':>8} {'ratio':>6} capped")
    for name, texts in queries(known, rng, arguments.queries):
        spent, rows, capped = measure(store, texts)
        spent.sort()
        p50, p99 = spent[len(spent) // 2], spent[int(len(spent) * 0.99) - 1]
        table[name] = {"rows": sorted(rows)[len(rows) // 2], "p50_ms": p50, "p99_ms": p99, "capped": capped}
        print(f"{name:16} {table[name]['rows']:5} {p50:8.2f} {p99:8.2f} {p50 / probe:6.0f} {capped or ''}")
    store.close()
    (folder / "lookup.json").write_text(json.dumps({"tickets": arguments.tickets, "probe_ms": probe, "kinds": table}))


if __name__ == "__main__":
    main()
