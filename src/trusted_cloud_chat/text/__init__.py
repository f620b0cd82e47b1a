"""French and English text: normalisation, sentences, lexical tokens, language."""

from trusted_cloud_chat.text.language import detect_language
from trusted_cloud_chat.text.lexical import Word, cognates, content_words, lexical_tokens, word_spans
from trusted_cloud_chat.text.normalise import elides, fold, fold_in_place, fold_verbs, normalise, one_line
from trusted_cloud_chat.text.sentences import split_sentences, trim

__all__ = [
    "Word",
    "cognates",
    "content_words",
    "detect_language",
    "elides",
    "fold",
    "fold_in_place",
    "fold_verbs",
    "lexical_tokens",
    "normalise",
    "one_line",
    "split_sentences",
    "trim",
    "word_spans",
]
