"""Whether a patient may be asked by text how a visit was."""

from almoner.portal.queries.acting import as_the_desk
from almoner.relations import queries as relations
from almoner.surveys import queries as surveys


def may_ask(patient_id: int) -> str:
    """``open`` when nobody knows, ``yes`` when they said so; else nothing is to be said of it.

    As the desk: what was agreed belongs to a number, and whether we ask at all is ours to know.
    """
    with as_the_desk():
        consent = relations.survey_consent(patient_id) if surveys.are_sent() else None
    if consent is None:
        return ""
    _number, said = consent
    if said is None:
        return "open"
    return "yes" if said.given else ""
