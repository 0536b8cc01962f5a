"""The languages patients are written to; what staff reads is translated by gettext."""

OWN_NAMES = {"en": "English", "es": "Español"}
"""Each by its own name: whoever looks for theirs reads it."""
PATIENTS_READ = tuple(OWN_NAMES)


def language_for(preferred: str) -> str:
    """The language to write in: the preferred one (BCP 47) if we have it, else English."""
    base = preferred.partition("-")[0].lower()
    return base if base in PATIENTS_READ else "en"
