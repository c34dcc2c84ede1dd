"""How a hub is run, from options or the environment; it holds nothing that another hub would need to know."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from store_desk.domain.errors import WrongUse

PREFIX = "SD_HUB_"
PORT = 8470
# What each number may be; port 0 is any free one.
BOUNDS = {
    "port": (0, 65_535),
    "pool": (1, 1_000),
    "queue": (1, 1_000_000),
    "burst": (1, 1_000_000),
    "drain_s": (0, 3_600),
}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class HubConfig:
    """`database` is a PostgreSQL address. `rate` requests a second and a burst of `burst` are allowed to one desk.

    `queue` is how many requests may wait for a database connection before others are told to come again. Without a
    certificate it listens on loopback only, unless `insecure` says that something in front of it speaks TLS.
    """

    database: str
    host: str = "127.0.0.1"
    port: int = PORT
    certificate: Path | None = None
    key: Path | None = None
    insecure: bool = False
    pool: int = 8
    queue: int = 200
    rate: float = 5.0
    burst: int = 100
    drain_s: int = 10


def config_from(environment: Mapping[str, str] = os.environ, /, **given: object) -> HubConfig:
    """The configuration: what is given (None: nothing), else SD_HUB_<NAME>, else the default; raises WrongUse."""
    values: dict[str, object] = {}
    for item in fields(HubConfig):
        told = given.get(item.name)
        text = environment.get(PREFIX + item.name.upper(), "")
        if told is not None:
            values[item.name] = told
        elif text:
            values[item.name] = _read(item.name, str(item.type), text)
    if not values.get("database"):
        raise WrongUse(detail=f"--database / {PREFIX}DATABASE")
    return HubConfig(**values)  # type: ignore[arg-type]  # each was read by its field's type


def _read(name: str, kind: str, text: str) -> object:
    try:
        if kind == "bool":
            return text.strip().lower() in ("1", "yes", "true")
        if kind == "int":
            return int(text)
        if kind == "float":
            return float(text)
    except ValueError as error:
        raise WrongUse(detail=f"{PREFIX}{name.upper()}") from error
    return Path(text) if "Path" in kind else text


def check_numbers(config: HubConfig) -> None:
    """Raises WrongUse for a number with which nothing could run."""
    for name, (least, most) in BOUNDS.items():
        value = getattr(config, name)
        if not least <= value <= most:
            raise WrongUse(detail=f"{PREFIX}{name.upper()}: {value} ({least}–{most})")
    if not 0 < config.rate < math.inf:
        raise WrongUse(detail=f"{PREFIX}RATE: {config.rate}")


def check_listening(config: HubConfig) -> None:
    """Raises WrongUse for plain HTTP that others on the network could read."""
    if (config.certificate is None) != (config.key is None):
        raise WrongUse(detail="--certificate FILE --key FILE")
    if config.certificate is None and config.host not in LOOPBACK and not config.insecure:
        raise WrongUse(detail=f"--host {config.host}: --certificate FILE --key FILE | --insecure")
