"""Where the demo's simulators listen, left under ``var`` for other commands to find.

Their addresses are given to the desk's own processes only; the secrets they share are not here.
"""

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

import psutil


def _file(var: Path) -> Path:
    return var / "simulators.json"


def leave(var: Path, addresses: Mapping[str, str]) -> None:
    """Write down the address each setting was given, and which process keeps the simulators."""
    kept = {
        "keeper": os.getpid(),
        "born": psutil.Process().create_time(),
        "addresses": dict(addresses),
    }
    _file(var).write_text(json.dumps(kept))


def forget(var: Path) -> None:
    _file(var).unlink(missing_ok=True)


def running(var: Path) -> dict[str, str]:
    """Addresses by setting; none when the desk that left them does not run any more."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, psutil.NoSuchProcess):
        kept = json.loads(_file(var).read_text())
        if abs(psutil.Process(int(kept["keeper"])).create_time() - kept["born"]) < 1.0:
            return {str(name): str(address) for name, address in kept["addresses"].items()}
    return {}
