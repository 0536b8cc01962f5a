"""A screen has one button that comes next, or none: asked of every page a test is answered with."""

from html.parser import HTMLParser

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}


class _Screens(HTMLParser):
    """Primary buttons by the screen they stand on: a dialog or a popover is a screen of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, int]] = []
        self.found: dict[int, list[str]] = {}
        self.screens = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        screen = self.open[-1][1] if self.open else 0
        if tag in {"dialog", "template"} or "popover" in given or "hidden" in given:
            self.screens += 1
            screen = self.screens
        if "primary" in (given.get("class") or "").split():
            self.found.setdefault(screen, []).append(self.get_starttag_text() or tag)
        if tag not in VOID:
            self.open.append((tag, screen))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass


def crowded(page: str) -> list[str]:
    """The primary buttons of the first screen of ``page`` that has more than one."""
    screens = _Screens()
    screens.feed(page)
    return next((found for found in screens.found.values() if len(found) > 1), [])
