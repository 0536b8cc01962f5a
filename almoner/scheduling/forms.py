"""What is typed into the schedule. Forms read and check; they never save."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from almoner.facility import queries as facility
from almoner.ground.forms import TypedDate, TypedTime, offer
from almoner.scheduling import rules
from almoner.scheduling.actions import Wanted
from almoner.scheduling.queries.openings import Search
from almoner.scheduling.rules import CancelReason, Refusal
from almoner.scheduling.rules.waitlist import Priority

PARTS: dict[str, tuple[time | None, time | None]] = {
    "": (None, None),
    "morning": (None, time(12)),
    "afternoon": (time(12), time(17)),
    "late": (time(17), None),
}
CANCEL_REASONS = {
    CancelReason.PATIENT: _("Patient asked"),
    CancelReason.ILL: _("Patient is ill"),
    CancelReason.TRANSPORT: _("No way to get here"),
    CancelReason.COST: _("Cost or coverage"),
    CancelReason.ELSEWHERE: _("Seen elsewhere"),
    CancelReason.CLINICIAN_AWAY: _("Clinician away"),
    CancelReason.CLINIC: _("Clinic's decision"),
    CancelReason.MISTAKE: _("Booked by mistake"),
    CancelReason.OTHER: _("Other"),
}
REFUSALS = {
    Refusal.PAST: _("That time has passed. Choose a later one."),
    Refusal.NOTICE: _("This visit needs more notice than that. Choose a later time."),
    Refusal.HORIZON: _("That is further ahead than this visit may be booked."),
    Refusal.GRID: _("Visits begin on a multiple of five minutes."),
    Refusal.RETIRED: _("This visit is no longer offered. Choose another visit."),
    Refusal.NOT_DONE: _("This clinician does not do this visit. Choose another clinician."),
    Refusal.DECEASED: _("The record says that the patient has died. Nothing was booked."),
    Refusal.OUTSIDE_HOURS: _("The clinician is not there for the whole of that time."),
    Refusal.PATIENT_BUSY: _("The patient has another visit at that time. Nothing was changed."),
    Refusal.LANES_FULL: _("No more visits may lie on that time."),
    Refusal.NO_REASON: _("Say why the visit is booked on top of another."),
    Refusal.NO_WHY: _("Say why. It is kept."),
    Refusal.NOT_BOOKED: _(
        "This visit is not booked any more: somebody changed it. Nothing was done."
    ),
    Refusal.NOT_STARTED: _("The visit has not begun yet. Wait for its time, or cancel it."),
    Refusal.NOTHING_TO_UNDO: _("There is nothing of yours to take back here."),
    Refusal.TOO_LATE_TO_UNDO: _(
        "Ten seconds have passed. The change stands; make another if needed."
    ),
    Refusal.LAST_DAY: _("The last day is over, or further ahead than days are laid out."),
    Refusal.WAITS_ALREADY: _("The patient waits for such a place already."),
    Refusal.NOT_WAITING: _("The patient does not wait any more: somebody changed it."),
}
DAYS_HINT = _("M T W R F S U: tr is Tuesday and Thursday")


def _note(hint: Any, **attributes: str) -> forms.CharField:
    """What the visit is about, in the caller's words; ``attributes`` go onto the box."""
    return forms.CharField(
        label=_("Reason for the visit, note"),
        help_text=hint,
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 1} | attributes),
    )


class Find(forms.Form):
    """The one search form of the booking page."""

    visit = forms.ChoiceField(label=_("Visit"))
    who = forms.ChoiceField(label=_("With"), required=False)
    days = forms.CharField(label=_("Days"), required=False, max_length=60)
    part = forms.ChoiceField(
        label=_("Time of day"),
        required=False,
        choices=[
            ("", _("Any")),
            ("morning", _("Morning")),
            ("afternoon", _("Afternoon")),
            ("late", _("Late, from 5 PM")),
        ],
    )
    earliest = TypedDate(label=_("From"), required=False)
    place = forms.ChoiceField(label=_("Where"), required=False)
    since = forms.TimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = facility.people().values()
        specialties = sorted({person.specialty for person in people})
        offer(self, "visit", [(each.pk, each.name) for each in facility.visit_types()])
        offer(self, "place", [("", _("Anywhere")), *(
            (place.id, place.name) for place in facility.places().values()
        )])  # fmt: skip
        offer(self, "who", [
            ("", _("Anybody")),
            (_("Any of"), [(f"any:{name}", name) for name in specialties]),
            (_("Clinicians"), [(f"{each.id}", each.name) for each in people]),
        ])  # fmt: skip
        self.fields["visit"].widget.attrs["autofocus"] = True
        self.fields["days"].widget.attrs |= {"autocomplete": "off", "placeholder": _("any")}

    def clean_days(self) -> frozenset[int]:
        try:
            return rules.typed_weekdays(self.cleaned_data["days"])
        except rules.NotWeekdays as error:
            raise ValidationError(
                _("“%(text)s” names no days. Type letters: M T W R F S U, like tr."),
                params={"text": str(error)},
            ) from error

    def search(self) -> Search:
        """What was asked for; only after `is_valid`."""
        said = self.cleaned_data
        since, until = PARTS[said["part"]]
        if said["since"]:  # a place on the board was pointed at
            since, until = said["since"], None
        who = said["who"]
        anybody_of = who.startswith("any:")
        return Search(
            visit_type_id=int(said["visit"]),
            clinician_ids=frozenset({int(who)}) if who and not anybody_of else frozenset(),
            specialty=who.removeprefix("any:") if anybody_of else "",
            location_ids=frozenset({int(said["place"])}) if said["place"] else frozenset(),
            weekdays=said["days"],
            since=since,
            until=until,
            earliest=said["earliest"],
        )


WAITS_FOR = timedelta(days=90)
"""How long somebody stays on the waitlist when nobody says another day."""
SHOWN = {"waiting": _("Waiting"), "offered": _("Offered now"), "over": _("No longer")}
PRIORITIES = {
    Priority.ROUTINE: _("As they come"),
    Priority.SOON: _("Soon"),
    Priority.URGENT: _("Urgent"),
}


class WaitFor(Find):
    """What somebody waits for: the search of the booking page, until when, and what hurries."""

    last_day = TypedDate(label=_("Until"), help_text=_("The last day that would do."))
    priority = forms.TypedChoiceField(
        label=_("How much it hurries"),
        coerce=lambda value: Priority(int(value)),
        choices=[(each.value, words) for each, words in PRIORITIES.items()],
    )
    reason = forms.CharField(
        label=_("Why it hurries"),
        required=False,
        max_length=400,
        help_text=_("For Soon and Urgent. It is shown with their place on the list."),
    )
    note = _note(_("Kept with the visit that comes of it; never part of a message."))

    field_order = ("visit", "who", "days", "part", "place", "last_day", "priority", "reason")

    def __init__(self, *args: Any, sooner: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["earliest"], self.fields["since"]
        self.fields["visit"].widget.attrs.pop("autofocus")
        self.fields["last_day"].widget.attrs["autofocus"] = True  # the rest is filled in: Enter
        if sooner:
            del self.fields["visit"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        hurries = said.get("priority", Priority.ROUTINE) != Priority.ROUTINE
        if hurries and not said.get("reason", "").strip():
            self.add_error("reason", _("Say why it hurries: others wait longer for it."))
        return said

    def wanted(self, patient: Any, sooner: Any) -> Wanted:
        """What is waited for; only after `is_valid`."""
        said = self.cleaned_data
        since, until = PARTS[said["part"]]
        who = said["who"]
        people = facility.people().values()
        if who.startswith("any:"):
            named = frozenset(each.id for each in people if f"any:{each.specialty}" == who)
        else:
            named = frozenset({int(who)}) if who else frozenset()
        return Wanted(
            patient=patient,
            visit_type=sooner.visit_type
            if sooner
            else facility.visit_type(int(self.cleaned_data["visit"])),
            visit=sooner,
            last_day=said["last_day"],
            clinician_ids=named,
            location_ids=frozenset({int(said["place"])}) if said["place"] else frozenset(),
            weekdays=said["days"],
            since=since,
            until=until,
            priority=said["priority"],
            reason=said["reason"],
            note=said["note"],
        )


class Extra(forms.Form):
    """A visit booked on top of another: exactly when, with whom, and why."""

    visit = forms.ChoiceField(label=_("Visit"))
    clinician = forms.ChoiceField(label=_("With"))
    place = forms.ChoiceField(label=_("Where"))
    day = TypedDate(label=_("Day"))
    at = TypedTime(label=_("Time"))
    reason = forms.CharField(
        label=_("Why it cannot wait"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = _note(_("For the desk and the clinician; never part of a message to the patient."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [each for each in facility.visit_types() if each.overbook_lanes]
        offer(self, "visit", [(each.pk, each.name) for each in allowed])
        offer(self, "clinician", [(each.id, each.name) for each in facility.people().values()])
        offer(self, "place", [(each.id, each.name) for each in facility.places().values()])
        self.fields["visit"].widget.attrs["autofocus"] = True

    def starts_at(self, zone: str) -> datetime:
        said = self.cleaned_data
        return datetime.combine(said["day"], said["at"], ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class Choice:
    """The opening that was chosen: with whom, where and when."""

    clinician_id: int
    location_id: int
    starts_at: datetime


class Chosen(forms.Form):
    """An opening as its button sends it, for whom and what, and the key that makes two presses one.

    ``visit`` and ``patient`` are missing when a visit is moved: it has both. The note's box stands
    outside the form of the openings, which each search replaces, and belongs to it by name.
    """

    opening = forms.CharField(max_length=80)
    visit = forms.IntegerField(min_value=1, required=False)
    patient = forms.IntegerField(min_value=1, required=False)
    token = forms.CharField(max_length=64, required=False)
    note = _note(
        _("N goes here. For the desk and the clinician; never part of a message to the patient."),
        form="take",
        **{"data-key": "n", "aria-keyshortcuts": "n"},
    )

    def clean_opening(self) -> Choice:
        clinician, _dash, rest = self.cleaned_data["opening"].partition("_")
        location, _dash, instant = rest.partition("_")
        try:
            starts_at = datetime.fromisoformat(instant)
            if starts_at.tzinfo is None:
                raise ValidationError(_("Choose an opening from the list."))
            return Choice(int(clinician), int(location), starts_at)
        except ValueError as error:
            raise ValidationError(_("Choose an opening from the list.")) from error

    def fault(self) -> str:
        """The first thing that is wrong, in words; only after `is_valid`."""
        return next(str(words[0]) for words in self.errors.values())

    def request_key(self) -> str | None:
        token = self.cleaned_data["token"]
        return f"{token}:{self.data['opening']}" if token else None


class Slot(forms.Form):
    """A place on the day board: a clinician, a location, a day and a time of its wall clock."""

    clinician = forms.IntegerField(min_value=1)
    location = forms.IntegerField(min_value=1)
    day = TypedDate()
    at = forms.TimeField()

    def starts_at(self, zone: str) -> datetime:
        said = self.cleaned_data
        return datetime.combine(said["day"], said["at"], ZoneInfo(zone))


class Cancel(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why"), choices=[(reason.value, text) for reason, text in CANCEL_REASONS.items()]
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs["autofocus"] = True


def why(reason: str) -> str:
    """The words for a reason of cancelling; empty for none, and for one nobody chose."""
    known = {each.value: text for each, text in CANCEL_REASONS.items()}
    return str(known.get(reason, ""))


class Where(forms.Form):
    """Which day of which location a board shows. What cannot be read is left as it would be."""

    day = TypedDate(required=False)
    place = forms.IntegerField(required=False)
    page = forms.IntegerField(required=False, min_value=1)
    clinician = forms.IntegerField(required=False, min_value=1)

    def said(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
