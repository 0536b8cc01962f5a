"""The inbox as the process it is, and a desk that hears what it sends."""

import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import httpx
import pytest

from almoner.edges import mail, sms
from tests.desk import free_port


@pytest.fixture(scope="module")
def inbox(clinic):
    """The inbox as the process it is; its HTTP and SMTP ports."""
    http = free_port()
    smtp = http + 1  # drawn twice, the two may be one
    command = [sys.executable, "-m", "almoner.demo.inbox", "--port", str(http)]
    told = {
        "ALMONER_SMS_WEBHOOK_URL": clinic[0],
        "ALMONER_SMS_TOKEN": "a token",
        "ALMONER_EMAIL_WEBHOOK_URL": clinic[0].replace("received/", "mail/"),
        "ALMONER_EMAIL_WEBHOOK_SECRET": "a secret",
    }
    process = subprocess.Popen([*command, "--smtp-port", str(smtp)], env=os.environ | told)
    for _ in range(100):
        try:
            httpx.get(f"http://127.0.0.1:{http}/")
            break
        except httpx.ConnectError:
            time.sleep(0.05)
    yield http, smtp
    process.terminate()
    process.wait(5)


@pytest.fixture(scope="module")
def clinic():
    """A desk that keeps what the carrier calls it with, as (form, signature)."""
    heard = []

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path.endswith("/mail/"):
                heard.append((body, self.headers[mail.SIGNATURE]))
            else:
                heard.append((parse_qs(body.decode()), self.headers[sms.SIGNATURE]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/messages/received/", heard
    server.shutdown()
    server.server_close()
