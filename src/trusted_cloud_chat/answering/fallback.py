"""What the reader is told when the language model did not write the answer, or not all that it wrote stands."""

from __future__ import annotations

from trusted_cloud_chat.schema import Language

_NBSP = "\u00a0"
_FR = {
    "timeout": "n’a pas répondu dans le délai imparti (TCC_CHAT_TIMEOUT_S)",
    "unreachable": "est injoignable",
    "key": "a refusé la clé d’accès",
    "unknown": "n’a pas été trouvé sur son serveur (vérifiez TCC_CHAT_MODEL et TCC_CHAT_URL)",
    "busy": "n’accepte plus de questions pour l’instant (quota épuisé ou trop de requêtes)",
    "refused": "n’a pas pu répondre (requête refusée par son serveur)",
    "server": "n’a pas pu répondre (erreur de son serveur)",
    "broken": "n’a pas terminé sa réponse (connexion interrompue)",
    "failed": "a échoué avant la fin de sa réponse",
    "silent": "n’a rien écrit",
    "cut": "a été arrêté avant la fin de sa première phrase",
    "not_found": "n’a pas trouvé la réponse dans les passages",
    "nothing_stands": "n’a écrit aucune phrase que les passages cités confirment",
}
_EN = {
    "timeout": "did not answer in time (TCC_CHAT_TIMEOUT_S)",
    "unreachable": "cannot be reached",
    "key": "refused the access key",
    "unknown": "was not found on its server (check TCC_CHAT_MODEL and TCC_CHAT_URL)",
    "busy": "takes no more questions for now (quota used up, or too many requests)",
    "refused": "could not answer (its server refused the request)",
    "server": "could not answer (error of its server)",
    "broken": "did not finish its answer (the connection broke off)",
    "failed": "failed before the end of its answer",
    "silent": "wrote nothing",
    "cut": "was stopped before the end of its first sentence",
    "not_found": "did not find the answer in the passages",
    "nothing_stands": "wrote no sentence that the cited passages confirm",
}


def fallback_notice(reason: str, name: str, language: Language) -> str:
    """Why the quotes are shown instead; `reason` is a key above."""
    if language == "en":
        return f"The language model “{name}” {_EN[reason]}: this answer is made of quotes alone."
    return (
        f"Le modèle de langage «{_NBSP}{name}{_NBSP}» {_FR[reason]}{_NBSP}: "
        "la réponse ci-dessous est faite de citations seules."
    )


def cut_notice(name: str, language: Language) -> str:
    """That the model was stopped before its end: what it wrote stands, and may lack something."""
    if language == "en":
        return f"The language model “{name}” was stopped at its maximum length: its answer may be incomplete."
    return (
        f"Le modèle de langage «{_NBSP}{name}{_NBSP}» a été arrêté à la longueur maximale{_NBSP}: "
        "sa réponse peut être incomplète."
    )


def unsupported_notice(count: int, language: Language, *, strike: bool) -> str:
    """How many sentences of the model do not stand, and what was done with them."""
    if language == "en":
        sentences = "1 sentence" if count == 1 else f"{count} sentences"
        verb = "is" if count == 1 else "are"
        done = f"{verb} struck out" if strike else f"{'was' if count == 1 else 'were'} left out"
        return f"{sentences} of the language model {verb} not confirmed by the cited passages and {done}."
    several = count > 1
    what = f"{count} phrases du modèle de langage ne sont pas confirmées" if several else (
        "1 phrase du modèle de langage n’est pas confirmée"
    )  # fmt: skip
    if strike:
        done = "elles sont barrées" if several else "elle est barrée"
    else:
        done = "elles ont été retirées" if several else "elle a été retirée"
    return f"{what} par les passages cités{_NBSP}: {done}."
