from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trusted_cloud_chat.language.sentences import split_sentences
from trusted_cloud_chat.schema import Span

NBSP, THIN = "\u00a0", "\u202f"

pieces = st.sampled_from(
    ["M.", "art.", "19.6", "1,2", "Md€", "«", "»", "…", "...", ".", "!", "?", NBSP, THIN, " ", "\n", "\n\n", "\t",
     "- ", "# ", "## ", "1. ", "J.-C.", "etc.", "Le", "la", "SecNumCloud", "(", ")", "\"", "”", "[1]", "É", "œuvre",
     "S.A.", "n°", "p.", "12", "€", "😀", "e\u0301", "\u200b", "\r", "\u2028"]
)  # fmt: skip
texts = st.one_of(st.text(max_size=120), st.lists(pieces, max_size=40).map("".join))


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@given(texts)
def test_spans_are_ordered_disjoint_and_trimmed(text: str) -> None:
    """Spans come in text order, never overlap, are never empty and have no white space around them."""
    end = 0
    for span in split_sentences(text):
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        end = span.end


@given(texts)
def test_every_visible_character_is_in_a_sentence(text: str) -> None:
    """Nothing but white space lies between sentences."""
    covered = {i for span in split_sentences(text) for i in range(span.start, span.end)}

    assert all(i in covered or text[i].isspace() for i in range(len(text)))


@pytest.mark.parametrize(
    "sentence",
    [
        "M. Dupont dirige l’entreprise avec Mme. Durand et le Dr. Petit.",
        "L’art. 19.6 du référentiel plafonne la participation à 24 %.",
        "La version 3.2 remplace la version 3.1 depuis 2022.",
        "Le marché atteint 1,2 Md€ en 2025.",
        "Le budget passe de 1.2 à 1.5 Md€.",
        f"«{NBSP}Nous serons prêts. Nous l’avons dit. Rien ne change{NBSP}», répète le directeur.",
        "Fondée avant J.-C. Martin, la société a changé de nom.",
        "Les offres IaaS, PaaS, etc. sont hébergées en France.",
        "Le p. 12 du rapport de J. Coumaros le confirme.",
        "Cf. p. 12 et al. 3 de la loi n° 2024-449.",
        "L’entreprise attend… et ne dit rien.",
        "Elle attend... et ne dit rien.",
        f"Combien{NBSP}? demande-t-il.",
        "Le site example.fr publie la liste.",
        "Dr. Smith of Acme Inc. said e.g. the price fell vs. last year.",
        "Le décret du 1er janv. 2024 est paru, celui du 3 sept. 2025 aussi.",
        "L’U.E. Commission comprise, le texte divise.",
    ],
)
def test_one_sentence_stays_whole(sentence: str) -> None:
    """Abbreviations, initials, numbers, quotations and ellipses do not end a sentence."""
    assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    "parts",
    [
        ["Le budget est de 1,2 Md€.", "Il augmente."],
        ["Le référentiel date de 2022.", "La version 3.2 s’applique."],
        ["Elle cite l’art. 19.6.", "Le reste suit."],
        ["Il y a des offres, des services, etc.", "Les clients choisissent."],
        [f"Est-ce prêt{NBSP}?", f"Oui{NBSP}!", "Tout l’est."],
        ["Elle attend…", "Rien ne vient."],
        ["Elle attend...", "Rien ne vient."],
        [f"Il a dit{NBSP}: «{NBSP}Nous serons prêts.{NBSP}»", "Rien n’est venu."],
        [f"«{NBSP}Tout est prêt.{NBSP}»", f"«{NBSP}Rien ne l’est.{NBSP}»"],
        ["Le prix est connu (12 €).", "Il baisse."],
        ["La note est là.[1]", "La suite aussi."],
        ["Les qualifiés sont sept.", "Les autres attendent."],
        ["Le droit est ce qu’il est.", "Les clients s’adaptent."],
        ["Asked twice, they said no.", "Customers left."],
        ["Le service ouvre en 2026.", "3DS Outscale suivra."],
        ["L’hébergement est « souverain ».", "La loi l’exige."],
        ["It opened in 2026.", "“Nobody else operates it.”"],
        [f"Le prix baisse.{THIN}", "Le service suit."],
    ],
)
def test_sentences_are_told_apart(parts: list[str]) -> None:
    """A full stop, a mark or a closing quote before a capital, a digit or a quote ends a sentence."""
    assert sentences(" ".join(parts)) == [part.strip() for part in parts]


def test_headings_and_list_items_are_sentences_of_their_own() -> None:
    """Markdown headings, list items and paragraphs end where their line or block does, full stop or not."""
    text = "# Bleu en 2026\nLa société avance.\n\n## Jalons\n\n- le jalon J0 est franchi\n- le jalon J1 suit\n\nFin"

    assert sentences(text) == [
        "# Bleu en 2026", "La société avance.", "## Jalons", "- le jalon J0 est franchi", "- le jalon J1 suit", "Fin",
    ]  # fmt: skip


def test_a_line_break_inside_a_paragraph_does_not_end_a_sentence() -> None:
    """Text wrapped at a column keeps its sentences."""
    assert sentences("La société\navance vite.\nElle recrute.") == ["La société\navance vite.", "Elle recrute."]


def test_an_endless_quotation_is_split_inside() -> None:
    """A quotation of more than 400 characters is not one sentence."""
    quotation = "« " + "Nous avançons avec nos clients et nos partenaires. " * 12 + "»"

    assert len(sentences(quotation)) > 3


def test_a_quotation_that_never_closes_does_not_swallow_the_text() -> None:
    """A « without its » leaves the sentences after it apart."""
    assert len(sentences("Il dit « tout est prêt. Rien ne vient. La suite non plus.")) == 3


def test_offsets_count_code_points() -> None:
    """Offsets count Unicode code points, whatever takes two units elsewhere."""
    assert split_sentences("😀 Un. Deux.") == [Span(0, 5), Span(6, 11)]
