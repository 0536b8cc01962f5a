"""Lists of cases that are kept: renamed, shared with a desk, and removed, by whom."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.ground.constraints import violated
from almoner.relations import actions
from almoner.relations.models import DeskLead, SavedView
from almoner.relations.queries import lists
from almoner.relations.rules import Desk

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("clinic")


@pytest.fixture
def bea(db):
    return access.officer("bea")


def kept(officer, name="Late", **narrowed):
    return actions.save_view(officer=officer, name=name, narrowed=narrowed or {"show": "overdue"})


def names(officer):
    return [each.name for each in lists.saved(officer)]


def refused(act, **facts):
    with pytest.raises(actions.CaseRefused) as error:
        act(**facts)
    return error.value.reason


def test_a_list_is_ones_own_until_it_is_shared_with_a_desk_one_works_at(ana, bea):
    view = kept(ana)
    assert (names(ana), names(bea)) == (["Late"], [])

    actions.share_view(officer=ana, view_id=view.pk, desk=Desk.FRONT)

    [line] = lists.saved(bea)
    assert (line.mine, line.by, line.desk, line.may_remove) == (False, ana.name, "front", False)
    bill = access.officer("bill", roles=["biller"])
    assert names(bill) == []
    assert refused(actions.share_view, officer=ana, view_id=view.pk, desk=Desk.BILLING) == (
        "not_yours"
    )


def test_only_whose_list_it_is_renames_and_shares_it(ana, bea):
    view = kept(ana)
    actions.share_view(officer=ana, view_id=view.pk, desk=Desk.FRONT)

    assert refused(actions.rename_view, officer=bea, view_id=view.pk, name="Mine") == "not_yours"
    assert refused(actions.share_view, officer=bea, view_id=view.pk, desk=None) == "not_yours"
    assert refused(actions.remove_view, officer=bea, view_id=view.pk) == "not_yours"
    actions.rename_view(officer=ana, view_id=view.pk, name="  Too   late ")
    assert names(bea) == ["Too late"]


def test_who_leads_the_desk_takes_a_list_from_it_and_it_stays_with_whoever_keeps_it(ana, bea):
    DeskLead.objects.update_or_create(desk=Desk.FRONT, defaults={"officer": bea})
    view = kept(ana)
    actions.share_view(officer=ana, view_id=view.pk, desk=Desk.FRONT)

    actions.remove_view(officer=bea, view_id=view.pk)

    assert (names(ana), names(bea)) == (["Late"], [])


def test_whoever_keeps_it_removes_it_for_everybody(ana, bea):
    view = kept(ana)
    actions.share_view(officer=ana, view_id=view.pk, desk=Desk.FRONT)

    actions.remove_view(officer=ana, view_id=view.pk)

    assert not SavedView.objects.exists()
    assert refused(actions.remove_view, officer=ana, view_id=view.pk) == "not_now"


def test_two_lists_of_a_desk_never_have_one_name(ana, bea):
    first, second = kept(ana), kept(bea)
    actions.share_view(officer=ana, view_id=first.pk, desk=Desk.FRONT)

    assert refused(actions.share_view, officer=bea, view_id=second.pk, desk=Desk.FRONT) == (
        "name_taken"
    )
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        SavedView.objects.filter(pk=second.pk).update(desk=Desk.FRONT)
    assert violated(error.value, "saved_view_of_desk_once")
    other = kept(ana, "Others")
    assert refused(actions.rename_view, officer=ana, view_id=other.pk, name="Late") == "name_taken"


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [({"desk": "x"}, "saved_view_desk_known"), ({"name": " "}, "saved_view_has_a_name")],
)
def test_the_database_keeps_desk_and_name(ana, wrong, constraint):
    view = kept(ana)

    with pytest.raises(IntegrityError) as error, transaction.atomic():
        SavedView.objects.filter(pk=view.pk).update(**wrong)

    assert violated(error.value, constraint)


def test_nobody_keeps_more_lists_than_are_shown(ana):
    for number in range(lists.MOST):
        kept(ana, f"List {number}")

    assert refused(kept, officer=ana, name="One more") == "too_many"
    kept(ana, "List 0", show="mine")  # the same name again is that list anew
    assert len(lists.saved(ana)) == lists.MOST


@pytest.mark.django_db(transaction=True)
def test_of_two_who_share_under_one_name_at_once_one_is_told(ana, bea):
    views = [(ana, kept(ana).pk), (bea, kept(bea).pk)]

    def share(each):
        officer, view_id = each
        try:
            actions.share_view(officer=officer, view_id=view_id, desk=Desk.FRONT)
        except actions.CaseRefused as error:
            return error.reason
        finally:
            connection.close()
        return "shared"

    with ThreadPoolExecutor(2) as both:
        ends = sorted(both.map(share, views))

    assert ends == ["name_taken", "shared"]
    assert SavedView.objects.filter(desk=Desk.FRONT).count() == 1


def test_many_lists_ask_as_many_questions_as_one(ana, django_assert_num_queries):
    for number in range(10):
        actions.share_view(officer=ana, view_id=kept(ana, f"List {number}").pk, desk=Desk.FRONT)

    with django_assert_num_queries(4):
        lists.saved(ana)


def test_by_the_page_a_list_is_renamed_shared_and_removed(client, ana, bea):
    client.force_login(ana)
    view = kept(ana)

    def post(route, **facts):
        return client.post(reverse(route, args=[view.pk]), facts, headers=HTMX)

    assert post("rename_list", name="Too late").headers["HX-Refresh"] == "true"
    assert post("share_list", desk="front").headers["HX-Refresh"] == "true"
    page = client.get(reverse("cases")).content.decode()
    assert 'data-opens="kept-lists"' in page
    client.force_login(bea)
    assert "HX-Refresh" not in post("remove_list").headers
    assert ana.name in client.get(reverse("cases")).content.decode()
    client.force_login(ana)
    assert post("remove_list").headers["HX-Refresh"] == "true"
    assert not SavedView.objects.exists()
