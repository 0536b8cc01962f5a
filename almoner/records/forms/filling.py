"""What is typed on the page of a form. Validates, never saves."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from almoner.records import actions, rules
from almoner.records.rules import Definition, Item, Kind

MOST_NAME = 120


def changed(definition: Definition, posted: QueryDict) -> dict[str, tuple[str, ...]]:
    """The answers that differ from what the page showed, by question.

    What nobody touched on this page is not sent on: somebody else may have changed it meanwhile.
    """
    typed = {}
    for link_id, item in definition.questions.items():
        was = posted.get(f"was.{link_id}")
        if was is None:
            continue
        values = rules.kept(item, _said(item, posted.getlist(f"a.{link_id}")))
        if values != rules.kept(item, _said(item, was.splitlines())):
            typed[link_id] = values
    return typed


def seen(definition: Definition, posted: QueryDict) -> dict[str, tuple[str, ...]]:
    """All answers as they stand on the page that was sent."""
    return {
        link_id: rules.kept(item, _said(item, posted.getlist(f"a.{link_id}")))
        for link_id, item in definition.questions.items()
    }


WRITTEN = {Kind.STRING, Kind.TEXT, Kind.DATE, Kind.INTEGER}


def carried(definition: Definition, posted: QueryDict) -> dict[str, tuple[str, ...]]:
    """What was written on a page of another version and fits this one, so that it is not lost.

    What was ticked said yes to another text: it is asked anew.
    """
    typed = changed(definition, posted)
    return {
        link_id: values
        for link_id, values in typed.items()
        if definition.questions[link_id].kind in WRITTEN
        and rules.fault(definition.questions[link_id], values) not in {"one_only", "too_long"}
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
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )

    def content(self) -> bytes | None:
        upload: Any = self.cleaned_data["scan"]
        return upload.read() if upload else None
