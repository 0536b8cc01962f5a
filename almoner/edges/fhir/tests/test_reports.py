"""Results read out of FHIR: as they came, or refused at their place, whatever stands there."""

import copy
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.edges.fhir import reports
from almoner.edges.fhir.reports import read_reports

WHOLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"fullUrl": "urn:uuid:p", "resource": {
            "resourceType": "Patient", "id": "p", "birthDate": "1984-04-27",
            "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "77"}],
            "name": [{"family": "Garcia", "given": ["Cy"]}]}},
        {"resource": {
            "resourceType": "Observation", "id": "o", "status": "final",
            "code": {"text": "Potassium", "coding": [{"system": "http://loinc.org", "code": "K"}]},
            "valueQuantity": {"value": 4.2, "unit": "mmol/L", "comparator": "<"},
            "interpretation": [{"coding": [{"code": "L", "display": "Low"}]}],
            "referenceRange": [{"low": {"value": 3.5}, "high": {"value": 5.1}, "text": "3.5-5.1"}],
            "note": [{"text": "Once more"}],
            "component": [{"code": {"text": "Seen"}, "valueBoolean": True}]}},
        {"resource": {
            "resourceType": "ServiceRequest", "id": "s", "status": "active", "intent": "order",
            "subject": {"reference": "urn:uuid:p"}, "requester": {"reference": "#dr"},
            "contained": [{"resourceType": "Practitioner", "id": "dr", "name": [{"family": "Ng"}],
                           "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi",
                                           "value": "1234567893"}]}]}},
        {"resource": {
            "resourceType": "DiagnosticReport", "status": "final",
            "identifier": [{"system": "urn:lab", "value": "R-1"}],
            "basedOn": [{"reference": "ServiceRequest/s"}],
            "code": {"coding": [{"code": "E", "display": "Electrolytes"}]},
            "subject": {"reference": "urn:uuid:p"}, "issued": "2026-03-02T15:00:00-06:00",
            "effectivePeriod": {"start": "2026-03-01", "end": "2026-03-02"},
            "performer": [{"display": "Lakeside"}], "conclusion": "Haemolysed.",
            "result": [{"reference": "Observation/o"}],
            "presentedForm": [{"contentType": "application/pdf"}]}},
    ],
}  # fmt: skip


def read(resource):
    return list(read_reports(json.dumps(resource).encode()))


def test_a_report_is_read_with_all_that_its_bundle_says_of_it():
    [entry] = read(WHOLE)
    report = entry.report

    assert (report.number.value, report.name, report.status) == ("R-1", "Electrolytes", "final")
    assert report.issued == datetime(2026, 3, 2, 21, tzinfo=UTC)
    assert report.on.isoformat() == "2026-03-02"
    assert (report.requester, report.requester_name) == ("1234567893", "Ng")
    assert ([one.value for one in report.mrns], report.said_name) == (["77"], "Cy Garcia")
    first, second = report.lines
    assert (first.value, first.number, first.unit) == ("<4.2", None, "mmol/L")
    assert (first.low, first.high, first.range) == ("3.5", "5.1", "3.5-5.1")
    assert ([flag.code for flag in first.flags], first.note) == (["L"], "Once more")
    assert (second.name, second.value) == ("Seen", "true")
    assert [str(issue) for issue in entry.issues] == [
        "Bundle.entry[3].resource.presentedForm: papers and pictures were left out;"
        " file them by hand"
    ]


@pytest.mark.parametrize("written", ["5.10", "0.0", "1E-7", "12345678901234567890.5", "7"])
def test_a_number_keeps_the_digits_it_was_written_with(written):
    content = json.dumps(WHOLE).replace('"value": 4.2', f'"value": {written}').replace(
        ', "comparator": "<"', ""
    )  # fmt: skip

    [entry] = read_reports(content.encode())

    assert Decimal(entry.report.lines[0].value) == Decimal(written)
    assert entry.report.lines[0].value.casefold() == written.casefold()


def places(node, path=()):
    """Every place in the bundle, from the outside in."""
    yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in inner:
        if isinstance(value, (dict, list)):
            yield from places(value, (*path, key))
        else:
            yield (*path, key)


HOUSE = {
    "resourceType": "Organization",
    "id": "house",
    "name": "Lakeside Clinic",
    "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}],
}
OF_A_HOUSE = copy.deepcopy(WHOLE)
OF_A_HOUSE["entry"] += copy.deepcopy(WHOLE["entry"][2:])
OF_A_HOUSE["entry"][4]["resource"] |= {
    "id": "h", "requester": {"reference": "#house"}, "contained": [HOUSE],
}  # fmt: skip
OF_A_HOUSE["entry"][5]["resource"]["basedOn"] = [{"reference": "ServiceRequest/h"}]

PLACES = [path for path in places(OF_A_HOUSE) if path]
GONE = object()
ODD = st.sampled_from(
    [GONE, None, True, 0, -1, 1e308, 10**400, "", " ", "x" * 30_000, "\0", "#o", "urn:x",
     "Observation/o",
     "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", [], {}, [None], [[]], {"": {}},
     ["a"], [{}], {"reference": "Observation/o"}, {"coding": []}, {"value": "1"}]
)  # fmt: skip


def test_whoever_ordered_it_may_be_a_house():
    _first, entry = read(OF_A_HOUSE)

    assert (entry.report.requester, entry.report.requester_name) == (
        "1234567893", "Lakeside Clinic",
    )  # fmt: skip


def test_whoever_did_it_is_named_by_what_the_file_says_of_them_first():
    whole = copy.deepcopy(WHOLE)
    report = whole["entry"][3]["resource"]
    report["contained"] = [
        {"resourceType": "Practitioner", "id": "lab", "name": [{"family": "Roe", "given": ["Di"]}]}
    ]
    report["performer"] = [{"reference": "#lab", "display": "somebody"}]

    [entry] = read(whole)

    assert entry.report.performer == "Di Roe"


def test_an_identifier_of_a_requester_without_its_value_is_passed_over():
    whole = copy.deepcopy(OF_A_HOUSE)
    del whole["entry"][4]["resource"]["contained"][0]["identifier"][0]["value"]

    _first, entry = read(whole)

    assert (entry.report.requester, entry.report.requester_name) == ("", "Lakeside Clinic")


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=3))
def test_whatever_stands_in_a_report_it_is_read_or_refused_at_a_place(changes):
    bundle = copy.deepcopy(OF_A_HOUSE)
    for path, odd in changes:
        *way, last = path
        node = bundle
        try:
            for key in way:
                node = node[key]
            if odd is GONE:
                del node[last]
            else:
                node[last] = odd
        except (KeyError, IndexError, TypeError):
            continue  # what stood there was changed away before

    for entry in read(bundle):
        assert entry.report is not None or entry.issues
        assert all(issue.message for issue in entry.issues)


@pytest.mark.parametrize("faulty", [False, True])
def test_a_small_file_that_unfolds_to_millions_of_values_is_refused(monkeypatch, faulty):
    whole = copy.deepcopy(WHOLE)
    for level in range(3):
        whole["entry"].append({"resource": {
            "resourceType": "Observation", "id": f"p{level}", "status": "final",
            "code": {"text": "Panel"},
            "hasMember": [{"reference": f"Observation/{f'p{level - 1}' if level else 'o'}"}] * 99,
        }})  # fmt: skip
    whole["entry"][3]["resource"]["result"] = [{"reference": "Observation/p2"}]
    if faulty:
        whole["entry"][3]["resource"]["status"] = "perhaps"
    seen = []

    def unsound(found, look=reports._unsound):
        seen.append(found)
        return look(found)

    monkeypatch.setattr(reports, "_unsound", unsound)

    [entry] = read(whole)

    assert "more than 500 values" in entry.issues[-1].message
    assert len(seen) < 520


def test_what_refers_to_itself_ends():
    whole = copy.deepcopy(WHOLE)
    whole["entry"][1]["resource"]["hasMember"] = [{"reference": "Observation/o"}] * 40

    [entry] = read(whole)

    assert entry.report is None
    assert "panels in panels" in entry.issues[0].message


# --- What a report may refer to.


def of_somebody(family, value):
    """WHOLE with the same names in it, of another patient with another value."""
    whole = copy.deepcopy(WHOLE)
    patient, observation = (whole["entry"][place]["resource"] for place in (0, 1))
    patient["name"][0]["family"] = family
    patient["identifier"][0]["value"] = family
    observation["valueQuantity"]["value"] = value
    return whole


def lines(*resources):
    return list(read_reports(b"\n".join(json.dumps(each).encode() for each in resources)))


def known(entry):
    report = entry.report
    return report.said_name, [one.value for one in report.mrns], report.lines[0].value


def test_each_bundle_of_a_file_keeps_its_own_names():
    found = lines(of_somebody("Garcia", 4), of_somebody("Ng", 7))

    assert [known(each) for each in found] == [
        ("Cy Garcia", ["Garcia"], "<4"), ("Cy Ng", ["Ng"], "<7"),
    ]  # fmt: skip


def test_a_bundle_takes_nothing_from_the_line_beside_it():
    first, second = of_somebody("Garcia", 4), of_somebody("Ng", 7)
    del second["entry"][1], second["entry"][0]

    _first, entry = lines(first, second)

    assert entry.report is None
    assert "is not in the file" in entry.issues[0].message


def bare(whole):
    """The same, each resource on a line of its own."""
    every = copy.deepcopy([each["resource"] for each in whole["entry"]])
    every[3]["subject"]["reference"] = "Patient/p"
    return every


def test_lines_that_are_one_resource_each_refer_to_one_another():
    [entry] = lines(*reversed(bare(WHOLE)))

    assert known(entry) == ("Cy Garcia", ["77"], "<4.2")


def test_a_name_that_two_have_is_nobodys():
    [entry] = lines(*bare(WHOLE), bare(of_somebody("Ng", 7))[1])
    assert entry.report is None
    assert "several have its name" in entry.issues[0].message

    [entry] = lines(*bare(WHOLE), bare(of_somebody("Ng", 4.2))[0])
    assert (entry.report.said_name, entry.report.mrns) == ("", ())

    [entry] = lines(*bare(WHOLE), *bare(WHOLE)[:2])  # the same once more is the same
    assert known(entry) == ("Cy Garcia", ["77"], "<4.2")


def at(whole, base):
    """The same as a server at this address gives it."""
    whole = copy.deepcopy(whole)
    for entry in whole["entry"]:
        resource = entry["resource"]
        resource.setdefault("id", "r")
        entry["fullUrl"] = f"{base}/{resource['resourceType']}/{resource['id']}"
    whole["entry"][3]["resource"]["subject"]["reference"] = "Patient/p"
    return whole


def test_a_reference_to_another_server_is_not_one_to_this():
    whole = at(WHOLE, "https://lab.example/fhir")
    [entry] = read(whole)
    assert known(entry) == ("Cy Garcia", ["77"], "<4.2")

    result = whole["entry"][3]["resource"]["result"][0]
    result["reference"] = "https://lab.example/fhir/Observation/o"
    [entry] = read(whole)
    assert known(entry) == ("Cy Garcia", ["77"], "<4.2")

    result["reference"] = "https://elsewhere.example/fhir/Observation/o"
    [entry] = read(whole)
    assert entry.report is None
    assert entry.issues[0].place == "Bundle.entry[3].resource.result[0]"


def test_of_two_servers_in_a_bundle_each_has_its_own():
    whole = at(of_somebody("Garcia", 4), "https://one.example")
    whole["entry"] += at(of_somebody("Ng", 7), "https://two.example")["entry"]

    assert [known(each) for each in read(whole)] == [
        ("Cy Garcia", ["Garcia"], "<4"), ("Cy Ng", ["Ng"], "<7"),
    ]  # fmt: skip

    del whole["entry"][1]  # what the first needs is not the second's
    assert [each.report is None for each in read(whole)] == [True, False]
