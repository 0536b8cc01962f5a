"""The administrator's pages, the figures, the answers and the case, through their doors."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.arrivals.models import Encounter
from almoner.ground.models import Outgoing
from almoner.relations import actions as relations
from almoner.relations.models import Case
from almoner.scheduling.tests import make as scheduling
from almoner.surveys import actions, queries
from almoner.surveys.models import Questionnaire, Rule, Survey, Version
from almoner.surveys.tests import make
from almoner.surveys.tests.make import DAY, HOUR, OVER

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
THEN = OVER + 2 * HOUR


@pytest.fixture
def enters(client):
    def enter(*roles):
        client.force_login(access.officer("eve", roles=roles), backend=BACKEND)
        return client

    return enter


def typed(edition, *questions):
    """The draft as it is typed: kind, words in both languages, and what opens a case."""
    sent = {"edition": edition}
    for number in range(1, 6):
        kind, en, es, low = questions[number - 1] if number <= len(questions) else ("", "", "", "")
        sent |= {f"q{number}-kind": kind, f"q{number}-en": en, f"q{number}-es": es,
                 f"q{number}-low": low}  # fmt: skip
    return sent


def test_one_drafts_another_publishes_and_the_next_version_is_drawn(enters):
    ada, bea = enters("administrator"), Client()
    bea.force_login(access.officer("bea", roles=("manager",)), backend=BACKEND)
    where = ada.post(reverse("new_survey"), {"name": "After a visit"})["Location"]
    row = Questionnaire.objects.get()
    assert bea.post(f"{where}publish/", {"edition": 1}).status_code == 422

    ada.post(where, typed(1, ("nps", "Send a friend?", "¿Nos recomendaría?", "6")))
    assert ada.post(where, typed(1)).status_code == 302  # somebody else's page, older
    assert len(queries.design(row.pk).draft) == 1
    ada.post(f"{where}publish/", {"edition": 2})
    assert f"{where}publish/" not in ada.get(where).content.decode()
    assert queries.in_use(row.pk) is None
    with pytest.raises(IntegrityError, match="survey_published_by_another"), transaction.atomic():
        Version.objects.update(published_at=OVER, published_by_id=Version.objects.get().made_by_id)
    assert f"{where}publish/" in bea.get(where).content.decode()
    bea.post(f"{where}publish/", {"edition": 2})
    ada.post(f"{where}draft/")

    assert [each.number for each in queries.design(row.pk).versions] == [1]
    assert queries.design(row.pk).edition == 1
    assert queries.in_use(row.pk).number == 1
    page = ada.get(where).content.decode()
    assert "¿Nos recomendaría?" in page
    assert "a case from 6 down" in page


def test_what_was_published_is_edited_by_nobody():
    row = make.version()

    with pytest.raises(IntegrityError, match="is published"), transaction.atomic():
        Version.objects.filter(pk=row.pk).update(body={"questions": []})


def test_a_rule_is_added_refused_with_its_reason_and_ended(enters):
    row, mara = make.version(), enters("manager")
    where = reverse("add_survey_rule", args=[row.questionnaire_id])
    told = {"after_minutes": 60, "share": 50, "pause_days": 30, "remind_days": 2, "open_days": 7,
            "starts_on": "3/1/2026"}  # fmt: skip

    refused = mara.post(where, told | {"ends_on": "2/1/2026", "remind_days": 9})
    assert refused.status_code == 422
    assert "By then the link is closed." in refused.content.decode()
    assert not Rule.objects.exists()

    mara.post(where, told)
    rule = Rule.objects.get()
    assert (rule.share, rule.visit_type, rule.pause_days) == (50, None, 30)
    mara.post(reverse("end_survey_rule", args=[rule.pk]))
    assert queries.design(row.questionnaire_id).rules == []


def answered(*scores, **facts):
    """Surveys that were sent and answered with these numbers of 0 to 10."""
    rows = []
    for number, score in enumerate(scores):
        hour, minute = divmod(number * 20, 60)
        row = make.asked(starts_at=scheduling.at(8 + hour, minute), **facts)
        Outgoing.objects.filter(pk=row.message.outgoing_id).update(state=Outgoing.State.SENT)
        if score is not None:
            actions.answer(appointment_id=row.appointment_id, key="q1", said=str(score), at=THEN)
        rows.append(Survey.objects.get(pk=row.pk))
    return rows


def figures(**narrowed):
    return queries.figures(queries.filters(narrowed), today=make.MONDAY)


def test_the_figures_say_who_was_asked_how_many_answered_and_hide_what_few_said(
    django_assert_num_queries,
):
    make.lead()
    make.rule()
    location = make.facility.location()
    answered(10, 10, 9, 7, 0, None, location=location)

    with django_assert_num_queries(1):
        whole, lines = figures(by="location")

    assert (whole.asked, whole.answered, whole.rate) == (6, 5, 83)
    assert (whole.nps.n, whole.nps.value, whole.nps.unsure) == (5, 40, True)
    assert (whole.csat.n, whole.csat.value) == (0, None)
    assert [(each.name, each.asked) for each in lines] == [(location.name, 6)]
    _whole, lines = figures(by="clinician")
    assert {each.nps.value for each in lines} == {None}


def test_by_desk_is_how_and_where_a_visit_was_checked_in(
    enters, django_assert_num_queries, django_assert_max_num_queries
):
    make.lead()
    make.rule()
    lakeside = make.facility.location()
    answered(10, 10, 10, 0, 0, location=lakeside)
    answered(9, None, location=lakeside, by_themselves=True)

    with django_assert_num_queries(1):
        whole, lines = figures(by="desk")

    found = {(each.desk, each.name): (each.asked, each.answered) for each in lines}
    assert found == {("front", lakeside.name): (5, 5), ("self", lakeside.name): (2, 1)}
    assert whole.asked == sum(each.asked for each in lines)
    assert {each.desk: each.nps.value for each in lines} == {"front": 20, "self": None}
    mara = enters("manager")
    asked = {"by": "desk", "days": "365"}
    with django_assert_max_num_queries(12):
        page = mara.get(reverse("survey_figures"), asked).content.decode()
    assert f"Front desk, {lakeside.name}" in page
    assert f"Kiosk or link, {lakeside.name}" in page
    assert "Which counter, or which officer, is not counted." in page


def test_a_visit_by_video_is_of_no_desk_of_a_location():
    make.lead()
    make.rule()
    [row] = answered(10)
    Encounter.objects.filter(appointment=row.appointment_id).update(by_video=True)

    assert [each.desk for each in figures(by="desk")[1]] == ["video"]


def test_a_trend_is_against_as_many_days_before_and_hides_what_few_said():
    make.lead()
    make.rule()
    location = make.facility.location()
    rows = answered(10, 10, 9, 9, 10, 0, 0, 0, 0, 0, 7, location=location)
    earlier = [each.pk for each in rows[5:]]
    Survey.objects.filter(pk__in=earlier).update(visit_on=make.MONDAY - 31 * DAY)

    whole, [line] = figures(by="desk", days="30")

    assert (whole.asked, whole.nps.value, whole.nps_moved) == (5, 100, 183)
    assert (line.nps_moved, line.csat_moved) == (183, None)
    Survey.objects.filter(pk__in=earlier[:2]).update(visit_on=make.MONDAY - 61 * DAY)
    assert figures(by="desk", days="30")[1][0].nps_moved is None
    assert figures(by="desk", days="90")[0].asked == 11
    Survey.objects.exclude(pk__in=earlier).update(visit_on=make.MONDAY - 31 * DAY)
    assert figures(by="desk", days="30")[1] == []


def test_what_never_left_counts_as_not_asked():
    make.lead()
    make.rule()
    [row] = answered(None)
    Outgoing.objects.filter(pk=row.message.outgoing_id).update(state=Outgoing.State.FAILED)

    assert figures()[0].asked == 0


def test_figures_are_narrowed_by_what_is_known_and_by_nothing_else(enters):
    make.lead()
    make.rule()
    row = answered(10)[0]

    assert queries.filters({"by": "patient_id", "days": "0; drop", "at": "x", "way": "sea"}) == {}
    assert figures(at=str(row.location_id))[0].asked == 1
    assert figures(at=str(row.location_id + 1))[0].asked == 0
    assert figures(way="video")[0].asked == 0
    mara = enters("manager")
    page = mara.get(reverse("survey_figures"), {"days": "365", "by": "way", "at": "9" * 30})
    assert page.status_code == 200
    assert not AccessEvent.objects.exists()


def test_an_officer_reads_the_answers_each_noted_as_seen_by_few_queries(
    enters, django_assert_max_num_queries
):
    make.lead()
    make.rule()
    rows = answered(2, 9, None)
    actions.answer(appointment_id=rows[1].appointment_id, key="q3", said="Long wait", at=THEN)
    eve = enters("officer")

    with django_assert_max_num_queries(16):
        page = eve.get(reverse("survey_answers")).content.decode()

    assert "Long wait" in page
    assert page.count('data-line href="/surveys/answers/') == 2
    seen = {each for event in AccessEvent.objects.all() for each in event.patient_ids}
    assert seen == {rows[0].patient_id, rows[1].patient_id}
    low = eve.get(reverse("survey_answers"), {"show": "low"}).content.decode()
    assert "Long wait" not in low
    assert Case.objects.get().subject in eve.get(f"/cases/{rows[0].case_id}/").content.decode()


def test_the_case_shows_the_answer_and_what_was_written_after_it(enters):
    make.lead()
    make.rule()
    [row] = answered(2)
    actions.answer(appointment_id=row.appointment_id, key="q3", said="Nobody came", at=THEN)
    eve = enters("officer")

    page = eve.get(f"/cases/{row.case_id}/?for=case:{row.case_id}").content.decode()

    assert "Nobody came" in page
    assert "Send a friend?" in page
    assert f"/schedule/appointments/{row.appointment_id}/" in page
    timeline = eve.get(reverse("timeline", args=[row.patient_id])).content.decode()
    assert "Said how the visit was: 2 of 10" in timeline
    assert "Said in own words how the visit was" in timeline


def panel_of(person):
    return reverse("patient_panel", kwargs={"patient_id": person.pk, "name": "surveys"})


def test_the_desk_writes_down_who_may_be_asked_and_who_not(enters):
    person, eve = make.somebody(agreed=False), enters("officer")
    where = reverse("survey_consent", args=[person.pk])
    at = panel_of(person)
    assert "Has not said whether we may ask" in eve.get(at).content.decode()

    for given, words in (("1", "May be asked by text at"), ("0", "Does not want to be asked")):
        eve.post(where, {"given": given})
        assert words in eve.get(at).content.decode()

    silent = make.a_patient(phones=())
    eve.post(reverse("survey_consent", args=[silent.pk]), {"given": "1"})
    assert "they are not asked how a visit was" in eve.get(panel_of(silent)).content.decode()


def test_who_may_only_send_has_no_say_over_what_is_asked(enters):
    row, eve = make.version(), enters("officer")

    for name, args in (("survey_list", []), ("survey_design", [row.questionnaire_id]),
                       ("survey_figures", [])):  # fmt: skip
        assert eve.get(reverse(name, args=args)).status_code == 403
    assert relations.agree_to_surveys_own(patient_id=make.somebody().pk, given=True, at=OVER + DAY)
