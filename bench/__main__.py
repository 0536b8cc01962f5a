"""Run the benches and print one table: `python -m bench [words of a name …]`."""

import importlib
import json
import os
import pkgutil
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import django

import bench
from bench import clinic
from bench.harness import BENCHES, Bench, Figure

HEAD = ("figure", "median", "p95", "target", "alternative", "its median", "ratio", "met")
NOT_BENCHES = frozenset({"__main__", "harness", "clinic", "client"})


def main(words: Sequence[str]) -> int:
    """1 when a target was missed or a bench failed."""
    clinic.point_django_at()
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name not in NOT_BENCHES:
            importlib.import_module(f"bench.{module.name}")
    chosen = [one for one in BENCHES if all(word.lower() in one.name.lower() for word in words)]
    if not chosen:
        print("No bench has these words in its name. There are:")
        print("\n".join(f"  {one.name}" for one in BENCHES))
        return 2
    with clinic.opened() if any(one.clinic for one in chosen) else nullcontext():
        return _measure(chosen)


def _measure(chosen: list[Bench]) -> int:
    django.setup()
    rows, kept, code = [], [], 0
    for one in chosen:
        print(f"… {one.name}", file=sys.stderr, flush=True)
        try:
            for found in _figures(one):
                rows.append(_row(one.name, found))
                kept.append({"name": one.name, "met": found.met, **asdict(found)})
                code |= not found.met
        except Exception as error:  # noqa: BLE001 (one failing bench must not hide the others)
            rows.append(
                (one.name, "failed", type(error).__name__, str(error)[:60], "", "", "", "NO")
            )
            code = 1
    _print(rows)
    _keep(kept)
    return code


def _figures(one: Bench) -> Iterator[Figure]:
    found = one.measure()
    yield from [found] if isinstance(found, Figure) else found


def _row(name: str, found: Figure) -> tuple[str, ...]:
    unit = found.sample.unit
    return (
        f"{name}, {found.what}" if found.what else name,
        _value(found.sample.median, unit),
        _value(found.sample.p95, unit),
        f"{found.target}{'' if found.target.of == 'ratio' else ' ' + unit}",
        found.alternative or "-",
        _value(found.other.median, found.other.unit) if found.other else "-",
        f"{found.ratio:,.2f}x" if found.ratio is not None else "-",
        ("yes" if found.met else "NO") + (f" ({found.note})" if found.note else ""),
    )


def _value(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def _print(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in [HEAD, *rows]) for column in range(len(HEAD))]
    for row in [HEAD, tuple("-" * width for width in widths), *rows]:
        print(" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


def _keep(figures: list[dict[str, object]]) -> None:
    path = Path("var/bench/results.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    kept = {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "machine": machine}
    path.write_text(json.dumps(kept | {"figures": figures}, indent=1, default=str))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
