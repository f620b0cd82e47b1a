from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trusted_cloud_chat.language.blocks import article_sentences, block_at, blocks_of, context_of, plain

pieces = st.sampled_from(
    ["Le prix", "est de 12 €.", "**gras**", "\n", "\n\n", "# ", "## ", "- ", "* ", "1. ", "12) ", "> ", "| ", " | ",
     "\n|---|---|\n", "| a | b |\n", "    ", "\t", "---\n", "===\n", "Ouvert ?", "[lien](https://exemple.fr)", "`code`", "«\u00a0Oui.\u00a0»",
     "[a]: b\n", "<p>", "&amp;", "\r", "\u2028", "é", "😀"]
)  # fmt: skip
texts = st.one_of(st.text(max_size=120), st.lists(pieces, max_size=40).map("".join)).filter(
    lambda t: "```" not in t and "~~~" not in t
)

PRICES = """# Piscine des Ormes

Publié le 3 mai 2024

## Tarifs

Les tarifs changent au 1er juin.

| | Résident | Extérieur |
|---|---:|---:|
| Entrée | 3,20 € | 4,50 € |
| Carnet de dix | 28 € | 40 € |

Sont admis gratuitement :

- les enfants de moins de trois ans ;
- les **accompagnateurs** (voir [le règlement](https://exemple.fr/r)).
  Un justificatif est demandé.
    - sauf le dimanche

**Puis-je annuler ?**
Oui. Prévenez la veille.

1. Fermez la vanne. Attendez.
2. Lancez la commande :

```sh
purge --all
relance 3
```
"""


def said(text: str) -> list[str]:
    return [text[s.start : s.end] for s in article_sentences(text)]


@given(texts)
def test_blocks_are_in_order_and_leave_no_word_out(text: str) -> None:
    """Blocks are disjoint, trimmed, in order, and nothing but signs and white space lies between them."""
    end = 0
    covered: set[int] = set()
    for block in blocks_of(text):
        assert end <= block.start < block.end <= len(text)
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        end = block.end
        covered |= set(range(block.start, block.end))
    assert all(i in covered for i, character in enumerate(text) if character.isalnum())


@given(texts)
def test_sentences_stay_within_their_block(text: str) -> None:
    for sentence in article_sentences(text):
        block = block_at(text, sentence.start)
        assert block is not None
        assert sentence.end <= block.end


def test_the_blocks_of_a_page_of_prices() -> None:
    """Headings, rows, items, questions in bold and code are blocks of their own, without their signs."""
    kinds = [(block.kind, PRICES[block.start : block.end].split("\n")[0]) for block in blocks_of(PRICES)]

    assert kinds == [
        ("heading", "Piscine des Ormes"),
        ("paragraph", "Publié le 3 mai 2024"),
        ("heading", "Tarifs"),
        ("paragraph", "Les tarifs changent au 1er juin."),
        ("heading", "Résident | Extérieur"),
        ("row", "Entrée | 3,20 € | 4,50 €"),
        ("row", "Carnet de dix | 28 € | 40 €"),
        ("paragraph", "Sont admis gratuitement :"),
        ("item", "les enfants de moins de trois ans ;"),
        ("item", "les **accompagnateurs** (voir [le règlement](https://exemple.fr/r))."),
        ("item", "Un justificatif est demandé."),
        ("item", "sauf le dimanche"),
        ("heading", "**Puis-je annuler ?**"),
        ("paragraph", "Oui. Prévenez la veille."),
        ("item", "1. Fermez la vanne. Attendez."),
        ("item", "2. Lancez la commande :"),
        ("code", "purge --all"),
    ]
    assert said(PRICES)[-4:] == [
        "1. Fermez la vanne.",
        "Attendez.",
        "2. Lancez la commande :",
        "purge --all\nrelance 3",
    ]


@pytest.mark.parametrize(
    ("words", "context"),
    [
        ("Carnet de dix", "– | Résident | Extérieur"),
        ("les enfants", "Sont admis gratuitement"),
        ("Prévenez", "Puis-je annuler ?"),
        ("Les tarifs changent", ""),
        ("Lancez", "Puis-je annuler ?"),
        ("Tarifs", ""),
    ],
)
def test_what_a_sentence_is_shown_with(words: str, context: str) -> None:
    """A row has its header, an item what leads to its list or its heading, an answer its question; other sentences nothing."""
    assert context_of(PRICES, PRICES.index(words)) == context


def test_lines_of_a_pasted_page_are_not_run_together() -> None:
    """Lines that nobody wrapped are blocks: a menu, a title and a by-line do not melt into the first sentence."""
    text = "Accueil | Agenda | Contact\nLa gare rouvre\nPar la rédaction\nLa gare de Port-Lanvec a rouvert lundi."

    assert said(text) == [
        "Accueil | Agenda | Contact",
        "La gare rouvre",
        "Par la rédaction",
        "La gare de Port-Lanvec a rouvert lundi.",
    ]


def test_a_text_wrapped_by_hand_keeps_its_sentences() -> None:
    """Where all lines are about as long, a line break ends no sentence."""
    words = ("La gare de Port-Lanvec a rouvert lundi après onze mois de travaux menés par la région. " * 6).split()
    lines, line = [], ""
    for word in words:
        if len(line) + 1 + len(word) > 72:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    text = "\n".join([*lines, line])

    assert len(said(text)) == 6


def test_a_line_that_goes_on_in_lower_case_is_the_same_sentence() -> None:
    text = "Après onze mois de travaux, la gare de Port-Lanvec\na rouvert lundi."

    assert said(text) == [text]


def test_short_lines_in_lower_case_are_lines() -> None:
    hours = ["Horaires", "lundi : 9 h - 12 h", "mardi : fermé", "mercredi : 10 h"]

    assert said("\n".join(hours)) == hours


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Première phrase. **Deuxième** phrase.", ["Première phrase.", "**Deuxième** phrase."]),
        (
            "**Attention.** Le site ferme. *Le Monde.* Ensuite il rit.",
            ["**Attention.**", "Le site ferme.", "*Le Monde.*", "Ensuite il rit."],
        ),
        ("2024. Une année sèche.", ["2024.", "Une année sèche."]),
    ],
)
def test_emphasis_melts_no_sentences(text: str, sentences: list[str]) -> None:
    assert said(text) == sentences


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("**Le maire a démissionné lundi.**\n\nIl part.", ["paragraph", "paragraph"]),
        (
            "**Qui peut venir ?**\n\nTous les habitants de la commune\n\nEntrée libre.",
            ["heading", "paragraph", "paragraph"],
        ),
        ("Le musée ouvre à 9 h.\n---\nFin.", ["paragraph", "paragraph"]),
    ],
)
def test_what_answers_is_no_heading(text: str, kinds: list[str]) -> None:
    assert [block.kind for block in blocks_of(text)] == kinds


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        ("Le **prix** est de `12 €`, voir [la page](https://exemple.fr).", "Le prix est de 12 €, voir la page."),
        ("La variable TCC_HOME vaut 5 * 3 * 2.", "La variable TCC_HOME vaut 5 * 3 * 2."),
        ("Rien [1] à ôter.", "Rien [1] à ôter."),
        ("Un cadre de 2*3*4 m et __init__.", "Un cadre de 2*3*4 m et init."),
        ("**Une phrase. Deux phrases.", "Une phrase. Deux phrases."),
        ("Le fichier `zone_apl_2011.csv` du TCC_HOME.", "Le fichier zone_apl_2011.csv du TCC_HOME."),
    ],
)
def test_signs_are_not_shown(marked: str, shown: str) -> None:
    """Emphasis, links and code are shown as words; what is no Markdown stays."""
    assert plain(marked) == shown


def test_a_fence_that_nothing_closes_is_none() -> None:
    """All that follows would be one unit of code: after one that was left open before another, and at the end."""
    text = "Lancez :\n\n```\ncofret init\n\nUne phrase. Une autre.\n\n```sh\ncofret essai\n```\n\nLa fin. Elle suit.\n\n```\ndernier"
    units = [text[s.start : s.end] for s in article_sentences(text)]

    assert units == [
        "Lancez :",
        "cofret init",
        "Une phrase.",
        "Une autre.",
        "cofret essai",
        "La fin.",
        "Elle suit.",
        "dernier",
    ]


@pytest.mark.parametrize("sign", ["mot ", "clause numéro un ; ", "ligne\n"])
def test_no_unit_is_longer_than_600_characters(sign: str) -> None:
    for text in (f"Début {sign * 400}fin.", f"```\n{sign * 400}fin\n```"):
        spans = article_sentences(text)

        assert max(s.end - s.start for s in spans) <= 600
        assert "".join(text[s.start : s.end] for s in spans).replace(" ", "").replace("\n", "") == text.strip(
            "`\n"
        ).replace(" ", "").replace("\n", "")
        if sign != "mot ":
            assert all(text[s.start : s.end].rstrip(" ;").endswith(("un", "ligne", "fin.", "fin")) for s in spans)
