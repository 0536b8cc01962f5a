"""The pages on which pairs of records are settled, through their doors."""

from datetime import date

import pytest

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.ground import clock, shell
from almoner.patients import actions
from almoner.patients.models import Decision, Pair
from almoner.patients.tests import make

pytestmark = pytest.mark.django_db
LIST = "/patients/duplicates/"


@pytest.fixture
def pair():
    """Cy, registered twice."""
    make.patient()
    make.patient(given="Cyrus", birth_date=date(1985, 4, 3), addresses=())
    return Pair.objects.get()


def settle(client, pair, said, **more):
    return client.post(f"{LIST}{pair.pk}/", {"said": said, **more})


def test_the_list_shows_both_side_by_side_with_why_and_is_logged_as_the_work_it_is(
    client, ana, pair
):
    text = client.get(LIST).content.decode()

    for record in (pair.lower, pair.higher):
        assert record.mrn in text
        assert f"/patients/{record.pk}/?for=pair:{pair.pk}" in text
    assert "Birth date: same numbers, day and month swapped" in text
    assert "Phone: the same" in text
    assert "555-0117" not in text
    event = AccessEvent.objects.get()
    assert sorted(event.patient_ids) == [pair.lower_id, pair.higher_id]
    assert (event.reason_kind, event.grade) == ("likely duplicates", "B")


@pytest.mark.parametrize(("said", "same"), [("same", True), ("different", False)])
def test_settling_goes_on_to_the_next_and_offers_to_take_it_back(client, ana, pair, said, same):
    answer = client.post(f"{LIST}{pair.pk}/", {"said": said}, follow=True)

    assert answer.redirect_chain == [(LIST, 302)]
    text = answer.content.decode()
    assert "Nothing to settle" in text
    undo = f"/patients/{pair.lower_id}/undecide/{pair.higher_id}/"
    assert undo in text
    assert Decision.objects.get().same is same

    back = client.post(undo, headers={"HX-Request": "true"})

    assert back.headers["HX-Refresh"] == "true"
    assert not Decision.objects.exists()
    assert Pair.objects.count() == 1


def test_a_pair_somebody_else_has_settled_is_told_and_changes_nothing(client, ana, pair):
    bea = access.officer("bea")
    actions.not_the_same(officer=bea, one_id=pair.lower_id, other_id=pair.higher_id, at=clock.now())

    answer = client.post(f"{LIST}{pair.pk}/", {"said": "same"}, follow=True)

    assert "settled that pair meanwhile" in answer.content.decode()
    assert Decision.objects.get().same is False


def test_nonsense_settles_nothing(client, ana, pair):
    assert settle(client, pair, "perhaps").status_code == 404
    assert client.get(f"{LIST}?from=-1").status_code == 200
    assert client.get(f"{LIST}?from=abc").status_code == 200
    assert Pair.objects.count() == 1


def test_after_settling_the_place_in_the_list_is_kept(client, ana, pair):
    assert settle(client, pair, "different", **{"from": "3"})["Location"] == f"{LIST}?from=3"


def test_a_pair_left_for_now_is_stepped_over(client, ana, pair):
    assert f'href="?from=1" {"data-key"}="n"' in client.get(LIST).content.decode()

    text = client.get(f"{LIST}?from=1").content.decode()

    assert "No more pairs from here on." in text
    assert pair.lower.mrn not in text


def test_the_first_page_tells_of_pairs_only_when_there_are_any_and_one_may_settle_them(
    client, ana, pair
):
    biller = access.officer("bill", roles=("biller",))
    assert "1 pair of records may be one person’s." in client.get("/").content.decode()  # noqa: RUF001

    client.force_login(biller)
    assert "Likely duplicates" not in client.get("/").content.decode()

    client.force_login(ana)
    settle(client, pair, "different")
    assert "Likely duplicates" not in client.get("/").content.decode()
    assert not AccessEvent.objects.exists()


def test_ctrl_k_leads_to_the_list(client, ana):
    assert LIST in client.post("/accounts/palette/", {"q": "dupl"}).content.decode()
    assert any(hit.url == LIST for hit in _doing(client, "same person"))


def _doing(client, typed):
    groups = client.post("/accounts/palette/", {"q": typed}).context["groups"]
    return [hit for group in groups for hit in group.hits if isinstance(hit, shell.Hit)]


def test_the_record_shows_its_double_what_was_said_and_lets_it_be_taken_back(client, ana, pair):
    one, other = pair.lower_id, pair.higher_id
    panel = f"/patients/{one}/panels/duplicates/"
    assert f"/patients/{one}/same/{other}/" in client.get(panel).content.decode()

    said = client.post(f"/patients/{one}/same/{other}/")
    text = client.get(panel).content.decode()

    assert said["Location"] == f"/patients/{one}/"
    assert "said by Ana" in text
    assert f"/patients/{one}/undecide/{other}/" in text

    assert client.post(f"/patients/{one}/undecide/{other}/")["Location"] == f"/patients/{one}/"
    assert not Decision.objects.exists()


def test_one_record_twice_or_none_at_all_is_not_found(client, ana, pair):
    one = pair.lower_id
    for verb in ("same", "not-the-same", "undecide"):
        assert client.post(f"/patients/{one}/{verb}/{one}/").status_code == 404
        assert client.post(f"/patients/{one}/{verb}/999999/").status_code == 404


def test_the_search_leads_to_both_records_and_proves_only_what_fits(client, ana, pair):
    actions.same_person(officer=ana, one_id=pair.lower_id, other_id=pair.higher_id, at=clock.now())

    answer = client.post("/patients/find/", {"q": "garcia 3/4/85"})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert f"Same person as MRN {pair.lower.mrn}" in text
    assert f'href="/patients/{pair.higher_id}/?found="' in text
    assert f'href="/patients/{pair.lower_id}/?found=' in text
