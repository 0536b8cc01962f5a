"""Results in an account: as soon as final, as they came, and told of as the patient wishes."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.ground.models import Event
from almoner.patients.tests.make import picture
from almoner.portal import actions, queries
from almoner.portal.models import ResultOpened, ResultWish
from almoner.portal.queries import acting_for, shown_to_guest
from almoner.portal.rules.accounts import EVERYTHING, Kind, Part
from almoner.portal.rules.results import Wish, figure
from almoner.portal.tests.joining import account, body, patient
from almoner.portal.tests.test_sharing import opens, shares
from almoner.records import actions as records
from almoner.records.models import Result, ResultReview, ResultValue, ResultVersion
from almoner.records.tests.reports import came, measured, report, subject, take
from almoner.relations.models import Message
from almoner.scheduling.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]
NOW = make.SUNDAY
LIST, HOME, WISH = reverse("my_results"), reverse("my_home"), reverse("my_result_wish")


@pytest.fixture
def person(now):
    cache.clear()
    return patient(given="Rosa", family="Marin")


@pytest.fixture
def mine(person, now):
    client, _secret = account(person)
    now["now"] = NOW + timedelta(minutes=1)
    return client


def result(person, number="R-1", **facts):
    return came(person, number, at=facts.pop("at", NOW + timedelta(minutes=1)), **facts)


def page(client, row, **query):
    return body(client.get(reverse("my_result", args=[row.pk]), query))


def looked_at(row, note="", at=NOW):
    doctor = access.officer(f"doctor{row.pk}", roles=("clinician",))
    return records.review_result(
        officer=doctor, result_id=row.pk, version_id=row.shown_id, note=note, at=at
    )


def wishes(client, wish):
    return client.post(WISH, {"wish": wish})


def told(person):
    return list(Message.objects.filter(patient=person, template="account-news"))


def tell(row):
    actions.tell_of_result(result_id=row.pk, at=NOW + timedelta(minutes=2))


def test_a_final_result_is_on_the_list_and_its_page_says_what_came_in_words(person, mine):
    row = result(
        person, values=[measured("5.90", flag="H")], name="Electrolytes", conclusion="Look again."
    )

    listed, shown = body(mine.get(LIST)), page(mine, row)

    assert "Electrolytes" in listed
    assert "Outside the range" in listed
    for words in ("5.90 mmol/L", "Above the range", "3.5 to 5.1", "Look again.", "Lakeside"):
        assert words in shown
    assert "has not looked at it yet" in shown


def test_it_speaks_spanish(person, mine):
    row = result(person, values=[measured("5.90", flag="HH")])

    shown = page(mine, row, lang="es")

    assert "Muy por encima de lo usual: urgente" in shown
    assert "de 3.5 a 5.1" in shown


def test_what_is_preliminary_is_no_row_to_the_patient_whoever_asks(person, mine):
    values = [measured("4.2", id_="a"), measured("7.77", status="preliminary", id_="b")]
    take(subject(person.mrn), values[0], report("P-1", status="preliminary", results=["a"]))
    row = result(person, "P-2", values=values)

    with acting_for([person.pk]):
        assert set(Result.objects.values_list("pk", flat=True)) == {row.pk}
        assert ResultVersion.objects.only("id").count() == 1
        assert [one.value for one in ResultValue.objects.all()] == ["4.2"]
    assert "7.77" not in page(mine, row)
    hidden = Result.objects.get(number="P-1")
    assert mine.get(reverse("my_result", args=[hidden.pk])).status_code == 404


def test_of_another_patient_nothing_is_seen(person, mine):
    other = result(patient(given="Cy"), values=[measured("6.66")])
    looked_at(other, "Secret")

    assert mine.get(reverse("my_result", args=[other.pk])).status_code == 404
    assert mine.get(reverse("my_result_paper", args=[other.pk])).status_code == 404
    assert mine.get(reverse("my_new_message"), {"result": other.pk}).status_code == 404
    with acting_for([person.pk]):
        assert not Result.objects.only("id").exists()
        assert not ResultVersion.objects.only("id").exists()
        assert not ResultValue.objects.exists()
        assert not ResultReview.objects.only("id").exists()


def test_a_correction_is_shown_and_the_old_version_stays_readable(person, mine):
    row = result(person, values=[measured("4.2")])
    later = NOW + timedelta(hours=1)
    result(person, values=[measured("4.9")], at=later, status="corrected")

    newest, old = page(mine, row), page(mine, row, version=1)

    assert "4.9" in newest
    assert "Corrected" in body(mine.get(LIST))
    assert "4.2 mmol/L" in old
    assert "an earlier version" in old


def test_the_course_of_a_value_is_a_figure_and_a_table_of_the_same_unit(person, mine):
    for number, (value, unit) in enumerate([("4.1", "mmol/L"), ("41", "mg/dL"), ("4.4", "mmol/L")]):
        day = NOW - timedelta(days=30 * (3 - number))
        result(person, f"C-{number}", values=[measured(value, unit=unit)], on=day)

    row = result(person, values=[measured("4.6")], on=NOW)
    shown = page(mine, row)

    assert shown.count("<circle") == 3
    assert shown.index("4.6 mmol/L</td>") < shown.index("4.4 mmol/L</td>")
    assert "41 mg/dL" not in shown


class TestWish:
    def test_at_once_is_told_once_without_a_word_of_health_or_of_what_it_is(self, person, mine):
        row = result(person, name="Pregnancy test")

        tell(row)
        tell(row)
        looked_at(row)
        tell(row)

        [message] = told(person)
        assert "Pregnancy" not in message.body + message.subject
        assert "result" not in (message.body + message.subject).casefold()
        assert message.body.rstrip().endswith("https://clinic.example/my/")

    def test_who_was_told_at_once_hears_of_the_clinicians_word_too_and_reads_it_as_new(
        self, person, mine, now
    ):
        row = result(person)
        tell(row)
        page(mine, row)
        now["now"] += timedelta(minutes=5)

        looked_at(row, "All is well.", at=now["now"])
        tell(row)
        tell(row)

        assert len(told(person)) == 2
        assert "Read a new result" in body(mine.get(HOME))
        now["now"] += timedelta(minutes=1)
        assert "All is well." in page(mine, row)
        assert "Read a new result" not in body(mine.get(HOME))

    def test_after_my_clinician_is_told_when_they_have_looked(self, person, mine):
        assert wishes(mine, "reviewed").status_code == 302
        row = result(person)

        tell(row)
        assert told(person) == []
        looked_at(row)
        tell(row)

        assert len(told(person)) == 1

    def test_a_word_after_the_wait_is_one_telling(self, person, mine):
        wishes(mine, "reviewed")
        row = result(person)

        looked_at(row, "All is well.")
        tell(row)
        tell(row)

        assert len(told(person)) == 1

    def test_a_word_to_what_was_told_at_once_is_told_also_when_the_wish_has_changed(
        self, person, mine
    ):
        row = result(person)
        tell(row)
        wishes(mine, "reviewed")

        looked_at(row, "All is well.")
        tell(row)
        tell(row)

        assert len(told(person)) == 2

    def test_until_then_it_stands_behind_show_it_now_and_can_always_be_read(self, person, mine):
        wishes(mine, "reviewed")
        row = result(person, values=[measured("5.90", flag="H")])

        listed, first = body(mine.get(LIST)), page(mine, row)
        assert "Show it now" in listed
        assert "Outside the range" not in listed
        assert "5.90" not in first
        assert not ResultOpened.objects.exists()
        assert "new result" not in body(mine.get(HOME))

        assert "5.90" in page(mine, row, now=1)
        looked_at(row, "All is well.")
        assert "All is well." in page(mine, row)

    def test_what_stands_behind_is_in_no_course_of_another(self, person, mine):
        wishes(mine, "reviewed")
        result(person, "B-1", values=[measured("9.99")], on=NOW - timedelta(days=9))
        row = result(person, values=[measured("4.2")], on=NOW)
        looked_at(row)

        assert "9.99" not in page(mine, row)

    def test_a_preliminary_result_is_never_told_of(self, person, mine):
        take(subject(person.mrn), measured(), report(status="preliminary"))

        tell(Result.objects.get())

        assert told(person) == []

    def test_nobody_is_told_who_has_no_account_to_read_it_in(self, person, now):
        row = result(person)

        tell(row)

        assert told(person) == []

    def test_a_helper_reads_but_does_not_say_when_the_patient_is_told(self, person, mine, now):
        helper, _secret = account(person, Kind.HELPER, login="ines", parts={Part.RESULTS})
        row = result(person)

        assert "When do you want to be told" not in body(helper.get(LIST))
        wishes(helper, "reviewed")
        assert not ResultWish.objects.exists()
        assert "4.2" in page(helper, row)

    @pytest.mark.parametrize("said", ["", "never", "AT_ONCE", "reviewed'"])
    def test_nothing_else_can_be_wished(self, person, mine, said):
        wishes(mine, said)

        assert queries.wish_of(person.pk) == Wish.AT_ONCE


def test_home_says_that_there_is_a_new_one_until_it_was_read(person, mine):
    row = result(person)
    assert "Read a new result" in body(mine.get(HOME))

    page(mine, row)
    page(mine, row)

    assert "Read a new result" not in body(mine.get(HOME))
    assert Event.objects.filter(kind="portal.result_opened").count() == 1


def test_asking_about_it_begins_a_message_that_says_what_it_is_about(person, mine):
    row = result(person, name="Electrolytes")
    where = f"{reverse('my_new_message')}?result={row.pk}"

    assert escape(where) in page(mine, row)
    form = body(mine.get(where))

    assert "About: Electrolytes" in form
    assert 'value="records" checked' in form


def test_a_result_on_paper_opens_as_the_paper(person, mine):
    row = records.file_result(
        officer=access.officer("bea"), patient_id=person.pk, content=picture().read(),
        name="X-ray of the hand", on=date(2026, 2, 1), clinician_id=None, abnormal=False, at=NOW,
    )  # fmt: skip

    assert "Open the paper" in page(mine, row)
    answer = mine.get(reverse("my_result_paper", args=[row.pk]))

    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"


class TestOthers:
    def test_who_acts_for_a_patient_sees_results_only_with_that_part(self, person, now):
        without, _one = account(
            person, Kind.REPRESENTATIVE, login="proxy", parts=EVERYTHING - {Part.RESULTS}
        )
        row = result(person, name="Electrolytes")

        assert without.get(LIST).status_code == 302
        assert without.get(reverse("my_result", args=[row.pk])).status_code == 302
        assert without.get(reverse("my_result_paper", args=[row.pk])).status_code == 302
        assert reverse("my_results") not in body(without.get(HOME))
        assert 'value="results"' not in body(without.get(reverse("my_share")))
        asked = body(without.get(reverse("my_new_message"), {"result": row.pk}))
        assert "Electrolytes" not in asked

    def test_a_guest_reads_results_when_they_were_shared_and_each_look_is_noted(
        self, person, mine, now
    ):
        row = result(person, values=[measured("5.90", flag="H")])
        looked_at(row, "For Rosa")
        guest, _in = opens(shares(mine, "results"))
        other, _in = opens(shares(mine, "visits"))

        where = reverse("shared_result", args=[row.pk])
        assert reverse("shared_result", args=[row.pk]) in body(guest.get(reverse("shared_record")))
        assert "5.90" in body(guest.get(where))
        assert "5.90" not in body(other.get(where, follow=True))
        assert "5.90" not in body(Client().get(where, follow=True))
        assert AccessEvent.objects.filter(screen="portal.shared_result").exists()

    def test_a_guest_is_shown_every_result_a_page_at_a_time(self, person, mine):
        for number in range(21):
            day = NOW - timedelta(days=number)
            result(person, f"P-{number:02}", on=day, name=f"Test {number:02}")
        guest, _in = opens(shares(mine, "results"))

        first, second = (body(guest.get(reverse("shared_record"), {"results": n})) for n in (1, 2))

        assert "Test 19" in first
        assert "Test 20" not in first
        assert "?results=2" in first
        assert "Test 20" in second
        assert "?results=1" in second
        assert "?results=3" not in second

    def test_a_guest_of_other_things_is_shown_no_result_by_the_database(self, person, mine):
        result(person)

        with shown_to_guest(person.pk, ["visits"]):
            assert not Result.objects.only("id").exists()
        with shown_to_guest(person.pk, ["results"]):
            assert Result.objects.only("id").count() == 1
            assert ResultValue.objects.count() == 1


def test_the_list_and_a_page_ask_as_much_for_many_as_for_few(person, mine):
    def asked(where):
        with CaptureQueriesContext(connection) as seen:
            assert mine.get(where).status_code == 200
        return len(seen)

    row = result(person)
    page(mine, row)
    few = asked(LIST), asked(reverse("my_result", args=[row.pk]))
    for number in range(12):
        result(person, f"Q-{number}", on=NOW - timedelta(days=number))

    assert (asked(LIST), asked(reverse("my_result", args=[row.pk]))) == few
    assert few[0] <= 22
    assert few[1] <= 28


def test_the_list_is_paged(person, mine):
    for number in range(21):
        result(person, f"P-{number:02}", on=NOW - timedelta(days=number), name=f"Test {number:02}")

    first, second = body(mine.get(LIST)), body(mine.get(LIST, {"page": 2}))

    assert "Test 19" in first
    assert "Test 20" not in first
    assert "Test 20" in second


def test_a_figure_holds_its_points_and_its_range():
    days = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]

    drawn = figure(list(zip(days, [1.0, 9.0, 3.0], strict=True)), low=2.0, high=4.0)

    assert drawn is not None
    assert drawn.points[0].x < drawn.points[1].x < drawn.points[2].x
    assert drawn.points[1].y < drawn.points[2].y < drawn.points[0].y
    top, height = drawn.band
    assert top < drawn.points[2].y < top + height
    assert figure([(days[0], 1.0)], low=None, high=None) is None
    assert figure([(days[0], 1.0), (days[0], 1.0)], low=None, high=None) is not None
