from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import URLPattern, path

from almoner.access import actions, checks, middleware, queries
from almoner.access.door import door
from almoner.access.models import AccessEvent, Session
from almoner.access.queries import Evidence, WorkItem
from almoner.access.rules import Purpose
from almoner.access.tests import make
from almoner.ground import clock

pytestmark = pytest.mark.django_db
CY = 41


@door("GET", permission="patients.view", purpose=Purpose.TREATMENT, screen="test.chart")
def chart(request, patient_id):
    request.reading.saw([patient_id])
    return HttpResponse(f"chart of {patient_id}")


@door("GET", permission="patients.view", purpose=Purpose.TREATMENT)
def broken(request, patient_id):
    request.reading.saw([patient_id])
    raise RuntimeError


def bare(request):
    return HttpResponse("no door")


def through(rf, view, officer, url="/", **kwargs):
    request = rf.get(url)
    request.user = officer
    return view(request, **kwargs)


def test_a_look_is_written_down_with_who_whom_where_and_why(rf):
    ana = make.officer()

    response = through(rf, chart, ana, patient_id=CY)

    look = AccessEvent.objects.get()
    assert response.status_code == 200
    assert (look.officer, look.patient_ids, look.screen) == (ana, [CY], "test.chart")
    assert (look.purpose, look.reason_kind, look.grade) == ("treatment", "said", "D")


def test_when_the_look_cannot_be_written_nothing_is_shown(rf, monkeypatch):
    def unwritable(_reading):
        raise RuntimeError("disk full")

    monkeypatch.setattr(actions, "record_access", unwritable)

    with pytest.raises(RuntimeError, match="disk full"):
        through(rf, chart, make.officer(), patient_id=CY)


def test_the_work_item_in_the_link_is_the_reason_graded_by_who_made_it(rf, monkeypatch):
    ana, bea = make.officer("ana"), make.officer("bea")
    made_by = {1: None, 2: bea.pk, 3: ana.pk}
    monkeypatch.setitem(
        queries._resolvers,
        "appointment",
        lambda item_id: Evidence(frozenset({CY}), made_by[item_id]),
    )

    for item_id in made_by:
        through(rf, chart, ana, url=f"/?for=appointment:{item_id}", patient_id=CY)

    looks = AccessEvent.objects.order_by("reason_id")
    assert [look.grade for look in looks] == ["A", "B", "D"]
    assert [look.reason_kind for look in looks] == ["appointment"] * 3


def test_a_work_item_about_somebody_else_explains_nothing(rf, monkeypatch):
    monkeypatch.setitem(
        queries._resolvers,
        "appointment",
        lambda item_id: Evidence(frozenset({CY + 1}), None),
    )

    through(rf, chart, make.officer(), url="/?for=appointment:1", patient_id=CY)

    assert AccessEvent.objects.get().grade == "D"


@pytest.mark.parametrize("roles", [("administrator",)])
def test_a_role_without_the_permission_is_refused_and_nothing_is_read(rf, roles):
    with pytest.raises(PermissionDenied):
        through(rf, chart, make.officer("dot", roles=roles), patient_id=CY)

    assert not AccessEvent.objects.exists()


@pytest.mark.parametrize("text", ["", "appointment", "appointment:", "appointment:x", ":3"])
def test_a_malformed_work_item_is_no_work_item(text):
    assert WorkItem.parse(text) is None


def test_every_route_of_the_desk_has_a_door():
    assert [error for error in run_checks() if error.id == "access.E001"] == []


def test_a_route_without_a_door_fails_the_system_check(monkeypatch):
    class Resolver:
        url_patterns: list[URLPattern] = [path("loose", bare, name="loose")]

    monkeypatch.setattr(checks, "get_resolver", Resolver)

    assert [error.id for error in checks.every_route_has_a_door(None)] == ["access.E001"]


def test_a_locked_screen_shows_only_the_lock_until_the_password_is_given(client):
    ana = make.officer()
    client.force_login(ana, backend="allauth.account.auth_backends.AuthenticationBackend")

    client.post("/accounts/lock/")
    wrong = client.post("/accounts/unlock/", {"password": "wrong"})
    held = client.post("/accounts/lock/")
    right = client.post("/accounts/unlock/", {"password": make.PASSWORD, "next": "//evil.example"})

    assert wrong.status_code == 422
    assert held.url.startswith("/accounts/unlock/")
    assert right.url == "/"


@pytest.mark.parametrize(
    ("idle", "age", "kept"),
    [
        (timedelta(minutes=14), timedelta(hours=1), True),
        (timedelta(minutes=16), timedelta(hours=1), False),
        (timedelta(minutes=1), timedelta(hours=13), False),
    ],
)
def test_a_session_ends_when_idle_or_old(client, monkeypatch, idle, age, kept):
    client.force_login(
        make.officer(), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    now = clock.now()
    session = client.session
    session["began"], session["seen"] = (now - age).isoformat(), (now - idle).isoformat()
    session.save()

    client.get("/accounts/unlock/")

    assert ("_auth_user_id" in client.session) is kept


def test_a_live_screen_does_not_keep_its_officer_signed_in(client, monkeypatch):
    client.force_login(
        make.officer(), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    client.get("/accounts/unlock/")
    seen = client.session["seen"]
    later = clock.now() + timedelta(minutes=5)
    monkeypatch.setattr(middleware.clock, "now", lambda: later)

    client.get("/accounts/unlock/", headers={"X-Live": "1"})
    after_live = client.session["seen"]
    client.get("/accounts/unlock/")

    assert after_live == seen
    assert client.session["seen"] > seen


def test_leaving_ends_every_session_at_once(client):
    ana = make.officer()
    client.force_login(ana, backend="allauth.account.auth_backends.AuthenticationBackend")

    actions.end_officer(ana, by=None, at=clock.now())

    assert not Session.objects.exists()
    assert client.get("/accounts/unlock/").status_code == 302
