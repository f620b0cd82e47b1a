"""The matters that a question may ask about by name: how it names each, and what a text that speaks of it has.

Patterns are of folded text. What tells is looked for at the beginning of words: « entreprise » is no « reprise ».
"""

from __future__ import annotations

import re

Matters = tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
"""How a question names a matter, and what a text that speaks of it has."""
_MONEY = r"\beuros?\b|€|million|milliard|billion|dollar"


_BEGINS = r"(?:(?<![a-z])(?:co-?|auto)?|(?=[%€]))"
"""No letter stands before it, but for « cofondateur »; « m€ » and « 44 % » have theirs after what they count."""
_WHICH = r"^\W*(?:et )?(?:(?:a |dans |pour |avec )?quel(?:le)?s?|which|what)(?: \w+)?"
OWNED = (
    r"detien|deten|possed|appart|actionn|capital|filial|\bparts?\b|rachet|acqui|vendu|cede|propriet|coentreprise|consortium|alliance|associ|majorit|controle|cree par|own|share|stake|"
    r"subsidiar|joint|bought"
)
"""Says whose somebody is, or with whom they were set up."""
_COURT = (
    r"\b(?:cour(?! des comptes)|tribunal|(?:le|la|les|un|une|du|des|aux?) juges?|conseil d'etat|cjue|courts?|judges?)\b"
)


def _patterns(*pairs: tuple[str, str]) -> Matters:
    return tuple((re.compile(asked), re.compile(f"{_BEGINS}(?:{told})")) for asked, told in pairs)


PRICE = _patterns(
    (
        r"\bprix\b|\btarifs?\b|\bcout|\bprices?\b|\bcosts?\b|(?:moins|plus) chere?s?\b|cheap|^(?!.*\b(?:preavis|delai|duree|temps|part\b|nombre|personnes|salarie|client))[\s\S]*\bc'est combien\b",
        rf"prix|tarif|cout|price|cost|\bchere?s?\b|cheap|factur|gratuit|surcout|rabais|remise|%|^(?![\s\S]*(?:\baides?\b|beneficiaire|subvention|\binvesti(?!ssement de)|\bdote|accompagn|\bgrants?\b|capital social|chiffre d'affaires|amende|share capital|turnover))[\s\S]*(?:{_MONEY})",
    ),
)
VALUES = _patterns(
    (
        r"\bcapital (?:social )?d(?:e |u |').{0,40}\b(?:se (?:partag|repart)|est(?:-il)? (?:partag|repart))|\b(?:repartition|partage) du capital\b",
        r"%|pour cent|moitie|\btiers\b|majorit|minorit|parite|\bdetien|\bdetenu|\bparts?\b|actionn|egalit|appart|possed|\bquart|coentreprise|chacun|consortium",
    ),
    (
        rf"{_WHICH} (?:ministeres?|ministries|ministry)\b",
        r"minist|bercy|beauvau|interieur|matignon|dgfip|education|armees|defense|quai d'orsay|affaires etrangeres|justice|sante|culture|agriculture",
    ),
    (
        rf"{_WHICH} (?:hopita|hospital|chu\b|chru\b|ght\b)",
        r"hopita|\w*chr?u\b|ap-h|hospital|clinique|hospices|institut|gustave roussy|ght\b",
    ),
    (
        rf"{_WHICH} (?:banque|banks?\b)",
        r"\w*(?:banque|banc|bank)|societe generale|bnp|credit|caisse|bpce|bpifrance|natixis|lcl\b|ing\b",
    ),
    (
        r"^\W*(?:quel(?:le)? est )?(?:le |son )?ca (?:annuel |(?:en |de )?\d{4} )?(?:de |d'|du )",
        rf"chiffre d'affaires|turnover|revenu|recettes|{_MONEY}",
    ),
    (
        r"^(?!.*\b(?:parts?|pourcentage|detien\w*|possede\w*|qui|who|own\w*|hold\w*)\b).*(?:\bcapital social\b|\bshare capital\b)",
        r"capital social|share capital|\bau capital d",
    ),
    (
        r"chiffre d'affaires|turnover|\brevenues?\b",
        rf"chiffre d'affaires|turnover|\brevenus?\b|revenue|recettes|\b(?:vend\w*|ventes?|encaiss\w*|sales|sold|earn\w*)\b.*(?:{_MONEY})",
    ),
    (
        r"(?:combien|nombre|how many|number|more|plus)\b.*(?:\bsalaries?\b|\bemployes?\b|collaborateurs|employees|\bstaff\b)|(?:^\W*|\b[ld]'|\b(?:les|ses|des|leurs?|quels?|son|cet|en|aux?|et) )effectifs?\b|headcount"
        r"|(?:personnes|gens|people)\b.*\b(?:travaillent|bossent|work)\b",
        r"salari|employ|effectif|collaborat|headcount|\bstaff|personnes|\bagents?\b|ingenieur|recrut|embauch|licenci|people",
    ),
    (
        r"^\W*(?:et |and )?(?:quels?|quelles?|qui|combien|which|what|who|how many|list\w*|citez)\b(?: (?:sont|are|de|des|les|the|ses|its|leurs|their|premiere?s|gros|grands|new|main|first|big|paying|\w+'s))*(?: d')? (?:clients?|customers?)\b(?!.*\b(?:donnees|data)\b)",
        r"client|customer|choisi|retenu|utilis|adopt|confi|chose|select|signed|\bsigne|\buse[sd]?\b|usagers",
    ),
    (r"\bage\b|\bhow old\b", r"\bans\b|\bage\b|\bagee?\b|\bnee? (?:en|le)\b|years old|\bborn\b"),
    (
        r"^\W*(?:c'est quoi |quel\w* (?:est|sont) |what(?:'s| is| are) |which (?:\w+ )?(?:is|are) )?(?:l[ae]s? |the )?(?:\w+ )?(?:meilleure?s?|best)\b|"
        r"\bquel(?:le)?s? \w+(?: (?!va\b|vont\b|doi|peu|compte\b|est\b|a\b)\w+)? (?:choisir|prendre|utiliser|acheter)\b|\bwhich (?:\w+ ){1,3}should (?:i|we)\b",
        r"meilleur|\bmieux\b|\bbest\b|recommand|recommend|conseill|prefer|privilegi|\bdoi(?:t|vent)\b|exig|impos|oblig|\bmust\b|\bshould\b|require",
    ),
    (r"\brapporteu", r"rapporteu|rapportee? par"),
    (r"\bdecrets?\b|\bimplementing decree\b", r"decret|decree"),
    (r"\bmarges?\b(?! de manoeuvre)|\bprofit margins?\b", r"\w*marges?\b|margin|ebitda|benefi|profit|rentab|pertes?\b"),
    (
        r"\bchez (?:quel hebergeur|qui) (?:est|sont|tourne\w*)\b|^\W*(?:et )?(?:c'est )?qui heberge\b|\bwho hosts\b|\bou (?:est|sont) heberge",
        r"heberg|\bhost|infrastruct|\binstall|\btourn|\bconfi(?:e|er|ees?|a)\b|centres? de donnees|data ?cent|\bappui|\brel(?:y|ies)\b|\brepos|migr|bascul|\bsur (?:le |un |son )?cloud|"
        r"\bcloud (?:de (?!confiance)|d')|stock|\bstored?\b|\bruns? on\b|\butilise\b|\buses\b|quitt|choisi|retenu|\bchez\b",
    ),
    (r"\bendett|\bdettes?\b|\bdebts?\b", r"\bendett|\bdette|\bdebt|\bemprunt|\bdoit\b|\bowe"),
    (
        r"\bscores?\b",
        r"\bscores?\b|\bvoix\b|\bnot(?:es?|ation)\b|\bpoints?\b|%|\bseal\b|\bsur (?:5|10|20|100)\b|/100?\b",
    ),
    (
        r"\bpannes?\b|\boutages?\b|\bincendies?\b",
        r"panne|incident|incendie|feu\b(?! vert)|outage|indisponib|interrupt|interrompu|coupure|\bfire\b|pompiers|brul",
    ),
    (
        r"\b(?:combien|que) (?:pese|vaut|pesait|valait) le marche\b|\btaille du marche\b|\bmarket size\b|size of the .*\bmarket\b|how (?:big|large) is .*\bmarket\b",
        _MONEY,
    ),
    (
        r"\bbudgets?\b",
        r"budget|depens|credits?\b|dotation|enveloppe|financ|invest|loi de finances|alloue|funding|allocat|cout|\bcosts?\b",
    ),
    (
        r"\b(?:combien|how many)\b.*\b(?:sont|are) qualifi|\b(?:quand|date|when)\b.*(?:\bqualification\b|\b(?:est|sera|ete|is|was|be|been)(?:-t)?(?:-\w+)? (?:ete )?(?:\w+ )?qualifi)",
        r"qualifi",
    ),
    (
        r"\brentab|\bprofitab|\b(?:fait|font|realise\w*|degage\w*)(?:-t)?(?:-(?:il|elle))? (?:des |un |du |de )?benefices?\b",
        r"rentab|benefi|profit|\bpertes?\b|\bdeficit|\bebitda|resultat net|\bmarge|\bloss|margin|net income",
    ),
    (
        r"\bcondamn",
        r"condamn|\boblig|\bpayer\b|\bjug(?:e|ement)\b|amende|\bfine|coupable|\bverdict|\bdommages|indemnit|damages|guilty|sentenced|convict|ordered",
    ),
)
TOLD_FIRST = _patterns(
    (
        r"\bpremiere?s? (?!(?:ministre|semestre|trimestre|etape|chose|phase|jalon)\b)(?:[\w'-]+ ){0,4}?a (?:s'|l')?(?:\w+er|\w+ir|\w+re|etre|avoir)\b|"
        r"\bthe (?:very )?first (?!(?:half|quarter|step|thing|phase|milestone)\b)(?:[\w'-]+ ){1,4}?to \w+",
        r"(?:l[ae]s?|des|the|its|son|sa|tout|toute) (?:tout |toute |very )?premiere?s?\b(?! (?:semestre|trimestre|ministre))|first\b(?! (?:half|quarter))|premiere? (?:a|en) |(?<=, )premiere? \w|pionnier|avant tou",
    ),
    (
        r"^\W*(?:et )?(?:qui|quels?|quelles?|who|which|what)\b.*\b(?:concurrente?s?|competitors?|rivals?) (?:de |d'|of )",
        r"concurren|compet(?!en)|\brival",
    ),
    (
        r"\bquel(?:le)? (?:est|etait) le role d|\bquel role (?:joue|a|avait)\b|\bwhat(?:'s| is| was) the role of\b|\bwhat role (?:does|do|did) ",
        r"\brole|mission|\bcharge(?:e|es|s)? d(?!e projet)|control|supervis|surveill|\bveille|pilot|arbitr|delivre|conseille|accompagne|centrale d'achat|fourni|"
        r"technolog|licen[cs]|actionn|propose aux|responsable d|coordonn|qualifie\b|evalue|certifie\b|autorise\b|detien|\bcree|fond(?:e|a)\b|"
        r"commercialis|heberge\b|financ|task|overs|enforc|monitor|suppl|shareholder|provides|founded|stake|\bhosts\b|\bowns?\b",
    ),
    (
        r"amende|sanction|\bfined?\b|penalt|penalite|astreinte|\bquelles? peines?\b",
        rf"amende|sanction|astreinte|\bfine|penalt|penalite|condamn|%|{_MONEY}|suspen|\bretir|retrait|revo(?:qu|k|c)|\bradie|withdr|\bpeines?\b|prison",
    ),
)
SLIPPED = _patterns(
    (
        r"\bretards?\b|\bplus tard (?:que|qu')|\bgliss(?:e|er)\b|\bdecalee?\b|\brepoussee?\b|\breportee?\b|\bdelay|\bslip|\bpostpon|\b(?:tenu|respecte) (?:son|le|leur) (?:calendrier|delai)|"
        r"\b(?:calendrier|delais?) .*\b(?:tenu|respecte)|\blater than\b",
        r"retard|plus tard que|gliss|decal|repouss|report(?!ing|ers\b|ed\b)|delay|later than|slip|postpon|\blate\b|au lieu d|instead of|respect|\btenu\b",
    ),
)
WHO = _patterns(
    (
        r"\b(?:detien\w+|detenue?s?|possede\w*|appartien\w*|actionnaires?|owns|owned|shareholders?)\b(?!.*(?:certif|qualif|centre|donnees|\bcles?\b|\bdata\b|\bkeys?\b))",
        r"detien|deten|possed(?!\w* (?:[\w']+ ){0,2}(?:centre|donnees|cles?\b))|appart|actionn|capital|propriet|filial|coentreprise|co-entreprise|societe commune|groupe|"
        r"rachet|acqui|control|(?<!\bpris )(?<!\bprend )(?<!\bprendre )(?<!\bsa )\bparts?\b|majorit|consortium|"
        r"\bown|sharehold|stake|subsidiar|joint venture|bought|(?:cree|fonde|lance)\w* (?:\w+ ){0,3}par\b|(?:created|founded|launched) by|%",
    ),
    (
        r"\b(?:dirige\w*|presid(?:e|ai)\w*|heads|leads|chairs|runs)\b|\ba la tete d|\baux commandes\b|\b(?:qui est|c'est qui|qui c'est|who is|who's) (?:le |la |l'|the )?(?:pdg|patron|dg\b|direct(?!\w+ (?:techni|financ|juridi|commerci|scientif))|president|ceo|head|chair)",
        r"dirig|direct(?!ive|ement|ly)|presid|\bpdg\b|patron|\bceo\b|\bhead|\blead|\bled\b|chair|fondat|\btete\b|pilot|responsable|nomm|chief|managing|gerant|"
        r"\bdg\b|\bruns?\b",
    ),
    (r"\bdirect\w+ techni|\bcto\b|chief techn", r"techni|techno|\bcto\b"),
    (r"\bdirect\w+ financ|\bcfo\b|chief financ", r"financ|\bcfo\b"),
    (
        r"\brssi\b|\bciso\b|\b(?:direct\w+|head|chief|officer)\b.{0,40}\b(?:securite|security)|\b(?:le|la) responsable (?:de la )?securite\b",
        r"rssi\b|ciso\b|(?:direct\w+|responsable|head|chief|officer)\b.{0,40}\b(?:securite|security)|security officer",
    ),
    (r"\bporte-parole\b|\bspokes", r"porte-parole|spokes"),
    (r"\bdirect\w+ (?:juridi|commerci|scientif)", r"juridi|commerci|scientif"),
)
"""Asked by « qui »: owners and heads. Whom a sentence about a head names first is looked at where quotes are chosen."""
NAME_OF = re.compile(r"(?<!au )\bnoms? d(?:u|e|es)\b(?! domaine)|(?<!au )\bnoms? d'|\bnames? of\b")
ACTS = _patterns(
    (r"\bjournal officiel\b", r"journal officiel|\bparue?s?\b|\bparai|promulgu|notifi"),
    (
        rf"^(?!.*\b(?:pourquoi|why)\b)(?=.*{_COURT})(?:.*\b(?:a|ont|avait)(?:-t)?(?:-(?:il|elle)s?)? (?:\w+ )?(?:tranche|statue|rendu (?:son|sa|un|une) (?:decision|arret|jugement|verdict))\b|"
        r".*\b(?:has|have|did) .{2,40} (?:ruled?|decided?)\b)",
        r"rejet|annul|invalid|condamn|confirm|ordonn|\bjug(?:e|ea|ement)\b|tranch|donn\w+ raison|valid|relax|refus|ecart|statu|prononc|suspend|debout|pas encore|attend|\brend(?:u|ait|re|it)\b|\barret (?:du|schrems)|estim|consider|autoris(?:e|ait|a)\b|"
        r"rul(?:ed|ing|es)|upheld|uphold|dismiss|struck|order|decid|reject|overturn|grant|pending|not yet|found|held\b|handed down",
    ),
    (r"\bpromulgu", r"promulgu|journal officiel|(?<!proposition de )(?<!projet de )\bloi (?:\w+ )?(?:n° ?\d|du \d)"),
    (
        r"\b(?:resultats?|issue|score) (?:du|de la|des) (?:\w+ )?votes?\b|\b(?:vote results?|(?:outcome|result) of the vote)\b",
        r"\bvot(?:e|es|ee|ees|ent|ait|ed)\b|adopt|rejet|voix|approuv|approv|repouss|contre\b|against",
    ),
    (
        r"\bcombien\b.*\b(?:toucher?|percu|percevoir)\b|\bquel(?:le)?s? (?:sommes?|montants?|indemnites?)\b.*\b(?:touche(?:r|e|es)?|percue?s?|percevoir)\b",
        r"vers|pay|touch|obt(?:enu|ien)|recu|recoi|percu|percoi|condamn|indemnis|allou|accorde|octro|abaiss|financ|\baides?\b|subvention|benefici|\bdot|\blev|award|receiv|\bgot\b|grant",
    ),
    (
        rf"^(?!.*\b(?:quand|combien|when|qui|who)\b)(?=.*{_COURT})(?:.*\b(?:qu'|comment )(?:.{{0,60}}\b)?(?:a|ont|avait|avaient)\b.{{0,60}}\b(?:decide|juge|tranche|statue)\b|.*\b(?:how|what) (?:did|has|have|had)\b.*\b(?:rule[ds]?|decided?)\b|.*\bverdict\b)",
        r"rejet|annul|invalid|condamn|confirm|ordonn|\b(?:a|ont|avait|avaient|est) (?:\w+ )?juge\b|jugea|tranch|estim|consider|donn\w+ raison|debout|valid|relax|refus|abaiss|reduit|alourdi|ecart|infirm|statu|"
        r"prononc|suspend|admis|autoris(?:e|ait|a)\b|interdi|oblige|retien|retenu|rul(?:ed|ing|es)|upheld|uphold|dismiss|struck|order|award|decid|found|reject|overturn|grant|lower|sentenc|fined",
    ),
    (
        r"^\W*(?:et |and )?(?:qu'(?:a|ont|avait)\b.{0,60}\brepondu\b|que repond(?:ent)?\b|what (?:did|has|have|does|do)\b.{2,60}\b(?:reply|replied|respond|responded|answer|answered)\b)",
        r"repond|repons|repli|reply|respon[ds]|answer|affirm|assur|estim|reject|rejet|refus|accept|promis|annonc|dit\b|declar|said",
    ),
    (
        r"\b(?:enquetes?|affaires?|instruction) (?:\w+ )?(?:porte\w* |portait )?sur quoi\b|\bsur quoi (?:porte|portait|enquet)\w*\b|what (?:is|was|were) .{0,60}\b(?:investigat|inquiry)",
        r"enquet|soupcon|suspect|investig|fraud|blanchi|trafic|porn|terror|crim|porte sur|portait sur",
    ),
)
"""What somebody did about something, which the quote itself must tell: a title often says only that it was asked for."""
STEPS = _patterns(
    (
        r"^(?!.*\b(?:quand|when|date)\b).*\b(?:est|sont|is|are|was|were)\b.{0,60}\b(?:qualifie|qualified|certifie|certified|labellise)",
        r"qualif|certif|secnumcloud|labell?|agree|homologu|jalon|milestone|\bhds\b|\biso\b",
    ),
    (
        r"\bcotee?s?\b|\ben bourse\b|\b(?:is|are) .{2,40} (?:publicly )?listed\b|\bpublic company\b|publicly traded|stock (?:exchange|market)",
        r"\bcotee?\b|\bcotation|bours|listed|stock|\baction|introduit",
    ),
    (
        r"\b(?:est|sont|is|are|was|appartien\w+)\b.{0,60}\b(?:detenue?s?|filiales?|actionnaires?|majoritaires?|owned|subsidiary|shareholders?)\b",
        OWNED,
    ),
    (r"\bobjections?\b", r"objection|reserve|critiq|observation|oppos|contest|\bavis\b|remarque|reproch"),
    (r"\bcassation\b|\bpourvoi", r"cassation|pourvoi|\bpourv"),
    (
        r"\b(?:fait|font|faire|fera|feront|interjet\w+) (?:\w+ )?appel\b(?! a\b| au)|\bappealed\b|\ban appeal\b",
        r"\bappel\b(?! a\b| au| d'offres)|appeal|pourvoi",
    ),
    (r"\bconseil constitutionnel\b", r"constitutionn"),
    (r"\bministere des armees\b", r"armees|defense"),
    (r"\bdeputes\b|\bassemblee nationale\b", r"deput|assemblee|parlement|promulgu"),
    (
        r"\ben justice\b|\bin court\b|\bsued\b",
        r"justice|tribuna|\bjuge|\bcour\b|courts?\b(?! terme)|sued|plaint|recours|assign|attaqu|saisi|appeal|lawsuit",
    ),
)
"""Steps of a dispute or of a bill: one taken tells nothing of the next."""
SAYS = _patterns(
    (
        r"\bque (?:pense|repond)\w*|\bqu'(?:a|ont)(?: \w+)? (?:dit|declare|repondu|affirme)|\bqu'en pense|\bwhat (?:does|did|do) .{3,60}\b(?:say|think|reply)\b",
        r"estim|\bjug|\bdit\b|\bdis[ae]i?|declar|expliqu|defend|assur|affirm|regrett|souti|repond|denonc|critiq|salu|redout|crain|promet|promis|"
        r"appel\w* a|demand|reclam|plaid|souhait|\bveu(?:t|lent)\b|\bvoul|oppos|consider|\bpens|\bcroi|recommand|preconis|propos|\bavis|reproch|selon (?:lui|elle)|"
        r"\btient|\bdout|avert|insist|accus|contest|annonc|deplor|\bpointe|\balert|\bvoit\b|mis en garde|approuv|accueil|said|says|think|argu|claim|warn|call(?:s|ed)?\b|"
        r"describ|\bview(?:s|ed)?\b|critic|welcom|believ|\badm(?:et|is)\b|reconnai|rappel|presente?\b|\brelev|admit|acknowledg",
    ),
)
SAID_BY = re.compile(
    r"\b(?:selon|d'apres|according to)\b|^pour (?!(?:l[ae]s?|une?|ce\w*|cela) )(?:[\w'-]+ ){1,3}?[\w'-]+,"
)
"""« Pour Vincent Strubel, SecNumCloud relève de… »."""
EVENTS = SAYS + _patterns(
    (
        r"\brachet|\b(?:son|leur|its|their) (?:\w+ )?(?:rachat|takeover|buyout) (?:par|by)\b|^(?=.*\b(?:quand|when|date|annee|year)\b)(?!.*(?:\bdepuis|\bsince|\bapres|\bafter|consequen|\bprix|\bprice|factur)).*\b(?:rachat|takeover|buyout) (?:d[eu]\b|d'|of\b)|\b(?:approuve|autorise|approved?|cleared?)\b(?: [\w'-]+){0,3}? (?:rachat|takeover|buyout)\b|\bacquis\b|\bacquisition\b|\bbuy\b|\bbought\b|\bpurchased?\b|\bacquired?\b|"
        r"\btook over\b(?! as\b| the (?:helm|lead)| from\b)|\bt(?:ake|ook|aken) control\b|\bpris (?:le )?controle\b|\b(?:le |un )?repreneur",
        r"rachet|rachat|acqui|achet|achat|\brepri[st]|\breprend|\bbuy|bought|purchas|absor|(?:pris|prise|prend|prit) (?:le |du |de )?controle|took (?:over|control)|take ?over|\boperations?\b|green light|\bcleared\b|\bbloqu|\bblock|interdi|\bban(?:ned|s)?\b|100 ?%|uniques? (?:actionn|propriet)|seule? (?:actionn|propriet)|sole (?:owner|shareholder)",
    ),
    (
        r"(?<!donnees )(?<!donnees de )\bquitt(?!er\b)|\b(?:est|sont|etai\w+)(?:-(?:il|elle)s?)? sortie?s? d(?:[eu]\b|')|\babandonn|\brenonc|(?<!wants to )(?<!wishes to )(?<!data )(?<!data to )\bleave\b|(?<!is )(?<!are )\bleft\b|\blache",
        r"quitt|abandon|renonc|bascul|lach|rachet|leav|\bleft\b|drop(?!box)|detourn|\bsort|depart(?!em)|arret(?!es? (?:du\b|minist))|remplac|migr|retir|withdr|\bcess|\bfin\b|renouvel|place de|\bparti[rsez]?\b|\bpart(?:ent|ant|ie)\b|chang|switch",
    ),
    (
        r"\babrog|\brepeal|\bscrapped\b",
        r"abrog|annul|supprim|remplac|caduc|repeal|scrap|replac|\bfin\b|retir|withdr|cesse|abandon",
    ),
    (
        r"\bs'(?:est|etait|est-(?:il|elle))\b.{0,20} (?:desiste|retire)\b|\bdesist|\bpull(?:ed)? out\b|\bwithdr[ae]w",
        r"desist|retir|renonc|abandon|quitt|jette l'eponge|withdr|pull|drop(?!box)|leav|\bleft\b|gave up",
    ),
    (
        r"\b(?:est|sont)(?:-(?:il|elle)s?)? (?:\w+ )?obligatoires?\b|\b(?:is|are) .{2,40} (?:mandatory|compulsory)\b",
        r"obligation d|oblige|impos|exig(?!ences?\b)|tenue?s? d|(?:est|pas|rendue?|devien\w+|reste) (?:plus )?obligatoire|facultati|volontaire|doi(?:t|vent) (?:etre|recourir|passer|rejoindre)|mandatory|requir(?!ements?\b)|\bmust\b",
    ),
    (
        r"\b(?:argent|fonds|aides?|soutiens?|financements?) publi|\b(?:public|state) (?:money|funding|funds|aid)\b",
        r"\baides?\b|subvention|(?:argent|fonds|financements?|soutiens?) publi|\betats?\b|contribuable|\baid\b|\bstates?\b|taxpayer",
    ),
    (
        r"\bsuspendue?s?\b|\bsuspended\b|\bsuspendre\b|\bsuspend\b",
        r"suspen|\bgel(?:e|er|ee|ait)\b|\barret|interromp|interrup|\bpause|bloqu|maint|rejet|refus|\bstop|reject|halt|refer|annul|fr[eo]ez|froze|on hold|mis fin|\bfin (?:a|au)\b",
    ),
    (r"\bannul|\binvalid|overturn|struck down", r"annul|invalid|overturn|\bcass|rejet|suspen|struck|maint|confirm"),
    (
        r"^(?!.*\b(?:quand|jusqu|combien|depuis|when|how long)\b).*\b(?:est|sont)(?:-(?:il|elle)s?)? (?:\w+ )?(?:valides?|valables?|en vigueur|en place)\b|"
        r"\bstill (?:valid|standing|in (?:force|place|effect))\b|\btient(?:-(?:il|elle))? (?:toujours|encore)\b",
        r"\b(?:in)?valid|valable|vigueur|en place|promulgu|definitivement|transpos|\bannul|\becart|rejet|abrog|maint|s'appliqu|\bcaduc|overturn|struck|in (?:force|place|effect)|repeal|upheld|confirm",
    ),
    (
        r"\bou en (?:est|sont) (?:la |l'|le )(?:transposition|adoption|vote)\b|\b(?:ete|est|sont|est-(?:il|elle|ce)) (?:\w+ )?(?:vote|promulgue|transpose)e?s?\b|\b(?:been|was|is) (?:\w+ )?(?:voted|transposed)\b",
        r"\bvot(?!re)|\bloi (?:\w+ )?du \d|adopt|transpos|promulgu|rejet|repouss|\bexamin|navette|\blecture|conseil des ministres|\bbloqu|passed|\ben vigueur|rejected|blocked|negoci|attend|\bprevue?s?\b|negotiat|expected",
    ),
    (
        r"\brevendue?s?\b|\bcedee?s?\b|\bsold off\b",
        r"\b(?:re)?vend|\b(?:re)?vente|\bced|\bcession|\b(?:re)?s(?:old|ell)|\brepri[st]|rachet|acqui",
    ),
    (r"\bfusionn|\bmerged?\b", r"\bfusion|\bmerg|rapproch"),
    (
        r"(?<!s')\b(?:ete|est|sont|fut|etait)(?:-(?:il|elle|ils|elles))? (?:fonde|cree)e?s?\b|\bdate de (?:creation|fondation)\b|\bfounded\b|\b(?:was|were) (?:created|set up|established)\b",
        r"\bfond|\bcre[eao]|found|creat|\bset up\b|establish|\bnaiss|\bnee?s? (?:en|d)|\blance[er]?|launched|annonc|\bpresent|unveil|\bouv[re]|constitu|immatricul|origine|pris forme|originat|became|\bbati|\bcommun",
    ),
    (
        r"\b(?:a|ont|avait|avaient|t-il|t-elle|ils|elles) (?:\w+ )?critique\b|\bcritiqu(?:er|ent|ait|aient)\b|\bcritiques (?:faites|adressees|formulees|contre|envers)|"
        r"\bcriticis",
        r"criti|reproch|denonc|contest|accus|inquiet|regrett|\battaqu|fustig|deplor|faille|limite|\bdout|\bcrain|polemi|tolle|plainte|alert|manqu|"
        r"risque|insuffi|condamn|rejet|hostil|\bcontre\b|\bjug|defaut|faibl|opaque|denounc|concern|object|worr|warn|\black|attack|complain|weak|against|"
        r"doubt|fear|\bfail|blam",
    ),
    (
        r"\b(?:a|ont|avait|avaient)(?:-t)?(?:-(?:il|elle)s?)? (?:\w+ )?(?:termine|acheve|boucle|fini) (?:sa|son|ses|leurs?|la|le) (?:migration|passage|transition|bascule)|"
        r"\b(?:did|has|have) .{2,40}\b(?:complete|finish)(?:d|ed)? (?:its|their|the) (?:migration|transition|move|switch)",
        r"termin|achev|boucl|\bfini|complet|finish|abouti|\b(?:a|ont) (?:\w+ )?(?:migre|bascule|transfere)|migrated|moved|switch|depuis|since|effective|jusqu|d'ici",
    ),
    (r"\blicenci|laid off|\bfired\b", r"licenci|suppr|emploi|fired|laid off|salari|plan social|depart(?!em)"),
)
"""What is said to have happened, or somebody to have said. Whether it did, a yes or no may tell in other words."""
