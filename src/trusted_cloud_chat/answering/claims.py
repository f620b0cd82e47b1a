"""Words with which a sentence turns a claim round, and which its quotes must therefore have in some form.

A sentence that copies a quote but for one word is as near to it as a right paraphrase is: « a suspendu » for « a accordé ».
Only a model's sentences are held to this: two articles may well tell one event in words so far apart.
"""

from __future__ import annotations

import re

from trusted_cloud_chat.answering.polarity import FIRM_DENIALS, Polarity, opposed

_Words = tuple[re.Pattern[str], re.Pattern[str]]


def _compiled(*pairs: tuple[str, str]) -> tuple[_Words, ...]:
    return tuple((re.compile(rf"\b(?:{said})"), re.compile(rf"\b(?:{quoted})")) for said, quoted in pairs)


_BY_ANY_DENIAL = _compiled(
    (r"revoqu|revok|retrait", r"retir|retrait|revo[qk]|withdr|repren|repris|supprim|remov"),
    (r"report(?:e|ee|es|ees|er|ait)\b|ajourn|postpon", r"report|ajourn|postpon|repouss|decal|retard|differ|delay|defer|plus tard|later"),
    (r"romp(?:u|re|t)|resilie(?!n)", r"romp|rupture|resili|denonc|br(?:eak|oke)|terminat|fin\b|end(?:s|ed)\b"),
    (r"quitt(?:e|ee|es|er|ent|ait|ant|era)\b|left (?!to|over|with)|leav(?:es?|ing)\b", r"quitt|part(?:i|ir|s|e|ie|is|ies|ent|ant)?\b|depart|demission|sort|left\b|leav|resign|remplac|replac|succe[ds]|migr|bascul"),
    (r"vendue?s? (?:par|a |l[ae]|l'|au|en |fin|debut)|(?:est|a ete|sera|avait ete) vendue?s?\b|(?:a|ont) vendu\b|sold\b", r"vend|vent|ced|cess|sold\b|sell|sale|rachet|rachat|achet|acqui|purchas|b(?:uy|ought)|commercialis|propos"),
    (r"rachet(?:e|ee|es|ees|er|ait)\b|bought|took over|acquired", r"rachet|rachat|achet|achat|acqui|repris|repren|absor|take ?over|took over|b(?:uy|ought)|purchas|vend|vent|ced|cess|sold\b|sale|control"),
    (r"liquide?e?s?\b|liquidat|dissou[ts]|dissol", r"liquid|disso|faillit|bankrupt|dispar|ferm"),
    (r"ferm(?:e|ee|es|ees|er|ent|eture)\b (?!de confiance)|shut|closed\b", r"ferm|clos|shut|arret|liquid|fin\b"),
    (r"privee?s? (?:de|d')|depriv", r"priv|depriv"),
    (r"sanctionn|condamn|inflig|fined\b", r"sanction|condamn|inflig|amende|penal|fine"),
    (r"mise?s? en demeure|met(?:tre|tent)? en demeure", r"en demeure|formal notice|injon|order"),
)  # fmt: skip
"""What refuses, ends or undoes → what tells it, or a denial of any sort: « n’a pas été retenue » may be told as « rejetée »."""
_BY_ITS_LIKE = _compiled(
    (r"(?:l[ae]|les|une?|the) (?:toute )?(?:premiere?s?|first) (?!semestre|trimestre|ministre|temps|fois|half|quarter|time)", r"premiere?s?\b|1ers?\b|1eres?\b|first|inaugur|pionn|pioneer|jusqu'(?:ici|alors)|jamais|never|debut|start|initial|one\b|l'une?\b|avant tou|before (?:all|any)"),
    (r"(?:l[ae]|les|the) (?:tou(?:s|te|tes) )?(?:dernier|derniere|last) (?!semestre|trimestre|mois|annee|jour|semaine|quarter|month|year|week)", r"dernier|derniere|last\b|latest|final|recen|ultime|nouv|new"),
    (r"(?:l[ae]|les|sa|son|ses|leurs?|d'une?) seule?s?\b(?! a )|the only|the sole", r"seul|uniqu|exclusi|only\b|sole|single|aucun|no other|que\b|qu'|hormis|except"),
    (r"meilleur|the best\b", r"meilleur|mieux|best\b|better|premier|leader"),
    (r"exactement|exactly", r"exact|precis|juste\b|pile\b"),
    (r"gratui|for free|free of", r"gratui|free\b|sans (?:frais|surcout)|offert|no (?:extra )?(?:charge|cost)"),
    (r"illega|illici|unlawful", r"illega|illici|unlawful|viol|contrair|infra|interdi|breach|infring|enfrein|incompatib|not compl"),
    (r"direct(?:eur|rice)s? financi|chief financial|cfo\b", r"financi|finance|cfo\b|daf\b"),
    (r"direct(?:eur|rice)s? techni|chief techn|cto\b", r"techni|techno|cto\b"),
    (r"direct(?:eur|rice)s? commerc", r"commerc|sales|vente"),
    (r"employe(?:e?s)\b|employe\b(?! (?:par|pour|dans))|salarie|collaborateur|employees?\b|staff", r"employ|salari|collabora|effecti|personne|people|staff|workforce|agents?\b|emploi|jobs?\b|recrut|hir|worker|ingenieur|engineer|equipes?\b|team"),
    (r"ancien(?:s|ne|nes)?\b|former\b", r"ancien|former|previous|ex\b|autrefois|jadis|jusqu|rebapti|renomm|rename|remplac|replac|avant\b|old\b|successeur|succe[ds]|quitt|left\b|d'alors|origin|passe\b|preced"),
    (r"(?:pourrai(?:t|ent)|might|could)\b(?! (?:ne |n')?(?:pas|jamais|not))", r"p(?:ourr|eut|euve|ouv|uiss)\w*|might|may\b|could|can\b|would|risqu|risk|possib|potent|eventuel|permet|allow|capab|\w+r(?:ait|aient|ont|a)\b|si\b|if\b|menac|threat|capacit|able\b|option|envisag|crain|fear|expos"),
    (r"promi[st]|promet|pledge", r"prom[ei]|pledge|engag|commit|garant|guarant|assur|annonc|announc|\w{3,}r(?:a|ont)\b|will\b|doi[tv]|prevo|prevu|plan|object|attend|expect|calendrier|echeance|vis(?:e|ait)\b"),
)  # fmt: skip
"""What a sentence claims → in what words the quotes must have it."""
_OPPOSED = _compiled(
    (r"rassur|reassur", r"inquiet|preoccup|alarm|worr|concern"), (r"romp|rupture|resilie", r"conclu[est]?|sign(?:e|er|ee)\b|nou(?:e|er|ee)\b"),
    (r"(?:jalon|etape) finale?|derni(?:er|ere) (?:jalon|etape)", r"(?:jalon|etape) d'entree|premi(?:er|ere) (?:jalon|etape)|j0\b"),
    (r"ancien(?:ne|s|nes)?\b|former\b", r"nouve(?:au|l|lle|aux|lles)\b|new\b"), (r"direct(?:e|s|es|ement|ly)?\b", r"indirect"),
    (r"entierement|totalement|integralement|completement|fully|entirely|wholly", r"partiellement|en partie|partially|partly"),
    (r"(?<!extra-)(?<!non-)(?<!non )(?<!hors )(?:europeen|european)", r"(?:extra|non)[- ]europe|hors (?:d'europe|ue|de l'union)|etranger|foreign"),
    (r"gratui|free\b", r"vend|payant|factur|sold\b|paid\b"), (r"quitt|left\b", r"rejoin?|joined|engage|chemin"),
    (r"direct(?:eur|rice) (?:general|executi)|ceo\b|pdg\b", r"direct(?:eur|rice) (?:financ|techn|commerc|juridi|adjoint|marketing)|cfo\b|cto\b"),
    (r"cree(?:e|s|es|r)?\b|fonde(?:e|s|es|r)?\b|founded|created|lance\w*", r"liquid|dissou|vendue?s? par|rachet|ferme(?:e|s|es|r)?\b (?!de confiance)"),
    (r"accord(?:e|ee|er)\b|deliv|obten|obtien|recu|grant|award", r"retir|suspen|report(?:e|ee|er)\b|revo[qk]|refus|rejet"),
)  # fmt: skip


def unfounded(said: Polarity, evidence: Polarity, *, same_language: bool) -> str | None:
    """`opposite`, `denial` or `claim` where the sentence says a strong word that the quotes have in no form."""
    if opposed(said, evidence, _OPPOSED):
        return "opposite"
    if _lacks(said, evidence, _BY_ITS_LIKE):
        return "claim"
    if said.strong or said.weak or evidence.weak or evidence.restrictions:
        return None
    if same_language and _denies_alone(said, evidence):
        return "denial"
    if not (evidence.strong or evidence.denials) and _lacks(said, evidence, _BY_ANY_DENIAL):
        return "claim"
    return None


def _lacks(said: Polarity, evidence: Polarity, words: tuple[_Words, ...]) -> bool:
    return any(claim.search(said.folded) and not form.search(evidence.folded) for claim, form in words)


def _denies_alone(said: Polarity, evidence: Polarity) -> bool:
    """Whether the sentence denies, without a negation, what the quotes deny in no way: « a rejeté » for « a accordé »."""
    groups = {group for group, _ in evidence.denials}
    denied = [*evidence.strong, *(near for _, near in evidence.denials)]
    return any(
        group in FIRM_DENIALS and group not in groups and not any(near & scope for scope in denied)
        for group, near in said.denials
    )
