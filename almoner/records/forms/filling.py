"""What is typed on the page of a form. Validates, never saves."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from almoner.records import actions, rules
from almoner.records.forms.papers import TAKES, content_of
from almoner.records.queries import Sheet
from almoner.records.rules import Definition, Item, Kind
from almoner.records.rules.rows import groups, numbered

MOST_NAME = 120


def changed(
    definition: Definition, answers: rules.Answers, posted: QueryDict
) -> dict[str, tuple[str, ...]]:
    """The answers that differ from what the page showed, by the keys of what is asked.

    What nobody touched on this page is not sent on: somebody else may have changed it meanwhile.
    Nor is what was written in a row that somebody else has taken away since.
    """
    typed = {}
    for name, item in rules.asked_in_rows(definition, answers).items():
        was = posted.get(f"was.{name}")
        if was is None:
            continue
        values = rules.kept(item, _said(item, posted.getlist(f"a.{name}")))
        if values != rules.kept(item, _said(item, was.splitlines())):
            typed[name] = values
    return typed


def seen(definition: Definition, posted: QueryDict) -> dict[str, tuple[str, ...]]:
    """All answers as they stand on the page that was sent, and its rows."""
    told = _rows_on(definition, posted)
    return told | {
        name: rules.kept(item, _said(item, posted.getlist(f"a.{name}")))
        for name, item in rules.asked_in_rows(definition, told).items()
    }


def _rows_on(definition: Definition, posted: QueryDict) -> dict[str, tuple[str, ...]]:
    told = {
        link_id: tuple(posted.getlist(f"a.{link_id}"))
        for link_id, item in groups(definition).items()
        if numbered(item, posted.getlist(f"a.{link_id}"))
    }
    return {link_id: stand for link_id, stand in told.items() if stand}


@dataclass(frozen=True, slots=True)
class RowWish:
    """A button of a group that repeats: ``row`` is the one to take away, empty adds one."""

    group: str
    row: str = ""


def row_wish(posted: QueryDict) -> RowWish | None:
    if group := posted.get("add_row"):
        return RowWish(group)
    group, at, row = posted.get("remove_row", "").partition("@")
    return RowWish(group, row) if at and row else None


def anew(asked: QueryDict, posted: QueryDict) -> list[str]:
    """The subjects that are known and yet asked, since somebody wants to say them anew."""
    wanted = {*asked.getlist("anew"), *posted.getlist("anew"), posted.get("ask", "")}
    return [subject for subject in rules.SUBJECTS if subject in wanted]


def again(sheet: Sheet, asked: QueryDict, posted: QueryDict) -> str:
    """The query of the page that asks them anew, and the place on it of the one just asked for."""
    query, first = asked.copy(), rules.first(sheet.version.definition, posted.get("ask", ""))
    for name in {"for", "lang"} & posted.keys():
        query.setlist(name, posted.getlist(name))
    query.setlist("anew", anew(asked, posted))
    return f"{query.urlencode()}#q-{first}"


def stood(sheet: Sheet, posted: QueryDict) -> rules.Known:
    """What stood on the page unasked; nothing when the page showed none of it. Raises Unseen."""
    mark = posted.get("told", "")
    if mark and mark != sheet.mark:
        raise actions.Unseen
    return sheet.known if mark else {}


WRITTEN = {Kind.STRING, Kind.TEXT, Kind.DATE, Kind.INTEGER}


def carried(definition: Definition, posted: QueryDict) -> dict[str, tuple[str, ...]]:
    """What was written on a page of another version and fits this one, so that it is not lost.

    What was ticked said yes to another text: it is asked anew.
    """
    rows = _rows_on(definition, posted)
    asked = rules.asked_in_rows(definition, rows)
    return rows | {
        name: values
        for name, values in changed(definition, rows, posted).items()
        if asked[name].kind in WRITTEN
        and rules.fault(asked[name], values) not in {"one_only", "too_long"}
    }


def _said(item: Item, told: list[str]) -> list[str]:
    """As answers are kept: of several lines each is one, and a text is one with its lines."""
    lines = [line for each in told for line in each.splitlines()]
    return ["\n".join(lines)] if item.kind == Kind.TEXT else lines


def signing(posted: QueryDict) -> actions.Signing:
    """What the one who signs says; the action judges it."""
    return actions.Signing(
        name=posted.get("name", "")[:MOST_NAME],
        capacity=posted.get("capacity", ""),
        drawing=posted.get("drawing", ""),
        agrees=bool(posted.get("agrees")),
        right="right" in posted,
    )


class Decline(forms.Form):
    reason = forms.CharField(
        label=_("Why it is not signed"),
        max_length=400,
        help_text=_("In a few words: refused, could not write, emergency."),
    )


class OnPaper(forms.Form):
    scan = forms.FileField(
        label=_("Scan, if there is one"),
        required=False,
        widget=forms.FileInput(attrs={"accept": TAKES}),
    )

    def content(self) -> bytes | None:
        upload: Any = self.cleaned_data["scan"]
        return content_of(upload) if upload else None
