"""`almoner run`: the whole desk on one machine, from an empty folder to an open clinic."""

import json
import os
import shutil
import signal
import socket
import sys
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex

from almoner.config import database, embedded, gateway, simulators
from almoner.config.supervise import (
    Lock,
    Program,
    Refused,
    Stopped,
    Supervisor,
    follow_parent,
)

NEEDED = 500_000_000  # bytes free: an empty cluster is 60 MB, its log may grow to 1 GB later
PATIENCE = 60.0  # seconds for the server's first answer
FURTHER = 100  # from a taken port to one that a desk there, with its simulators, leaves alone


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    var: Path
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = True
    with_parent: bool = False


@dataclass(frozen=True, slots=True)
class Port:
    """Where a simulator listens: its flag, how far from our port, the setting that names it."""

    flag: str
    offset: int
    setting: str
    scheme: str = "http"


@dataclass(frozen=True, slots=True)
class Partner:
    """A trading partner's simulator.

    ``secrets`` are settings both sides share, made afresh at each start; ``calls`` are settings
    that name an address of ours the partner calls.
    """

    module: str
    name: str
    ports: tuple[Port, ...]
    secrets: tuple[str, ...] = ()
    calls: tuple[tuple[str, str], ...] = ()


PARTNERS = (
    Partner(
        "almoner.demo.payer", "clearinghouse", (Port("--port", 10, "ALMONER_CLEARINGHOUSE_URL"),)
    ),
    Partner(
        "almoner.demo.terminal",
        "card terminal",
        (Port("--port", 11, "ALMONER_CARD_PROCESSOR_URL"),),
        secrets=("ALMONER_CARD_PROCESSOR_TOKEN", "ALMONER_CARD_WEBHOOK_SECRET"),
        calls=(("ALMONER_CARD_WEBHOOK_URL", "money/card-notices/"),),
    ),
    Partner(
        "almoner.demo.inbox",
        "inbox of texts and e-mails",
        (
            Port("--port", 20, "ALMONER_SMS_URL"),
            Port("--smtp-port", 25, "ALMONER_EMAIL_URL", scheme="smtp"),
        ),
        secrets=("ALMONER_SMS_TOKEN", "ALMONER_EMAIL_WEBHOOK_SECRET"),
        calls=(
            ("ALMONER_SMS_WEBHOOK_URL", "messages/received/"),
            ("ALMONER_EMAIL_WEBHOOK_URL", "messages/mail/"),
        ),
    ),
    Partner(
        "almoner.demo.phones",
        "phones",
        (Port("--port", 21, "ALMONER_VOICE_URL"),),
        secrets=("ALMONER_VOICE_TOKEN",),
        calls=(("ALMONER_VOICE_WEBHOOK_URL", "messages/calls/"),),
    ),
)


def run(options: Options) -> int:
    """Start everything, keep it going until asked to stop; 1 with one sentence when it cannot."""
    try:
        _enough_disk(options.var)
        lock = Lock(options.var)
    except (Refused, OSError) as error:
        return _refuse(error)
    desk = Supervisor(
        lock=lock, logs=options.var / "log", say=_say, environment=_environment(options)
    )
    if options.with_parent:
        follow_parent()
    code = 0
    try:
        lock.end_leftovers()
        _start(desk, options)
        desk.watch()
    except Stopped:
        pass
    except (Refused, embedded.DatabaseUnavailable, OSError) as error:
        code = _refuse(error)
    started = bool(desk.children)
    if started:
        _say("\nStopping …")
    desk.stop()
    simulators.forget(options.var)
    lock.release()
    if started:
        _say("Stopped.")
    return code


def _start(desk: Supervisor, options: Options) -> None:
    _port_is_free(desk, options.host, options.port)
    _database(desk, options)
    sign_ins = _prepare(desk, options)
    if options.demo:
        _partners(desk, options)
        _relay(desk, options)
        _gateway(desk, options)
    desk.start(Program("job worker", _module("almoner.config.worker")))
    address = f"http://{options.host}:{options.port}/"
    web = ["almoner.config.server", "--host", options.host, "--port", str(options.port)]
    desk.start(Program("web server", _module(*web)))
    if not desk.wait(lambda: _answers(f"{address}alive"), longest=PATIENCE):
        log = options.var / "log" / "web-server.log"
        message = f"The web server does not answer; the end of {log} says why."
        raise Refused(message)
    _say(f"\nAlmoner is open at {address}  (Ctrl-C stops it; logs are in {options.var / 'log'})")
    if sign_ins:
        _say("Sign in as one of these; they are the demo's, and everybody in it is invented:")
    for role, username, password in sign_ins:
        _say(f"  {role:<15} {username:<6} {password}")


def _database(desk: Supervisor, options: Options) -> None:
    if url := os.environ.get("DATABASE_URL"):
        database.ready(url)
        _say("  PostgreSQL: the one DATABASE_URL names")
        return
    at = embedded.cluster(options.var)
    if not (at.data / "PG_VERSION").exists():
        _say(f"  PostgreSQL: making a cluster in {at.data}")
    user = embedded.prepare(at)
    child = None
    if not embedded.running(at):
        server = Program(
            "database",
            embedded.command(at),
            stop=signal.SIGINT,  # "fast": open transactions are rolled back
            patience=30.0,
            user=user,
            log=embedded.server_log(at),
        )
        child = desk.start(server)
    embedded.finish(at, lambda: child is None or child.process.poll() is None)
    _say(f"  PostgreSQL 18: open, its data in {at.data}")


def _prepare(desk: Supervisor, options: Options) -> list[tuple[str, str, str]]:
    result = options.var / "prepared.json"
    demo = ["--demo"] if options.demo else []
    desk.run("preparing the database", _module("almoner.config.prepare", *demo, str(result)))
    sign_ins: list[tuple[str, str, str]] = json.loads(result.read_text())
    return sign_ins


def _partners(desk: Supervisor, options: Options) -> None:
    """Start the simulators of those partners whose real address the environment does not name."""
    addresses: dict[str, str] = {}
    for partner in PARTNERS:
        real = any(at.setting in desk.environment for at in partner.ports)
        if real or find_spec(partner.module) is None:
            continue
        flags: list[str] = []
        for at in partner.ports:
            port = _free_port(options.port + at.offset)
            flags += [at.flag, str(port)]
            addresses[at.setting] = f"{at.scheme}://127.0.0.1:{port}"
        desk.environment |= addresses
        for name in partner.secrets:
            desk.environment[name] = token_hex(32)
        for name, path in partner.calls:
            desk.environment[name] = f"http://{options.host}:{options.port}/{path}"
        desk.start(Program(partner.name, _module(partner.module, *flags)))
        _say(f"  Simulated {partner.name}: {desk.environment[partner.ports[0].setting]}")
    simulators.leave(options.var, addresses)


AT_ONCE = signal.SIGKILL
"""How what only passes calls on is ended: it keeps nothing, and Janus forgets a SIGTERM that comes
while it begins."""

RELAY = """\
listening-ip=127.0.0.1
relay-ip=127.0.0.1
listening-port={port}
use-auth-secret
static-auth-secret={secret}
realm=almoner
allow-loopback-peers
no-cli
no-tls
no-dtls
log-file=stdout
userdb={var}/relay.db
pidfile={var}/relay.pid
"""


def _relay(desk: Supervisor, options: Options) -> None:
    """Start coturn on loopback for the calls of the demo, where it is installed."""
    if desk.environment.get("ALMONER_TURN_URL"):
        return
    program = shutil.which("turnserver")
    if program is None:
        _say("  Relay for calls: none, turnserver (coturn) is not installed; calls go directly")
        return
    port, secret = _free_port(options.port + 30), token_hex(32)
    kept = options.var / "relay.conf"
    kept.touch(mode=0o600)  # the secret is in it, and not among the arguments that all can see
    kept.write_text(RELAY.format(port=port, secret=secret, var=options.var))
    desk.environment["ALMONER_TURN_URL"] = f"turn:127.0.0.1:{port}?transport=udp"
    desk.environment["ALMONER_TURN_SECRET"] = secret
    desk.start(Program("relay", [program, "-c", str(kept)], stop=AT_ONCE))
    _say(f"  Relay for calls: {desk.environment['ALMONER_TURN_URL']}")


def _gateway(desk: Supervisor, options: Options) -> None:
    """Start Janus on loopback for calls of five and more of the demo, where it is installed."""
    if desk.environment.get("ALMONER_JANUS_URL"):
        return
    program = gateway.program()
    if program is None:
        _say(
            "  Gateway for calls of five and more: none, janus is not installed; four are the most"
        )
        return
    port, secret, key = _free_port(options.port + 31), token_hex(32), token_hex(32)
    folder = options.var / "gateway"
    gateway.write(folder, program, port=port, secret=secret, admin_key=key)
    desk.environment |= {
        "ALMONER_JANUS_URL": f"http://127.0.0.1:{port}/janus",
        "ALMONER_JANUS_SECRET": secret,
        "ALMONER_JANUS_ADMIN_KEY": key,
    }
    desk.start(Program("gateway", gateway.command(folder, program), stop=AT_ONCE))
    url = {"ALMONER_JANUS_URL": desk.environment["ALMONER_JANUS_URL"]}
    simulators.leave(options.var, simulators.running(options.var) | url)
    _say(f"  Gateway for calls of five and more: {desk.environment['ALMONER_JANUS_URL']}")


def _environment(options: Options) -> dict[str, str]:
    given = os.environ | {
        "DJANGO_SETTINGS_MODULE": "almoner.config.settings",
        "ALMONER_VAR": str(options.var),
        "PYTHONUNBUFFERED": "1",
    }
    if not options.demo:
        return given
    return (
        {"ALMONER_ADDRESS": f"http://{options.host}:{options.port}"} | given | {"ALMONER_DEMO": "1"}
    )


def _module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", name, *arguments]


def _enough_disk(var: Path) -> None:
    var.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(var).free
    if free < NEEDED:
        message = (
            f"The disk of {var} has {free // 1_000_000} MB left and Almoner needs "
            f"{NEEDED // 1_000_000}. Make room, or set ALMONER_VAR to a folder elsewhere."
        )
        raise Refused(message)


def _port_is_free(desk: Supervisor, host: str, port: int) -> None:
    # The end of a server that was killed takes a moment.
    if not desk.wait(lambda: _may_bind(host, port), longest=3):
        message = (
            f"Port {port} of {host} cannot be used. Stop the program that has it, or choose "
            f"another: almoner run --port {port + FURTHER}"
        )
        raise Refused(message)


def _may_bind(host: str, port: int) -> bool:
    try:
        _bind(host, port)
    except OSError:
        return False
    return True


def _free_port(wanted: int) -> int:
    try:
        return _bind("127.0.0.1", wanted)
    except OSError:
        return _bind("127.0.0.1", 0)


def _bind(host: str, port: int) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        bound: int = probe.getsockname()[1]
        return bound


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310 (our own http://)
            return bool(response.status == HTTPStatus.OK)
    except OSError:
        return False


def _say(line: str) -> None:
    print(line, flush=True)


def _refuse(error: Exception) -> int:
    _say(f"almoner: {error}")
    return 1
