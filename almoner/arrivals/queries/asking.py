"""Where the patient's own check-in is gone through at the desk: told by who stands above."""

_routes: list[str] = []


def asks_at(route: str) -> None:
    """Name the route, of a visit, to which the page of check-in posts who was asked for."""
    _routes[:] = [route]


def asking_at() -> str:
    """That route; empty while nobody has named one."""
    return next(iter(_routes), "")
