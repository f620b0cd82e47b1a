"""Short questions in the words that articles use: « Qui est le patron de S3NS ? », “Who is the CEO of S3NS?” → « Qui dirige S3NS ? ».

Embedder and reader find a head by « dirige » far oftener than by « patron », « boss » or an English word; how many work somewhere
by « personnes », where « salariés » finds sentences about what salaried people do; what a qualification costs by « SecNumCloud » alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.entities import Entity, Mention
from trusted_cloud_chat.text import elides, fold_in_place

_OPENS = r"^\W*(?:et |and |so |alors |dis[- ]moi |sais[- ]tu |tell me )?"
_CLOSES = r"(?:, (?:(?:the|an?|le|la|une?|filiale|branche) |l')(?:(?!(?:et|and|ou|or|qui|who|depuis|since)\b)[\w'-]+ ?)+)?(?: (?:actuellement|aujourd'hui|maintenant|en ce moment|a l'heure actuelle|ces temps-ci|now|today|currently|at the moment|right now|these days))?\W*$"
_OF = r"(?:de |d'|chez |of |at |(?P<the>de la |de l'|du |des ))(?:the )?"
_THE = {"de la ": "la ", "de l'": "l’", "l'": "l’", "du ": "le ", "des ": "les "}
_NATION = r"(?:(?:francais|allemand|europeen|american|americain|neerlandais|italien|espagnol)(?:n?e)?s?|french|german|european|american|dutch|italian|spanish)"
_SORT = (
    r"(?:cloud|clouds|company|provider|firm|group|startup|start-up|joint venture|scheme|label|hebergeur|societe|entreprise|fournisseur|prestataire|groupe|editeur|operateur|"
    r"coentreprise|referentiel)"
)
_APPOSED = re.compile(
    rf"\b(?P<of>du |de l'|de la )?(?:le |la |l'|the |the company |un |an? )?(?:{_NATION} )?{_SORT} (?:{_NATION} )?(?=@)"
)
"""« l’hébergeur français OVHcloud », “the German cloud STACKIT”: the name says as much."""
_HEAD = (
    r"(?:actuel(?:le)? |nouve(?:au|lle|l) |grande? |current |new )?(?:patron(?:ne)?|boss|big boss|chef|cheffe|numero un|dirigeante?|"
    r"ceo|chief executive(?: officer)?|head|chief|managing director|director general)"
)
_PEOPLE = r"(?:salaries?|employes?|collaborateurs|collaboratrices|personnes|gens|effectifs?|people|employees|staff(?: members)?)"
_WORK = r"(?:travaillent|bossent|sont employees?|work|are employed)"
_WHAT_IS = "Qu’est-ce que {} ?"
_ROLE = r"role|mission|fonction|metier|activite|utilite|raison d'etre"
_JUST = r"(?:au juste|exactement|concretement|vraiment|donc)"
_WHO_ASKS = re.compile(
    r"^\W*(?:bonjour\W+)?(?:(?:(?:petite|simple|une|ma) )?question(?: d[e'] ?\w+)?|(?:je suis |i am an? )?(?:journaliste|journalist|etudiante?|student|"
    r"avocate?|lawyer|juriste|consultante?|analyste|analyst|dpo|dsi|rssi|ciso|chercheu\w+)(?: \w+)?) ?: (?=\S)"
)
_WHAT_THEY_DO = re.compile(
    r"^\W*(?:(?:bonjour|bonsoir|hello|hi)\b\W+)?(?:je (?:suis|travaille|gere|dirige|represente|prepare|redige|decouvre|debute|verifie|revise)|j'ecris|"
    r"i'm|i am|i (?:work|write|cover|represent)|we are|nous sommes)\b"
    r"(?P<does>(?:(?!\b(?:oiv|commune|ville|region|mairie|departement|metropole|mutuelle|eti|banque|bank|pme|cloud|"
    r"donnees|data|saas|iaas|sauvegarde|backup|bound|soumis|subject|sur|about|on)\b|\b(?:operat|heberg|fourniss|prestat|editeu|client|compan|qualifi|certifi|"
    r"provider|customer))[^.:?!;,\d])*)[.:] (?=[^?]*\?\W*$)"
)
"""Of a town, a bank or a provider it matters that it is one; what somebody writes about may be meant by « il »."""
_NAMED = re.compile(
    r"\b(?!(?:German|French|European|Dutch|British|Italian|Spanish|American|Belgian|Swiss)\b)[A-ZÉÈ](?![A-Z]{1,3}\b)\w+"
)
"""« RSSI », « CHU »: no names."""
_SAID_BEFORE = re.compile(
    r"^(?:(?:(?:de |en |a )?(?:combien|quel(?:le)?s?|quoi|que)(?: d(?:e |'))? ?(?:\w+ )?|quand |pourquoi |comment |ou )?)[a-z]+-(?:t-)?(?:il|elle)s?\b|"
    r"-je\b|\b(?:nous|m'|me|mon|ma|mes|we|us|our|i|my|it|they|this|that)\b|\bl'(?:a|ont)\b|\b(?:en|y) (?:est|sont|sort\w*|a)\b|\b(?:lui|leur) (?:a|ont|est|sont)\b|"
    r"\bc(?:e|et|ette) (?:texte|rapport|projet|loi|entreprise)\b|\bl'acheteur\b"
)
"""What is asked goes back to what was said first, or is asked of them: « contient-il… ? », « sommes-nous… ? »."""
_PLAIN = tuple(
    (re.compile(f"{_OPENS}(?:{asked}){_CLOSES}"), plain)
    for asked, plain in (
        (
            rf"(?:c'est qui|qui est|qui c'est|quel(?:le)? est|who is|who's) (?:le |la |l'|the )?{_HEAD} {_OF}@",
            "Qui dirige {} ?",
        ),
        (rf"(?:qui est |qui )(?:aux commandes|a la barre|aux manettes|commande) {_OF}@", "Qui dirige {} ?"),
        (
            r"who (?:currently )?(?:heads|leads|runs|is in charge of|is running|is leading|is heading)(?: up)? @",
            "Qui dirige {} ?",
        ),
        (
            r"(?:[\w' ]{1,40}\()?@\)?,? (?:(?:il|elle|c'|ca|qui) ?)?est (?:dirige|pilote|preside)e? par qui|par qui (?:est|c'est) dirigee? @",
            "Qui dirige {} ?",
        ),
        (r"(?:who|which (?:company|provider)|what company) (?:will|is going to|is to) host @", "Qui va héberger {} ?"),
        (
            r"(?:who|which (?:company|provider)|what company) (?:currently )?hosts @|where is @ hosted|"
            r"ou (?:est|sont) (?:(?:actuellement|aujourd'hui|maintenant) )?(?:hebergee?s?|stockee?s?) (?:les donnees (?P<the>de la |de l'|du |des )|le |la |l'|les )?@",
            "Qui héberge {} ?",
        ),
        (
            r"(?:qui est|qui etait|qui a ete) a l'origine d(?:e |u |e la |e l'|es |')(?:la |le |l')?@",
            "Qui a lancé {} ?",
        ),
        (
            r"(?:[\w' ]{1,40}\()?(?:le |la |l')?@\)?,? (?:ca |cela |il |elle |c')?(?:appartient|est(?:-(?:il|elle))? (?:la |une )?filiale) (?:a |de |d')(?:quel(?:le)? (?:groupe|societe|entreprise|boite|maison)|qui)|"
            r"(?:a|de) quel(?:le)? (?:groupe|societe|entreprise|boite) (?:appartient|depend) @|"
            r"(?:which|what) (?:company|group|firm) (?:owns @|is behind @|does @ belong to)|quel(?:le)? (?:groupe|societe|entreprise|boite) (?:possede|detient|controle|est derriere|se cache derriere) @",
            "Qui possède {} ?",
        ),
        (
            r"(?:le |la |l')?@ (?:(?:a|avait) (?:finalement )?(?:pris|choisi|retenu)|utilise|est chez|est sur|tourne sur) quel(?:le)? (?:cloud|fournisseur|prestataire|hebergeur|solution|offre)(?: cloud)?",
            "Quel cloud a choisi {} ?",
        ),
        *(
            (asked + r"(?=\W*$)", _WHAT_IS)
            for asked in (
                r"(?:@ ?[,:]? (?:ke[sz]ako|que[sz]aco)|(?:ke[sz]ako|que[sz]aco) @)",
                rf"(?:a quoi (?:ca )?(?:sert|servent)(?: {_JUST})?|qu(?:e |'est[- ]ce que )(?:fait|font)(?: {_JUST})?) (?P<the>le |la |les |l')?@",
                rf"(?P<the>le |la |les |l')?@,? (?:ca |il |elle )?(?:sert a|fait) quoi(?: {_JUST}| dans la vie)?",
                rf"(?:c'est quoi|quel(?:le)?s? (?:est|sont)) (?:le |la |les |l')(?:{_ROLE})s? (?:exacte?s? |principa(?:ux|les?) )?{_OF}@",
                r"(?:what (?:does|do) (?:the )?@ (?:actually )?do(?: exactly)?|what (?:is|are) (?:the )?@ for|"
                r"what (?:is|are) the (?:roles?|missions?|purpose|function|business) of (?:the )?@)",
            )
        ),
        (
            r"@,? (?:ca |cela |il |elle |c')?(?:remonte|date|est|etait)(?:-t-il)? (?:a |de )?quand(?: deja| au juste| exactement)?|"
            r"(?:ca |cela )?(?:remonte|date) (?:a |de )?quand (?P<the>la |le |les |l')?@",
            "De quand date {} ?",
        ),
        (
            r"when did @ (?:go|become) (?:public|listed)|quand @ (?:est|a)(?:-t)?-(?:il|elle) (?:ete )?(?:entree? en bourse|introduite? en bourse|cotee?)",
            "Quand {} est-il entré en Bourse ?",
        ),
        (
            r"qui (?:a|ont|detient|possede) combien(?: d[eu] (?:parts|capital))? (?:dans |de |du capital de |chez )(?:le |la |l')?@|"
            r"actionnaires (?:de |d')?@ repartition(?: du capital)?",
            "Comment se répartit le capital de {} ?",
        ),
        (
            r"qui (?:avait|avaient|detenait|possedait) combien(?: d[eu] (?:parts|capital))? (?:dans |de |du capital de |chez )(?:le |la |l')?@(?: au depart| a l'origine| au debut)?",
            "Comment se répartissait le capital de {} ?",
        ),
        (
            r"is @ (?:still )?(?:(?:a )?public(?:ly (?:traded|listed|held))?(?: company)?|(?:a )?listed(?: company)?(?: on (?:the|a) stock (?:exchange|market))?)",
            "{} est-il coté en Bourse ?",
        ),
        (r"who (?:currently )?(?:owns|is the owner of|controls) @|who does @ belong to", "Qui possède {} ?"),
        (
            r"(?:qui (?:est|se cache|est-ce qui est|y a-t-il|il y a) derriere|who is behind|who's behind) @|"
            r"@,? (?:il )?y a qui derriere|@,? (?:derriere|qui est|c'est qui),? (?:derriere|(?:il )?y a (?:qui|quelles? (?:entreprise|societe|boite)s?)|c'est qui)",
            "Qui possède {} ?",
        ),
        (
            rf"combien de {_PEOPLE} (?:(?:compte|emploie|a|possede)(?:-t-(?:il|elle))?|(?:qui )?{_WORK} (?:chez|pour|a)|(?:y a-t-il|il y a|y a) chez|chez) @|"
            rf"combien de {_PEOPLE} @ (?:compte|emploie|a)(?:-t-(?:il|elle))?|@,? (?:compte|emploie|a|c'est|ca fait) combien de {_PEOPLE}|"
            rf"(?:quel(?:le)?s? (?:est|sont) )?(?:l'|les |le nombre de |la taille des )?{_PEOPLE} {_OF}@|"
            rf"how many {_PEOPLE} (?:(?:does|do) @ (?:have|employ)|{_WORK} (?:at|for|by) @)",
            "Combien de personnes travaillent chez {} ?",
        ),
    )
)

_OF_AN_ACTOR = ((re.compile(f"{_OPENS}qui controle (?:le |la |l'|les )?@{_CLOSES}"), "Qui possède {} ?"),)
_OF_A_LAW = tuple(
    (re.compile(f"{_OPENS}(?:{asked}){_CLOSES}"), plain)
    for asked, plain in (
        (
            r"is (?:the )?@ (?:already |now |yet )*(?:a )?law(?: already| now| yet)*|has (?:the )?@ become (?:a )?law(?: yet)?",
            "{} est-il adopté ?",
        ),
        (
            r"(?P<the>le |la |l')?@,? (?:il |elle )?tient(?:-(?:il|elle))? (?:toujours|encore)(?: debout| la route)?",
            "{} est-il toujours valable ?",
        ),
    )
)

_OF_A_QUALIFICATION = tuple(
    (re.compile(f"{_OPENS}(?:{asked}){_CLOSES}"), plain)
    for asked, plain in (
        (
            r"(?:(?:la |l'|le )?(?:qualification |certification |referentiel )?@,? (?:(?:c'|ce n'|n')?est(?:-(?:il|elle|ce))? (?:(?:vraiment|forcement|desormais|deja|encore|pas) )*obligatoire|"
            r"(?:on est|est-on) oblige)(?: ou (?:pas|non))?|is (?:an? )?@(?: qualification| certification)? (?:really |now |already )*(?:mandatory|compulsory|obligatory|required))",
            "Faut-il obligatoirement recourir à {} ?",
        ),
        (
            r"how long does it take (?:for (?:an?|the) \w+ )?to (?:get|obtain|be|become|achieve|earn|receive) (?:an? |the )?@(?: qualified| certified| qualification| certification)?|"
            r"(?:ca prend |il faut )?combien de temps (?:pour )?(?:etre|devenir|avoir|se faire|decrocher) (?:qualifiee?r? |certifiee?r? |labelliser? |le label |la qualification )?@",
            "Combien de temps faut-il pour obtenir {} ?",
        ),
    )
)

_PRICE = re.compile(
    f"{_OPENS}(?:"
    r"combien (?:ca )?coute (?:a une? \w+ )?(?:de |pour )?(?:se faire |etre |d'etre )?(?:qualifiee?r?|labelliser?|certifier?) @|"
    r"(?:combien (?:ca )?coute|(?:quel(?:le)? est )?(?:le |la )?(?:prix|cout|tarif) (?:de |d'|pour )) ?(?:l'|la |une |un )?(?:obtention de |obtenir )?(?:la |une )?"
    r"(?:(?:qualification|labellisation|certification) (?:a )?)?@|"
    r"how much (?:does|do|is) (?:an? |the |getting |obtaining )?(?:an? |the )?@(?: qualification| certification)?(?: cost)?"
    f"){_CLOSES}"
)

_VALUE = re.compile(
    r"\bc'(?:est|(?P<was>etait)) (?:quoi|koi) (?P<the>le |la |les |l')(?P<noun>(?:plafond|seuil|prix|cout|montant|tarif|budget|delai|duree|taux|chiffre|date|objectif|but|calendrier|nom)s?)\b"
)
"""« CSA2 : c’est quoi le plafond des amendes ? » → « CSA2 : quel est le plafond… ? »"""
_FEMININE = re.compile(r"dates?$|durees?$")
_QUALIFICATION = re.compile(r"^(?:qualification|certification|label) (?=\S)", re.IGNORECASE)
_GRANTED_BY = "ANSSI"
"""Other schemes are kept to, not obtained, and « EUCS est-il obligatoire ? » is answered by « un caractère volontaire »."""


def plainly(text: str, mentions: Sequence[Mention]) -> str:
    """`text`, or the plain form of a question that is about one of `mentions` and asks nothing else."""
    folded = fold_in_place(text)
    for mention in mentions:
        marked = _APPOSED.sub(_of_the_name, f"{folded[: mention.start]}@{folded[mention.end :]}").replace(
            " the @", " @"
        )
        for asked, plain in (*_PLAIN, *_of_its_kind(mention.entity)):
            if found := asked.search(marked):
                before = found.groupdict().get("the") or ""
                determiner = _THE.get(before, before)
                named = _QUALIFICATION.sub("", text[mention.start : mention.end])
                if plain is _WHAT_IS:  # « la qualification SecNumCloud » is « SecNumCloud »
                    determiner = "" if named != text[mention.start : mention.end] else determiner
                    plain = plain if not elides(determiner or named) else plain.replace("que ", "qu’")
                said = plain.format(determiner + named)
                return f"{said[0].upper()}{said[1:]}"
        if mention.entity.kind == "scheme" and _PRICE.search(marked):
            return f"Combien coûte {mention.entity.name} ?"
    if (value := _VALUE.search(folded)) is not None:
        noun, before = value["noun"], text[: value.start()]
        plural, feminine = value["the"] == "les ", bool(_FEMININE.match(noun))
        verb = ("étaient" if plural else "était") if value["was"] else ("sont" if plural else "est")
        which = f"quel{'le' if feminine else ''}{'s' if plural else ''} {verb} "
        return f"{before}{which if before.strip() else which.capitalize()}{text[value.start('the') :]}"
    return text


def _of_its_kind(entity: Entity) -> tuple[tuple[re.Pattern[str], str], ...]:
    if entity.kind == "actor":
        return _OF_AN_ACTOR
    if entity.kind == "law":
        return _OF_A_LAW
    return _OF_A_QUALIFICATION if entity.kind == "scheme" and _GRANTED_BY in entity.related else ()


def _of_the_name(apposed: re.Match[str]) -> str:
    return "de " if apposed["of"] else ""


def without_lead_in(text: str) -> str:
    """Without what only says who asks: « Journaliste éco : à quoi étaient dues… », “I cover Brussels for a weekly. Who runs…?”.

    What else stands before a question mostly belongs to it: « RSSI chez un opérateur d’importance vitale : est-il obligatoire… »,
    « Je relis un rapport : combien de propositions contient-il ? ».
    """
    folded = fold_in_place(text)
    if found := _WHO_ASKS.match(folded):
        return text[found.end() :]
    found = _WHAT_THEY_DO.match(folded)
    if (
        found is None
        or _NAMED.search(text, found.start("does"), found.end("does"))
        or _SAID_BEFORE.search(folded[found.end() :])
    ):
        return text
    return f"{text[found.end()].upper()}{text[found.end() + 1 :]}"
