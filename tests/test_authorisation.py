"""Every route, asked by everybody who has no business there."""

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from almoner.access import checks
from almoner.access.models import AccessEvent
from almoner.access.rules import EVERY_PERMISSION, SIGNED_IN, Role, permits
from almoner.access.tests import make as access
from almoner.patients.tests import make as patients

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CANARY = "Zanzibari"


def doors():
    """Each route of the desk with its door and the names of its arguments."""
    for where, pattern in checks.routes(get_resolver().url_patterns):
        door = getattr(pattern.callback, "door", None)
        if door and pattern.name not in checks.PUBLIC:
            names = list(pattern.pattern.converters)
            yield pytest.param(pattern.name, names, door, id=where or "home")


@pytest.fixture
def canary(db):
    """Somebody whose name must appear nowhere."""
    return patients.patient(family=CANARY)


def numbered(canary, name, arguments):
    """The route's address: the canary where it wants a patient, else number 1 or a word."""
    values = {key: canary.pk if key == "patient_id" else 1 for key in arguments}
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:
        return reverse(name, kwargs=dict.fromkeys(arguments, "word") | {"patient_id": canary.pk})


@pytest.mark.parametrize(("name", "arguments", "door"), list(doors()))
class TestEveryRoute:
    def test_somebody_not_signed_in_is_sent_to_the_door_and_sees_nothing(
        self, client, canary, name, arguments, door
    ):
        for method in door.methods:
            answer = client.generic(method, numbered(canary, name, arguments))

            assert answer.status_code == 302
            assert answer.url.startswith("/accounts/sign-in/")
            assert CANARY not in answer.content.decode(errors="replace")

    def test_a_role_without_the_permission_is_refused_and_sees_nothing(
        self, client, canary, name, arguments, door
    ):
        strangers = [role for role in Role if not permits([role], door.permission)]
        for role in strangers:
            officer = access.officer(f"dot-{role}", roles=(role,))
            client.force_login(officer, backend=BACKEND)
            for method in door.methods:
                answer = client.generic(method, numbered(canary, name, arguments))

                assert answer.status_code == 403, role
                assert CANARY not in answer.content.decode(errors="replace")
        assert not AccessEvent.objects.exists()

    def test_somebody_who_has_left_is_nobody(self, client, canary, name, arguments, door):
        access.officer("ada", roles=("administrator",))  # the last one could not leave
        gone = access.officer("gone", roles=tuple(Role))
        client.force_login(gone, backend=BACKEND)
        type(gone).objects.filter(pk=gone.pk).update(left_at=access.JOINED)

        for method in door.methods:
            answer = client.generic(method, numbered(canary, name, arguments))

            assert answer.status_code in (302, 403)
            assert CANARY not in answer.content.decode(errors="replace")

    def test_a_method_it_does_not_take_is_refused(self, client, canary, name, arguments, door):
        client.force_login(access.officer("ana", roles=tuple(Role)), backend=BACKEND)

        for method in {"GET", "POST", "PUT", "DELETE"} - set(door.methods):
            assert client.generic(method, numbered(canary, name, arguments)).status_code == 405


def test_every_permission_is_held_by_some_role():
    held = EVERY_PERMISSION - {SIGNED_IN}

    assert all(any(permits([role], permission) for role in Role) for permission in held)


HUGE, FAR = "9" * 5000, "12/31/9999"
ODD = {
    "no such row": {"for": "appointment:999999999", "patient": "999999999", "visit": "999999999",
                    "move": "999999999", "claim": "999999999", "not_same": "999999999",
                    "household_with": "999999999", "with": "999999999", "after": "999999999"},
    "huge numbers": dict.fromkeys(
        ("for", "page", "after", "before", "skip", "patient", "visit", "move", "clinician",
         "location", "place", "amount", "fee", "units", "seen", "version", "not_same"), HUGE,
    ) | {"for": f"appointment:{HUGE}"},
    "numbers no column holds": dict.fromkeys(
        ("patient", "visit", "move", "clinician", "location", "place", "amount", "fee", "page",
         "after", "before", "household_with", "with", "not_same", "cents", "tendered"), "9" * 18,
    ),
    "far days": dict.fromkeys(
        ("day", "earliest", "since", "until", "birth_date", "valid_from", "valid_until", "on"), FAR,
    ),
    "nothing known": dict.fromkeys(("order", "state", "show", "kind", "tab", "q"), "'\";%s{}"),
    "a NUL": {"reason": "a\0b", "q": "a\0b", "note": "a\0b"},
}  # fmt: skip


@pytest.mark.parametrize("route", [pytest.param(one.values, id=one.id) for one in doors()])
@pytest.mark.parametrize("odd", ODD)
def test_odd_input_is_told_so_and_is_never_a_fault(client, canary, route, odd):
    """Whatever an address or a form says, the desk answers; rows that are not there are 404."""
    name, arguments, door = route
    client.raise_request_exception = False
    client.force_login(access.officer("ana", roles=tuple(Role)), backend=BACKEND)
    values = dict.fromkeys(arguments, 987_654_321)
    try:
        where = reverse(name, kwargs=values)
    except NoReverseMatch:
        where = reverse(name, kwargs=dict.fromkeys(arguments, "word") | {"patient_id": canary.pk})

    for method in door.methods:
        answer = (client.get if method == "GET" else client.post)(where, ODD[odd])

        assert answer.status_code < 500, (method, where, ODD[odd])
