"""What is changed on a set-up page is written down: who, which row, which fields."""

import pytest
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.coverage.models import Payer
from almoner.ground.models import Event

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def ada(client):
    officer = access.officer("ada", roles=("administrator",))
    client.force_login(officer, backend=BACKEND)
    return officer


@pytest.fixture
def payer():
    return Payer.objects.create(
        name="Harbor Health", payer_id="HARBR", kind="ppo", claim_filing="12"
    )


def typed(client, where, **changed):
    """The page's form as a browser sends it back."""
    form = client.get(where).context["adminform"].form
    facts = {name: form[name].value() for name in form.fields}
    plans = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}
    facts |= {f"plans-{name}": value for name, value in plans.items()} | changed
    return {name: "" if value is None else value for name, value in facts.items()}


def test_a_changed_row_is_one_event_with_its_fields_and_stands_in_its_history(client, ada, payer):
    where = reverse("admin:coverage_payer_change", args=[payer.pk])

    answer = client.post(where, typed(client, where, name="Harbor Mutual"))

    assert answer.status_code == 302
    event = Event.objects.get(kind__contains=".setup_")
    assert (event.kind, event.by_id, event.about_kind, event.about_id) == (
        "coverage.setup_changed", ada.pk, "payer", payer.pk,
    )  # fmt: skip
    assert event.data["changes"] == [{"changed": {"fields": ["Name"]}}]
    history = client.get(reverse("admin:coverage_payer_history", args=[payer.pk]))
    assert "Name" in history.content.decode()
    assert ada.name in history.content.decode()


def test_an_added_and_a_deleted_row_are_one_event_each(client, ada):
    where = reverse("admin:coverage_payer_add")
    client.post(
        where,
        typed(client, where, name="Lake Mutual", payer_id="LAKEM", kind="hmo", claim_filing="HM"),
    )
    payer = Payer.objects.get()

    client.post(reverse("admin:coverage_payer_delete", args=[payer.pk]), {"post": "yes"})

    assert not Payer.objects.exists()
    noted = Event.objects.filter(kind__contains=".setup_")
    assert list(noted.order_by("id").values_list("kind", "about_id")) == [
        ("coverage.setup_added", payer.pk),
        ("coverage.setup_deleted", payer.pk),
    ]


def test_a_change_that_cannot_be_written_down_is_not_made(client, ada, payer, monkeypatch):
    where = reverse("admin:coverage_payer_change", args=[payer.pk])
    asked = typed(client, where, name="Harbor Mutual")

    def full(*_args, **_facts):
        raise OSError

    monkeypatch.setattr("almoner.ground.events.record", full)
    with pytest.raises(OSError):  # noqa: PT011 (our own)
        client.post(where, asked)

    payer.refresh_from_db()
    assert payer.name == "Harbor Health"
