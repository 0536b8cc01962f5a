"""Officers as the administrators' pages show and change them."""

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from almoner.access import actions
from almoner.access.models import Officer, Session
from almoner.access.queries import officers
from almoner.access.rules import one_time_password
from almoner.access.tests import make
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.models import Event

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OWN = "a sentence of my own"
DETAILS = {"name": "Jo Lin", "roles": ["officer"], "location": "", "clinician": ""}


@pytest.fixture(autouse=True)
def _nobody_guessed_before():
    """How often a place guessed is remembered in memory, longer than a test."""
    cache.clear()


@pytest.fixture
def ada():
    return make.officer("ada", roles=("administrator",))


@pytest.fixture
def desk(ada, client: Client) -> Client:
    client.force_login(ada, backend=BACKEND)
    client.get(reverse("officers"))
    return client


def sign_in(username, password, client=None):
    client = client or Client()
    answer = client.post(reverse("account_login"), {"login": username, "password": password})
    return client, answer


def guess_wrong(username, times=5):
    for _ in range(times):
        _client, answer = sign_in(username, "not the password")
    return answer


def details(officer, **changed):
    stands = {"name": officer.name, "roles": officer.roles, "location": None, "clinician": None}
    return stands | changed


def test_adding_somebody_shows_a_password_once_and_writes_it_nowhere(desk, ada):
    page = desk.post(reverse("add_officer"), DETAILS | {"username": "jo"})

    jo = Officer.objects.get(username="jo")
    password = page.context["password"]
    assert password in page.content.decode()
    assert jo.check_password(password)
    assert jo.password_given_at is not None
    event = Event.objects.get(kind="access.joined", about_id=jo.pk)
    assert event.by_id == ada.pk
    assert password not in str(list(Event.objects.values()))
    assert password not in desk.get(reverse("officer", args=[jo.pk])).content.decode()


def test_a_one_time_password_opens_only_the_page_that_changes_it(desk):
    password = desk.post(reverse("add_officer"), DETAILS | {"username": "jo"}).context["password"]
    jo, _ = sign_in("jo", password)
    where = reverse("change_password")

    assert jo.get("/").url == where
    fragment = jo.post(reverse("palette"), {"q": "x"}, headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (401, where)

    typed = {"old": password, "new": OWN, "again": OWN}
    assert jo.post(where, typed).url == "/"
    assert jo.get("/").status_code == 200
    assert Officer.objects.get(username="jo").password_given_at is None


def test_a_one_time_password_lapses(desk):
    page = desk.post(reverse("add_officer"), DETAILS | {"username": "jo"})
    given = clock.now() - timedelta(hours=73)
    Officer.objects.filter(username="jo").update(password_given_at=given)

    _jo, answer = sign_in("jo", page.context["password"])

    assert "has lapsed" in answer.content.decode()
    assert not Session.objects.filter(officer__username="jo").exists()
    assert "has lapsed" not in guess_wrong("jo", times=1).content.decode()


def test_a_given_password_ends_every_session_and_opens_a_closed_door(desk, ada):
    ana = make.officer()
    sign_in("ana", make.PASSWORD)
    assert guess_wrong("ana").status_code == 429

    password = desk.post(reverse("give_password", args=[ana.pk])).context["password"]

    assert not Session.objects.filter(officer=ana).exists()
    there, _ = sign_in("ana", password)
    assert there.get("/").url == reverse("change_password")
    assert Event.objects.get(kind="access.password_given").by_id == ada.pk


def test_five_wrong_passwords_close_a_sign_in_for_a_while_and_no_other():
    make.officer("ana")
    make.officer("bea")

    fourth = guess_wrong("ana", times=4)
    fifth = guess_wrong("ana", times=1)
    _client, right = sign_in("ana", make.PASSWORD)
    _client, other = sign_in("bea", make.PASSWORD)

    assert fourth.status_code == 200
    assert fifth.status_code == right.status_code == 429
    assert "closed for 15 minutes" in right.content.decode()
    assert other.status_code == 302


def test_who_is_shut_out_is_seen_and_let_in_again(desk, ada):
    ana = make.officer()
    guess_wrong("ANA", times=4)
    assert not officers.shut_out(clock.now())
    guess_wrong("ANA", times=1)

    shown = desk.get(reverse("officers"), {"show": "shut_out"}).context["page"].object_list
    assert [line.username for line in shown] == ["ana"]
    assert officers.shut_out(clock.now() + timedelta(minutes=16)) == frozenset()

    desk.post(reverse("unlock_officer", args=[ana.pk]))
    assert officers.shut_out(clock.now()) == frozenset()
    assert Event.objects.get(kind="access.unlocked").about_id == ana.pk


def test_a_change_holds_from_the_next_click_and_says_what_changed(desk, ada):
    ana, lakeside = make.officer(), facility.location()
    there, _ = sign_in("ana", make.PASSWORD)
    assert there.get(reverse("board")).status_code == 200

    wanted = DETAILS | {"roles": ["privacy"], "location": lakeside.pk}
    assert desk.post(reverse("officer", args=[ana.pk]), wanted).status_code == 302

    assert there.get(reverse("board")).status_code == 403
    ana.refresh_from_db()
    assert (ana.name, ana.location) == ("Jo Lin", lakeside)
    assert Event.objects.get(kind="access.changed").data == {
        "name": ["Ana", "Jo Lin"],
        "roles": [["officer"], ["privacy"]],
        "location": [None, lakeside.pk],
    }


def test_a_change_that_changes_nothing_is_no_event():
    ana = make.officer()

    assert not actions.change_officer(ana, **details(ana), by=None, at=clock.now())
    assert not Event.objects.filter(kind="access.changed").exists()


def test_two_officers_are_never_one_clinician(desk):
    ng = facility.clinician()
    ana, bea = make.officer(), make.officer("bea")
    wanted = DETAILS | {"clinician": ng.pk}
    desk.post(reverse("officer", args=[ana.pk]), wanted)

    page = desk.post(reverse("officer", args=[bea.pk]), wanted)

    assert page.status_code == 422
    assert "Another officer signs in as this clinician" in page.content.decode()
    bea.refresh_from_db()
    assert (bea.clinician, bea.name) == (None, "Bea")


def test_a_user_name_is_never_given_twice_even_after_leaving(desk):
    actions.end_officer(make.officer(), by=None, at=clock.now())

    odd = desk.post(reverse("add_officer"), DETAILS | {"username": "jo lin"})
    assert "in letters, digits, - and _, without blanks" in odd.content.decode()

    page = desk.post(reverse("add_officer"), DETAILS | {"username": "ana"})

    assert page.status_code == 422
    assert "Choose another" in page.content.decode()


def test_the_last_administrator_can_neither_leave_nor_step_down(desk, ada):
    desk.post(reverse("end_officer", args=[ada.pk]))
    stepped = desk.post(reverse("officer", args=[ada.pk]), DETAILS | {"name": "Ada"})

    assert stepped.status_code == 422
    assert "Make somebody else an administrator first" in stepped.content.decode()
    ada.refresh_from_db()
    assert ada.is_active
    assert ada.roles == ["administrator"]
    assert desk.get(reverse("officers")).status_code == 200


def test_an_administrator_among_two_may_leave_and_stands_outside(desk, ada):
    make.officer("eve", roles=("administrator",))

    answer = desk.post(reverse("end_officer", args=[ada.pk]))

    assert answer.url == reverse("account_login")
    assert desk.get(reverse("officers")).status_code == 302


def test_the_database_itself_keeps_one_administrator(ada):
    with pytest.raises(IntegrityError, match="last administrator"), transaction.atomic():
        Officer.objects.update(roles=["officer"])
    with pytest.raises(IntegrityError, match="last administrator"), transaction.atomic():
        Officer.objects.update(left_at=clock.now())


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_other_at_once_leave_one():
    ada = make.officer("ada", roles=("administrator",))
    eve = make.officer("eve", roles=("administrator",))
    meet, outcomes = threading.Barrier(2), []

    def end(whom, by):
        try:
            with transaction.atomic():
                left, stays = Officer.objects.get(pk=whom.pk), Officer.objects.get(pk=by.pk)
                meet.wait(20)
                actions.end_officer(left, by=stays, at=clock.now())
            outcomes.append("ended")
        except actions.LastAdministrator:
            outcomes.append("refused")
        finally:
            connection.close()

    both = [threading.Thread(target=end, args=pair) for pair in ((ada, eve), (eve, ada))]
    for one in both:
        one.start()
    for one in both:
        one.join(30)

    assert sorted(outcomes) == ["ended", "refused"]
    assert Officer.objects.filter(left_at__isnull=True).count() == 1


def test_who_left_frees_the_clinician_and_is_never_changed_again(desk):
    ng = facility.clinician()
    ana = make.officer()
    desk.post(reverse("officer", args=[ana.pk]), DETAILS | {"clinician": ng.pk})
    desk.post(reverse("end_officer", args=[ana.pk]))

    desk.post(reverse("officer", args=[ana.pk]), DETAILS | {"name": "Somebody else"})
    desk.post(reverse("give_password", args=[ana.pk]))

    ana.refresh_from_db()
    assert (ana.name, ana.clinician, ana.password_given_at) == ("Jo Lin", None, None)


def test_nobody_else_manages_officers():
    ana, mara = make.officer(), make.officer("mara", roles=("manager",))
    at = clock.now()

    for act in (
        lambda: actions.end_officer(ana, by=mara, at=at),
        lambda: actions.give_password(ana, by=mara, at=at),
        lambda: actions.unlock_officer(ana, by=mara, at=at),
        lambda: actions.change_officer(ana, **details(ana), by=mara, at=at),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_the_list_is_ordered_and_narrowed_by_what_we_know_and_nothing_else(desk, ada):
    make.officer("ana")
    make.officer("ben", roles=("biller",))

    def listed(**asked):
        page = desk.get(reverse("officers"), asked).context["page"]
        return [line.username for line in page.object_list]

    assert listed() == ["ada", "ana", "ben"]
    assert listed(order="-username") == ["ben", "ana", "ada"]
    assert listed(order="password") == ["ada", "ana", "ben"]
    assert listed(role="biller") == ["ben"]
    assert listed(role="'", show="x") == ["ada", "ana", "ben"]
    assert listed(q="be") == ["ben"]
    assert listed(show="left") == []


def test_a_long_list_comes_in_pages_for_the_same_number_of_questions(
    ada, django_assert_num_queries
):
    Officer.objects.bulk_create(
        Officer(username=f"o{n}", name=f"O {n}", roles=["officer"], joined_at=make.JOINED)
        for n in range(120)
    )

    with django_assert_num_queries(3):
        page = officers.officer_page(officers.Asked(), number=2, at=clock.now())

    assert len(page.object_list) == officers.PAGE
    assert page.paginator.num_pages == 3


def test_my_new_password_asks_for_the_old_one_and_ends_my_other_sessions():
    make.officer()
    here, _ = sign_in("ana", make.PASSWORD)
    elsewhere, _ = sign_in("ana", make.PASSWORD)
    where = reverse("change_password")

    wrong = here.post(where, {"old": "not it", "new": OWN, "again": OWN})
    differing = here.post(where, {"old": make.PASSWORD, "new": OWN, "again": "else"})
    same = here.post(where, dict.fromkeys(("old", "new", "again"), make.PASSWORD))
    weak = here.post(where, {"old": make.PASSWORD, "new": "abc", "again": "abc"})
    assert {one.status_code for one in (wrong, differing, same, weak)} == {422}
    assert "too short" in weak.content.decode()
    assert elsewhere.get(where).status_code == 200

    assert here.post(where, {"old": make.PASSWORD, "new": OWN, "again": OWN}).url == "/"
    assert here.get(where).status_code == 200
    assert elsewhere.get(where).status_code == 302
    assert Session.objects.filter(officer__username="ana").count() == 1
    assert Event.objects.get(kind="access.password_changed").data == {}


def test_guessing_the_old_password_closes_the_door_as_at_the_front():
    make.officer()
    here, _ = sign_in("ana", make.PASSWORD)

    for _ in range(5):
        last = here.post(reverse("change_password"), {"old": "x", "new": OWN, "again": OWN})

    assert last.status_code == 429
    assert officers.shut_out(clock.now()) == {"ana"}


def test_only_wrong_passwords_in_a_row_close_the_door():
    make.officer()
    guess_wrong("ana", times=4)
    sign_in("ana", make.PASSWORD)

    assert guess_wrong("ana", times=4).status_code == 200
    assert guess_wrong("ana", times=1).status_code == 429


def test_an_administrator_with_a_one_time_password_sets_nothing_up(ada):
    actions.give_password(ada, by=None, at=clock.now())
    there = Client()
    there.force_login(ada, backend=BACKEND)

    for name in ("admin:index", "officers"):
        assert there.get(reverse(name)).url == reverse("change_password")


def test_a_given_password_that_is_weak_is_refused():
    with pytest.raises(ValidationError):
        actions.give_password(make.officer(), password="abc", by=None, at=clock.now())


def test_a_one_time_password_holds_nothing_that_is_read_out_wrong():
    drawn = set("".join(one_time_password(lambda letters: letters) for _ in range(1)))

    assert not drawn & set("ilo01")
    assert one_time_password(lambda letters: letters[0]) == "aaaa-aaaa-aaaa-aaaa"


def test_who_goes_nowhere_else_has_the_set_up_in_the_bar(desk, client):
    def bar(browser):
        page = browser.get(reverse("change_password")).content.decode()
        return page[page.index('<nav class="ways') : page.index("</nav>")]

    administrators = bar(desk)
    browser = Client()
    browser.force_login(make.officer("ana", roles=("officer", "administrator")), backend=BACKEND)
    both = bar(browser)

    assert reverse("officers") in administrators
    assert reverse("board") in both
    assert reverse("officers") not in both
