"""What kind of thing a question asks for, and whether a sentence holds one."""

from __future__ import annotations

import re

from trusted_cloud_chat.dates import MONTHS_EN, MONTHS_FR
from trusted_cloud_chat.text import fold

_CLOSED = r"(?:,? cel(?:le|ui) qui [^,?]{2,60},|(?!\b(?:que|quoi|qui|quel(?:le)?s?|lesquel(?:le)?s|lequel|laquelle|duquel|auquel)\b|\bqu'|\bd'ou\b|\bjusqu'ou\b|\bou en (?:est|sont)\b).)*?"
"""What may stand before an inversion: « Que reproche-t-on… ? » and « Sur quoi repose-t-elle ? » ask for no yes or no."""
_ACTS = (
    r"[^?]*\b(?:a|ont|avai(?:t|ent)|va|vont|doi(?:t|vent)|peu(?:t|vent)|fait|font|di(?:t|sent)|prevoi(?:t|ent)|interdi(?:t|sent)|contien\w+|"
    r"(?:chang|reproch|apport|impos|exig|permett?|demand|propos|pens|cout|risqu|gagn|oblig|attend|garanti|proteg)\w*)\b"
)
"""« Qu’est-ce que l’ANSSI reproche à Bleu ? » asks for no definition,"""
_VALUE = (
    r"(?:the |a )?(?:[\w+'-]+ ){0,3}(?:price|cost|date|deadline|status|state|share|name|number|amount|value|budget|turnover|revenue|capital|"
    r"timeline|timetable|schedule|reason|penalty|fine|latest|target|goal|position|stance|view|role)s?\b"
)
"""nor does "What is the price of Bleu?"."""
_VALUE_FR = (
    r"(?:le |la |les |l'|son |sa |ses |leurs? )(?:cause|raison|motif|prix|cout|date|montant|but|objectif|difference|delai|duree|budget|"
    r"lien|resultat|chiffre|plafond|seuil|maximum|taux|tarif|nom|probleme|enjeu|risque|calendrier)s?(?: (?!d)\w+)?(?: d(?:e |u |es |')|\W*$| entre )"
)
"""« C’était quoi la cause technique ? » asks for none either."""
_WHEN_TOLD = r"(?!\W*when \w+ed [^?,]{2,60}, (?:is|are|was|were|has|have|had|does|do|did|can|could|must|may)\b)"
"""“When questioned by the senators, was Microsoft able to…?” asks for no date."""
_WHEN = (
    rf"^{_WHEN_TOLD}"
    r"(?!\W*(?:que|qu'|comment|combien|qui|quel(?:le)?s?|what|how|who)\b)(?:(?!\bcombien\b|\bhow (?:many|much)\b).)*(?<!meme )\b(?:quand|when)\b(?! (?:meme|on|ils?|elles?|je|tu|nous|vous|i|we|you|they|one|it|he|she)\b)|"
    r"\b(?:et|depuis|pour|des|jusqu'a|and|since|until) (?:quand|when)\b(?! meme)"
)
"""« Que se passe-t-il quand un prestataire perd sa qualification ? », « X comptait combien de salariés quand… ? » and « quand même »
ask for no date."""
_REASON = (
    r"(?:les |la |the )?(?:raisons?|motifs?|causes?|reasons?) (?:du|des|de|d'|l'|of|for)|pour quels? motifs?|au motif de quoi|qu'est[- ]ce qui (?:explique|justifie|motive|pousse|a (?:pousse|conduit|amene|incite|motive|justifie|cause|provoque|entraine|declenche|decide|convaincu|valu|fait (?:que|tomber|chuter|changer|reculer|plonger|baisser|monter|grimper|bondir|devisser|flamber)))|"
    r"comment (?:s'explique|se fait-il|(?:peut-on |on )?expliquer?\b)|c'(?:est|etait) quoi (?:la |les |le )?(?:raison|motif|cause)s?\b|quel(?:le)?s? (?:est|sont|etait|etaient|fut|furent) (?:la|les|le) (?:raison|motif|cause)s?\b|"
    r"how come|for what reasons?|on what grounds?|what (?:explains|explained|prompted|drove|led|caused|pushed)|what (?:is|are|was|were) the (?:\w+ )?(?:reason|cause)s?\b|"
    r"(?:.*[,:.] )?(?:(?:et |pour )?(?:quel(?:le)?s? |l[ae]s? |the )?)(?:motifs?|raisons?|reasons?)\W*$"
)
"""« Qu’est-ce qui a poussé X à… ? » asks for a reason as « pourquoi » does."""
_THANKS = (
    r"^\W*(?:(?:ok|super|parfait|tres bien|great|perfect)[\s,.!]*)?(?:merci|thanks|thank you)"
    r"(?: (?:beaucoup|bien|a (?:toi|vous)|a lot|very much))?\W*$"
)
"""Not « non merci »: that answers nothing that we ask."""
_OF_A_SORT = (
    r"^(?!.*(?:\b(?:qui|ou) (?:est|sont|doi|peu|a|ont)\w*-|\bd'ou\b|\b(?:combien|quand(?! meme)|comment|pourquoi|quel(?:le)?s?|quoi|\w+quel(?:le)?s?)\b|\bqu'))"
    r"\W*(?:et )?(?:une?|l[ae]s?|l'|des|cette|ces?|cet|mon|ma|mes|notre|nos|tout|toute|chaque) ?(?:[\w'-]+ ){1,6}?qui [^?]*?"
    r"\b(?:peu(?:t|vent)|doi(?:t|vent)|est|sont|a|ont|va|vont|sera|seront)-(?:t-)?(?:ils?|elles?)\b"
)
"""« Un fournisseur qui a SecNumCloud peut-il… ? » asks for no name."""
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("help", rf"^(bonjour|bonsoir|salut|hello|hi|coucou|hey)\b[\s!.]*$|que (?:(?:sais|peux)[- ]tu|(?:savez|pouvez)[- ]vous)(?: faire| repondre)?\W*$|qui (?:es[- ]tu|etes[- ]vous)|"
                 rf"^\W*comment ca marche\W*$|comment (?:t'utiliser|vous utiliser|tu fonctionnes|fonctionne[sz][- ](?:tu|vous)|vous fonctionnez)|what can you (do|answer)|who are you|^(aide|help)\W*$|{_THANKS}"),
        ("evidence", r"d'ou (?:tiens|tenez|sors|sortez)|d'ou (?:tu |vous )(?:tiens|tenez|sors|sortez)|"
                     r"d'ou (?:vient|viennent|sort|sortent) (?:cela|ca|cette (?:info\w*|affirmation|citation|reponse)|ces? (?:infos?|informations?|chiffres?))\b|"
                     r"d'ou (?:ca|cela) (?:vient|sort)|quelles? (?:est|sont) (?:la|les|ta|tes|vos|votre) sources?\W*$|"
                     r"^\W*(?:(?:cite|donne|montre)(?:z|s)?(?:-moi)? )?(?:(?:la|les|ta|tes|vos|votre|your|the) )?(?:sources?|references?|preuves?)(?: svp| stp)?\W*$|"
                     r"^\W*(?:qui (?:le )?dit(?: ca| cela)?|selon qui|how do you know(?: (?:this|that))?|says who|who (?:says|said) (?:so|that|this|it))\W*$|"
                     r"where did you (?:get|find)|where (?:does|did|do) (?:this|that|it|these|those) (?:\w+ )?come from|what(?: is| are|'s) (?:your|the) sources?\W*$"),
        ("why", rf"^\W*(?:et |mais |and |but )?(?:pourquoi|pour quelles? raisons?|why\b|{_REASON})"),
        ("comparison", r"\bcompar|difference entre|\bvs\b|\bversus\b|par rapport a|differences? between|d'un cote\b.*\bde l'autre|"
                       r"\bou\b[^?]{1,40}\b(lequel|laquelle|lesquels)\b|(lequel|laquelle|lesquels)\b[^?]{1,60}\bou\b|"
                       r"\bor\b[^?]{1,40}\bwhich\b|which[^?]{1,60}, \w[^?]{0,30}\bor\b|differences? (y a-t-il )?entre|\b(?:the|la|quelle) difference\W*$|"
                       r"\b(entre|between)\b[^?]{1,60}\b(lequel|laquelle|which)\b|points? communs?\b|\bin common\b"),
        ("who", r"^\W*(?:et |and )?(?:qui|who) (?:a|ont|est|avait|has|had|is)\b"),
        ("date", rf"^{_WHEN_TOLD}" r"\W*(?:et |and )?(?:quand|when|a quelle date)\b(?! (?:on|ils?|elles?|je|tu|nous|vous|i|we|you|they|one|it|he|she)\b)"),
        ("yes_no", _OF_A_SORT),
        ("how_changed", r"\bevolu|a[- ]t[- ](il|elle) change|ont[- ]ils change|(?:\bl'|\bun |\bson |\bcet |^\W*)historique\b|chronologie|calendrier|a bouge|"
                        r"a change|timeline|how (has|have|did) .* (change|evolve)|glisse|\brepouss|\breport(?:ee?s?|er)\b"),
        ("date", rf"{_WHEN}|quelle (date|annee|echeance)|en quelle annee|quel (jour|mois)|what (date|year)|\bdate d[e']|"
                 r"\bin which year\b|depuis quelle|\bsince when\b|what (?:is|are|was|were) (?:the |a )?(?:[\w+'-]+ ){0,3}(?:dates?|deadlines?)\b"),
        ("number", r"\bcombien\b|quel(?:le)?s? (?:est|sont|etait|etaient) (?:le |la |les |l')(?:montant|prix|tarif|pourcentage|budget|taux|cout|surcout|nombre|"
                   r"part|somme|duree|taille|proportion|effectif|chiffre d'affaires)\b|quel (montant|prix|pourcentage|chiffre|budget|taux|cout|nombre|delai)|"
                   r"quelle (part|somme|duree|taille|proportion|indemnite)|how (much|many|long|big)|"
                   r"what (share|price|percentage|amount|number|sum)|^(?!.*(?:-(?:t-)?(?:ils?|elles?|on)\b|\bun (?:\w+ )?nombre\b|\bliste|^\W*ou\b))(?:(?!\b(?:comment|pourquoi|est|sont|a|ont)\b).)*\bnombre d(?:e |es |')|(?<!sur le )\b(prix|montant|cout) (de|du|d')"),
        ("why", r"\bpourquoi\b|\bc'(?:est|etait) quoi (?:la |les |le )?(?:\w+ )?(?:raison|motif|cause)s?\b|pour quelles? raisons?|\bwhy\b|\ba cause de quoi\b|\b(?:motifs?|raisons?) (?:invoque|avance|donne)e?s?\b|"
                r"\bcomment (?:ca|cela) se fait\b|\b(?:est|sont|etait|etaient)(?:-(?:il|elle)s?)? (?:\w+ )?due?s? a quoi\b|\ba quoi (?:est|sont|etai\w+)(?:-(?:il|elle)s?)? due?s?\b"),
        ("how", r"\bcomment\b|^\W*how\b|de quelle (facon|maniere)"),
        ("list", r"quels sont|quelles sont|(?<!sur la )(?<!dans la )(?<!-il )(?<!-elle )(?<!est )(?<!sont )\bliste[rz]?\b(?!.*\w-(?:t-)?(?:il|elle)s?\b)|lesquel|quels? (fournisseurs|prestataires|acteurs|offres|"
                 r"entreprises|services|clients|articles|criteres|etats|pays|lois)|quelles (lois|entreprises|offres|etapes|"
                 r"exigences)|which (providers|companies|services|countries)|what are the|\blist\b|citez|cite[- ]moi"),
        ("who", r"^\W*(et |par |a |avec |de |c'est )?qui\b|\bpar qui\b|\bc[' ](?:est|etait) qui\b|(?<!ce )\bqui (est|a|detient|dirige|possede|controle|preside|finance)\b|"
                r"\b(?:a|ont|avait|avaient) (?:\w+ )?\w+(?:e|i|u|is|it|ert) qui\b(?= (?:au |pour |comme |finalement)|\W*$)|quelles? (entreprise|societe|organisme|autorite)|\bwho\b|which (company|authority|organi[sz]ation)"),
        ("definition", rf"qu'est[- ]ce qu[e'](?!{_ACTS})|\bc(?:'(?:est|etait))? quoi\b(?! {_VALUE_FR})|\b(?:ke[sz]ako|que[sz]aco|qu'es aquo)\b|que (signifie|veut dire)|\b(?:ca |cela )?(?:veut dire|signifie) quoi\b|definition|what (is|does) .*"
                       rf"(mean|stand for)|\ba quoi correspond|^\W*what is\b(?! {_VALUE})|qu'appelle|signifie\b"),
        ("where", r"^\W*(et )?ou\b(?! en (?:est|sont|etait))|^\W*where\b"),
        ("yes_no", rf"^(?:\W*(?:et )?est[- ]ce qu|{_CLOSED}(?:[a-z]-t-(il|elle|ils|elles|on)\b|[a-z][dt]-(il|elle|ils|elles|on)\b|"
                   r"\b(est|sont|a|ont|peut|doit|faut|sera|y a)-(il|elle|ils|elles|on|ce|t)\b|peut-on)|"
                   r"\W*(is|are|was|were|has|have|had|does|do|did|will|can|must|should|may(?! \d)|could|would(?! you\b))\b|"
                   r"(?:under|according to|in|for|since|after|when \w+ed) [^?,]{2,60}, (?:is|are|was|were|has|have|had|does|do|did|can|must|may) (?!there\b)\w)"),
    )
)  # fmt: skip
"""Matched in this order against the folded question; none of them is `fact`."""

MONEY_WORDS = (
    r"\b(?:cout|surcout|prix|montant|budget|euros|chiffre d'affaires|price|cost|amount|investi(?!g)|amendes?\b)"
)
"""Ask for money. What more is read so differs here, where sentences are chosen, and where their figures are compared."""
_MONEY_ASKED = re.compile(
    rf"{MONEY_WORDS}|how much (?:money|do|does|did|has|have|had|is|was|will|would)\b|paye|(?<!de )\bpaie(?:nt|ra|ront)?\b|indemnite|"
    r"\ba combien (?:revien|revenai|sont reven|est reven)|mis(?:e|es)? sur la table|(?<!dans les )depens|debours|\bcombien\b(?! d(?:e |')).{0,60}\b(?:touche|encaisse|percu|empoche|rapporte)"
)
_BY_HOW_MUCH = re.compile(r"\b(?:by how much|de combien)\b")
_SHARE_ASKED = re.compile(
    r"\bpart\b|pourcentage|proportion|\bshares?\b(?! capital)|percent|\btaux|\bhausse\b|(?<!share )capital(?! social)"
)
_WHAT_SHARE = re.compile(
    r"\bquel(?:le)?s? (?:(?:est|etait) )?(?:la |le )?(?:part|pourcentage|proportion)\b|\bwhat (?:share|percentage|proportion|percent)\b"
)
"""« Quelle part des dépenses… ? » may be told by a share, whatever is shared."""
_TIME_ASKED = re.compile(
    r"duree|combien de temps|how long(?!,? in (?:pages|words|lines))|delai|duration|combien d(?:'(?:annees|heures)|e (?:jours|semaines|mois))\b|how many (?:hours|days|weeks|months|years)|preavis|\bhow much (?:time|notice)\b"
)
_MONEY = re.compile(r"€|\beuros?\b|\bdollars?\b|\$|\bmd\b|m€")
_RISE_ASKED = re.compile(
    r"\bhausse|\baugment|\bbaisse|\bbondi|\bgrimp|\bflamb|\bincreas|\brise|\braise|\bwent up\b|\brose\b|\bg(?:o|oes|one|oing) up\b|\bjump|\bsurge|\bsoar|\bclimb"
)
_MORE_ASKED = re.compile(
    r"\bcombien\b.{0,40}\b(?:de|en) plus\b|\bsurcout\b|\bhow much (?:more|extra|dearer)\b|\bplus chere?s?\b"
)
_TURNOVER = re.compile(
    r"\d[\d., ]*(?:millions?|milliards?)? ?(?:d')?(?:€|euros) (?:de chiffre d'affaires|de ca|of turnover|in turnover|in revenue)\b"
)
"""A sum that is no price, no share and no aid."""
_OF_TURNOVER = re.compile(
    r"\bchiffre d'affaires|\bca\b|turnover|revenue|\bventes?\b|\bpese|\btaille\b|\bsize\b|\bbig\b|\bcap\b|\bvaut\b|\bworth\b|gagn|fait\b|realis|depass|earn|\bmak|rapport|encaiss|soumis|\bseuil"
)
_SHARE = re.compile(r"%|pour cent|percent|\bmoitie\b|(?<!pays )\btiers\b(?! de confiance)|\bquart\b")
_MONEY_OR_SHARE = re.compile(f"{_MONEY.pattern}|{_SHARE.pattern}")
_TIME = re.compile(r"\b(ans?|annees?|mois|jours?|semaines?|heures?|years?|months?|days?|weeks?)\b")
_HOURS_ASKED = re.compile(r"combien d'heures|how many hours")
_HOURS = re.compile(r"\b(?:heures?|minutes?|hours?)\b|\d ?h(?:\d|\b)")
"""« Moins d’un mois » tells no number of hours."""
_NUMBER_WORDS = (
    r"\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente|cent|mille|millions?|milliards?|two|three|"
    r"four|five|ten|billion)\b"
)
_NUMBER = re.compile(rf"(?<![a-z\d])\d(?!ds\b)|{_NUMBER_WORDS}")
"""The 3 of « S3NS » and « 3DS » counts nothing."""
_MONTHS = "|".join(fold(month) for month in (*MONTHS_FR, *MONTHS_EN) if month != "May")
_MAY = "".join(rf"(?<=\b{word} )|" for word in "in by before from after of until since early late".split())
_DATE = re.compile(
    rf"\b(19|20)\d{{2}}\b|\b({_MONTHS}|(?:{_MAY}(?<=\bmid-)|(?<=\d ))may|may(?= \d)|"
    r"spring|summer|autumn|winter|quarter(?= of (?:the year|\d))|half(?= of (?:the year|\d))|(?<=l')ete|(?<=cet )ete|(?<=d')ete|automne|hiver|printemps|semestre|trimestre)\b"
)
_NO_COUNT = re.compile(
    rf"(?:\b\d\d?(?:er)? )?(?:{_DATE.pattern})(?: (?:19|20)\d\d\b)?|\d[\d.,]* ?(?:%|pour cent|percent)|"
    r"\d[\d., ]*-?(?:(?:millions?|milliards?|billion)[ -])?(?:d')?(?:€|euros?\b|dollars?\b)|"
    r"\b(?:iso(?:/iec)?|articles?|annexe|annex|version|secnumcloud|hds|directive|reglement|regulation) (?:n° ?)?\d[\d./-]*|"
    r"\b(?:un|deux|one|two)[ -](?:tiers|thirds?)\b"
)
"""Figures of a date, a share, a sum, a version or an article: they count nothing."""
_NAME = re.compile(r"(?<=[\w,;:’'»] )[A-ZÉÈÀÎ][\w-]+|(?<=[’'])[A-ZÉÈÀÎ][\w-]+|\b[A-Z]{2,}\b")
_CAUSE = re.compile(
    r"\b(parce qu|car\b|en raison|afin d|pour |grace|faute d|a cause|craint|redout|juge|estim|reproch|because|due to|"
    r"in order|since|so that)"
)
_DEFINES = re.compile(
    r"\b(designe|signifie|consiste|correspond|s'agit|est (un|une|le|la|l'|defini)|sont (les|des|celles|ceux|sensibles)|"
    r"qualification|permet|vise a|means|refers|is (a|an|the))\b"
)
_RULES = re.compile(
    r"\b(ne|n'|pas|non|aucun|seul|interdit|exige|oblige|impose|autoris|peut|peuvent|doit|doivent|suffit|not|no|must|may|"
    r"cannot|only|require)"
)
_HOW = re.compile(r"\b(par|via|grace|avec|en [a-z]+ant|consiste|repose|s'appuie|by|through|using)\b")


_COUNTED = re.compile(r"\b(?:combien (?:y a-t-il )?d(?:e |')|how many )(?P<noun>[^\W\d]\w{2,})")
_PEOPLE = r"(?:personnes|gens|salarie|employe|collaborat|agents?\b|ingenieur|effectif|emplois|postes|developpeu|experts|people|staff|jobs|users|utilisateurs|workforce|equipe|team|headcount)"
_STAFF = re.compile(
    r"\b(?:emplo[iy]\w*|fait (?:travailler|bosser)) combien d(?:e |')(?:personnes|gens|monde)|"
    r"\b(?:combien d(?:e |')|how many )(?:(?:personnes|gens|monde|people)\b.*\b(?:travaill|boss|emplo|(?<!at )work(?:s|ed|ing)?\b)|salarie|employe|collaborat|ingenieur|staff)"
)
"""A number of anything else is none of those who work somewhere; « how many people signed? » is told by « 68 000 signatures »."""
_NO_STAFF = re.compile(
    r"echantillon|patient|abonne|habitant|population|utilisat|\busers?\b|donnees (?:de|d'|concern)|assures|\bmillions? (?:de )?(?:personnes|people)"
)
"""« Un échantillon de 1,5 million de personnes » works nowhere."""
_MEASURES = frozenset(
    "temps plus fois million millions milliards euros argent years months weeks days hours percent dollars times billion "
    "capital budget chiffre perte pertes dette dettes benefice benefices tresorerie money revenue debt".split()
)


_AMONG = r"\b(?:parmi lesquel(?:le)?s|dont|y compris|including|among them)"
"""« 10 000 équipements, parmi lesquels des GPU » counts no GPU."""


def _counts(noun: str, sentence: str) -> bool:
    """Whether a number stands before the noun, of people on either side, a few words between them at most; both texts are folded."""
    number, between = rf"(?:\d|{_NUMBER_WORDS})", r"\W+(?:[\w']+\W+){0,3}"
    if re.match(rf"{_PEOPLE}|monde", noun):
        return bool(re.search(rf"{number}{between}{_PEOPLE}|\b{_PEOPLE}\w*\W+(?:[\w']+\W+){{0,5}}{number}", sentence))
    return bool(re.search(rf"{number}{between}{re.escape(noun.rstrip('s')[:8])}", sentence))


_WHO_IS = re.compile(
    r"\b(?:[Qq]ui (?:est|était)|[Ww]ho(?: is|['’]s| was)|[Cc]['’]est qui),? [A-ZÉ]|"
    r"^\W*[A-ZÉ][\w’'-]+(?: [A-ZÉ][\w’'-]+)*,? c['’](?:est|était) qui\W*$"
)
_UNHYPHENED = re.compile(
    r"\b(?:(?P<verb>est|sont|était|etait|étaient|etaient|avait|avaient|ont|vont|font|peut|doit|faut|sera|seront|fait|dit|doivent|peuvent)[ '’]|"
    r"(?P<a>y a|\w*[ae])[ -]t ?[ '’-]) ?(?P<who>ils?|elles?|on)\b|"
    r"\b(?P<est>est) (?P<ce>ce)(?= qu)|\b(?P<peut>peut) (?P<on>on)\b",
    re.IGNORECASE,
)


def hyphenated(question: str) -> str:
    """« Bleu est il qualifié » → « Bleu est-il qualifié », as the rules for questions expect it."""
    return _UNHYPHENED.sub(_with_hyphens, question)


def _with_hyphens(match: re.Match[str]) -> str:
    before, after = [part for part in match.groups() if part]
    return f"{before}-t-{after}" if match["a"] else f"{before}-{after}"


def asks_who_somebody_is(question: str) -> bool:
    """« Qui est Max Schrems ? », which asks for no other name."""
    return _WHO_IS.search(question) is not None


def gives_thanks(question: str) -> bool:
    """« merci », « ok, merci beaucoup », "thank you"."""
    return re.search(_THANKS, fold(question)) is not None


def kind_of(folded: str) -> str:
    """The kind of the folded question: one of `KINDS`, or `fact`."""
    return next((kind for kind, pattern in KINDS if pattern.search(folded)), "fact")


def kinds_of(folded: str) -> tuple[str, ...]:
    """Every kind that the folded question asks for: « quand et par qui » asks for two."""
    return tuple(dict.fromkeys(kind for kind, pattern in KINDS if pattern.search(folded)))


def holds_kind(kind: str, question: str, sentence: str) -> float:
    """1 when `sentence` holds what `question` asks for, -1 when it does not, 0 when nothing particular is asked."""
    expected = _expected(kind, fold(question))
    if expected is None:
        return 0.0
    if kind == "number" and (counted := _COUNTED.search(fold(question))) and counted["noun"] not in _MEASURES:
        said, noun = fold(sentence), counted["noun"]
        staff = _STAFF.search(fold(question))
        if _counts(noun, said) and not (staff and _NO_STAFF.search(said)):
            return 1.0
        if re.search(rf"{_AMONG} (?:d(?:e |es |'))?{re.escape(noun.rstrip('s')[:8])}", said):
            return -1.0
        others = not staff and expected.search(_NO_COUNT.sub("", said))
        return 0.0 if others else -1.0
    if expected is _NAME:
        known = fold(question)
        return 1.0 if any(fold(name) not in known for name in _NAME.findall(sentence)) else -1.0
    said = fold(sentence)
    if expected in (_MONEY, _MONEY_OR_SHARE) and not _OF_TURNOVER.search(fold(question)):
        said = _TURNOVER.sub("", said)
    return 1.0 if expected.search(said) else -1.0


def _expected(kind: str, folded: str) -> re.Pattern[str] | None:
    if kind == "number":
        if _TIME_ASKED.search(folded):
            return _HOURS if _HOURS_ASKED.search(folded) else _TIME
        if _BY_HOW_MUCH.search(folded):
            return _NUMBER
        if _MONEY_ASKED.search(folded):
            more = (_RISE_ASKED, _MORE_ASKED, _WHAT_SHARE)
            return _MONEY_OR_SHARE if any(asked.search(folded) for asked in more) else _MONEY
        return _SHARE if _SHARE_ASKED.search(folded) else _NUMBER
    return {
        "date": _DATE, "who": _NAME, "list": _NAME, "why": _CAUSE, "definition": _DEFINES, "yes_no": _RULES, "how": _HOW,
    }.get(kind)  # fmt: skip
