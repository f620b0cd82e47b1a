"""What a follow-up says, said of the subject of the question before: « et le prix ? », « il faisait quoi avant ? », « pourquoi ? »."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.schema import Language, Turn
from trusted_cloud_chat.text import detect_language, fold, fold_in_place, lexical_tokens
from trusted_cloud_chat.understanding.antecedents import (
    NOT_OF_A_PERSON,
    OPENS_WITH_VERB,
    PERSON,
    PRONOUN,
    AskAgain,
    asks_who,
    can_stand_for,
    first_quote,
    hangs_on_answer,
    many_for_one,
    named_by,
    of_all_that,
    opening_name,
    with_antecedent,
    with_object,
    with_subject,
)
from trusted_cloud_chat.understanding.inflection import capital, in_the_place_of_this, inverted, with_they_as_one
from trusted_cloud_chat.understanding.openings import ASPECT, without_lead
from trusted_cloud_chat.understanding.slots import asked_instead, asks_how_many, asks_word_alone
from trusted_cloud_chat.understanding.standing import asks_what_it_is, first_alone
from trusted_cloud_chat.understanding.topics import OF_A_PERSON, to, topic_of, with_owner

_SUBJECT = re.compile(r"(?<![-'\w])(?:il|elle|ils|elles|ca|cela|celui-ci|celle-ci|it|he|she|they|them|him)(?![-'\w])")
_ASKS = re.compile(
    r"^\W*(?:et |mais |and |but )?(?:qui|que|quoi|quel(?:le)?s?|who|what|which)\b(?! ones?\b)|^\W*(?:et |mais )?qu'"
)
_TO_IT = re.compile(
    r"\bs'y (?P<verb>oppose(?:nt)?|applique(?:nt)?|soumet(?:tent)?|conforme(?:nt)?|ajoute(?:nt)?|plie(?:nt)?)\b"
)
_IT_IS = re.compile(
    r"\W*(?:est-ce que )?c'est (?P<told>(?:deja |encore |toujours |vraiment )?(?:obligatoire|gratuit|payant|cher|facultatif|contraignant|"
    r"volontaire|definitif|adopte|vote|abandonne|reconnu|applicable|valable|en vigueur)\b[\w ]*)\W*"
)
_OWN_PLURAL = re.compile(
    r"^\W*(?:(?:et|mais|pourquoi|comment|quand|ou) )*(?:les|ces|des|tous les|toutes les|certaine?s|leurs|ses) (?:[\w'-]+ ){1,5}?"
    r"(?:[nsl]'|y )?\w+-(?:t-)?(?:ils|elles)\b"
)
"""« Les ministères ont-ils migré ? » has a subject of its own."""
_HEADS = re.compile(r"\W*qui (?P<verb>dirige|preside|pilote|commande)\b")
_SHE = re.compile(r"\b(?:directrice|presidente|dirigeante|patronne|fondatrice|nommee|dirigee par elle|madame|mme)\b")
"""Told of a woman, in the quote that names her; of folded text."""


class Before:
    """The last question of the conversation, made whole, and the turn that it is from."""

    def __init__(self, question: str, turn: Turn, entities: EntityBook, ask_again: AskAgain | None) -> None:
        self.question = question
        self.mentions = entities.find(question)
        self.topic = topic_of(question, self.mentions)
        self._turn = turn
        self._entities = entities
        self._ask_again = ask_again

    def continued(self, asked: str, language: Language, mentions: Sequence[Mention]) -> str:
        """What the follow-up says, about the subject of this question."""
        folded, topic = fold_in_place(asked), self.topic
        foreign = detect_language(self.question, default=language) != language
        alone = asks_word_alone(asked, language)
        if not foreign and (instead := self._asked_instead(asked, language)):
            return instead
        if hangs_on_answer(asked, mentions, self.question):
            subject = named_by(self.quoted(), self.question, self.mentions, self._entities)
            if subject and can_stand_for(asked, subject, self.question, mentions, self._entities):
                said_of = without_lead(asked)
                opened = with_subject(said_of, subject) if OPENS_WITH_VERB.match(fold_in_place(said_of)) else None
                return opened or without_lead(with_antecedent(asked, folded, subject))
            if topic is None or (not subject and not foreign and OF_A_PERSON.search(folded)):
                return self.and_then(capital(without_lead(asked)))
        said = set(lexical_tokens(_SUBJECT.sub("", folded), language))
        said -= {token for m in mentions for token in lexical_tokens(m.text, language)}
        if topic and (counted := asks_how_many(asked, topic.owner, language)):
            return counted if topic.owns or foreign else self.and_then(capital(without_lead(asked)))
        if topic and (said_to := self._to_what_was_defined(asked)):
            return said_to
        if not foreign and of_all_that(folded):
            return self.and_then(capital(without_lead(asked)))
        if topic and (whole := self._it_is(without_lead(asked), topic.subject(asked))):
            return whole
        says_little = (
            len(said) == 1 and not PRONOUN.search(folded) and not ASPECT.match(folded) and not _ASKS.match(folded)
        )
        if topic is None or ((not said or says_little or alone) and not foreign):
            return self.and_then(asked)
        if self._is_one_company(asked, folded):
            asked = with_they_as_one(asked, language)
            folded = fold_in_place(asked)
        said_of, subject = without_lead(asked), topic.subject(asked)
        if many_for_one(folded, subject):
            return with_owner(said_of, topic, language) or f"{said_of} {topic.names}"
        if affair := topic.affair(asked):
            return f"{said_of} {affair}"
        if whole := with_subject(said_of, subject) or with_object(said_of, subject):
            return self._beside_known(whole)
        if language == "fr" and (whole := in_the_place_of_this(said_of, subject)):
            return self._beside_known(whole)
        if pronoun := _SUBJECT.search(fold_in_place(said_of)):
            named = capital(subject) if pronoun.start() == 0 else subject
            return self._beside_known(f"{said_of[: pronoun.start()]}{named}{said_of[pronoun.end() :]}")
        return with_owner(said_of, topic, language) or f"{said_of} {topic.names}"

    def _to_what_was_defined(self, asked: str) -> str | None:
        """« Qu’est-ce que le CLOUD Act ? », then « quelle loi s’y oppose ? »: « Quelle loi s’oppose au CLOUD Act ? »."""
        found = _TO_IT.search(fold_in_place(asked))
        if found is None or len(self.mentions) != 1 or not asks_what_it_is(self.question, named=True):
            return None
        mention = self.mentions[0]
        name = to(mention.text, self.question[: mention.start])
        verb = asked[found.start("verb") : found.end()]
        elided = "s’" if verb[0] in "aeiou" else "se "
        return capital(without_lead(f"{asked[: found.start()]}{elided}{verb} {name}{asked[found.end() :]}"))

    def _it_is(self, asked: str, subject: str) -> str | None:
        """« C’est obligatoire ? » of a law or a scheme that the question is about: « SecNumCloud est-il obligatoire ? »."""
        found = _IT_IS.fullmatch(fold_in_place(asked))
        if found is None or [m.entity.kind in ("law", "scheme") for m in self.mentions] != [True]:
            return None
        pronoun = "elle" if re.match(r"(?:la|une|cette) ", subject) else "il"
        return capital(f"{subject} est-{pronoun} {asked[found.start('told') :]}")

    def _is_one_company(self, asked: str, folded: str) -> bool:
        """Whether « ils » is the one company that the question is about: « Qui possède S3NS ? », then « Combien de clients ont-ils ? »."""
        about = self.topic.spans if self.topic else ()
        if len(about) != 1 or not (mention := about[0][2]) or mention.entity.kind != "actor":
            return False
        if _OWN_PLURAL.search(folded):
            return False
        return many_for_one(folded, mention.text) and (
            not asks_who(self.question) or NOT_OF_A_PERSON.search(folded) is not None
        )

    def and_then(self, asked: str) -> str:
        """`asked` behind the question before, where nothing better is known; behind that question alone."""
        return f"{first_alone(self.question)} {asked}"

    def _beside_known(self, whole: str) -> str:
        """With the names of the question before that our lists have, where `whole` has none: « Bâti Courtage a touché combien ? OVHcloud »."""
        if self._entities.find(whole):
            return whole
        return " ".join(dict.fromkeys([whole, *(mention.text for mention in self.mentions)]))

    def _asked_instead(self, asked: str, language: Language) -> str | None:
        """The question before with the question word of the follow-up: « pourquoi ? », “since when has S3NS been?”."""
        previous = self.question
        heads = _HEADS.match(fold_in_place(previous)) if language == "fr" and asks_word_alone(asked, language) else None
        head = named_by(self.quoted(), previous, self.mentions, self._entities) if heads else ""
        if heads and PERSON.fullmatch(head):  # « Depuis quand Jean Coumaros dirige-t-il Bleu ? »
            word = re.sub(r"\W+$", "", without_lead(asked))
            verb = inverted(
                previous[heads.start("verb") : heads.end()], she=_SHE.search(fold(self.quoted())) is not None
            )
            return f"{capital(word)} {head} {verb}{previous[heads.end() :]}"
        named_who = language == "en" and asks_word_alone(asked, language) and re.match(r"(?:Who|Which)\b", previous)
        doer = opening_name(self.quoted(), self.mentions, self._entities) if named_who else ""
        return asked_instead(first_alone(previous), asked, language, doer)

    def quoted(self) -> str:
        """The words that its answer begins with."""
        return first_quote(self._turn, self.question, self._ask_again)
