"""Cy Garcia's details, for tests that need no database."""

from datetime import date

from almoner.patients.rules.details import Address, Contact, Details, Email, FormerName, Phone

__all__ = ["Address", "Contact", "Details", "Email", "FormerName", "Phone", "details"]


def details(**facts) -> Details:
    """Cy Garcia's details; name only the facts that matter to the test. E-mails may be text."""
    facts["emails"] = tuple(
        Email(each) if isinstance(each, str) else each for each in facts.get("emails", ())
    )
    return Details(
        **{
            "family": "Garcia",
            "given": "Cy",
            "birth_date": date(1985, 3, 4),
            "sex": "male",
            "phones": (Phone("+13125550117"),),
            "addresses": (Address("12 Main St", "", "Springfield", "IL", "62701"),),
        }
        | facts
    )
