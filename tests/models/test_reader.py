"""The reader's input and output, and the shipped reader over real French sentences."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from trusted_cloud_chat.models.bundled import bundled_folder, load_reader, load_tokenizer, reader_folder
from trusted_cloud_chat.models.reader import MAX_TOKENS, Reader, ReadPassage, token_row
from trusted_cloud_chat.models.weights import reader_checksum

TEXT = "Bleu a franchi le jalon J0 le 17 avril 2025. Orange et Capgemini détiennent Bleu. L’offre vise l’État."
SENTENCES = ((0, 44), (45, 81), (82, len(TEXT)))
QUESTION = "Qui possède Bleu ?"


@pytest.fixture(scope="session")
def tokenizer(embedder_home: Path) -> Tokenizer:
    return load_tokenizer(bundled_folder(embedder_home))


class TestTokenRow:
    def test_sentences_are_found_again_in_the_tokens(self, tokenizer: Tokenizer) -> None:
        """The tokens of each sentence spell that sentence, and nothing of its neighbours."""
        row = token_row(tokenizer, QUESTION, "Bleu", TEXT, SENTENCES)

        for (first, after), (start, end) in zip(row.sentences, SENTENCES, strict=True):
            said = tokenizer.decode(row.ids[first:after]).replace(" ", "")
            assert said == tokenizer.decode(tokenizer.encode(TEXT[start:end]).ids[1:-1]).replace(" ", "")

    def test_what_is_too_long_is_cut_and_known_to_be(self, tokenizer: Tokenizer) -> None:
        """At most 384 tokens; a sentence beyond them has none."""
        long = TEXT * 20
        last = (len(long) - 20, len(long))

        row = token_row(tokenizer, QUESTION, "", long, (SENTENCES[0], last))

        assert len(row.ids) == MAX_TOKENS
        assert row.sentences[0][0] < row.sentences[0][1]
        assert row.sentences[1][0] == row.sentences[1][1]


class TestShippedReader:
    def test_it_names_the_sentence_that_answers(self, reader: Reader) -> None:
        """Two questions of one passage have their answers in different sentences."""
        passage = ReadPassage("Bleu", TEXT, SENTENCES)

        (owners,) = reader.read(QUESTION, [passage])
        (day,) = reader.read("Quand Bleu a-t-il franchi le jalon J0 ?", [passage])

        assert int(np.argmax(owners.sentences)) == 1
        assert int(np.argmax(day.sentences)) == 0

    def test_a_passage_that_answers_reads_better_than_one_about_something_else(self, reader: Reader) -> None:
        other = ReadPassage("Recette", "Épluchez les carottes. Faites-les cuire vingt minutes.", ((0, 22), (23, 54)))

        answering, unrelated = reader.read(QUESTION, [ReadPassage("Bleu", TEXT, SENTENCES), other])

        assert answering.answers > unrelated.answers

    def test_a_reading_does_not_depend_on_the_other_passages(self, reader: Reader) -> None:
        passage = ReadPassage("Bleu", TEXT, SENTENCES)
        other = ReadPassage("", "Autre chose.", ((0, 12),))

        assert reader.read(QUESTION, [other, passage])[1] == reader.read(QUESTION, [passage])[0]


def test_the_reader_of_another_release_is_never_taken_for_this_one(embedder_home: Path, tmp_path: Path) -> None:
    """Its folder is named by the shipped weights; what another release left, of 7 bits too, is removed when it is a day old."""
    folder, models = reader_folder(embedder_home), tmp_path / "models"
    models.mkdir()
    for unpacked in (folder, bundled_folder(embedder_home)):
        (models / unpacked.name).symlink_to(unpacked)
    for name, age in (("reader-int8-2", 2), ("reader-int8-2-fresh", 0), ("reader-int7-2", 2)):
        (models / name).mkdir()
        os.utime(models / name, (time.time() - age * 86_400,) * 2)

    load_reader(tmp_path, threads=1)

    assert folder.name.endswith(reader_checksum()[:12])
    left = {path.name for path in models.iterdir()}
    assert left == {folder.name, bundled_folder(embedder_home).name, "reader-int8-2-fresh"}
