"""Words of the set-up: one writes them, another signs them, and only then do they count."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.ground.constraints import violated
from almoner.relations import actions, queries
from almoner.relations.actions import TextRefusal
from almoner.relations.models import Macro
from almoner.relations.rules import Kind
from almoner.relations.tests.make import NOON

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BODY = "Hello {name}, please call us: {phone}."


@pytest.fixture
def ada():
    return access.officer("ada", roles=("administrator",))


@pytest.fixture
def mara():
    return access.officer("mara", roles=("administrator",))


def browser(officer):
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client


def write(officer, body=BODY, *, row=None):
    """As the page of the set-up does it."""
    typed = {"name": "Call us", "language": "en", "kind": "", "roles": "", "body": body}
    name = "admin:relations_macro_change" if row else "admin:relations_macro_add"
    answer = browser(officer).post(reverse(name, args=[row.pk] if row else []), typed)
    assert answer.status_code == 302, answer.content.decode()
    return Macro.objects.get(name="Call us")


def sign(officer, row, *, seen=None):
    seen = seen or queries.seen_words(row)
    return actions.sign_words(officer=officer, code="macro", row_id=row.pk, seen=seen, at=NOON)


def usable(officer):
    rows = queries.macros(officer, language="en", kinds=[Kind.TASK])
    return {row.name: row.said("body") for row in rows}


def test_a_canned_answer_is_used_once_another_has_signed_it(ada, mara):
    row = write(ada)
    assert "Call us" not in usable(mara)

    sign(mara, row)

    assert usable(mara)["Call us"] == BODY
    row.refresh_from_db()
    assert (row.authors, row.signed_by_id, row.waits) == ([ada.pk], mara.pk, False)


def test_what_was_signed_goes_on_to_hold_while_new_words_wait(ada, mara):
    sign(mara, write(ada))
    row = write(mara, "Anew {name}", row=Macro.objects.get(name="Call us"))
    assert usable(ada)["Call us"] == BODY
    assert row.authors == [mara.pk]
    write(ada, "Anew, {name}", row=row)
    row.refresh_from_db()
    assert row.authors == sorted([ada.pk, mara.pk])  # a comma makes an author

    for each in (ada, mara):
        with pytest.raises(actions.TextRefused) as refused:
            sign(each, row)
        assert refused.value.reason == TextRefusal.OWN
    sign(access.officer("zoe", roles=("manager",)), row)
    assert usable(ada)["Call us"] == "Anew, {name}"


def test_what_came_with_the_house_counts_and_a_change_of_other_columns_is_no_authorship(ada):
    shipped = Macro.objects.order_by("id").first()
    assert not shipped.waits
    assert shipped.said("body") == shipped.body

    typed = {"name": "Renamed", "language": shipped.language, "kind": "", "roles": "",
             "body": shipped.body}  # fmt: skip
    browser(ada).post(reverse("admin:relations_macro_change", args=[shipped.pk]), typed)

    shipped.refresh_from_db()
    assert (shipped.name, shipped.authors, shipped.waits) == ("Renamed", [], False)


def test_words_that_changed_since_are_wrong_or_do_not_wait_are_not_signed(ada, mara):
    row = write(ada, "Dear {diagnosis}")
    for seen, reason in ((None, TextRefusal.FAULTY), ("older", TextRefusal.CHANGED)):
        with pytest.raises(actions.TextRefused) as refused:
            sign(mara, row, seen=seen)
        assert refused.value.reason == reason
    row = write(ada, row=row)
    sign(mara, row)
    with pytest.raises(actions.TextRefused) as refused:
        sign(mara, row)
    assert refused.value.reason == TextRefusal.GONE
    with pytest.raises(PermissionDenied):
        sign(access.officer("eve", roles=("officer",)), row)


def test_the_database_lets_nobody_sign_their_own_words_or_hide_that_they_wrote_them(ada, mara):
    row = write(ada)
    mine = {"signed": row.words, "signed_at": NOON}

    for change, rule in (
        (mine | {"signed_by_id": ada.pk}, "words_signed_by_another"),
        (mine, "words_signed_by_another"),
        (mine | {"signed_by_id": mara.pk, "authors": []}, "words_signed_by_another"),
        (mine | {"signed_by_id": mara.pk, "body": "Else"}, "words_signed_by_another"),
        ({"signed": {"body": "Else"}, "signed_at": NOON, "signed_by_id": mara.pk},
         "words_signed_by_another"),
        ({"authors": [mara.pk]}, "words_have_an_author"),
    ):  # fmt: skip
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Macro.objects.filter(pk=row.pk).update(**change)
        assert violated(refused.value, rule)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Macro.objects.exclude(pk=row.pk).update(body="Else")
    assert violated(refused.value, "words_have_an_author")


def test_the_page_shows_what_waits_as_it_reads_and_lets_another_sign(
    ada, mara, django_assert_max_num_queries
):
    row = write(ada, "Your lab results are here, {name}.")
    where = reverse("sign_words", args=["macro", row.pk])
    own = browser(ada).get(reverse("words_to_sign")).content.decode()
    assert where not in own
    assert "Somebody who did not write it signs it." in own

    reader = browser(mara)
    with django_assert_max_num_queries(12):
        page = reader.get(reverse("words_to_sign")).content.decode()
    assert where in page
    assert "Your lab results are here, Cy Young." in page
    assert "may tell of health" in page
    assert "1 of the set-up to sign" in reader.get(reverse("text_list")).content.decode()
    reader.post(where, {"seen": queries.seen_words(row)})

    assert usable(mara)["Call us"] == row.body
    assert "Nothing waits to be signed" in reader.get(reverse("words_to_sign")).content.decode()
    assert browser(access.officer("eve", roles=("officer",))).get(
        reverse("words_to_sign")
    ).status_code == 403  # fmt: skip
