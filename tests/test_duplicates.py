"""Settling likely duplicates, and the photo, by keyboard in a real browser."""

import psycopg
import pytest

from almoner.patients.tests import make
from tests.test_who_is_it import faults

pytestmark = pytest.mark.browser
LIST = "/patients/duplicates/"
SURE = """
    SELECT pair.id, one.id, one.mrn, other.id, other.mrn FROM patients_pair pair
      JOIN patients_patient one ON one.id = lower_id
      JOIN patients_patient other ON other.id = higher_id
     ORDER BY likely DESC, bits DESC, pair.id OFFSET %s LIMIT 1
"""


@pytest.fixture
def surest(clinic):
    """The pair that stands first (or so many behind it): its id, and both ids and MRNs."""

    def pick(number=0):
        with psycopg.connect(clinic.database_url) as connection:
            return connection.execute(SURE, [number]).fetchone()

    return pick


@pytest.fixture
def ana(window):
    return window("ana")


def test_the_list_is_found_from_the_first_page_and_from_ctrl_k(ana):
    ana.open("/")
    assert ana.page.locator("#waiting-heading").is_visible()
    assert faults(ana) == []
    ana.look("home-with-pairs")

    ana.press("Control+k")
    ana.type("dupl")
    ana.page.get_by_role("option", name="Settle likely duplicates").wait_for()
    ana.press("Enter")

    ana.page.wait_for_url(f"**{LIST}")
    assert faults(ana) == []
    ana.look("duplicates")


def test_pairs_are_settled_by_one_key_each_and_taken_back(ana, surest):
    pair, one, mrn, other, other_mrn = surest()
    following = surest(1)[0]
    ana.open(LIST)
    assert ana.page.locator("section.panel").first.get_attribute("id") == f"pair-{pair}"

    ana.press("s")
    ana.page.locator(f"#pair-{pair}").wait_for(state="detached")

    assert ana.page.locator("section.panel").first.get_attribute("id") == f"pair-{following}"
    for here, there, number in ((one, other, other_mrn), (other, one, mrn)):
        ana.open(f"/patients/{here}/?for=pair:{following}")
        if ana.page.get_by_text("Why is this record opened?").count():
            ana.press("Space", "Tab", "Space", "Enter")
        link = ana.page.get_by_role("link", name=f"Same person as MRN {number}")
        link.wait_for()
        assert link.get_attribute("href").startswith(f"/patients/{there}/")
    ana.settle()
    ana.page.get_by_role("heading", name="Said of other records").wait_for()
    assert faults(ana) == []
    ana.look("same-person")

    ana.page.get_by_role("button", name="Take back").click()
    ana.page.get_by_text("The two are undecided again").first.wait_for()
    ana.open(LIST)
    assert ana.page.get_by_text(other_mrn).count() == 1


def test_one_person_stands_together_in_the_search_and_undo_is_on_the_toast(ana, surest):
    _pair, _one, mrn, _other, other_mrn = surest()
    ana.open(LIST)
    ana.press("s")
    undo = ana.page.get_by_role("button", name="Undo")
    undo.wait_for()

    searching = ana.context.new_page()
    searching.goto("/")
    searching.locator("#find-box").press_sequentially(mrn)
    searching.get_by_text(f"Same person as MRN {mrn}").wait_for()
    assert searching.locator("#found-lines").get_by_text(other_mrn, exact=True).count() == 1
    searching.screenshot(path="var/screenshots/found-same.png")
    searching.close()

    undo.click()
    ana.page.get_by_text("The two are undecided again").first.wait_for()
    assert ana.page.get_by_text(other_mrn).count() == 1


def test_a_pair_is_left_for_now_and_two_people_leave_the_list(ana, surest):
    pair, following = surest()[0], surest(1)[0]
    ana.open(LIST)

    ana.press("n")
    ana.page.wait_for_url("**?from=1")
    assert ana.page.locator("section.panel").first.get_attribute("id") == f"pair-{following}"
    ana.press("d")
    ana.page.locator(f"#pair-{following}").wait_for(state="detached")

    ana.open(LIST)
    assert ana.page.locator(f"#pair-{pair}").count() == 1
    assert ana.page.locator(f"#pair-{following}").count() == 0


def test_a_photo_is_chosen_kept_and_removed_by_keyboard(ana, surest, tmp_path):
    pair, patient, *_rest = surest(2)
    file = tmp_path / "face.png"
    file.write_bytes(make.picture().read())
    wrong = tmp_path / "letter.png"
    wrong.write_text("no picture")
    ana.open(f"/patients/{patient}/?for=pair:{pair}")
    ana.page.locator("#details-heading").wait_for()
    ana.settle()

    ana.press("f")
    ana.page.get_by_role("heading", name="Photo").wait_for()
    assert faults(ana) == []
    ana.look("photo-none")
    choose(ana, wrong)
    ana.press("Tab", "Enter")
    ana.page.get_by_text("That is no picture we can read").first.wait_for()
    assert faults(ana) == []
    ana.look("photo-refused")
    choose(ana, file)
    ana.press("Tab", "Enter")
    ana.page.locator("#details-heading").wait_for()
    assert ana.page.locator(".patient img.face").count() == 1

    ana.settle()
    ana.press("f")
    ana.page.get_by_role("button", name="Replace the photo").wait_for()
    assert faults(ana) == []
    ana.look("photo-kept")
    ana.press("x")
    ana.page.get_by_text("Photo removed.").first.wait_for()
    assert ana.page.locator(".patient img.face").count() == 0


def test_the_choice_of_a_photo_fits_a_phone(ana, surest):
    ana.open(f"/patients/{surest(2)[1]}/photo/change/")
    ana.dress(narrow=True)

    box = ana.page.get_by_label("Picture").bounding_box()

    assert box["x"] + box["width"] <= ana.page.evaluate("document.documentElement.clientWidth")


def choose(desk, file):
    """Enter on the field opens the browser's own choice of files."""
    desk.settle()
    with desk.page.expect_file_chooser(timeout=30_000) as choice:
        desk.page.get_by_label("Picture").press("Enter")
    choice.value.set_files(file)


def test_enter_looks_again_and_turns_no_page(ana):
    ana.open("/")
    ana.press("/")
    ana.type("a")
    ana.page.get_by_role("button", name="After").wait_for()

    ana.press("Enter")

    ana.page.wait_for_url("**/patients/find/")
    assert ana.page.get_by_role("button", name="After").count() == 1
    assert ana.page.get_by_role("button", name="Before").count() == 0


def test_what_found_nobody_is_carried_into_the_registration_by_one_key(ana):
    ana.open("/")

    ana.press("/")
    ana.type("zwickelmeier ottoline 9/9/71 608 555 0133")
    ana.press("Enter")
    ana.page.get_by_text("Nobody found").wait_for()
    assert faults(ana) == []
    ana.press("Enter")

    ana.page.get_by_role("heading", name="Register a patient").wait_for()
    assert "zwick" not in ana.page.url
    values = {
        label: ana.page.get_by_label(label).first.input_value()
        for label in ("Family name", "Given name", "Birth date", "Phone")
    }
    assert values == {
        "Family name": "Zwickelmeier",
        "Given name": "Ottoline",
        "Birth date": "09/09/1971",
        "Phone": "608 555 0133",
    }
    assert ana.page.evaluate("document.activeElement.name") == "sex"
    assert faults(ana) == []
    ana.look("register-carried")
