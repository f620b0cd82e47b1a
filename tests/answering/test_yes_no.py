"""Yes, no, or nothing: a quote decides only where it clearly does."""

from __future__ import annotations

import pytest
from quotes import ENTITIES, asked, sentence

from trusted_cloud_chat.answering.forms.leads import verdict_lead
from trusted_cloud_chat.answering.forms.polar_question import PolarQuestion, read_polar_question
from trusted_cloud_chat.answering.forms.yes_no import decide
from trusted_cloud_chat.answering.scope import leaves_out

QUALIFIED = "S3NS est-il qualifié SecNumCloud ?"


def polar(question: str) -> PolarQuestion | None:
    return read_polar_question(asked(question).query, ENTITIES)


def test_a_no_retold_later_is_no_news() -> None:
    """A later sentence that decides nothing may undo a no, unless it denies or waits as well."""
    question = "L’EUCS est-il adopté ?"
    no = sentence("L’EUCS n’est toujours pas adopté.", day="2025-06", name="no")
    for later, decided in (
        ("L’adoption de l’EUCS se fait encore attendre.", True),
        ("Le Journal du Net décrivait l’EUCS comme un schéma non adopté.", True),
        ("L’adoption de l’EUCS a surpris.", False),
    ):
        found = decide(polar(question), [no, sentence(later, day="2026-02", name="later")], ENTITIES)
        assert (found is not None and found.verdict == "not_as_of") is decided, later


LEFT = "Le Health Data Hub a-t-il quitté Microsoft Azure ?"


def verdict(question: str, *quotes: str) -> str | None:
    found = decide(polar(question), [sentence(quote) for quote in quotes], ENTITIES)
    return found.verdict if found else None


@pytest.mark.parametrize(
    ("question", "quote", "expected"),
    [
        (QUALIFIED, "S3NS est qualifié SecNumCloud depuis décembre 2025.", "yes"),
        ("Scaleway est-il certifié HDS ?", "Scaleway détient la certification HDS.", "yes"),
        ("Scaleway est-il certifié HDS ?", "Scaleway a demandé la certification HDS.", None),
        ("Scaleway est-il qualifié SecNumCloud ?", "Scaleway disait suivre le parcours menant à la qualification SecNumCloud.", None),
        ("Scaleway est-il certifié HDS ?", "Scaleway vise la certification HDS.", "not_as_of"),
        ("Scaleway est-il qualifié SecNumCloud ?", "Scaleway dispose de la qualification SecNumCloud de son partenaire.", None),
        ("Scaleway est-il qualifié SecNumCloud ?", "Scaleway has a SecNumCloud qualification project.", None),
        ("Scaleway avait-il quitté Gaia-X ?", "Scaleway avait quitté Gaia-X.", "yes"),
        ("L’ANSSI a-t-elle surveillé des étrangers ?", "L’ANSSI a surveillé des personnes non américaines.", None),
        (QUALIFIED, "S3NS a obtenu la qualification SecNumCloud le 17 décembre 2025.", "yes"),
        (QUALIFIED, "S3NS a obtenu la qualification SecNumCloud pour son offre PREMI3NS.", "yes_for_service"),
        (QUALIFIED, "S3NS n’est pas encore qualifié SecNumCloud.", "not_as_of"),
        (QUALIFIED, "S3NS est toujours en cours de qualification SecNumCloud.", "not_as_of"),
        ("Is Bleu SecNumCloud qualified?", "Bleu does not yet hold the SecNumCloud qualification.", "not_as_of"),
        ("Has S3NS obtained the SecNumCloud qualification?", "S3NS a obtenu la qualification SecNumCloud en 2025.", "yes"),
        ("Le cloud public d’OVHcloud est-il qualifié SecNumCloud ?",
         "OVHcloud est qualifié SecNumCloud pour son cloud privé, mais son cloud public ne l’est pas.", "not_as_of"),
        ("La certification HDS suffit-elle pour ces données ?", "La certification HDS ne suffit pas pour ces données.", "no"),
        ("Bleu appartient-il à Orange et Capgemini ?", "Bleu appartient en totalité à Orange et Capgemini.", "yes"),
        ("Est-ce que Bleu a franchi le jalon J0 ?", "Bleu a franchi le jalon J0 le 17 avril 2025.", "yes"),
        ("La loi SREN est-elle votée ?", "L’Assemblée nationale a voté définitivement la loi SREN.", "yes"),
        ("Clever Cloud a-t-il été racheté ?", "Clever Cloud a été racheté en 2025.", "yes"),
        ("Clever Cloud a-t-il été racheté par Sopra Steria ?", "Clever Cloud a été racheté par Sopra Steria en 2025.", "yes"),
        ("Bleu appartient-il à Capgemini ?", "Bleu appartient à Orange et Capgemini.", "yes"),
        (QUALIFIED, "S3NS a obtenu de l’ANSSI la qualification SecNumCloud.", "yes"),
        (QUALIFIED, "S3NS, dont Google Cloud fournit la technologie, est qualifié SecNumCloud.", "yes"),
        ("Bleu a-t-il franchi deux jalons ?", "Bleu a franchi deux jalons.", "yes"),
        ("L’EUCS est-il adopté ?", "L’EUCS est encore en négociation au printemps.", "not_as_of"),
        ("Has the EUCS been adopted?", "Le schéma EUCS est toujours en cours de négociation.", "not_as_of"),
        ("Le cloud public d’OVHcloud est-il qualifié SecNumCloud ?",
         "OVHcloud est qualifié SecNumCloud pour son cloud privé, mais le cloud public d’OVHcloud n’est pas qualifié SecNumCloud.", "not_as_of"),
        (LEFT, "La migration du Health Data Hub n’est toujours pas effective.", "not_as_of"),
        ("Clever Cloud a-t-il été racheté par Sopra, le groupe d’Annecy ?", "Clever Cloud a été racheté par Sopra.", "yes"),
        ("Bleu appartient-il à Microsoft ?",
         "Bleu appartient à 100 % à Capgemini et Orange, et Microsoft n’y intervient que comme fournisseur de technologie.", "no"),
        ("La migration du Health Data Hub est-elle terminée ?",
         "La migration du Health Data Hub n’est toujours pas effective.", "not_as_of"),
        ("Is the Health Data Hub migration complete?", "La migration du Health Data Hub n’a pas commencé.", "not_as_of"),
        ("S3NS est qualifié SecNumCloud ?", "S3NS est qualifié SecNumCloud depuis décembre 2025.", "yes"),
        ("Bleu a obtenu SecNumCloud ?", "Bleu n’est pas encore qualifié SecNumCloud.", "not_as_of"),
        ("L’EUCS est adopté ?", "L’EUCS n’est toujours pas adopté.", "not_as_of"),
        ("S3NS a-t-il fini par obtenir SecNumCloud ?", "S3NS a obtenu SecNumCloud en décembre 2025.", "yes"),
        ("Did S3NS end up getting SecNumCloud?", "S3NS a obtenu SecNumCloud en décembre 2025.", "yes"),
        ("L’EUCS a-t-il fini par être adopté ?", "L’EUCS n’est toujours pas adopté.", "not_as_of"),
        ("Is the CADA law yet?", "Le CADA n’est toujours pas adopté.", "not_as_of"),
        ("Le Data Privacy Framework est-il encore en vigueur ?",
         "Le DPF reste en place pour les transferts vers les États-Unis.", "yes"),
        ("Le Data Privacy Framework est-il toujours valable ?", "Le DPF reste ainsi en place, selon LeMagIT.", "yes"),
        ("L’EUCS a-t-il vu le jour ?", "L’EUCS n’est toujours pas adopté.", "not_as_of"),
        ("Vincent Coudrin dirige-t-il la mission ?", "Vincent Coudrin n’est plus à la tête de la mission.", "no"),
        ("OVHcloud a-t-il baissé ses prix ?", "OVHcloud a augmenté ses prix d’environ 10 %.", "no"),
        ("Microsoft a-t-il coupé les services de la CPI ?", "Microsoft n’a jamais interrompu les services de la CPI.", "no"),
        ("Does Bleu hold the SecNumCloud qualification yet?", "Bleu does not yet hold the SecNumCloud qualification.", "not_as_of"),
        ("Did the Health Data Hub leave Azure?", "La migration du Health Data Hub n’est toujours pas effective.", "not_as_of"),
        ("Has the Health Data Hub left Azure?", "La migration du Health Data Hub n’a pas commencé.", "not_as_of"),
    ],
)  # fmt: skip
def test_a_clear_quote_decides(question: str, quote: str, expected: str) -> None:
    assert verdict(question, quote) == expected


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        (QUALIFIED, "S3NS espérait obtenir la qualification SecNumCloud."),
        (QUALIFIED, "S3NS a franchi un jalon de la qualification SecNumCloud."),
        (QUALIFIED, "S3NS aurait obtenu la qualification SecNumCloud."),
        (QUALIFIED, "S3NS sera qualifié SecNumCloud en 2027."),
        (QUALIFIED, "Bleu est qualifié SecNumCloud, alors que S3NS attend."),
        (QUALIFIED, "S3NS ne dispose pas d’une visioconférence qualifiée SecNumCloud."),
        (QUALIFIED, "Aucun obstacle n’empêche S3NS d’obtenir la qualification SecNumCloud."),
        (QUALIFIED, "La qualification SecNumCloud de S3NS reste un sujet."),
        (QUALIFIED, "Thales, maison mère de S3NS, est qualifié SecNumCloud."),
        (QUALIFIED, "S3NS est loin d’être qualifié SecNumCloud."),
        (QUALIFIED, "S3NS est en passe d’être qualifié SecNumCloud."),
        (QUALIFIED, "S3NS n’est pas le seul à être qualifié SecNumCloud."),
        (QUALIFIED, "S3NS n’a pas tardé à obtenir la qualification SecNumCloud."),
        ("L’EUCS est-il adopté ?", "L’EUCS tarde à être adopté."),
        ("La section 702 a-t-elle été prolongée de cinq ans ?", "La section 702 a été prolongée de deux ans."),
        ("Le Health Data Hub a-t-il choisi OVHcloud ?", "Le Health Data Hub a choisi Scaleway plutôt qu’OVHcloud."),
        ("Google détient-il S3NS ?", "Google détient moins de 24 % de S3NS."),
        ("Le Cloud Act s’applique-t-il à Bleu ?", "Le Cloud Act ne s’applique pas qu’aux entreprises américaines, mais aussi à Bleu."),
        ("S3NS est-il qualifié SecNumCloud 3.2 ?", "S3NS est qualifié SecNumCloud 3.1."),
        ("Toutes les offres de S3NS sont-elles qualifiées SecNumCloud ?", "Les offres de S3NS sont qualifiées SecNumCloud."),
        ("L’EUCS a-t-il été adopté ?", "L’adoption de l’EUCS se fait encore attendre."),
        ("Quand S3NS a-t-il été qualifié SecNumCloud ?", "S3NS a été qualifié SecNumCloud en décembre 2025."),
        ("S3NS est-il qualifié SecNumCloud ou certifié HDS ?", "S3NS est qualifié SecNumCloud et certifié HDS."),
        ("S3NS sera-t-il qualifié SecNumCloud ?", "S3NS est qualifié SecNumCloud depuis décembre 2025."),
        ("Clever Cloud a-t-il été racheté ?", "Clever Cloud a racheté une start-up en 2025."),
        ("Microsoft détient-il Bleu ?", "Bleu détient une licence de Microsoft."),
        ("S3NS appartient-il à Google ?", "S3NS appartient à Thales et utilise la technologie de Google."),
        ("Is Bleu owned by Microsoft?", "Bleu is owned by Orange and Capgemini and runs Microsoft Azure."),
        ("Scaleway a-t-il quitté le CISPE ?", "Scaleway a quitté Gaia-X et reste membre du CISPE."),
        ("Bleu est-il qualifié SecNumCloud ?", "Bleu félicite S3NS, qui a obtenu la qualification SecNumCloud en 2025."),
        ("Bleu est-il qualifié SecNumCloud ?", "Bleu, dont le concurrent S3NS est qualifié SecNumCloud, recrute."),
        (QUALIFIED, "L’ANSSI affirmait que S3NS est qualifié SecNumCloud."),
        ("Dassault a-t-il signé avant que Bleu soit qualifié ?", "À la signature de Dassault, Bleu n’est pas qualifié."),
        (QUALIFIED, "S3NS ne rencontre aucun obstacle dans sa qualification SecNumCloud."),
        ("Is S3NS qualified?", "S3NS ne dispose pas de sites à l’étranger."),
        ("Google est-il actionnaire de S3NS ?", "Google ne peut pas accéder aux données de S3NS."),
        ("OVHcloud a-t-il été condamné ?", "OVHcloud n’a pas fait appel."),
        ("OVHcloud a-t-il augmenté ses prix ?", "OVHcloud a réduit ses pertes."),
        ("S3NS a-t-il signé son premier client ?", "S3NS a pour client Matmut, ce dernier étant un assureur."),
        ("Bleu a-t-il lancé son offre ?", "Bleu a reçu une commande ferme."),
        ("Bleu a-t-il obtenu les certifications HDS ?", "Bleu a fait savoir qu’il visait les certifications HDS."),
        ("Les prix de Bleu ont-ils augmenté en 2025 ?", "Les clients de Bleu augmentent en 2025, ses prix baissent."),
        ("Bleu a-t-il lancé Azure avant S3NS ?", "Bleu a lancé Azure en 2025, suivi par S3NS."),
        ("Le cloud privé d’OVHcloud est-il qualifié ?", "OVHcloud l’est pour l’un, mais son cloud public n’est pas qualifié."),
        ("L’EUCS est-il obligatoire ?", "L’EUCS est encore en négociation."),
        (LEFT, "Le Health Data Hub a migré vers Azure."),
        ("Le DPF est-il valable ?", "Le DPF a pris la place du Privacy Shield."),
        ("Le CADA est-il en vigueur ?", "Le CADA a été présenté en force par la Commission."),
        ("Le DPF est-il toujours valable ?", "Le DPF reste la place forte des transferts."),
        ("Bleu a-t-il obtenu la qualification SecNumCloud ?", "Bleu a obtenu une validation vers l’obtention de la qualification SecNumCloud."),
        ("L’Allemagne a-t-elle un cloud souverain ?", "AWS a annoncé un cloud souverain en Allemagne."),
        ("SecNumCloud est-il obligatoire ?", "SecNumCloud impose que les données restent en Europe."),
        ("Is EUCS law yet?", "The EUCS has been adopted by ENISA."),
        ("La migration du Health Data Hub est-elle terminée ?", "La première phase de la migration du Health Data Hub est terminée."),
        (LEFT, "La migration de Bleu n’est toujours pas effective."),
        ("Le Health Data Hub quitte-t-il Azure ?", "La migration du Health Data Hub n’est toujours pas effective."),
    ],
)  # fmt: skip
def test_what_hedges_falls_short_or_is_about_another_decides_nothing(question: str, quote: str) -> None:
    """A wrong « oui » is worse than no opening at all."""
    assert verdict(question, quote) is None


def test_the_newest_quote_decides() -> None:
    """« Pas encore » in November gives way to December's news, and is no reason to doubt it."""
    before = sentence("S3NS n’est pas encore qualifié SecNumCloud.", day="2025-11-06")
    after = sentence("S3NS est qualifié SecNumCloud depuis peu.", day="2025-12-19")
    found = decide(polar(QUALIFIED), [before, after], ENTITIES)

    assert found is not None
    assert (found.verdict, found.proof) == ("yes", after)


def test_a_move_that_is_not_made_is_looked_for_beyond_the_nearest() -> None:
    """Where another event is asked about it is not."""
    planned = sentence("Le Health Data Hub quittera ainsi Microsoft.", day="2026-04-27")
    told = sentence("La migration du Health Data Hub n’est toujours pas effective.", day="2026-08-25", name="b")
    found = decide(polar(LEFT), [planned], ENTITIES, lambda: [planned, told])

    assert found is not None
    assert (found.verdict, found.proof) == ("not_as_of", told)
    assert decide(polar("Bleu a-t-il ouvert ?"), [planned], ENTITIES, lambda: 1 / 0) is None  # type: ignore[arg-type]


def test_still_with_one_is_proved_by_a_move_that_is_not_made() -> None:
    """Where a sentence tells of one from there."""
    leaving = sentence("Le Health Data Hub quittera ainsi Microsoft.", day="2026-04-27")
    still = sentence("La migration du Health Data Hub n’est toujours pas effective.", day="2026-08-25", name="b")

    found = decide(
        polar("Le Health Data Hub est-il encore chez Microsoft ?"), [leaving], ENTITIES, lambda: [leaving, still]
    )
    elsewhere = decide(
        polar("Le Health Data Hub est-il encore chez Oracle ?"), [leaving], ENTITIES, lambda: [leaving, still]
    )

    assert found is not None
    assert (found.verdict, found.proof) == ("yes", still)
    assert elsewhere is None


def test_the_newest_state_of_a_qualification_counts_wherever_it_stands() -> None:
    near = sentence("Bleu n’est pas encore qualifié SecNumCloud.", day="2025-11-06")
    newer = sentence("Bleu n’est pas encore qualifié SecNumCloud en mars.", day="2026-03-19", name="b")

    found = decide(polar("Bleu est-il qualifié SecNumCloud ?"), [near], ENTITIES, lambda: [near, newer])

    assert found is not None
    assert found.proof == newer


def test_what_is_said_of_the_service_of_a_vendor_says_yes_for_it() -> None:
    service = "PREMI3NS, l’offre de S3NS, est qualifiée SecNumCloud 3.2 depuis décembre."

    assert verdict(QUALIFIED, service) == "yes_for_service"
    assert verdict(QUALIFIED, "Thales, maison mère de S3NS, est qualifiée SecNumCloud.") is None


def test_what_is_asked_beside_a_yes_does_not_hide_it() -> None:
    """« …, et depuis quand ? » is answered too, by more than an opening."""
    assert verdict(f"{QUALIFIED[:-2]}, et depuis quand ?", "S3NS est qualifié SecNumCloud.") == "yes"


def test_quotes_of_one_day_that_disagree_decide_nothing() -> None:
    assert verdict(QUALIFIED, "S3NS est qualifié SecNumCloud.", "S3NS n’est pas qualifié SecNumCloud.") is None


def test_a_newer_no_does_not_undo_an_older_yes() -> None:
    before = sentence("S3NS est qualifié SecNumCloud depuis peu.", day="2025-01-06")
    after = sentence("S3NS n’est pas qualifié SecNumCloud.", day="2025-12-19")

    assert decide(polar(QUALIFIED), [before, after], ENTITIES) is None


@pytest.mark.parametrize(
    ("quote", "day", "language", "words"),
    [
        ("S3NS est qualifié SecNumCloud.", "2025-12-19", "fr", "Oui, à la date du 19 décembre 2025 :"),
        ("S3NS est qualifié SecNumCloud.", "2025-12", "en", "Yes, as of December 2025:"),
        ("S3NS n’est pas qualifié SecNumCloud.", "2025-12-01", "fr", "Pas à la date du 1er décembre 2025 :"),
        ("S3NS n’est pas qualifié SecNumCloud.", "2025-08", "fr", "Pas à la date d’août 2025 :"),
        ("S3NS n’est pas qualifié SecNumCloud.", "2025", "fr", "En 2025, non :"),
        (
            "S3NS n’est pas encore qualifié SecNumCloud.",
            "2025",
            "fr",
            "Pas encore, d’après la citation (état connu en 2025) :",
        ),
        ("S3NS n’est pas qualifié SecNumCloud.", "2025-12-01", "en", "Not as of 1 December 2025:"),
    ],
)
def test_a_state_is_told_with_its_date(quote: str, day: str, language: str, words: str) -> None:
    found = decide(polar(QUALIFIED), [sentence(quote, day=day)], ENTITIES)

    assert found is not None
    assert verdict_lead(found, dated=found.dated, language=language).replace("\u00a0", " ") == words  # type: ignore[arg-type]


def test_a_no_is_not_held_against_newer_evidence_that_decides_nothing() -> None:
    """« Pas à la date du … » would be false as soon as a later article tells of the qualification, however it puts it."""
    old = sentence("S3NS n’est pas encore qualifié SecNumCloud.", day="2025-11-06")
    new = sentence(
        "L’ANSSI a délivré la qualification SecNumCloud à PREMI3NS, l’offre de S3NS.", day="2025-12-24", name="b"
    )
    apart = sentence("S3NS recrute à Toulouse.", day="2025-12-24", name="c")
    retold = sentence("S3NS n’était pas encore qualifié SecNumCloud en novembre.", day="2025-12-24", name="d")

    assert decide(polar(QUALIFIED), [old, new], ENTITIES) is None
    assert decide(polar(QUALIFIED), [old, apart, retold], ENTITIES).verdict == "not_as_of"


@pytest.mark.parametrize(
    ("question", "quote", "left_out"),
    [
        (QUALIFIED, "S3NS est qualifié SecNumCloud pour son IaaS.", False),
        ("S3NS est-il qualifié SecNumCloud pour son PaaS ?", "S3NS est qualifié SecNumCloud pour son IaaS.", True),
        ("Le cloud public de S3NS est-il qualifié ?", "S3NS est qualifié SecNumCloud pour PREMI3NS.", True),
        ("S3NS est-il qualifié pour tous ses services ?", "S3NS est qualifié SecNumCloud pour PREMI3NS.", True),
        ("S3NS est-il qualifié SecNumCloud 3.2 ?", "S3NS est qualifié SecNumCloud 3.1.", True),
        ("Is Bleu SecNumCloud qualified?", "Bleu does not yet hold the SecNumCloud qualification.", False),
        ("Bleu is qualified for SecNumCloud?", "S3NS does not yet hold the SecNumCloud qualification.", True),
    ],
)
def test_a_yes_is_about_all_that_the_question_names(question: str, quote: str, left_out: bool) -> None:
    """A service, a version and « tous » must stand in the quote itself."""
    assert leaves_out(asked(question).query, sentence(quote), ENTITIES) is left_out


def test_the_vendor_may_stand_in_the_title() -> None:
    quote = sentence("L’entreprise est qualifiée SecNumCloud.", title="S3NS est qualifié")

    assert not leaves_out(asked(QUALIFIED).query, quote, ENTITIES)
