"""The web server: granian, two processes behind one port."""

import argparse
import os
import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from almoner.config.supervise import leave_after_parent

PATIENCE = 10.0  # seconds to end in good order when whoever started it has died
STATIC_EXPIRES = 365 * 24 * 3600  # seconds; names carry a hash


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    leave_after_parent(
        PATIENCE
    )  # a signal that comes while granian begins is lost, and it holds the port
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almoner.config.settings")
    from django.conf import settings

    Granian(
        "almoner.config.application:bridge",
        address=asked.host,
        port=asked.port,
        workers=asked.processes,
        interface=Interfaces.RSGI,
        loop=Loops.asyncio,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=1.0,
        workers_kill_timeout=3,
        backpressure=1024,
        static_path_route=["/static"],
        static_path_mount=[settings.STATIC_ROOT],
        static_path_expires=STATIC_EXPIRES,
    ).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
