"""A picture with the patient's yes and a paper, out of a call between two real browsers."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.calls import follow, the_call
from tests.waiting import until

pytestmark = pytest.mark.browser
LONG = 45_000
PICTURES = """
    SELECT document.content, document.kind, asked.given FROM telehealth_pictureasked asked
      LEFT JOIN records_document document ON document.id = asked.document_id
      JOIN telehealth_videovisit video ON video.id = asked.visit_id
     WHERE video.appointment_id = %(id)s ORDER BY asked.id
"""
PAPER = "SELECT title, state, source FROM records_document WHERE visit_id = %(id)s AND kind = ''"


def test_a_picture_is_kept_when_the_patient_says_yes_and_a_paper_is_sent(
    device, clinic, video_visit, tmp_path
):
    id_, phone, desk = the_call(device, video_visit)

    asked(phone, desk, answer="no")
    desk.page.get_by_text("The patient does not want a picture").wait_for(timeout=LONG)
    asked(phone, desk, answer="yes")
    desk.page.get_by_text("The picture is in the record.").wait_for(timeout=LONG)
    phone.page.get_by_text("One picture was put into your record.").wait_for(timeout=LONG)
    content, kind, given = clinic.row(f"{PICTURES} DESC LIMIT 1", id=id_)
    assert (kind, given) == ("picture", True)
    kept = Image.open(BytesIO(bytes(content)))
    assert kept.width >= 320
    assert max(high for _low, high in kept.getextrema()) > 60  # it shows something

    sent(phone, tmp_path)
    assert clinic.row(PAPER, id=id_) == ("My referral", "waiting", "call")
    desk.page.locator("#hand summary").focus()
    desk.press("Enter")
    until(lambda: desk.page.get_by_role("link", name="My referral").is_visible())
    phone.in_order("video-papers-phone")
    desk.in_order("video-papers")
    assert desk.refused == phone.refused == []


def asked(phone, desk, *, answer):
    """The clinician asks for a picture, the patient answers by keys."""
    follow(desk, "button", "Take a picture")
    expect(phone.page.locator("#picture-ask")).to_be_focused(timeout=LONG)
    phone.look("video-picture-asked")
    phone.page.locator(f"#picture-ask button[value={answer}]").focus()
    phone.press("Enter")


def sent(phone, tmp_path):
    paper = tmp_path / "paper.png"
    phone.page.screenshot(path=paper)
    phone.page.locator("#hand summary").focus()
    phone.press("Enter")
    phone.page.locator("#hand-file").set_input_files(paper)
    phone.page.locator("#hand-title").focus()
    phone.type("My referral")
    phone.press("Enter")
    phone.page.get_by_text("Your clinic has it.").wait_for(timeout=LONG)
