"""What the pages of outreach show, to whom, and what is written down of the looks."""

import re

import pytest

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.outreach import actions
from almoner.outreach.models import Campaign, Segment
from almoner.outreach.tests import make
from almoner.outreach.tests.make import NOW, place
from almoner.patients.tests.details import Phone
from almoner.relations.models import Call
from almoner.scheduling.tests import make as scheduling

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def enter(client):
    def enter(officer):
        client.force_login(officer, backend=BACKEND)
        return client

    return enter


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def looks():
    return [
        (id_, row.reason_kind, row.grade)
        for row in AccessEvent.objects.order_by("id")
        for id_ in row.patient_ids
    ]


ASKED = {"name": "Diabetics", "diagnosis": "e11", "not_seen": "6"}


def test_a_segment_is_counted_while_it_is_asked_and_nobody_is_shown(mara, enter):
    make.due("Zanzibari")
    make.due("Nowhere", phones=())

    answer = enter(mara).post("/outreach/segments/count/", ASKED)

    assert "In the segment 2 May be written to 1" in text(answer)
    assert "1 No phone or e-mail to reach them" in text(answer)
    assert "Zanzibari" not in text(answer)
    assert not AccessEvent.objects.exists()


def test_a_segment_is_kept_and_shows_who_and_why(mara, enter):
    who = make.due("Zanzibari")
    make.due("Nowhere", phones=())

    answer = enter(mara).post("/outreach/segments/new/", ASKED, follow=True)

    assert "Zanzibari, Cy" in text(answer)
    assert "E119, 06/02/2025 · last seen 06/02/2025" in text(answer)
    assert "Nowhere" not in text(answer)
    assert {row[0] for row in looks()} == {who.pk}
    again = enter(mara).get(f"/outreach/segments/{Segment.objects.get().pk}/?show=left")
    assert "Nowhere" in text(again)
    assert "No phone or e-mail to reach them" in text(again)


def test_a_look_at_a_segment_one_made_oneself_is_ones_own_word(mara, enter):
    make.due()
    enter(mara).post("/outreach/segments/new/", ASKED, follow=True)
    other = access.officer("bo", roles=("manager",))

    enter(other).get(f"/outreach/segments/{Segment.objects.get().pk}/")

    assert [row[1:] for row in looks()] == [("segment", "D"), ("segment", "B")]


def test_an_administrator_builds_and_starts_and_is_shown_nobody(enter):
    make.due("Zanzibari")
    ada = access.officer("ada", roles=("administrator",))
    kept = enter(ada).post("/outreach/segments/new/", ASKED, follow=True)
    segment = Segment.objects.get()

    form = enter(ada).get(f"/outreach/segments/{segment.pk}/campaign/")
    said = {"name": "R", "purpose": "care", "ways": "sms,call", "visit_type": "", "pace": "50",
            "english": "Call {phone}", "subject_english": "A", "spanish": "Llame {phone}",
            "subject_spanish": "B", "window_days": "30",
            "remind_after_days": "", "rest_days": "30", "held_out_percent": "0"}  # fmt: skip
    drafted = enter(ada).post(f"/outreach/segments/{segment.pk}/campaign/", said, follow=True)
    row = Campaign.objects.get()
    paz = access.officer("paz", roles=("manager",))
    shown = enter(paz).get(f"/outreach/{row.pk}/")
    approved = enter(paz).post(f"/outreach/{row.pk}/words/", {"read": row.said}, **HX)
    ready = enter(ada).get(f"/outreach/{row.pk}/")
    begun = enter(ada).post(f"/outreach/{row.pk}/start/", **HX)

    assert form.status_code == 200
    assert "Waits to be read" in drafted.content.decode()
    assert "Start it?" not in drafted.content.decode()
    assert "Approve the words" in shown.content.decode()
    assert approved.headers["HX-Refresh"] == "true"
    assert "Start it?" in ready.content.decode()
    assert begun.headers["HX-Refresh"] == "true"
    after = enter(ada).get(f"/outreach/{row.pk}/")
    assert "Running" in text(after)
    assert not any("Zanzibari" in text(page) for page in (kept, drafted, after))
    assert not AccessEvent.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"diagnosis": "diabetes"}, {"age_from": "x"}, {"name": ""}, {"sex": "F"}]
)
def test_what_cannot_be_asked_comes_back_with_what_was_typed(mara, enter, wrong):
    answer = enter(mara).post("/outreach/segments/new/", ASKED | wrong)

    assert answer.status_code == 422
    assert not Segment.objects.exists()


def test_everybody_is_no_segment(mara, enter):
    answer = enter(mara).post("/outreach/segments/new/", {"name": "All"})

    assert answer.status_code == 422
    assert "everybody is no segment" in text(answer)


def test_a_kept_segment_can_be_asked_otherwise(mara, enter):
    first = actions.save_segment(
        officer=mara, name="D", conditions={"owes": 2050, "sex": ["male"]}, at=NOW
    )
    where = f"/outreach/segments/{first.segment_id}/"

    shown = enter(mara).get(where).content.decode()
    enter(mara).post(where, {"name": "D", "owes": "30", "sex": "male", "never_seen": "on"})

    assert 'value="20.50"' in shown
    newest = first.segment.versions.latest("number")
    assert (newest.number, newest.conditions) == (
        2, {"never_seen": True, "sex": ["male"], "owes": 3000},
    )  # fmt: skip


def test_a_draft_can_be_planned_otherwise_until_it_starts(mara, enter):
    make.due()
    row = make.campaign(mara)
    page = enter(mara).get(f"/outreach/{row.pk}/plan/")
    form = page.context["form"]
    said = {name: form[name].value() for name in form.fields}
    said |= {"pace": "7", "remind_after_days": ""}

    enter(mara).post(f"/outreach/{row.pk}/plan/", said)
    assert Campaign.objects.get().pace == 7

    actions.start(officer=mara, campaign=row, at=NOW)
    late = enter(mara).post(f"/outreach/{row.pk}/plan/", said | {"pace": "8"})
    assert late.status_code == 422
    assert Campaign.objects.get().pace == 7


def test_words_of_health_are_refused_where_they_stand(mara, enter):
    row = make.campaign(mara)
    form = enter(mara).get(f"/outreach/{row.pk}/plan/").context["form"]
    said = {name: form[name].value() for name in form.fields} | {"remind_after_days": ""}

    answer = enter(mara).post(f"/outreach/{row.pk}/plan/", said | {"english": "Your lab results"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "english": ["Words, English: “lab” tells of health, and others may read it."]
    }


def test_a_campaign_shows_how_it_goes_and_claims_nothing_of_few(mara, enter):
    who = make.due("Zanzibari")
    row = make.started(mara)
    scheduling.appointment(patient=who, asked_at=NOW)

    booked = enter(mara).get(f"/outreach/{row.pk}/?show=booked")

    assert "Too few people to say anything yet." in text(booked)
    assert "Zanzibari, Cy" in text(booked)
    assert "Zanzibari" not in text(enter(mara).get(f"/outreach/{row.pk}/"))
    assert looks() == [(who.pk, "campaign", "B")]


def test_an_officer_sees_how_it_goes_and_nobody_on_it(mara, ana, enter):
    make.due("Zanzibari")
    row = make.started(mara)

    answer = enter(ana).get(f"/outreach/{row.pk}/")

    assert answer.status_code == 200
    assert "Zanzibari" not in text(answer)
    assert "Pause" not in text(answer)


@pytest.fixture
def to_call(mara):
    people = [
        make.due(name, phones=(Phone(make.number(), may_text=False),)) for name in ("Abbey", "Bo")
    ]
    row = make.started(mara)
    actions.send_due(at=NOW)
    return row, people


def test_the_call_list_is_worked_by_one_button_a_call(ana, enter, to_call):
    row, people = to_call
    client = enter(ana)
    listed = client.get("/outreach/calls/")
    client.post("/outreach/calls/take/", **HX)
    page = client.get("/outreach/calls/")
    who = page.context["who"]
    called = next(each for each in people if each.pk == who.header.id)

    ended = {"called": "no_answer", "number": who.number, "said": ""}
    answer = client.post(f"/outreach/calls/{who.id}/", ended, **HX)

    assert listed.context["who"] is None
    assert f"book/?patient={called.pk}&amp;for=enrolment:{who.id}" in page.content.decode()
    assert answer.headers["HX-Refresh"] == "true"
    assert Call.objects.get().number == called.phones.get().number
    assert place(row, called).tries == 1
    following = client.get("/outreach/calls/").context["who"]
    assert following.header.id != called.pk
    assert {row[1:] for row in looks()} == {("enrolment", "B")}


def test_somebody_who_has_booked_meanwhile_is_not_called(ana, enter, to_call):
    row, people = to_call
    here, client = place(row, people[0]), enter(ana)
    client.post("/outreach/calls/take/", {"who": here.pk}, **HX)
    scheduling.appointment(patient=people[0], asked_at=NOW)

    answer = client.post(f"/outreach/calls/{here.pk}/", {"called": "no_answer"}, **HX)

    assert "Nobody has to call them any more" in answer.headers["HX-Trigger"]
    assert not Call.objects.exists()
    assert client.get("/outreach/calls/").context["who"] is None


def test_whom_one_stops_calling_another_may_call(ana, enter, to_call):
    client = enter(ana)
    client.post("/outreach/calls/take/", **HX)
    assert len(client.get("/outreach/calls/").context["page"].object_list) == 1

    client.post("/outreach/calls/back/", **HX)

    assert len(client.get("/outreach/calls/").context["page"].object_list) == 2


def test_booking_from_the_list_is_explained_by_it(ana, enter, to_call):
    row, people = to_call
    here = place(row, people[0])

    enter(ana).get(f"/schedule/book/?patient={people[0].pk}&for=enrolment:{here.pk}")

    assert looks() == [(people[0].pk, "enrolment", "B")]


def test_the_first_page_says_how_many_are_to_be_called(ana, enter, to_call):
    assert "Call 2 people" in text(enter(ana).get("/"))


def test_the_list_of_campaigns_takes_the_same_questions_however_many_there_are(
    mara, enter, django_assert_max_num_queries
):
    make.due()
    for _ in range(5):
        make.campaign(mara)

    client = enter(mara)
    with django_assert_max_num_queries(13):
        answer = client.get("/outreach/")

    assert answer.content.decode().count("data-line") == 10
