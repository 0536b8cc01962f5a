"""What somebody is to a patient, as the desk writes it in English, said in Spanish.

The desk writes what it likes. The words it writes most are known here; any other stands as written.
"""

from collections.abc import Mapping

SPANISH: Mapping[str, str] = {
    "aunt": "tía",
    "brother": "hermano",
    "caregiver": "cuidador o cuidadora",
    "child": "hijo o hija",
    "cousin": "primo o prima",
    "daughter": "hija",
    "father": "padre",
    "friend": "amigo o amiga",
    "grandchild": "nieto o nieta",
    "grandfather": "abuelo",
    "grandmother": "abuela",
    "grandparent": "abuelo o abuela",
    "guardian": "tutor legal",
    "husband": "esposo",
    "mother": "madre",
    "neighbor": "vecino o vecina",
    "neighbour": "vecino o vecina",
    "parent": "padre o madre",
    "partner": "pareja",
    "sibling": "hermano o hermana",
    "sister": "hermana",
    "son": "hijo",
    "spouse": "esposo o esposa",
    "uncle": "tío",
    "wife": "esposa",
}


def relation_for(language: str, written: str) -> str:
    """``sibling`` as a patient who reads ``language`` reads it."""
    known = SPANISH.get(written.strip().casefold()) if language == "es" else None
    return known or written
