"""What a person types at the doors themselves, and what an administrator types about officers."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from almoner.access.queries import officers
from almoner.access.rules import ONE_TIME_HOURS, Role
from almoner.facility import queries as facility
from almoner.ground import clock
from almoner.ground.forms import offer

ROLES = {
    Role.OFFICER: _("Patient services officer"),
    Role.BILLER: _("Biller"),
    Role.CLINICIAN: _("Clinician"),
    Role.MANAGER: _("Manager"),
    Role.PRIVACY: _("Privacy officer"),
    Role.ADMINISTRATOR: _("Administrator"),
}
SHOW = [
    ("here", _("Who works here")),
    ("shut_out", _("Shut out by wrong passwords")),
    ("left", _("Who has left")),
    ("all", _("Everybody")),
]


class SignIn(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """Name and password. Nothing is remembered: the desk's own deadlines end a session."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name")
        self.fields["login"].widget.attrs["autofocus"] = True
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        """Said to nobody but who knows the password: that it was a one-time one, and has lapsed."""
        cleaned: dict[str, Any] = super().clean()
        if self.user and officers.password_lapsed(self.user, clock.now()):
            raise ValidationError(
                _(
                    "This one-time password was given more than %(hours)s hours ago and has lapsed."
                    " Ask your administrator for another."
                ),
                params={"hours": ONE_TIME_HOURS},
            )
        return cleaned


def _password(label: Any, autocomplete: str, **attrs: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, **attrs})
    return forms.CharField(label=label, strip=False, max_length=1000, widget=widget)


class Unlock(forms.Form):
    password = _password(_("Password"), "current-password", autofocus=True)


class NewPassword(forms.Form):
    """The old password, and the new one twice."""

    old = _password(_("Password you have now"), "current-password", autofocus=True)
    new = _password(_("New password"), "new-password")
    again = _password(_("New password again"), "new-password")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("The two are not the same. Type the new one again."))
        return cleaned


class NarrowOfficers(forms.Form):
    q = forms.CharField(label=_("Name"), required=False, max_length=60)
    show = forms.ChoiceField(label=_("Show"), choices=SHOW, required=False)
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("Any")), *ROLES.items()], required=False
    )

    def asked(self, order: str) -> officers.Asked:
        """What the list is narrowed to; an odd choice narrows nothing."""
        self.is_valid()
        wanted = self.cleaned_data
        return officers.Asked(
            show=wanted.get("show") or "here",
            role=wanted.get("role", ""),
            name=wanted.get("q", ""),
            order=order,
        )


class OfficerDetails(forms.Form):
    """What somebody is called, may do, and works as."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As colleagues know them."))
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=list(ROLES.items()), widget=forms.CheckboxSelectMultiple
    )
    location = forms.TypedChoiceField(
        label=_("Location"), required=False, coerce=int, empty_value=None
    )
    clinician = forms.TypedChoiceField(
        label=_("Clinician"), required=False, coerce=int, empty_value=None,
        help_text=_("Only for somebody patients are booked with."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(one.id, one.name) for one in facility.places().values()]
        people = [(one.id, one.name) for one in facility.people().values()]
        kept = self.initial.get("clinician")
        if kept and kept not in dict(people):  # one who sees nobody any more is kept, not lost
            people.append((kept, str(facility.clinician(kept))))
        offer(self, "location", [("", _("None")), *places])
        offer(self, "clinician", [("", _("None")), *people])


class NewOfficer(OfficerDetails):
    username = forms.SlugField(
        label=_("User name"), max_length=50,
        help_text=_("Letters, digits, - and _. It cannot be changed or used again."),
        error_messages={"invalid": _("Write it in letters, digits, - and _, without blanks.")},
    )  # fmt: skip
    field_order = ("username", "name", "roles", "location", "clinician")
