"""The demo's card processor, started as the process it is."""

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from almoner.access.tests import make as access_make
from almoner.ledger.tests import make

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TOKEN, SECRET = "a token", "a secret"
URL = "http://127.0.0.1:8000/money/card-notices/"


@dataclass(frozen=True)
class Processor:
    url: str

    def call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(self.url + path, data, headers), timeout=5) as answer:  # noqa: S310
            return json.load(answer)

    @property
    def charges(self):
        return self.call("/control/state")["charges"]

    def press(self, key, button):
        return self.call("/control/press", {"key": key, "button": button})

    def outage(self, seconds):
        return self.call("/control/outage", {"seconds": seconds})


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(*, delay=0.1, silence=3.5, webhook=""):
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "almoner.demo.terminal"),
            *(f"--port={port}", f"--delay={delay}", f"--silence={silence}"),
        ],
        env=os.environ
        | {
            "ALMONER_CARD_PROCESSOR_TOKEN": TOKEN,
            "ALMONER_CARD_WEBHOOK_SECRET": SECRET,
            "ALMONER_CARD_WEBHOOK_URL": webhook,
        },
    )
    processor = Processor(f"http://127.0.0.1:{port}")
    for _ in range(100):
        try:
            processor.call("/control/state")
        except (URLError, ConnectionError):
            time.sleep(0.05)
        else:
            return process, processor
    raise RuntimeError("the terminal did not start")


def stop(process):
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def running():
    process, processor = start()
    yield processor
    stop(process)


@pytest.fixture
def processor(running, settings):
    settings.CARD_PROCESSOR_URL = running.url
    settings.CARD_PROCESSOR_TOKEN = TOKEN
    settings.CARD_ANSWER_SECONDS = 2.5  # a busy machine answers late
    settings.CARD_WEBHOOK_URL = URL
    settings.CARD_WEBHOOK_SECRET = SECRET
    return running


@pytest.fixture
def ana():
    return access_make.officer("ana", location=make.location())


@pytest.fixture
def ben():
    return access_make.officer("ben", roles=("biller", "officer"), location=make.location())


@pytest.fixture
def cy():
    return make.patient()


@pytest.fixture
def mo():
    return access_make.officer("mo", roles=("manager",), location=make.location())


@pytest.fixture
def desk(client, ana):
    client.force_login(ana, backend=BACKEND)
    return client
