"""Words, and the lists of words by what they tell: negation, plan, cause…"""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from trusted_cloud_chat.language.senses import Phrases, says, spans_of
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Language

TEXTS = st.text(st.sampled_from("aàeéEœ n'’-. \n\u00a0«»0127€pqszSEN"), max_size=60)


def stored(language: Language) -> dict[str, list[str]]:
    """The lists of a language as its file has them."""
    text = resources.files("trusted_cloud_chat.language").joinpath(f"{language}.toml").read_text("utf-8")
    lists: dict[str, list[str]] = tomllib.loads(text)["senses"]
    return lists


def found(entries: list[str], text: str) -> list[str]:
    """The words of each place where an entry stands."""
    said = words(text)
    return [text[said[a].start : said[b - 1].end] for a, b in Phrases(entries).spans(said)]


@pytest.mark.parametrize(
    ("entry", "text", "where"),
    [
        ("pas", "Il n’est pas là, pas encore.", ["pas", "pas"]),
        ("pas", "Un passage", []),
        ("qualifie*", "Qualifié, QUALIFIÉE, la qualification, disqualifié", ["Qualifié", "QUALIFIÉE"]),
        ("*eront", "Ils ouvriront, ils livreront", ["livreront"]),
        ("pas encore", "Ce n’est pas encore prêt", ["pas encore"]),
        ("pas encore", "Ce n’est pas prêt, encore", []),
        ("pas encore", "pas\u00a0encore", ["pas\u00a0encore"]),
        ("candidat* a la qualification", "Elle est candidate à la qualification", ["candidate à la qualification"]),
        ("d ici", "D’ici l’été, et d'ici là", ["D’ici", "d'ici"]),
        ("aujourd’hui", "Prêt aujourd'hui", ["aujourd'hui"]),
        ("a cause", "À cause de cela", ["À cause"]),
        ("prévu", "C’est prevu", ["prevu"]),
        ("pré-annoncé", "Un service pré annoncé", ["pré annoncé"]),
        ("x y", "x", []),
        ("n a ? obtenu", "Elle n’a pas obtenu, elle n’a obtenu", ["n’a pas obtenu"]),
    ],
)
def test_an_entry_is_found_word_by_word(entry: str, text: str, where: list[str]) -> None:
    """Accents, case and typography apart; a star stands for the rest of a word, before or after."""
    assert found([entry], text) == where


def test_several_entries_may_overlap_and_come_in_order() -> None:
    assert found(["encore", "pas encore"], "encore et pas encore") == ["encore", "pas encore", "encore"]


def test_what_an_exception_stands_for_is_none() -> None:
    assert found(["pas", "!pas de porte"], "Le pas de porte n’est pas cher") == ["pas"]


@pytest.mark.parametrize(
    ("sense", "language", "text", "said"),
    [
        ("negation", "fr", "Bleu n’est pas qualifié", True),
        ("negation", "fr", "Bleu est qualifié", False),
        ("negation", "en", "Bleu is not qualified", True),
        ("negation", "en", "Bleu is qualified", False),
        ("plan", "fr", "Bleu sera qualifié", True),
        ("plan", "fr", "La qualification est attendue au printemps", True),
        ("plan", "fr", "Bleu est qualifié depuis mars", False),
        ("plan", "fr", "Le chiffre d’affaires progresse", False),
        ("plan", "en", "Bleu will be qualified", True),
        ("plan", "en", "Bleu has been qualified", False),
        ("cause", "fr", "Elle part en raison du prix", True),
        ("cause", "en", "It left because of the price", True),
        ("now", "fr", "Où en est Bleu aujourd’hui ?", True),
        ("now", "en", "Is Bleu currently open?", True),
        ("now", "fr", "Qui a fondé Bleu ?", False),
    ],
)
def test_what_a_text_says(sense: str, language: Language, text: str, said: bool) -> None:
    assert says(sense, text, language) is said


def test_both_languages_have_the_same_senses() -> None:
    assert set(stored("fr")) == set(stored("en"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_list_has_each_entry_once_in_small_letters_without_accents(language: Language) -> None:
    for sense, entries in stored(language).items():
        assert len(entries) == len(set(entries)), sense
        assert all(entry == entry.lower() and entry.isascii() for entry in entries), sense


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("l’ANSSI", ["l", "ANSSI"]),
        ("S3NS vaut 3.2", ["S3NS", "vaut", "3.2"]),
        ("Où ?", ["Où"]),
        ("peut-être", ["peut", "être"]),
        ("…", []),
    ],
)
def test_words_of_a_text(text: str, said: list[str]) -> None:
    assert [word.text for word in words(text)] == said


@given(TEXTS)
@hypothesis_settings(max_examples=60)
def test_words_lie_in_the_text_in_order(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert text[word.start : word.end] == word.text
        end = word.end


@given(
    TEXTS,
    st.sampled_from(["n’est pas", "pas encore", "sera", "cela", "en cours"]),
    st.sampled_from(sorted(stored("fr"))),
)
@hypothesis_settings(max_examples=60)
def test_spans_of_a_sense_lie_in_the_text_in_order(text: str, said: str, sense: str) -> None:
    whole = f"{text} {said} {text}"
    spans = spans_of(sense, whole, "fr")

    assert spans == sorted(spans, key=lambda span: span[0])
    assert all(0 <= start < end <= len(whole) for start, end in spans)
    assert bool(spans) is says(sense, whole, "fr")
