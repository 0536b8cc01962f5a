"""A page as it is read, and a form as it is sent."""


def text(response):
    return response.content.decode()


def typed(**facts):
    """A charge form as a browser sends it: every cell, most of them empty."""
    cells = {f"dx_{place}": "" for place in range(1, 13)}
    for number in range(1, 5):
        for name in ("procedure", "modifiers", "units", "pointers", "fee"):
            cells[f"line_{number}_{name}"] = ""
    return cells | {"version": "0", "act": "post"} | facts
