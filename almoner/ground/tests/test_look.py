"""The style sheets, the drawings and the scripts hold together with the templates that use them."""

import gzip
import re
from pathlib import Path

import pytest

from almoner.ground import shell

HERE = Path(__file__).resolve().parent.parent
PACKAGE = HERE.parent
STATIC = HERE / "static" / "ground"
EVERY_SHEET = sorted(PACKAGE.glob("*/static/**/*.css"))
LARGEST = 32 * 1024  # bytes of all sheets, before compression


def written(*patterns):
    return "\n".join(
        path.read_text()
        for pattern in patterns
        for path in PACKAGE.glob(pattern)
        if "/tests/" not in str(path)
    )


USERS = written(
    "*/templates/**/*.html", "*/templatetags/*.py", "*/static/**/*.js", "ground/forms.py"
)


def test_sheets_stay_small():
    assert sum(path.stat().st_size for path in (STATIC / "css").glob("*.css")) <= LARGEST


def test_every_sheet_is_on_every_page():
    assert {f"ground/css/{path.name}" for path in (STATIC / "css").glob("*.css")} == set(
        shell.SHEETS
    )


@pytest.mark.parametrize("sheet", EVERY_SHEET, ids=lambda path: path.name)
def test_no_rule_is_for_nobody(sheet):
    """Each class a sheet speaks of is on some element; `wide` and the like count once written."""
    css = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", sheet.read_text(), flags=re.DOTALL)
    spoken = set(re.findall(r"\.([a-z][a-z-]*)(?![\w%])", re.sub(r"\{[^{}]*\}", "{}", css)))

    unused = {
        name
        for name in spoken
        if not name.startswith("htmx-") and not re.search(rf"\b{name}\b", USERS)
    }

    assert unused == set()


def test_every_drawing_asked_for_exists():
    drawn = set(re.findall(r'<symbol id="(\w+)"', (STATIC / "icons.svg").read_text()))
    asked = set(re.findall(r'\{% icon "(\w+)" %\}', USERS))
    registered = set(re.findall(r'\bicon="(\w+)"', written("**/*.py")))

    assert asked | registered <= drawn


def test_scripts_leave_room_for_a_duty_of_its_own():
    ours = [*(STATIC / "js").glob("*.js"), *(HERE / "static" / "vendor").glob("*.js")]

    assert sum(len(gzip.compress(path.read_bytes())) for path in ours) <= 40 * 1024
