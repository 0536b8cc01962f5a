"""What a patient has several of, a row each: added, put in order and removed one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.forms import BooleanField, EmailField
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.ground.forms import TypedDate
from almoner.patients.forms import fields
from almoner.patients.queries import wording
from almoner.patients.rules.details import Address, Contact, Email, FormerName, Phone

MOST = 20  # rows of one kind
_DIGITS = 3  # of a row's number


class Row(fields.Kept):
    """One of several; ``key`` is its number on the page, ``kept`` what it was made of, if kept.

    A row emptied of all its ``said`` fields is gone.
    """

    part: ClassVar[str]
    one: ClassVar[str | Promise]
    another: ClassVar[str | Promise]
    said: ClassVar[tuple[str, ...]]
    layout: ClassVar[dict[str, str]]

    def __init__(self, data: QueryDict | None = None, *, key: int, kept: Any = None) -> None:
        self.key, self.kept = key, kept
        initial = {} if kept is None else self.columns(kept)
        super().__init__(data, prefix=f"{self.part}-{key}", initial=initial)

    @classmethod
    def typed_so_far(cls, data: QueryDict, key: int) -> Self:
        """The row as typed, not judged yet."""
        row = cls(key=key)
        for name, field in row.fields.items():
            field.initial = field.widget.value_from_datadict(data, {}, row.add_prefix(name))
        return row

    @staticmethod
    def columns(kept: Any) -> dict[str, Any]:
        return asdict(kept)

    def gone(self) -> bool:
        if self.kept is not None and all(map(self.stands, self.fields)):
            return False
        return not any(str(self[name].data or "").strip() for name in self.said)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        for name, field in self.fields.items():
            if typed.get(name) == "" and field.initial and not self.stands(name):
                typed[name] = field.initial
        if not self.gone():
            self.check(typed)
        return typed

    def check(self, typed: dict[str, Any]) -> None:
        """What belongs together in a row that is there."""

    def made(self) -> Any:
        """The row as the actions take it; valid rows only."""
        return replace(self.kept or self.new(), **self.cleaned_data)

    def new(self) -> Any:
        raise NotImplementedError

    def shown(self) -> Iterator[tuple[Any, str]]:
        """The fields in order, each with its width."""
        return ((self[name], width) for name, width in self.layout.items())


class ReachRow(Row):
    """Where somebody is reached, and whose it is: a name belongs to whoever is not the patient."""

    whose = fields.whose(_("Whose it is"))
    whose_name = fields.text(_("Their name"))

    def check(self, typed: dict[str, Any]) -> None:
        if self.stands("whose") and self.stands("whose_name"):
            return
        if typed.get("whose") and not typed.get("whose_name"):
            self.add_error("whose_name", _("Whose is it? Type their name."))
        elif typed.get("whose_name") and not typed.get("whose"):
            self.add_error("whose", _("Choose what they are to the patient."))


class PhoneRow(ReachRow):
    part, one, another = "phones", _("Phone"), _("Another phone")
    said = ("number",)
    layout: ClassVar = {
        "number": "", "use": "short", "may_text": "short", "whose": "short", "whose_name": "",
    }  # fmt: skip
    number = fields.phone(_("Phone number"))
    use = fields.phone_use(_("Kind of phone"))
    may_text = BooleanField(label=_("May be texted"), required=False, initial=True)

    def new(self) -> Phone:
        return Phone("")


class AddressRow(Row):
    part, one, another = "addresses", _("Address"), _("Another address")
    said = ("line", "line_2", "zip_code", "city", "state")
    layout: ClassVar = {
        "line": "wide", "line_2": "short", "zip_code": "short", "city": "", "state": "short",
        "country": "short", "use": "short",
    }  # fmt: skip
    line = fields.text(_("Street and number"))
    line_2 = fields.text(_("Apartment, unit"))
    zip_code = fields.text(_("ZIP code"))
    city = fields.text(_("City"))
    state = fields.text(_("State"))
    country = fields.text(
        _("Country"),
        initial="US",
        validators=[RegexValidator("^[A-Za-z]{2}$", _("Type two letters, like US, CA or MX."))],
    )
    use = fields.choice(_("Kind of address"), wording.ADDRESS_USES, "home")

    def clean_zip_code(self) -> str:
        if len(typed := self.cleaned_data["zip_code"]) > wording.LONGEST_ZIP:
            raise ValidationError(_("This is too long for a ZIP code."))
        return str(typed)

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def check(self, typed: dict[str, Any]) -> None:
        fields.complete_the_town(self, typed)

    def new(self) -> Address:
        return Address()


class EmailRow(ReachRow):
    part, one, another = "emails", _("E-mail"), _("Another e-mail")
    said = ("address",)
    layout: ClassVar = {"address": "wide", "whose": "short", "whose_name": ""}
    address = EmailField(label=_("E-mail address"), required=False)

    def new(self) -> Email:
        return Email("")


class ContactRow(Row):
    part, one, another = "contacts", _("Contact"), _("Another contact")
    said = ("name", "relation", "phone", "address")
    layout: ClassVar = {
        "name": "", "relation": "short", "phone": "", "kind": "short", "address": "wide",
    }  # fmt: skip
    name = fields.text(_("Name of the contact"))
    relation = fields.text(_("Relation"))
    phone = fields.phone(_("Their phone"))
    kind = fields.choice(_("Kind of contact"), wording.CONTACT_KINDS, "emergency")
    address = fields.text(_("Their address"))

    def check(self, typed: dict[str, Any]) -> None:
        if not typed.get("name") and not self.stands("name") and "name" not in self.errors:
            self.add_error("name", _("Who is it? Type the contact's name."))

    def new(self) -> Contact:
        return Contact("")


class FormerNameRow(Row):
    part, one, another = "former_names", _("Former name"), _("Another former name")
    said = ("family", "given")
    layout: ClassVar = {
        "family": "", "given": "", "kind": "short", "valid_from": "short", "valid_until": "short",
    }  # fmt: skip
    family = fields.text(_("Former family name"))
    given = fields.text(_("Former given name"))
    kind = fields.choice(_("Kind of name"), wording.NAME_KINDS, "former")
    valid_from = TypedDate(past=True, label=_("Used from"), required=False)
    valid_until = TypedDate(past=True, label=_("Used until"), required=False)

    def new(self) -> FormerName:
        return FormerName()


KINDS: dict[str, type[Row]] = {
    row.part: row for row in (PhoneRow, AddressRow, EmailRow, ContactRow, FormerNameRow)
}


class Rows:
    """All rows of one kind, in their order; the page names their numbers in this order.

    Numbers below the count of ``kept`` are rows of what is kept.
    """

    def __init__(
        self,
        part: str,
        data: QueryDict | None = None,
        *,
        kept: Sequence[Any] = (),
        begun: bool = False,
    ) -> None:
        """``begun``: where nothing is kept an empty row stands ready."""
        self.part, self.kind = part, KINDS[part]
        self.another = self.kind.another
        ready = range(max(len(kept), int(begun)))
        self.rows = [
            self.kind(data, key=key, kept=kept[key] if key < len(kept) else None)
            for key in (ready if data is None else _keys(data, part))
        ]
        self.refocus = False

    def is_valid(self) -> bool:
        valid = [row.is_valid() for row in self.rows if not row.gone()]
        return all(valid)  # each is asked, so that each tells its faults

    def made(self) -> tuple[Any, ...]:
        return tuple(row.made() for row in self.rows if not row.gone())


def rows_named(part: str, data: QueryDict, *, do: str, key: int) -> Rows:
    """The rows as typed after one was added, removed or put before its neighbour.

    Nothing is judged: half a number may stand there yet.
    Raises KeyError for a part there is not.
    """
    rows = Rows(part)
    keys = _keys(data, part)
    rows.rows = [rows.kind.typed_so_far(data, each) for each in keys]
    if do == "add" and len(keys) < MOST:
        added = rows.kind(key=max(keys, default=-1) + 1)
        added.fields[next(iter(added.layout))].widget.attrs["data-focus"] = True
        rows.rows.append(added)
        return rows
    if do == "remove":
        rows.rows = [row for row in rows.rows if row.key != key]
    elif do == "up" and key in keys[1:]:
        place = keys.index(key)
        rows.rows.insert(place - 1, rows.rows.pop(place))
    rows.refocus = True  # the button that was pressed is gone
    return rows


def _keys(data: QueryDict, part: str) -> list[int]:
    """The rows' numbers as the page names them, each once; anything else is none."""
    named = (key for key in data.getlist(part) if key.isascii() and key.isdecimal())
    return list(dict.fromkeys(int(key) for key in named if len(key) <= _DIGITS))[:MOST]
