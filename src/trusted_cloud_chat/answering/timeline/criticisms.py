"""« Que reproche-t-on à Gaia-X ? », « Quelles sont les limites de SecNumCloud ? »: the sentences that criticise it, by rules.

Conservative: a sentence in which it criticises somebody else, or that only has a limit in it (« 24 % du capital »), is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from trusted_cloud_chat.answering.selection import Selected, without_repeats
from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.text import content_words, fold, fold_in_place
from trusted_cloud_chat.understanding import Understanding

MOST = 6
_NOUN = (
    r"(?:critiques?|reproches?|griefs?|limites?|limitations?|faiblesses?|inconvenients?|defauts?|insuffisances?|lacunes?|points? faibles?|"
    r"criticisms?|limits?|weaknesse?s?|weak points?|drawbacks?|shortcomings?|downsides?|disadvantages?|flaws?)"
)
_MAIN = r"(?:principale?s|principal|principaux|plus (?:grande?s|frequente?s)|main|biggest|key)"
_MADE = (
    r"(?:qui (?:sont|ont ete) )?(?:adresse|faite?|formule|emis|porte|exprime|souleve)(?:e?s?)|visant|qui visent|a propos|"
    r"made|levelled|leveled|raised|voiced|directed"
)
_TOWARDS = r"(?:a l'egard (?:de|du|d')|a l'encontre (?:de|du|d')|a|aux?|contre|envers|sur|pour|de|du|des|d'|of|against|about|with|for|to|at)"
_THE = r"(?:l[ae]s? |l'|the )?"
_ASKS = tuple(
    re.compile(rf"^\W*(?:(?:et|mais|and|but) )?(?:{asked})(?: (?:aujourd'hui|actuellement|today|now))?\W*$")
    for asked in (
        # « Quelles sont les principales critiques adressées à # ? », "What are the limits of #?", « Les limites de # ? »
        rf"(?:(?:quel(?:le)?s?|which|what)(?: (?:sont|est|are|is))? |list(?:e|ez|er)? |citez |donnez?(?:-moi)? )?(?:(?:l[ae]s?|des|the) )?(?:{_MAIN} )?"
        rf"{_NOUN}(?: {_MAIN})?(?: (?:sont|ont ete|fait-on|adresse-t-on|are|have been))?(?: (?:{_MADE}))? {_TOWARDS} ?{_THE}#",
        # « Quelles limites a # ? », "What are #'s weaknesses?", "What criticism has # faced?"
        rf"(?:quel(?:le)?s?|which|what) (?:\w+ )?{_NOUN} (?:a|presente|comporte|suscite|does|do|has|have|visent|touchent) {_THE}#(?: have| faced?| drawn| received)?",
        rf"(?:(?:which|what) are |list )?{_THE}# (?:{_MAIN} )?{_NOUN}",
        # « Que reproche-t-on à # ? », « Qu’est-ce qu’on reproche à # ? »
        rf"(?:que reproche-t-on|qu'est[- ]ce qu(?:e l')?'?on reproche|qu'est[- ]ce qui est reproche|what is criticis?z?ed|que critique-t-on) (?:a|aux?|chez|dans|de|about|in) ?{_THE}#",
        rf"(?:what do|what are) (?:its |the )?critics say(?:ing)? (?:about|of) {_THE}#|what(?:'s| is) wrong with {_THE}#",
        # « Pourquoi # est-il critiqué ? », "Why is # criticised?", « Qui critique # ? »
        rf"(?:pourquoi|en quoi|why|how|qui|who)(?: (?:is|are|was|has|have))? ?{_THE}# ?(?:est|sont|etait|a|ont|been)?(?:-t)?(?:-(?:il|elle)s?)?(?: (?:ete|been|si|tant|aussi|autant|so|much))* ?"
        r"(?:critique|conteste|controverse|decrie|criticis|criticiz|contest|controversial)(?:e?s?|ed)",
        rf"(?:pourquoi|en quoi) (?:critique|conteste|reproche)-t-on {_THE}#|(?:qui|who) (?:critique|conteste|criticis?z?es) {_THE}#",
    )
)
"""Of the folded question with the name as `#`."""
_ITS_OWN = re.compile(r"\b(?:critiques?|reproches?|griefs?) (?:de|du|des|d') ?(?:l[ae]s? |l')?#")
"""« Les critiques de la CNIL » are those that it makes."""

_LIST = r"#(?:,? (?:(?:et|ou|ni|and|or|nor) )?(?:de |l[ae]s? |l')?@| et (?:de )?\w+(?=[ ,]))*(?: france)?(?: de (?:19|20)\d\d)?(?:,[^,;.]{1,80},)?"
"""The name as a subject, with those that stand beside it and what is set between commas."""
_OPENS = re.compile(
    r"(?:^|[,;:(]|[«“] ?|\b(?:que?|mais|et|car|ou|quand|comme|si|that|but|and|when|while|whereas|such as)|\bqu')\s*"
    r"(?:l[ae]s? |l'|d'|the |une? |ni |seule? |simple |clouds? |internes? |sommet |(?:certification|qualification|label|referentiel|cadre|projet|offres?|"
    r"reglement|loi|schema|compromis|orientation|version|coentreprises|joint ventures) (?:prise par |sur |comme |de |du |d'|of |on |such as )?|"
    r"@,? (?:et|ou|ni|and|or|nor) )*$"
)
"""What stands before a subject: the beginning of a clause, so that « un recours contre Bleu ne suffit pas » has another."""
_NOT = r"(?:pas|jamais|plus|guere|point|aucune?|ni|entierement)\b"
_FALLS_SHORT = re.compile(
    # « SecNumCloud ne résout pas », "does not remove"; « n’a pas d’autorité budgétaire », but not « n’a pas de qualification »
    rf"{_LIST} (?:ne |n')(?:s'|se |y |en )?(?:supprim|resou|resol|regl|couvr|proteg|suffi|convien|permet|garanti|assur|elimin|evit|immunis|empech|repond|"
    rf"remplac|substitu|peu(?:t|vent)\b|met(?:tent)?\b)\w*(?: \w+)? {_NOT}|"
    rf"{_LIST} (?:n'(?:a|ont)|ne dispos\w+|n'offr\w+) (?:(?:pas|plus) (?:d'|de )|aucune? )(?![^.;]*(?:qualifi|certifi|@))|"
    rf"{_LIST} n'est pas (?:une? |la )?(?:garantie|gage|protection|bouclier|remede|panacee|suffisan|adapte|a l'abri)|"
    rf"{_LIST} (?:(?:does|do|did|could|can) ?n[o']t|doesn't|don't) (?:\w+ly )?(?:remove|solve|resolve|cover|protect|guarantee|suit|suffice|prevent|eliminate|ensure|shield|address|"
    rf"replace|allow)|{_LIST} (?:is|are) not (?:enough|sufficient|a guarantee|suited|suitable)|"
    # « est critiquée », « manque de maturité », « coûte plus cher », « a nourri la polémique »
    rf"{_LIST} (?:est|sont|a ete|ont ete|etai(?:t|ent)|reste\w*|fait l'objet|is|are|was|were|has been|have been)(?: \w+)? ?"
    r"(?:critique(?:e?s?\b)(?! pour)|conteste|decrie|controverse|denonce|accuse|mise?s? en (?:cause|doute)|insuffisan|inadapte|opaque|trop |peu (?:utilis|adapt|soutenu|lisib)|"
    r"(?:de |d')?(?:vives )?critiques|criticis|criticiz|controversial|accused|too |little used|juge\w* (?:trop|insuffisa|peu|opaque|inadapte|flou))|"
    rf"{_LIST} (?:manqu\w+ (?:encore |toujours )?d|souffr\w+ |pein\w+ a\b|echou\w+ a\b|(?:a|ont) failli\b|servent peu|sert peu|lacks?\b|lacked|fail(?:s|ed) to|struggl|"
    rf"inquiet\w+ (?!d)|(?:dev\w+)?(?:,[^,]+,)? ?(?:coute\w*|etre|sont|est) (?:trop|plus) chers?|(?:are|is|costs?|would be|be) (?:more expensive|too expensive|more than)|"
    r"(?:\w+ ){0,4}?(?:nourri|suscit|provoqu|souleve|rencontr|essuy|draw|drew|raise|met with)\w* (?:\w+ ){0,3}(?:polemique|critique|inquietude|opposition|tolle|reserve|controverse|criticism|concern))|"
    # « laisse entière la dépendance », « comme « le déclin d’une ambition » »
    rf"{_LIST} laiss\w+ [^.;]{{0,60}}\b(?:entier|expos|soumis|ouvert|vulnerab|dependan)|"
    rf"{_LIST} (?:comme|est|as|is) (?:[«“] ?)?(?:l[ae] |une? |the |an? )?(?:declin|echec|impasse|leurre|illusion|usine a gaz|coquille vide|failure|dead end)|"
    rf"{_LIST} dont [^,;.]{{1,40}} (?:est|sont|etait|etaient) (?:\w+ )?(?:insuffisan|trop )"
)
_ADMITTED = re.compile(
    rf"\b(?:admet\w*|admis|reconnai\w+|reconnu|conced\w+|deplor\w+|regrett\w+|admit\w*|acknowledg\w+|conced\w+) (?:que |qu'|that ){_THE}{_LIST} (?:n[e'] ?|(?:does|do|can) ?not)"
)
_CRITICISES = re.compile(
    r"\b(?:critiqu(?:e(?= (?:l[ae]s?|une?|des?|ce|cet|cette|ces|son|sa|ses|vivement|severement)\b| [ld]'| #)|ent|ait|aient|er|ant|ees?\b)|(?<=\ba )critique\b|(?<=\b(?:ont|ait|ent) )critique\b|denonc\w+|contest(?:e|ent|ait|aient|er|ant|ee?s?)|"
    r"reproch(?:e|es|ent|ait|aient|er|ant|ee?s?)|regrett\w+|deplor\w+|fustig\w+|accus\w+|s'(?:en )?(?:est |sont |etait |etaient )?inquiet\w+|inquietudes?\b|(?:met|mettent|mettre|mettait|mis) en (?:doute|cause)|"
    r"dout(?:e|ent|ait) (?:de|du|d'|que)|(?:opposee|opposes|opposees|(?:est|sont|dit|disait|etait) oppose) (?:a|aux?)|opposition (?:a|aux?|contre)|(?<!retirer cette )(?<!retirer la )(?<!retirer sa )(?<!abandonner sa )plaintes? contre|surcouts? (?:d'une?|du|de|des)|reserves (?:sur|envers)|critiques (?:contre|envers|adressees|visant)|"
    r"limites (?:de|du|d')|faiblesses (?:de|du|d')|points? faibles? (?:de|du|d')|reclam\w+ que (?=(?:l[ae] |l')?#[^.;]{0,30}\b(?:suspend|cess|renonc))|"
    r"criticis\w+|criticiz\w+|denounc\w+|concerns?\b(?: \w+){0,4} (?:about|over)|worri\w+ (?:about|that)|object\w* to|complain\w* (?:about|of)|doubt\w*|limits of|weaknesses of)"
)
_USAGE = re.compile(r"\b(?:usages?|uses?)\b[^.;]{0,40}#[^.;]{0,20} ne depass\w+ (?:pas|jamais)")
_REACH = 100
"""Characters between a word that criticises and the name."""
_BY = re.compile(r"(?<!pris )(?<!prise )\b(?:par|selon|by|d'apres) (?:l[ae]s? |l'|the )?$")
_INSERTED = re.compile(r"(?:[,»”]|\b(?:que|comme|as))\s*$|\bqu'$|\b(?:ne|n'|not|sans|pas)\s*(?:\w+ )?$")
"""« …, regrette Bleu » is said by it, and « ne conteste pas » is no criticism."""
_TRANSLATED = 2
"""Names that a French and an English sentence of one point share."""
_ALONE = re.compile(r"\s*(?:l[ae]s? |l'|the )?")
_CALLED = re.compile(
    r"\b(?:l'(?:hebergeur|operateur|entreprise|editeur)|cette (?:initiative|qualification|loi|plateforme|directive)|ce (?:label|referentiel|reglement|schema)|the (?:company|provider|scheme))\b"
)
"""How an article whose title names one alone speaks of it."""


def asks_for_criticisms(question: str, entities: EntityBook) -> bool:
    """Whether it is asked what one known name is criticised for, or where its limits are, and nothing else."""
    mentions = entities.find(question)
    if len({mention.entity.name for mention in mentions}) != 1:
        return False
    asked = re.sub(r"#['’]s\b", "#", _masked(question, mentions, mentions[0].entity.name))
    if mentions[0].entity.kind == "authority" and _ITS_OWN.search(asked):
        return False
    return any(pattern.search(asked) for pattern in _ASKS)


def criticisms_of(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> list[Selected]:
    """Sentences that criticise the one asked about or tell what it falls short of, newest article first, `MOST` at most.

    One an article; of what the same somebody says again the newest. Those in the question's language come before others.
    """
    query = understood.query
    (name,) = query.entities[:1]
    told = [choice for choice in ranked if _told_of(choice, name, entities)]
    in_time = sorted(
        told,
        key=lambda choice: (choice.passage.article.language != query.language, -choice.published, choice.span.start),
    )
    asked = content_words(query.text, query.language)
    points: list[Selected] = []
    for choice in without_repeats(in_time, query.language, asked):
        if not any(_same_point(choice, other, asked) for other in points):
            points.append(choice)
    return sorted(points[:MOST], key=lambda choice: -choice.published)


def _told_of(choice: Selected, name: str, entities: EntityBook) -> bool:
    masked = _masked(choice.text, entities.written(choice.text), name)
    if "#" not in masked:
        titled = {m.entity.name for m in entities.written(choice.passage.article.title)}
        masked = _CALLED.sub("#", masked, count=1) if titled == {name} and "@" not in masked else masked
    return "#" in masked and _criticises(masked)


def _criticises(masked: str) -> bool:
    """« # ne résout pas toutes les dépendances », « le Cigref critique # »: said of it, not by it."""
    if any(_OPENS.search(masked[: found.start()]) for found in _FALLS_SHORT.finditer(masked)):
        return True
    if _ADMITTED.search(masked) or _USAGE.search(masked):
        return True
    for verb in _CRITICISES.finditer(masked):
        name = masked.find("#", verb.end())
        between = masked[verb.end() : name]
        if name < 0 or len(between) > _REACH or re.search(r"[.;:]|@(?!,? (?:et|and|ou|or|ni)\b)", between):
            continue
        by_it = verb[0].endswith(("e", "es", "ed")) and _BY.search(between)
        said_by_it = (
            _ALONE.fullmatch(between) and not verb[0].endswith("que ") and _INSERTED.search(masked[: verb.start()])
        )
        if not by_it and not said_by_it:
            return True
    return False


def _masked(text: str, mentions: Iterable[Mention], name: str) -> str:
    """The folded text with the one asked about as `#`, and each other name as `@`."""
    masked = fold_in_place(text)
    for mention in sorted(mentions, key=lambda m: -m.start):
        sign = "#" if mention.entity.name == name else "@"
        masked = masked[: mention.start] + sign + masked[mention.end :]
    return masked


def _same_point(one: Selected, other: Selected, asked: frozenset[str]) -> bool:
    """Whether two are from one article, or the same somebody says in both what shares a word; of two languages, the same two."""
    first, second = one.passage.article, other.passage.article
    if first.article_id == second.article_id:
        return True
    names = _names(one, asked) & _names(other, asked)
    if first.language != second.language:
        return len(names) >= _TRANSLATED
    shared = content_words(one.text, first.language) & content_words(other.text, first.language) - asked
    return bool(names) and bool(shared - content_words(" ".join(names), first.language))


def _names(choice: Selected, asked: frozenset[str]) -> frozenset[str]:
    """The words with a capital, folded, but the first and those that the question has."""
    capitals = map(fold, re.findall(r"(?<!^)\b[A-ZÉÈÀÎ][\w-]+", choice.text))
    return frozenset(word for word in capitals if not content_words(word, choice.passage.article.language) <= asked)
