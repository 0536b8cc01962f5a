"""What a text that came in means, by the whole of its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.ground.language import PATIENTS_READ
from almoner.relations.rules import ANSWERS, OURS, Meaning, Suggestion, fill, meaning

EXACT = {
    "stop en": ["STOP", "stop", " Stop. ", "STOP!!!", "stopall", "Stop all", "Unsubscribe", "End",
                "QUIT", "revoke", "opt out", "OPT-OUT", "optout", "🛑 STOP"],
    "stop es": ["ALTO", "Parar", "¡Basta!", "baja", "detener", "No más", "nomas", "terminar",
                "FIN"],
    "start en": ["START", "unstop"],
    "start es": ["Iniciar", "COMENZAR"],
    "help en": ["HELP", "help?", "Info"],
    "help es": ["ayuda", "¿Ayuda?"],
}  # fmt: skip
OWN_WORDS = [
    ("please stop texting me", "stop"),
    ("Remove me from your list", "stop"),
    ("don't text this number again", "stop"),
    ("ya no me manden mensajes", "stop"),
    ("Stop it!", "stop"),
    ("wrong number", "wrong_number"),
    ("Numero equivocado, no soy Maria", "wrong_number"),
    ("can I cancel my appointment tomorrow", "visit"),
    ("Quiero cambiar mi cita", "visit"),
    ("running late, sorry", "visit"),
    ("I will not stop taking the pills", "stop"),
    ("Thank you!", ""),
    ("", ""),
    ("👍", ""),
]


@pytest.mark.parametrize(
    ("said", "text"), [(said, text) for said, texts in EXACT.items() for text in texts]
)
def test_an_exact_word_acts_by_itself_in_its_language(said, text):
    heard = meaning(text)

    assert f"{heard.meaning} {heard.language}" == said
    assert not heard.work


@pytest.mark.parametrize(("text", "language"), [("CANCEL", "en"), ("Cancelar", "es")])
def test_cancel_revokes_and_somebody_reads_it_too_since_the_visit_may_be_meant(text, language):
    heard = meaning(text)

    assert (heard.meaning, heard.language) == (Meaning.STOP, language)
    assert (heard.work, heard.suggestion) == (True, Suggestion.VISIT)


@pytest.mark.parametrize(("text", "suggestion"), OWN_WORDS)
def test_own_words_do_nothing_by_themselves_and_carry_a_suggestion(text, suggestion):
    heard = meaning(text)

    assert (heard.meaning, heard.work, heard.suggestion) == (Meaning.OTHER, True, suggestion)


@given(st.text(max_size=200))
def test_whatever_comes_in_means_something_and_nothing_unknown_is_left_unread(text):
    heard = meaning(text)

    assert heard.work or heard.meaning != Meaning.OTHER
    assert heard.language in PATIENTS_READ


@given(st.sampled_from([text for texts in EXACT.values() for text in texts]), st.sampled_from(
    ["please {}", "{} my visits", "do not {}", "{} smoking", "{} 2"]))  # fmt: skip
def test_a_word_among_others_never_acts_by_itself(word, around):
    assert meaning(around.format(word)).meaning == Meaning.OTHER


@pytest.mark.parametrize("text", ANSWERS.values())
@pytest.mark.parametrize("language", PATIENTS_READ)
def test_an_answer_names_the_clinic_and_its_phone_and_needs_one_text_or_two(text, language):
    [kind] = [each for each in OURS if each.code == text]
    words = fill(kind.shipped[language][1], {"clinic": "Northlight", "phone": "608-555-0100"})

    assert "Northlight" in words
    assert "608-555-0100" in words
    assert len(words) <= 160


def test_start_is_answered_by_nothing():
    assert Meaning.START not in ANSWERS
