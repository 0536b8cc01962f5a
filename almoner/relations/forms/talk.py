"""What an officer types into a conversation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from almoner.edges.papers import LARGEST
from almoner.ground.forms import TypedDate, offer
from almoner.ground.language import OWN_NAMES
from almoner.relations import rules
from almoner.relations.actions.came_by_post import Came
from almoner.relations.actions.writing import said_to_be
from almoner.relations.queries import Target, wording
from almoner.relations.queries.about import Subject, Thing
from almoner.relations.rules import about_named
from almoner.relations.rules.by_post import LONGEST_SENDER, Stage
from almoner.relations.rules.script import asked_of


class _About(forms.Form):
    neither: Any = _("No visit and no bill")

    about = forms.ChoiceField(label=_("About"), required=False)

    def __init__(self, *arguments: Any, subjects: list[Subject], **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        offer(
            self,
            "about",
            [("", self.neither), *((each.value, each.named) for each in subjects)],
        )

    def clean_about(self) -> Thing | None:
        return about_named(self.cleaned_data["about"])


class Writing(_About):
    """Words, where they go, and the key that makes them one message however often it is sent.

    ``seen`` is the newest of what came in when the page was made: the answer is to no more.
    ``language`` is of a letter: its day, its title and how it is read aloud are in it.
    """

    neither = _("What it answers is about, if anything")

    to = forms.ChoiceField(label=_("To"))
    language = forms.ChoiceField(
        label=_("Language of the letter"), required=False, choices=list(OWN_NAMES.items())
    )
    words = forms.CharField(
        label=_("Words"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    key = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *arguments: Any, targets: list[Target], **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        offer(self, "to", [(each.value, each.address) for each in targets])


WAYS = (("in", _("They called")), ("out", _("We called")))
DISPOSITIONS = (
    ("1", rules.Disposition.SETTLED, _("Settled")),
    ("2", rules.Disposition.PASSED_ON, _("Passed on")),
    ("3", rules.Disposition.LEFT_MESSAGE, _("Left a message")),
    ("4", rules.Disposition.NO_ANSWER, _("No answer")),
    ("5", rules.Disposition.WRONG_NUMBER, _("Wrong number")),
)
"""The key, how a call ended, and the words for it."""
_KEYS = {"patient": "t", "acts_for": "a", "provider": "d", "payer": "y", "unknown": "n"}
CALLERS = [(_KEYS[code], code, word) for code, word in wording.CALLERS.items()]
"""The key, who calls, and the words for it."""


class Calling(_About):
    """A phone call, in the fewest keys: how it ended is the button that keeps it."""

    way = forms.ChoiceField(label=_("Who called"), choices=WAYS)
    said = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    number = forms.RegexField(r"\A\+[1-9][0-9]{6,14}\Z", required=False, widget=forms.HiddenInput)
    disposition = forms.ChoiceField(
        choices=[(code.value, word) for _key, code, word in DISPOSITIONS]
    )
    kind = forms.ChoiceField(
        choices=[("", ""), *((code, word) for _key, code, word in CALLERS)], required=False
    )
    asked = forms.MultipleChoiceField(choices=list(wording.ASKED.items()), required=False)

    def call(self) -> dict[str, Any]:
        """The facts of the call as the row keeps them."""
        said = self.cleaned_data
        return {
            "incoming": said["way"] == "in",
            "said": said["said"],
            "disposition": said["disposition"],
            **said_to_be(said["about"]),
            "number": said["number"],
            "caller": said["kind"],
            "asked": asked_of(said["kind"], said["asked"], wording.ASKED),
        }


class Moved(forms.Form):
    """What became of a letter, and on which day."""

    act = forms.ChoiceField(choices=[(each.value, each.value) for each in Stage])
    on = TypedDate(label=_("Day"), required=False)
    why = forms.CharField(label=_("Why it came back"), required=False, max_length=400)


class LetterCame(forms.Form):
    """What came by post: its scan, and what stands on the envelope."""

    file = forms.FileField(
        label=_("Picture or PDF"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
        error_messages=dict.fromkeys(("required", "empty"), _("Choose a file.")),
    )
    on = TypedDate(label=_("Came on"))
    sender = forms.CharField(label=_("Who it is from"), max_length=LONGEST_SENDER)
    words = forms.CharField(
        label=_("What it says, in short"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)

    def came(self) -> Came:
        said = self.cleaned_data
        scan = said["file"].read(LARGEST + 1)  # one byte too many is refused, and no more is read
        return Came(scan, said["on"], said["sender"], said["words"].strip(), said["key"])
