"""The clinic's forms: drafted, changed, published whole and in both languages, and asked for."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.patients.tests.make import patient as a_patient
from almoner.records import actions, queries
from almoner.records.models import Form, FormRule, FormVersion
from almoner.records.rules import Kind, Words
from almoner.records.tests import make

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WORDS = {"en": "Ask?", "es": "¿Pregunta?"}


@pytest.fixture
def bea(db):
    """Who reads what ada wrote, and publishes it."""
    reader = Client()
    reader.force_login(access.officer("bea-who-reads", roles=("manager",)), backend=BACKEND)
    return reader


def publish(reader, form):
    """As the page of the draft does it."""
    sent = {"edition": queries.design(form.pk).edition}
    return reader.post(at("publish_form", form.pk), sent, follow=True)


@pytest.fixture
def ada(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.NOW)
    officer = access.officer("ada-who-designs", roles=("administrator",))
    client.force_login(officer, backend=BACKEND)
    return officer


def at(name, *arguments):
    return reverse(name, args=arguments)


def text(response):
    return " ".join(response.content.decode().split())


def drafted(client, code="intake"):
    said = {"code": code, "en": "Intake", "es": "Ingreso"}
    client.post(at("new_form"), said)
    return Form.objects.get(code=code)


def test_the_shipped_forms_are_taken_and_listed(client, ada):
    assert "Take the forms that come with the house" in text(client.get(at("form_list")))

    page = text(client.post(at("ship_forms"), follow=True))

    assert "7 forms are in use now." in page
    assert "Notice of privacy practices" in page


def test_the_list_costs_the_same_however_many_forms(client, ada, django_assert_max_num_queries):
    make.ship()
    for number in range(10):
        drafted(client, f"intake{number}")

    with django_assert_max_num_queries(9):
        client.get(at("form_list"))


def test_a_form_is_built_previewed_and_published_by_another_and_then_asked_for(client, ada, bea):
    form = drafted(client)
    client.post(at("add_item", form.pk), WORDS | {"kind": "group", "after": ""})
    client.post(at("add_item", form.pk), WORDS | {"kind": "choice", "after": "q1"})
    item = {
        "en": "How?", "es": "¿Cómo?", "required": "on", "edition": "3", "code0": "well",
        "en0": "Well", "es0": "Bien", "points0": "1", "any_of": "", "field": "",
    }  # fmt: skip

    saved = client.post(at("form_item", form.pk, "q2"), item)
    preview = text(client.get(at("form_preview", form.pk) + "?lang=es"))
    done = text(publish(bea, form))
    client.post(at("add_form_rule", form.pk), {"age_from": "18", "holds_days": "30"})

    assert saved["Location"].endswith("#item-q2")
    assert "¿Cómo?" in preview
    assert "Bien" in preview
    assert "Published" in done
    [rule] = FormRule.objects.all()
    assert (rule.age_from, rule.holds_days, rule.visit_type, rule.when_replaced) == (
        18, 30, None, False,
    )  # fmt: skip
    due = queries.due_of(a_patient().pk, visit_type_id=None, on=make.TODAY)
    assert [each.code for each in due] == ["intake"]
    kinds = list(Event.objects.filter(kind__startswith="records.").values_list("kind", flat=True))
    assert kinds[0] == "records.drafted"
    assert kinds[-2:] == ["records.published", "records.assigned"]


def test_nothing_is_published_that_lacks_spanish_or_is_wrong_and_each_item_says_so(
    client, ada, bea
):
    form = drafted(client)
    client.post(at("add_item", form.pk), {"kind": "string", "en": "Only English", "es": ""})

    page = publish(bea, form)

    assert page.status_code == 422
    for said in ("Not published yet", "Spanish is missing.", "so it could be signed blank"):
        assert said in text(page)
    assert not FormVersion.objects.filter(published_at__isnull=False).exists()


def test_a_published_version_is_replaced_by_a_draft_of_the_next(client, ada, bea):
    make.ship()
    form = make.form("consent_to_treat")
    client.post(at("draft_form", form.pk))
    client.post(at("draft_form", form.pk))  # one draft, however often

    client.post(at("retitle_form", form.pk), {"en": "Consent, anew", "es": "Consentimiento"})

    assert queries.in_use([form.pk])[form.pk].title.en == "Consent to treatment"
    publish(bea, form)
    in_use = queries.in_use([form.pk])[form.pk]
    assert (in_use.number, in_use.title.en) == (2, "Consent, anew")
    assert FormVersion.objects.get(form=form, number=1).body["title"] == "Consent to treatment"
    with pytest.raises(actions.NoDraft):
        actions.retitle(officer=ada, form_id=form.pk, title=Words("x", "x"), at=make.NOW)


def test_nobody_publishes_what_they_wrote_in_and_the_page_says_who_did(client, ada, bea):
    form = drafted(client)
    client.post(at("add_item", form.pk), WORDS | {"kind": "string"})

    mine = text(client.get(at("form_design", form.pk)))
    assert at("publish_form", form.pk) not in mine
    assert "Somebody who did not write in it reads it in both languages and publishes it." in mine
    assert "Whoever wrote in it does not publish it." in text(publish(client, form))
    assert at("publish_form", form.pk) in text(bea.get(at("form_design", form.pk)))

    bea.post(at("add_item", form.pk), WORDS | {"kind": "string"})  # now it is hers too
    assert "Whoever wrote in it does not publish it." in text(publish(bea, form))
    assert not FormVersion.objects.filter(published_at__isnull=False).exists()


def test_a_draft_that_has_changed_since_it_was_read_is_not_published(client, ada, bea):
    form = drafted(client)
    client.post(at("add_item", form.pk), WORDS | {"kind": "string", "required": "on"})
    read = queries.design(form.pk).edition
    client.post(at("retitle_form", form.pk), {"en": "Another", "es": "Otro"})

    bea.post(at("publish_form", form.pk), {"edition": read})

    assert queries.in_use([form.pk]) == {}


def test_the_database_keeps_who_wrote_and_that_another_publishes(client, ada):
    rows = FormVersion.objects.filter(form=drafted(client))

    for change, rule in (
        ({"published_at": make.NOW, "published_by_id": ada.pk}, "form_published_by_another"),
        ({"published_at": make.NOW}, "form_published_by_another"),
        ({"authors": []}, "records_formversion_authors_stay"),
    ):
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            rows.update(**change)
        assert violated(refused.value, rule)


def test_items_are_moved_and_removed(client, ada):
    form = drafted(client)
    for _ in range(3):
        client.post(at("add_item", form.pk), WORDS | {"kind": "string"})

    client.post(at("move_item", form.pk, "q3"), {"way": "up"})
    client.post(at("remove_item", form.pk, "q1"))

    found = [line.item.link_id for line in queries.design(form.pk).outline]
    assert found == ["q3", "q2"]


def test_two_who_change_one_item_do_not_overwrite_one_another(client, ada):
    form = drafted(client)
    client.post(at("add_item", form.pk), WORDS | {"kind": "string"})
    stale = {"en": "Mine", "es": "Mío", "edition": "1", "any_of": "", "field": ""}

    page = client.post(at("form_item", form.pk, "q1"), stale)

    assert page.status_code == 422
    assert "Somebody else changed this draft." in text(page)
    assert "Mine" in text(page)
    assert queries.design(form.pk).item("q1").words.en == "Ask?"


def test_a_short_name_is_taken_once(client, ada):
    drafted(client)

    page = client.post(at("new_form"), {"code": "intake", "en": "Another", "es": "Otro"})

    assert page.status_code == 422
    assert "Another form has this short name." in text(page)


def test_what_is_no_short_name_is_said_in_plain_words(client, ada):
    page = client.post(at("new_form"), {"code": "flu shot", "en": "Flu shot", "es": "Vacuna"})

    assert page.status_code == 422
    assert "Write it in letters, digits, - and _, without blanks." in text(page)
    assert "slug" not in text(page)


def test_a_title_is_one_line_that_enter_sends(client, ada):
    page = text(client.get(at("new_form")))

    assert re.findall(r'<input[^>]* name="(en|es)"', page) == ["en", "es"]


def test_a_draft_is_thrown_away_and_what_was_never_published_is_gone(client, ada):
    make.ship()
    consent, never = make.form("consent_to_treat"), drafted(client)
    client.post(at("draft_form", consent.pk))
    client.post(at("add_form_rule", never.pk), {"age_from": "18"})

    for form in (consent, never):
        client.post(at("discard_draft", form.pk))

    assert not FormVersion.objects.filter(published_at__isnull=True).exists()
    assert not Form.objects.filter(pk=never.pk).exists()
    assert client.post(at("discard_draft", consent.pk)).status_code == 302


def test_a_form_that_is_retired_is_due_no_more_until_it_is_used_again(client, ada):
    make.ship()
    form, cy = make.form("consent_to_treat"), a_patient()

    def due():
        return {each.code for each in queries.due_of(cy.pk, visit_type_id=None, on=make.TODAY)}

    client.post(at("form_used", form.pk), {"used": ""})
    assert "consent_to_treat" not in due()
    client.post(at("form_used", form.pk), {"used": "1"})
    assert "consent_to_treat" in due()
    client.post(at("end_form_rule", FormRule.objects.get(form=form).pk))
    assert "consent_to_treat" not in due()


def test_a_rule_is_about_a_type_of_visit_and_its_ages_are_in_order(client, ada):
    make.ship()
    form = make.form("northlight_week")
    kind = facility.visit_type("Therapy")

    refused = client.post(at("add_form_rule", form.pk), {"age_from": "9", "age_to": "3"})
    client.post(at("add_form_rule", form.pk), {"visit_type": str(kind.pk)})

    assert refused.status_code == 422
    assert "Therapy" in text(client.get(at("form_design", form.pk)))


def test_what_is_published_has_no_page_to_change_an_item(client, ada):
    make.ship()
    form = make.form("consent_to_treat")

    assert client.get(at("form_item", form.pk, "agree")).status_code == 404
    page = client.post(at("add_item", form.pk), WORDS | {"kind": "string"}, follow=True)
    assert "That had changed meanwhile" in text(page)


def test_the_desk_designs_no_forms(client):
    officer = access.officer("ana-at-the-desk")

    with pytest.raises(PermissionDenied):
        actions.add_item(
            officer=officer, form_id=1, kind=Kind.STRING, words=Words("a", "b"), after="",
            at=make.NOW,
        )  # fmt: skip


def test_it_says_when_a_line_is_asked_and_where_it_stands(client, ada):
    make.ship()
    form = make.form("registration")
    client.post(reverse("draft_form", args=[form.pk]))

    page = " ".join(client.get(reverse("form_design", args=[form.pk])).content.decode().split())

    city = page.partition(">City</a>")[0].rpartition("<tr")[2]
    assert "only when Street and number is answered" in city
    assert 'data-depth="1"' in city
