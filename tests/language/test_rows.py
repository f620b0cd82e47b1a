"""A row of a table as it is read."""

from __future__ import annotations

import pytest

from trusted_cloud_chat.language.rows import row_of

SHEET = """| Code INSEE | Commune | Population | Fibre | Siren | Maire | Lien |
|---|---|---|---|---|---|---|
| 35238 | Rennes | 225 081 | oui |  | N. A. | https://rennes.example |
"""


def said(text: str, cell: str, language: str = "fr") -> str:
    return row_of(text, text.index(cell), language).replace("\u00a0", " ")  # type: ignore[arg-type]


def test_columns_that_say_something_and_no_codes():
    assert said(SHEET, "35238") == "Commune : Rennes ; Population : 225 081 ; Fibre : oui ; Maire : N. A."


@pytest.mark.parametrize(
    ("text", "cell", "shown"),
    [
        ("| | Adulte | Enfant |\n|---|---|---|\n| Visite | 12 € | – |", "Visite", "Visite ; Adulte : 12 €"),
        ("| Code | Nom |\n|---|---|\n| 7 | Bleu |", "7", "Code : 7 ; Nom : Bleu"),
        ("| Nom |\n|---|\n| Bleu \\| Orange |", "Bleu", "Nom : Bleu | Orange"),
    ],
)
def test_of_a_few_columns_all(text: str, cell: str, shown: str):
    assert said(text, cell) == shown


def test_what_is_no_row_is_none():
    assert said("Une phrase.", "Une") == ""


def test_in_english():
    assert said("| Name |\n|---|\n| Bleu |", "Bleu", "en") == "Name: Bleu"
