from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import write
from trusted_cloud_chat.entities import Entity, EntityBook, load_entities
from trusted_cloud_chat.errors import SettingsError

BOOK = load_entities()


def names(text: str) -> list[str]:
    return [mention.entity.name for mention in BOOK.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quand Bleu sera-t-il qualifié SecNumCloud ?", ["Bleu", "SecNumCloud"]),
        ("secnumcloud, c'est quoi ?", ["SecNumCloud"]),
        ("Qui a la SNC ?", ["SecNumCloud"]),
        ("L’offre d’OVHcloud et celle d'OVH", ["OVHcloud", "OVHcloud"]),
        ("3DS OUTSCALE ou outscale", ["3DS Outscale", "3DS Outscale"]),
        ("le HDH change d’hébergeur", ["Health Data Hub"]),
        ("la loi SREN et le Data Act", ["loi SREN", "Data Act"]),
        ("Gaia-X, GaiaX et Gaia X", ["Gaia-X", "Gaia-X", "Gaia-X"]),
        ("l'Agence nationale de la securite des systemes d'information", ["ANSSI"]),
        ("S3NS, filiale de Thales", ["S3NS"]),
        ("Le Hosted Private Cloud de Roubaix", []),
        ("Rien de connu ici", []),
        ("", []),
    ],
)
def test_names_and_aliases(text: str, expected: list[str]) -> None:
    """Names are found by any of their aliases, whatever the case, accents, hyphens and apostrophes, in text order."""
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [("Bleu recrute", True), ("Le ciel est bleu", False), ("BLEU recrute", False), ("Bleue", False), ("Bleus", False),
     ("l’offre de Bleu, dit-il", True), ("« Bleu »", True)],
)  # fmt: skip
def test_a_name_that_is_a_word_counts_in_its_own_case(text: str, found: bool) -> None:
    """« Bleu » is the company, « bleu » is the colour."""
    assert ("Bleu" in {mention.entity.name for mention in BOOK.written(text)}) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("qui dirige bleu ?", True),
        ("QUI DIRIGE BLEU ?", True),
        ("Est-ce que Thales est bleu ?", False),
        ("bleu et S3NS ?", False),
    ],
)
def test_where_nothing_or_all_of_a_question_has_a_capital_any_case_counts(text: str, found: bool) -> None:
    """What was typed in haste may mean the name; an article never does."""
    assert ("Bleu" in names(text)) is found
    assert "Bleu" not in {mention.entity.name for mention in BOOK.written(text)}


def test_one_name_of_several_may_count_only_as_it_is_written() -> None:
    assert names("The European Sovereign Cloud is open") == ["AWS European Sovereign Cloud"]
    assert names("aws european sovereign cloud") == ["AWS European Sovereign Cloud"]
    assert "AWS European Sovereign Cloud" not in names("SAP raised its European sovereign cloud budget")


def test_the_longest_name_wins() -> None:
    assert names("AWS European Sovereign Cloud") == ["AWS European Sovereign Cloud"]
    assert names("Google Cloud Platform d’Orange Business") == ["Google Cloud", "Orange Business"]


def test_a_name_that_begins_otherwise_than_with_three_letters_is_found() -> None:
    """By three letters names are looked up; « UE » and « n° 3 » have no three."""
    book = EntityBook([Entity("UE", case=True), Entity("N° 3"), Entity("Éco-cloud")])
    found = [mention.entity.name for mention in book.find("L’UE, le n° 3 et l’ÉCO CLOUD.")]
    assert found == ["UE", "N° 3", "Éco-cloud"]


def test_a_name_that_is_a_word_counts_with_its_accents_folded_too() -> None:
    """« École polytechnique » is one name, not « Polytechnique » after a word."""
    book = EntityBook([Entity("École polytechnique", names=("Polytechnique",), case=True)])
    assert [mention.text for mention in book.find("L’École polytechnique et Polytechnique")] == [
        "École polytechnique",
        "Polytechnique",
    ]


@pytest.mark.parametrize("text", ["EDFX", "hOVHcloud", "DORAdo", "anssible", "AWSome"])
def test_part_of_a_word_is_no_name(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Outscal est-elle qualifiée ?", "3DS Outscale"),
        ("Ou en est NumSpto ?", "NumSpot"),
        ("la qualification SecNumClood", "SecNumCloud"),
        ("secnumcluod", "SecNumCloud"),
        ("OVHclud", "OVHcloud"),
        ("Scalway", "Scaleway"),
        ("Dokaposte", "Docaposte"),
        ("Microsft", "Microsoft"),
        ("Andromede", "Andromède"),
    ],
)
def test_misspelt_names(text: str, expected: str) -> None:
    """One slip, two in a long name, swapped letters too: the entity is found."""
    assert names(text) == [expected]


def test_a_correction_is_marked() -> None:
    """A mention says what was written and that it was corrected; offsets count in the question."""
    text = "Où en est NumSpto\u00a0?"
    (mention,) = BOOK.find(text)

    assert mention.corrected
    assert (mention.text, text[mention.start : mention.end]) == ("NumSpto", "NumSpto")


@pytest.mark.parametrize(
    "text",
    ["aussi", "Qui d’autre est aussi qualifié ?", "ainsi", "worldwide", "le délai", "Europe", "orange", "scalable",
     "microservices", "une nuée", "la cible", "docile"],
)  # fmt: skip
def test_a_word_that_is_near_a_name_is_itself(text: str) -> None:
    """Common words are not taken for misspelt names: « aussi » is not ANSSI."""
    assert names(text) == []


@pytest.mark.parametrize("length", range(5))
def test_short_names_are_never_corrected(length: int) -> None:
    book = EntityBook([Entity("ABCD"[: max(2, length)])])

    assert book.find("ABXD"[: max(2, length)] + "E") == []


@given(st.text(max_size=60), st.sampled_from(("Bleu", "S3NS", "SecNumCloud", "l’ANSSI", "Cegedim.cloud", "éÉœß")))
def test_mentions_are_ordered_disjoint_and_exact(text: str, name: str) -> None:
    """Whatever surrounds them, mentions come in text order, do not overlap and quote the text exactly."""
    whole = f"{text} {name} {text}"
    end = 0
    for mention in BOOK.find(whole):
        assert end <= mention.start < mention.end
        assert whole[mention.start : mention.end] == mention.text
        end = mention.end


class TestAliasFile:
    def test_further_names(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.toml", '[[entity]]\nname = "Nuage SA"\nnames = ["NSA"]\nrelated = ["Orange"]\n')
        book = load_entities(path)

        (mention, shipped) = book.find("la NSA et Bleu")

        assert (mention.entity, shipped.entity.name) == (Entity("Nuage SA", ("NSA",), ("Orange",)), "Bleu")

    @pytest.mark.parametrize(
        "content",
        ["[[entity]", '[[entity]]\nnom = "X1"', "[[entity]]\nname = 3", '[[entity]]\nname = "x"', '[other]\nname = "X1"',
         '[[entity]]\nname = "X1"\ncase = "oui"'],
    )  # fmt: skip
    def test_a_file_that_does_not_fit(self, tmp_path: Path, content: str) -> None:
        """TOML that does not parse, or keys that do not exist, are an error that names the file."""
        path = write(tmp_path / "a.toml", content)

        with pytest.raises(SettingsError, match="are invalid") as caught:
            load_entities(path)
        assert str(path) in str(caught.value)

    @pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
    def test_a_file_that_cannot_be_read(self, tmp_path: Path, content: bytes | None) -> None:
        """A file that is missing, or not UTF-8, is an error that names the setting."""
        path = tmp_path / "a.toml"
        if content is not None:
            write(path, content)

        with pytest.raises(SettingsError, match="TCC_ALIASES"):
            load_entities(path)


def test_a_longer_name_is_not_the_shorter_one_in_it() -> None:
    """« France Bleu » is a radio; the company beside it is still named."""
    book = load_entities()

    assert book.named("L’incendie d’OVHcloud, selon France Bleu.", {"Bleu", "OVHcloud"}) == {"OVHcloud"}
    assert book.named("Bleu répond à France Bleu.", {"Bleu"}) == {"Bleu"}
    assert [m.entity.name for m in book.find("France Bleu et Bleu")] == ["France Bleu", "Bleu"]
