"""The texts of cards and of the reader."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from trusted_cloud_chat.web.evidence_strings import ENGLISH, FRENCH, EvidenceStrings


@pytest.mark.parametrize("name", [field.name for field in fields(EvidenceStrings)])
def test_both_languages_say_it_and_french_is_spaced_as_a_printer_spaces(name):
    french, english = getattr(FRENCH, name), getattr(ENGLISH, name)

    assert french
    assert english
    assert re.findall(r"{\w+}", french) == re.findall(r"{\w+}", english)
    assert not re.search(r" [:;?!»]|« |\w'\w", french)
