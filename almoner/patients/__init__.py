"""Who the patient is: registration, search, duplicates, contacts, household."""
