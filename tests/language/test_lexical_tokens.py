from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trusted_cloud_chat.index.lexical import LexicalIndex
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.normalise import fold, normalise
from trusted_cloud_chat.language.stems import _stem, lexical_tokens, word_spans


def same(*texts: str, language: str = "fr") -> bool:
    """Whether all of `texts` give one list of tokens, and it is not empty."""
    tokens = [lexical_tokens(text, language) for text in texts]
    return bool(tokens[0]) and all(other == tokens[0] for other in tokens)


@pytest.mark.parametrize(
    "variants",
    [
        ("l’hébergeur", "l'hébergeur", "L'HÉBERGEUR", "hébergeurs", "hebergeur"),
        ("qualifié", "qualifiée", "qualifiés", "qualifiées", "qualifie"),
        ("qu’Orange", "Orange", "d’Orange", "lorsqu'Orange"),
        ("œuvre", "oeuvre"),
        ("sécurité", "se\u0301curite\u0301", "securite"),
        ("sous‑traitant", "sous-traitant", "sous–traitants"),
        ("co\u00adopération", "coopération"),
        ("1,2 Md€", "1,2\u00a0milliard d’euros", "1,2 milliard d'euros", "1.2 Md€", "1,2\u202fMd\u00a0€"),
        ("6,2 M€", "6,2 millions d’euros", "6,2 million d'euro", "6,2\u00a0M€"),
        ("24 %", "24%", "24\u00a0pour cent", "24 pourcent", "24\u202f%"),
        ("12 000 clients", "12\u00a0000 clients", "12\u202f000 clients", "12000 clients"),
        ("50 k€", "50\u00a0k€"),
        ("SecNumCloud", "secnumcloud", "SECNUMCLOUD"),
    ],
)
def test_spellings_of_one_thing_are_one_term(variants: tuple[str, ...]) -> None:
    """Elision, apostrophes, accents, plurals, hyphens, spaces and units do not keep a question from its article."""
    assert same(*variants), [lexical_tokens(variant) for variant in variants]


@pytest.mark.parametrize("acronym", ["OSE", "ON", "EST", "SI", "PAR", "CE", "UN", "LES"])
def test_an_acronym_is_never_a_stop_word(acronym: str) -> None:
    """A word in capitals within a text in small letters is kept, though it spells a stop word."""
    kept = lexical_tokens(f"Les {acronym} sont concernés")
    assert len(kept) == 2
    assert acronym.lower().startswith(kept[0])


def test_an_acronym_typed_in_small_letters_is_found() -> None:
    """Capitals and small letters give the same term: « DORA » is found by `dora`."""
    assert lexical_tokens("le règlement DORA") == lexical_tokens("le reglement dora")


def test_a_text_in_capitals_has_its_stop_words_dropped() -> None:
    assert lexical_tokens("QUI EST LE PREMIER") == lexical_tokens("qui est le premier")


def test_euro_amounts_meet_across_languages() -> None:
    """€7.8 billion in an English article has the number and the unit of « 7,8 milliards d'euros »."""
    english = lexical_tokens("€7.8 billion", "en")

    assert "7.8" in english
    assert set(lexical_tokens("7,8 Md€")) <= set(english) | {"milliard"}
    assert same("€7.8 billion", "€7.8bn", language="en")


def test_stop_words_are_kept_on_demand() -> None:
    assert lexical_tokens("qui est-ce ?") == []
    assert lexical_tokens("qui est-ce ?", keep_stopwords=True)


@given(st.text(max_size=80), st.sampled_from(("fr", "en")))
def test_tokens_are_words(text: str, language: str) -> None:
    """Whatever the text, tokens are not empty and hold no white space: Tantivy splits them again at spaces."""
    for token in lexical_tokens(text, language, keep_stopwords=True):
        assert token.split() == [token]


@given(st.text(max_size=80), st.sampled_from(("fr", "en")))
def test_word_spans_lie_in_the_text(text: str, language: str) -> None:
    """Words with offsets come in order and do not overlap, and each is the term of what stands there."""
    end = 0
    for word in word_spans(text, language):
        assert end <= word.start < word.end <= len(text)
        assert word.token in lexical_tokens(text[word.start : word.end], language)
        end = word.end


def test_word_spans_are_content_words() -> None:
    """Stop words have no span; elided words, numbers and names have one each."""
    text = "L’ANSSI a qualifié l’offre pour 1,2 Md€."

    assert [text[w.start : w.end] for w in word_spans(text)] == ["ANSSI", "qualifié", "offre", "1,2", "Md"]


def test_thousands_are_one_word() -> None:
    """« 1 200 » is one word with its offsets, whatever the space, and the term is that of 1200."""
    for space in (" ", "\u00a0", "\u202f"):
        (word,) = word_spans(f"1{space}200")
        assert (word.token, word.start, word.end) == ("1200", 0, 5)
    assert [word.token for word in word_spans("en 2025 100 clients")] == ["2025", "100", "client"]


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    """`normalise` leaves no typographic variant, and `fold` no accent, for a second pass to change."""
    assert normalise(normalise(text)) == normalise(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Quand Bleu sera-t-il qualifié SecNumCloud ?", "fr"),
        ("quand bleu sera-t-il qualifie", "fr"),
        ("Qui détient S3NS ?", "fr"),
        ("Qu’est-ce que le CLOUD Act ?", "fr"),
        ("et S3NS ?", "fr"),
        ("When will Bleu be SecNumCloud qualified?", "en"),
        ("Who owns S3NS?", "en"),
        ("What is the CLOUD Act?", "en"),
        ("Is the Health Data Hub still on Azure?", "en"),
        ("how much does it cost", "en"),
        ("List Bleu's clients", "en"),
        ("Merci !", "fr"),
    ],
)
def test_the_language_of_a_question(text: str, language: str) -> None:
    """French and English questions are told apart, accents or not, names of the other language or not."""
    assert detect_language(text) == language


def test_a_name_alone_has_the_default_language() -> None:
    """Where nothing tells, the language is the one that the caller expects."""
    assert detect_language("SecNumCloud") == "fr"
    assert detect_language("Who is Stanislas de Rémur?") == "en"
    assert detect_language("SecNumCloud", default="en") == "en"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    texts = {
        "outscale": "3DS Outscale est le premier qualifié.",
        "version": "Le référentiel SecNumCloud 3.2 compte 1 200 exigences.",
        "jalon": "Bleu a franchi le jalon J0, puis le J1.",
        "capital": "Un actionnaire hors UE ne dépasse pas 24\u00a0% du capital.",
        "marché": "L’État a dépensé 1,2\u00a0Md€ en sous-traitance.",
        "pod": "L’offre Bare-Metal Pod d’OVHcloud est qualifiée.",
    }
    index = LexicalIndex(tmp_path_factory.mktemp("words"))
    index.update((name, [], lexical_tokens(text), None) for name, text in texts.items())
    return index


class TestFoundByPart:
    """What the issue of French analysis names, asked of the real lexical index."""

    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ("outscale", "outscale"),
            ("3DS", "outscale"),
            ("3ds-outscale", "outscale"),
            ("secnumcloud", "version"),
            ("la 3.2", "version"),
            ("SecNumCloud 3.2", "version"),
            ("1200 exigences", "version"),
            ("j0", "jalon"),
            ("le J1 ?", "jalon"),
            ("24%", "capital"),
            ("24 pour cent", "capital"),
            ("1,2 milliard d'euros", "marché"),
            ("1.2 Md€", "marché"),
            ("sous traitance", "marché"),
            ("traitance", "marché"),
            ("bare metal", "pod"),
            ("l'offre bare-metal", "pod"),
        ],
    )
    def test_the_right_text_is_first(self, index: LexicalIndex, question: str, expected: str) -> None:
        """Compound and hyphenated names by each of their parts, versions, milestones, amounts and shares."""
        hits = index.query(dict.fromkeys(lexical_tokens(question), 1.0), 6)

        assert hits[0][0] == expected

    @pytest.mark.parametrize("question", ["25 %", "1,3 Md€", "J2", "3.1"])
    def test_another_number_is_another_word(self, index: LexicalIndex, question: str) -> None:
        """A share, an amount, a milestone or a version that differs does not match by its number."""
        number = lexical_tokens(question)[0]

        assert index.query({number: 1.0}, 6) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The State's providers", "the state provider"),
        ("qualified services", "Qualifying service"),
        ("It doesn't host", "does it host"),
        ("data centres", "data centre"),
        ("5.8 percent", "5.8%"),
    ],
)
def test_english_analysis(one: str, other: str) -> None:
    """English texts have English stems and stop words; possessives and contractions leave no stray letter."""
    assert lexical_tokens(one, "en") == lexical_tokens(other, "en")
    assert not {"s", "t"} & set(lexical_tokens(one, "en"))


def test_threads_do_not_mix_their_words_up() -> None:
    stems, ends = ("qualifi", "héberg", "annonc", "certifi", "mainten", "prolong"), ("ation", "ement", "euses", "ité")
    words = [f"{stem}{end}" for stem in stems for end in ends]
    alone = [_stem.__wrapped__(word, "fr") for word in words]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            told = list(threads.map(lambda _: [_stem.__wrapped__(word, "fr") for word in words], range(16)))
    finally:
        sys.setswitchinterval(interval)

    assert all(one == alone for one in told)
