"""The set-up pages, which Django's admin runs: who may come in, and what they are asked."""

from datetime import date, time
from http import HTTPStatus

import pytest
from django.contrib.admin import site
from django.db import connection
from django.forms import IntegerField
from django.urls import reverse

from almoner.access.tests import make
from almoner.billing.models import FilingTerms, StatementTerms
from almoner.coverage.models import Payer
from almoner.facility.models import Organisation, WeeklyHours
from almoner.facility.tests import make as facility
from almoner.ground.forms import TypedMoney

pytestmark = pytest.mark.django_db


def test_administrator_finds_every_set_up_table(client):
    client.force_login(make.officer("ada", roles=("administrator",)))

    page = client.get(reverse("admin:index"))

    assert page.status_code == HTTPStatus.OK
    for table in (
        "facility/location",
        "facility/visittype",
        "facility/weeklyhours",
        "coverage/payer",
    ):
        assert table in page.content.decode()


def test_set_up_pages_stand_under_the_one_policy_and_bring_no_script_of_their_own(client):
    client.force_login(make.officer("ada", roles=("administrator",)))

    pages = [client.get(reverse("admin:index")), client.get(reverse("admin:coverage_payer_add"))]

    for page in pages:
        policy = page.headers["Content-Security-Policy"]
        assert "script-src 'nonce-" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy
        assert "/admin/js/" not in page.content.decode()
        assert "jsi18n" not in page.content.decode()


def test_dates_and_times_are_typed_as_everywhere(client):
    client.force_login(make.officer("ada", roles=("administrator",)))
    place = facility.location()
    ng = facility.clinician()

    answer = client.post(
        reverse("admin:facility_weeklyhours_add"),
        {
            "clinician": ng.pk, "location": place.pk, "weekday": 2, "starts": "830",
            "ends": "12:15p", "valid_from": "3/4/2026", "valid_until": "",
        },
    )  # fmt: skip

    assert answer.status_code == HTTPStatus.FOUND, answer.context["adminform"].form.errors
    hours = WeeklyHours.objects.get()
    assert (hours.starts, hours.ends) == (time(8, 30), time(12, 15))
    assert hours.valid_from == date(2026, 3, 4)


def test_plans_are_changed_with_their_payer_one_row_more_at_a_time(client):
    client.force_login(make.officer("ada", roles=("administrator",)))
    payer = Payer.objects.create(
        name="Blue Harbor", payer_id="BLUEH", kind="hmo", claim_filing="HM"
    )
    page = client.get(reverse("admin:coverage_payer_change", args=[payer.pk]))
    form = page.context["adminform"].form
    facts = {name: form[name].value() for name in form.fields if form[name].value()}
    rows = page.context["inline_admin_formsets"][0].formset
    facts |= {f"{rows.prefix}-{name}": rows.management_form[name].value()
              for name in rows.management_form.fields}  # fmt: skip

    first = {f"{rows.prefix}-0-name": "Harbor HMO", f"{rows.prefix}-0-payer": payer.pk}
    network = rows.forms[0].fields["network"].choices[-1][0]
    sent = facts | first | {f"{rows.prefix}-0-network": network}
    answer = client.post(page.request["PATH_INFO"], sent)

    assert answer.status_code == HTTPStatus.FOUND, answer.context["errors"]
    assert [plan.name for plan in payer.plans.all()] == ["Harbor HMO"]


def test_front_desk_is_sent_back_to_its_own_first_page(client):
    client.force_login(make.officer("ana"))

    page = client.get(reverse("admin:index"), follow=True)

    assert page.redirect_chain[-1][0] != reverse("admin:index")
    assert b"facility/location" not in page.content


def test_stranger_signs_in_at_the_one_door(client):
    page = client.get(reverse("admin:index"), follow=True)

    assert page.redirect_chain[-1][0].startswith(reverse("account_login"))


CLINIC = {
    "name": "Oak Clinic", "npi": "1234567893", "tax_id": "999000222", "taxonomy": "261QP2300X",
    "address_line": "1 Oak Street", "city": "Madison", "state": "WI", "zip_code": "53703",
    "phone": "+16085550100", "time_zone": "America/Chicago",
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("npi", "1234567890", "not an NPI"),
        ("taxonomy", "FAMILY", "ten characters"),
        ("tax_id", "99-900022", "Nine digits"),
        ("zip_code", "53703-000", "Five digits or nine"),
        ("state", "wi", "Two capital letters"),
        ("time_zone", "America/Chicgo", "No time zone of that name"),
        ("time_zone", "CST6CDT,M3.2.0,M11.1.0", "No time zone of that name"),
    ],
)
def test_what_would_hold_every_claim_or_lay_out_no_day_is_refused_where_it_is_typed(
    field, wrong, said, client
):
    client.force_login(make.officer("ada", roles=("administrator",)))

    page = client.post(reverse("admin:facility_organisation_add"), CLINIC | {field: wrong})

    assert said in page.content.decode()
    assert not Organisation.objects.exists()


def test_the_organisation_is_row_one_even_when_the_counter_went_on(client):
    client.force_login(make.officer("ada", roles=("administrator",)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('facility_organisation', 'id'))")

    page = client.post(reverse("admin:facility_organisation_add"), CLINIC)

    assert page.status_code == HTTPStatus.FOUND
    assert Organisation.objects.get().pk == 1


def test_terms_are_entered_and_charges_are_looked_at_only(client):
    client.force_login(make.officer("ada", roles=("administrator",)))
    filing = {"starts": "2026-01-01", "initial_days": 90, "corrected_days": 60, "appeal_days": 45}
    mailing = {"starts": "2026-01-01", "smallest_cents": "5", "due_days": 21, "again_days": 30}

    client.post(reverse("admin:billing_filingterms_add"), filing)
    client.post(reverse("admin:billing_statementterms_add"), mailing)

    assert FilingTerms.objects.get().initial_days == 90
    assert StatementTerms.objects.get().smallest_cents == 500
    listed = client.get(reverse("admin:billing_chargeitem_changelist"))
    assert listed.status_code == HTTPStatus.OK
    added = client.post(reverse("admin:billing_chargeitem_add"), {"code": "ZZ101"})
    assert added.status_code == HTTPStatus.FORBIDDEN


def test_there_is_one_page_to_change_a_password_on(client):
    client.force_login(make.officer("ada", roles=("administrator",)))

    assert client.get("/setup/password_change/").url == reverse("change_password")


def forms_of_set_up(client):
    """Every form of the set-up: what it is of, and its fields by name."""
    for model in site._registry:
        where = f"admin:{model._meta.app_label}_{model._meta.model_name}_add"
        page = client.get(reverse(where))
        if page.status_code == HTTPStatus.OK:
            yield model._meta.label, page.context["adminform"].form.fields


def test_no_set_up_form_asks_for_a_bare_number(client):
    client.force_login(make.officer("ada", roles=("administrator",)))

    asked = [
        (of, name, field)
        for of, fields in forms_of_set_up(client)
        for name, field in fields.items()
        if isinstance(field, IntegerField | TypedMoney)
    ]

    assert len(asked) >= 14
    bare = [(of, name) for of, name, field in asked if not (field.help_text or "(" in field.label)]
    assert bare == []
    raw = [(of, name) for of, name, field in asked if field.label == name.replace("_", " ")]
    assert raw == []


VISIT = {
    "code": "short", "name": "Short visit", "minutes": 10, "buffer_before": 0, "buffer_after": 0,
    "align_minutes": 5, "service_type": "98", "notice_minutes": 0, "horizon_days": 180,
    "overbook_lanes": 0, "hue": 210,
}  # fmt: skip


def test_a_check_names_the_fields_it_is_about_in_words(client):
    client.force_login(make.officer("ada", roles=("administrator",)))
    room = facility.room(facility.location())

    visit = client.post(reverse("admin:facility_visittype_add"), VISIT | {"minutes": 7})
    again = client.post(
        reverse("admin:facility_room_add"),
        {"location": room.location_id, "name": room.name, "kind": "exam", "active": "on"},
    )

    assert "steps of 5 minutes, and the length from 5 to 480" in visit.content.decode()
    assert "another room of this location has it already" in again.content.decode()
    for page in (visit, again):
        assert "Constraint" not in page.content.decode()


def test_an_amount_of_the_set_up_is_typed_and_shown_in_dollars(client):
    client.force_login(make.officer("ada", roles=("administrator",)))
    StatementTerms.objects.create(
        starts="2026-01-01", smallest_cents=1250, due_days=21, again_days=30
    )

    listed = client.get(reverse("admin:billing_statementterms_changelist")).content.decode()
    terms = StatementTerms.objects.get()
    page = client.get(reverse("admin:billing_statementterms_change", args=[terms.pk]))

    assert "$12.50" in listed
    assert page.context["adminform"].form["smallest_cents"].value() == "12.50"
