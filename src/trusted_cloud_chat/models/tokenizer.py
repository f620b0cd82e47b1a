"""The XLM-RoBERTa tokenizer of multilingual-e5-small, built from its vocabulary."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from trusted_cloud_chat.models.weights import Vocabulary


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """A SentencePiece unigram tokenizer: adds `<s>` and `</s>`, truncates nothing."""
    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unknown))
    tokenizer.normalizer = _normalizer(vocabulary.normalised)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    start, end = (vocabulary.pieces[index][0] for index in (vocabulary.bos, vocabulary.eos))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", special_tokens=[(start, vocabulary.bos), (end, vocabulary.eos)]
    )
    return tokenizer


def _normalizer(normalised: dict[str, str]) -> normalizers.Normalizer:
    """SentencePiece's map is NFKC with a few exceptions: those first, then NFKC, then single spaces."""
    exceptions: dict[str, str] = defaultdict(str)
    for character, replacement in normalised.items():
        if unicodedata.normalize("NFKC", character) != replacement:
            exceptions[replacement] += re.escape(character)
    steps: list[normalizers.Normalizer] = [
        normalizers.Replace(Regex(f"[{characters}]"), replacement) for replacement, characters in exceptions.items()
    ]
    return normalizers.Sequence([*steps, normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
