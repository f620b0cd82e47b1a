"""Words matched one by one: packing, gathering, the arithmetic of a match."""

from __future__ import annotations

from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.models.late_interaction import gather_words


def test_a_word_means_something_by_its_context(embedder: Embedder) -> None:
    """« bleu » the company is nearer to the company than to the colour, in the real embedder."""
    texts = [
        "Bleu, filiale d’Orange et de Capgemini, vise SecNumCloud.",
        "Le ciel est bleu et la mer est calme.",
        "Quand l’entreprise Bleu sera-t-elle qualifiée ?",
    ]
    _, found = embedder.encode_passage_words(texts)
    company, colour, asked = (
        gather_words(text, tokens, "fr") for text, tokens in zip(texts, found, strict=True) if tokens is not None
    )
    nearest = {name: asked.vectors[asked.tokens.index("bleu")] @ w.vectors[w.tokens.index("bleu")]
               for name, w in (("company", company), ("colour", colour))}  # fmt: skip
    assert nearest["company"] > nearest["colour"]
