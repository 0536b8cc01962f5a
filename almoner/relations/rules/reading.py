"""How hard a text reads, by counting: no dictionary, no network.

English: the grade of Flesch and Kincaid, 0.39 words per sentence + 11.8 syllables per word - 15.59
(J. P. Kincaid et al., Naval Technical Training Command Research Branch Report 8-75, 1975).
Spanish: J. Fernández Huerta's index of 1959 ("Medidas sencillas de lecturabilidad", Consigna 214),
206.84 - 60 syllables per word - 1.02 words per sentence: 100 is easy, 0 is hard.
"""

import re
from dataclasses import dataclass

EASY_GRADE, EASY_INDEX = 8.0, 60.0
"""Letters to patients are to read no harder: eighth grade, or "normal" of the Spanish index."""
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_END = re.compile(r"[.!?:;]+(?=\s|$)|\n\s*\n")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^dt]ed|[^laeiouy]e)$")
_STRONG, _WEAK = "aeoáéóíú", "iuüy"


@dataclass(frozen=True, slots=True)
class Ease:
    """How hard a text reads: by which measure, and its value."""

    measure: str
    value: float

    @property
    def easy(self) -> bool:
        return is_easy(self.measure, self.value)


def ease(text: str, language: str) -> Ease:
    """Measure a text in a language patients are written to. A text without words reads easily."""
    words = _WORD.findall(text.casefold())
    sentences = max(1, sum(bool(_WORD.search(part)) for part in _END.split(text)))
    count = max(1, len(words))
    syllables = _spanish if language == "es" else _english
    each, length = sum(map(syllables, words)) / count, len(words) / sentences
    if language == "es":
        return Ease("fernandez_huerta", round(206.84 - 60 * each - 1.02 * length, 1))
    return Ease("flesch_kincaid", round(max(0.0, 0.39 * length + 11.8 * each - 15.59), 1))


def is_easy(measure: str, value: float) -> bool:
    """Whether a value of a measure is easy enough for a letter to a patient."""
    return value >= EASY_INDEX if measure == "fernandez_huerta" else value <= EASY_GRADE


def _english(word: str) -> int:
    """Groups of vowels, without an e that is not heard at the end."""
    groups = len(_VOWELS.findall(word))
    return max(1, groups - bool(_SILENT.search(word)))


def _spanish(word: str) -> int:
    """Groups of vowels; two strong ones, or a weak one with its accent, part a group in two."""
    word = re.sub(r"(?<=[qg])u(?=[eiéí])", "", word)
    word = re.sub(r"y(?=[aeiouáéíóú])", "·", word)  # there it is a consonant
    count, before = 0, "·"
    for letter in word:
        strong = letter in _STRONG and (letter in "íú" or before not in _WEAK)
        weak = letter in _WEAK and before not in _STRONG + _WEAK
        count += strong or weak
        before = letter
    return max(1, count)
