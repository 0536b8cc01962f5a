"""What the `almoner` command does with the database: one function for each word."""

from argparse import Namespace
from typing import Any


def migrate(_: Namespace) -> int:
    from almoner.config.prepare import migrate as bring_tables_up

    bring_tables_up()
    return 0


def demo(asked: Namespace) -> int:
    """Build the demo clinic, or a large one for measuring; an existing clinic is never touched."""
    from almoner.config.prepare import migrate as bring_tables_up
    from almoner.config.prepare import step
    from almoner.demo import clinic, large, setup
    from almoner.facility.models import Organisation
    from almoner.ground import clock

    bring_tables_up()
    if Organisation.objects.exists():
        print("This database already holds a clinic. Nothing was changed.")
        return 1
    if asked.patients is None:
        with step("Demo clinic"):
            clinic.build(now=clock.now())
    else:
        with step(f"A clinic of {asked.patients} patients and {asked.appointments} visits"):
            today = clock.today(setup.ZONE)
            large.build(today=today, patients=asked.patients, appointments=asked.appointments)
    return 0


def import_patients(asked: Namespace) -> int:
    """Take over the patients of a FHIR file; 1 when some were refused or wait for a decision."""
    from django.urls import reverse

    from almoner.ground import clock
    from almoner.patients import exchange

    report = exchange.import_fhir(content=asked.file.read_bytes(), at=clock.now())
    for word, outcomes in (
        ("registered", report.created),
        ("already here", report.already_here),
        ("may be somebody here, not written", report.alike),
        ("refused", report.refused),
    ):
        for outcome in outcomes:
            if outcome.says or word not in {"registered", "already here"}:
                mrn = f" {outcome.mrn}" if outcome.mrn else ""
                print(f"{outcome.place}: {word}{mrn}")
                print(*(f"  {said}" for said in outcome.says), sep="\n")
    print(
        f"{len(report.created)} registered, {len(report.already_here)} already here, "
        f"{len(report.alike)} to decide, {len(report.refused)} refused."
    )
    if report.written_though_alike:
        print(
            f"{report.written_though_alike} of them may be somebody here; officers settle that at "
            f"{reverse('duplicates')}"
        )
    return 1 if report.alike or report.refused else 0


def import_results(asked: Namespace) -> int:
    """Take over the results of a FHIR file; 1 when some were refused or are nobody's yet."""
    from django.urls import reverse

    from almoner.ground import clock
    from almoner.records import exchange

    if asked.file.stat().st_size > exchange.LARGEST:
        print(
            f"{asked.file}: nothing was taken: more than {exchange.LARGEST >> 20} MB in one file."
        )
        return 1
    report = exchange.import_results(content=asked.file.read_bytes(), at=clock.now())
    for word, outcomes in (
        ("kept", report.kept), ("already here", report.already),
        ("kept, nobody's yet", report.waiting), ("refused", report.refused),
    ):  # fmt: skip
        for outcome in outcomes:
            if outcome.says or word not in {"kept", "already here"}:
                print(f"{outcome.place}: {word}", *outcome.says, sep="\n  ")
    print(
        f"{len(report.kept)} kept, {len(report.already)} already here, "
        f"{len(report.waiting)} without a patient, {len(report.refused)} refused."
    )
    if report.waiting:
        print(f"Whose they are is said at {reverse('results_of_nobody')}")
    return 1 if report.waiting or report.refused else 0


def find_duplicates(asked: Namespace) -> int:  # noqa: ARG001 (every act is asked something)
    """Compare every record with the others; those that may be one person's wait on the list."""
    from django.urls import reverse

    from almoner.patients import actions

    pairs = actions.pair_everybody()
    print(f"Pairs that may be one person: {pairs}. Officers settle them at {reverse('duplicates')}")
    return 0


def post_era(asked: Namespace) -> int:
    """Post an 835, once only however often it is given; 1 when a payment in it was refused."""
    from almoner.billing import actions
    from almoner.ground import clock
    from almoner.ground.money import dollars

    try:
        result = actions.post_remittance(
            content=asked.file.read_bytes(), name=asked.file.name, officer=None, at=clock.now()
        )
    except actions.NotARemittance as error:
        kind = str(error)
        what = "X12 of another kind, or none" if kind == "other" else f"a {kind}"
        print(f"{asked.file}: nothing was posted: this is {what}, and no remittance (835).")
        return 1
    for payment in result.payments:
        print(
            f"Payment of {dollars(payment.paid_cents)}: {payment.state}; {payment.claims} claims, "
            f"{payment.posted} posted, {payment.unmatched} unmatched, {payment.denials} denials"
        )
        for reason in payment.refusal:
            print(f"  {reason}")
    print(f"{result.new} claims were posted now.")
    return 1 if result.refused else 0


def load_charges(asked: Namespace) -> int:
    """Put a charge master in force from a day on; 1 with the bad rows when it was refused."""
    from almoner.billing import actions
    from almoner.ground import clock

    with asked.file.open(encoding="utf-8-sig", newline="") as file:
        try:
            items = actions.read_charge_master(file)
        except actions.ListRefused as refused:
            return _refused_list(asked, refused)
    changed = actions.load_charge_master(
        officer=None, items=items, starts=asked.starts, at=clock.now()
    )
    print(f"{len(items)} items read; {changed} new or changed from {asked.starts} on.")
    return 0


def load_reasons(asked: Namespace) -> int:
    """Load the wording of reasons and remarks; 1 with the bad rows when it was refused."""
    from almoner.billing import actions

    with asked.file.open(encoding="utf-8-sig", newline="") as file:
        try:
            count = actions.load_wordings(file=file)
        except actions.ListRefused as refused:
            return _refused_list(asked, refused)
    print(f"{count} reasons and remarks have the wording of {asked.file}.")
    return 0


def _refused_list(asked: Namespace, refused: Any) -> int:
    print(f"{asked.file}: nothing was loaded.", *refused.faults, sep="\n  ")
    return 1


def log_head(_: Namespace) -> int:
    """The newest seal of the access log, to be kept elsewhere: size and root."""
    from almoner.access import actions

    head = actions.head()
    if head is None:
        print("Nothing is sealed yet.")
        return 1
    size, root = head
    print(size, root.hex())
    return 0


def log_verify(asked: Namespace) -> int:
    """Compare the whole access log with its seals, and with a head that was kept; 1 at a fault."""
    from almoner.access import actions

    found = 0
    for fault in actions.faults(asked.head):
        print(fault)
        found = 1
    if not found:
        print("Every sealed event is as it was written.")
    return found
