"""What patients are told of places and results, and how they answer by text."""

from almoner.ground import clock, events
from almoner.ground.models import Event
from almoner.portal import actions
from almoner.relations.queries import text_that_came


@events.follows("scheduling.offered")
def tell_of_place(event: Event) -> None:
    actions.tell_of_place(event=event, at=clock.now())


@events.follows("relations.received")
def hear_yes(event: Event) -> None:
    if event.about_id and (said := text_that_came(event.about_id)):
        actions.answer_by_text(sender=said.sender, body=said.body, at=clock.now())


@events.follows("patients.confidential_asked")
def close_what_was_sent(event: Event) -> None:
    """What was sent before lies where the patient is not to be reached any more."""
    if event.patient_id:
        actions.close_links(appointment__patient_id=event.patient_id, at=clock.now())
        actions.close_links_to_book(patient_id=event.patient_id)
        actions.tell_of_kept_results(patient_id=event.patient_id, at=clock.now())


@events.follows("billing.private_ended")
def tell_of_what_was_kept(event: Event) -> None:
    if event.patient_id:
        actions.tell_of_kept_results(patient_id=event.patient_id, at=clock.now())


@events.follows("billing.kept_private")
def close_what_was_sent_of_it(event: Event) -> None:
    if event.data["from_guarantor"]:
        actions.close_links(appointment_id=event.data["visit_id"], at=clock.now())


@events.follows("portal.join_asked")
def decide_about_who_asks(event: Event) -> None:
    if event.about_id:
        actions.decide_join(asked_id=event.about_id, at=clock.now())


@events.follows("records.result_final", "records.result_reviewed")
def tell_of_result(event: Event) -> None:
    if event.about_id:
        actions.tell_of_result(result_id=event.about_id, at=clock.now())
