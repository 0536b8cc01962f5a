"""The structure of FHIR: elements, types, cardinality. Done by ``fhirkit``, behind one function.

fhirkit (PyPI fhirkit-rs, pinned exactly) knows R4 4.0.1. It checks no codes, no calendar, no ids,
no reference targets and no narrative: that is `faults`. Should it be abandoned, SMART's fhirclient
can stand behind the same function.
"""

import fhirkit

from almoner.edges.fhir.values import Issue


def validate(content: bytes) -> list[Issue]:
    """What is wrong with the structure of one resource; nothing when it is sound.

    Text that is no JSON is one issue with its line and column.
    """
    try:
        found = fhirkit.validate(content)
    except fhirkit.ParseError as error:
        return [Issue("", str(error))]
    return [Issue(issue.path, issue.message) for issue in found if issue.severity == "error"]
