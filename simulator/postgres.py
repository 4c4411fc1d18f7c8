"""Postgres: a private server on loopback, started and stopped by us alone."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import psycopg
from psycopg import sql

from simulator.ports import free_port

_BINARIES = Path("/usr/lib/postgresql")
_DATABASE = "lighting"
_OWNER = "simulator"
_READER = "cityledger_reader"
# A simulated source: speed matters, a crash does not.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "512MB",
    "autovacuum": "off",
    "log_min_messages": "warning",
}


class PostgresServer:
    """A PostgreSQL server with one database; `with PostgresServer(home) as server`.

    The data lies under `home` where the postgres system user can reach it, else in a
    folder of its own under the temporary directory, removed at the end.
    """

    def __init__(
        self, home: Path, port: int | None = None, reader_password: str | None = None
    ) -> None:
        self.port = port or free_port()
        self._user = "postgres" if os.geteuid() == 0 else None
        reachable = self._user is None or _others_may_enter(home)
        self._is_temporary = not reachable
        self.base = (
            home / "postgres"
            if reachable
            else Path(tempfile.mkdtemp(prefix="simulator-postgres-"))
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._passwords = {
            _OWNER: secrets.token_hex(12),
            _READER: reader_password or secrets.token_hex(12),
        }

    @property
    def dsn(self) -> str:
        """The address for readers, as LIGHTING_DSN."""
        return self._dsn(_READER)

    @property
    def owner_dsn(self) -> str:
        """The address for the simulator itself, which fills the tables."""
        return self._dsn(_OWNER)

    def _dsn(self, role: str) -> str:
        password = self._passwords[role]
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{_DATABASE}"

    def start(self) -> "PostgresServer":
        """Start the server, building its data directory the first time."""
        data = self.base / "data"
        sockets = self.base / "socket"
        self._own(self.base, sockets)
        if not (data / "PG_VERSION").exists():
            self._initialise(data)
        command = [_binary("postgres"), "-D", str(data), "-p", str(self.port)]
        command += ["-c", f"unix_socket_directories={sockets}"]
        for name, value in _SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        with (self.base / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._as_postgres(command), stdout=log, stderr=log, cwd="/"
            )
        self._wait_until_ready(sockets)
        self._prepare_roles(sockets)
        return self

    def stop(self) -> None:
        """Stop the server; its data stays unless it was temporary."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(2)
            try:
                self._process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None
        if self._is_temporary:
            shutil.rmtree(self.base, ignore_errors=True)

    def __enter__(self) -> "PostgresServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _own(self, *folders: Path) -> None:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
            if self._user:
                shutil.chown(folder, self._user)

    def _initialise(self, data: Path) -> None:
        subprocess.run(
            self._as_postgres(
                [
                    _binary("initdb"),
                    *("-D", str(data), "-U", _OWNER, "-E", "UTF8", "--locale=C"),
                    *("--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync"),
                ]
            ),
            check=True,
            capture_output=True,
            cwd="/",
        )

    def _as_postgres(self, command: list[str]) -> list[str]:
        """Run a command as the system user, and let it end when we are killed."""
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            return (
                ["runuser", "-u", self._user, "--", *command] if self._user else command
            )
        options = ["--pdeathsig", "INT"] if _in_main_thread() else []
        if self._user:
            options += ["--reuid", self._user, "--regid", self._user, "--init-groups"]
        return [setpriv, *options, "--", *command] if options else command

    def _local(self, sockets: Path, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(sockets),
            port=self.port,
            user=_OWNER,
            dbname=database,
            autocommit=True,
        )

    def _wait_until_ready(self, sockets: Path) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                self._local(sockets, "postgres").close()
            except psycopg.OperationalError as error:
                died = self._process is None or self._process.poll() is not None
                if died or time.monotonic() > deadline:
                    log = (self.base / "postgres.log").read_text()[-800:]
                    msg = f"PostgreSQL did not start: {log}"
                    raise RuntimeError(msg) from error
                time.sleep(0.05)
            else:
                return

    def _prepare_roles(self, sockets: Path) -> None:
        """Make the database and the reader, and set this run's passwords."""
        with self._local(sockets, "postgres") as connection:
            names = {r[0] for r in connection.execute("select rolname from pg_roles")}
            if _READER not in names:
                connection.execute(
                    sql.SQL("create role {} login").format(sql.Identifier(_READER))
                )
                connection.execute(
                    sql.SQL("create database {}").format(sql.Identifier(_DATABASE))
                )
            for role, password in self._passwords.items():
                connection.execute(
                    sql.SQL("alter role {} password {}").format(
                        sql.Identifier(role), sql.Literal(password)
                    )
                )
        with self._local(sockets, _DATABASE) as connection:
            reader = sql.Identifier(_READER)
            for statement in (
                "alter role {} set default_transaction_read_only = on",
                "grant usage on schema public to {}",
                "grant select on all tables in schema public to {}",
                "alter default privileges in schema public "
                "grant select on tables to {}",
            ):
                connection.execute(sql.SQL(statement).format(reader))


def _in_main_thread() -> bool:
    # The death of the thread that started a process is what the kernel watches.
    return threading.current_thread() is threading.main_thread()


def _binary(name: str) -> str:
    found = sorted(_BINARIES.glob(f"*/bin/{name}"), key=lambda p: int(p.parts[-3]))
    if found:
        return str(found[-1])
    elsewhere = shutil.which(name)
    if elsewhere is None:
        msg = f"PostgreSQL is not installed: no {name} under {_BINARIES} or on the path"
        raise FileNotFoundError(msg)
    return elsewhere


def _others_may_enter(folder: Path) -> bool:
    """Say whether the postgres user can walk into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    pwd.getpwnam("postgres")
    resolved = folder.resolve()
    return all(step.stat().st_mode & 0o001 for step in (resolved, *resolved.parents))
