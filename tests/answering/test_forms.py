"""Lists, definitions, reasons and comparisons: which quotes, in which order, under which words."""

from __future__ import annotations

import pytest
from quotes import ENTITIES, asked, sentence, sentences

from trusted_cloud_chat.answering.forms.choice import choose_form
from trusted_cloud_chat.answering.forms.owners import newest_share_of
from trusted_cloud_chat.schema import Source

SECNUMCLOUD = "SecNumCloud, qualification créée par l’ANSSI en 2016, signale les prestataires les plus sûrs."


def form(question: str, *quotes: str):
    """The form for quotes of falling scores."""
    ranked = [sentence(quote, name=f"a{n}", score=5.0 - n / 10) for n, quote in enumerate(quotes)]
    return choose_form(asked(question), ranked, ENTITIES)


def texts(found) -> list[str]:
    return [quote.text for quote in found.quotes]


WHO_IS = "Quels fournisseurs sont qualifiés SecNumCloud ?"


class TestLists:
    def test_one_quote_an_item(self) -> None:
        """A quote that adds nobody is left out."""
        found = form(
            WHO_IS, "OVHcloud est qualifié.", "Le sujet avance chez OVHcloud.", "Outscale est qualifié depuis 2019."
        )

        assert texts(found) == ["OVHcloud est qualifié.", "Outscale est qualifié depuis 2019."]
        assert (found.listed, found.lead.replace("\u00a0", " ")) == (True, "Voici ce que citent les articles :")

    def test_a_sentence_that_enumerates_opens_the_list(self) -> None:
        found = form(
            WHO_IS, "OVHcloud est qualifié.", "OVHcloud, Oodrive, Outscale et S3NS sont qualifiés.", "Outscale l’est."
        )

        assert texts(found) == ["OVHcloud, Oodrive, Outscale et S3NS sont qualifiés."]

    def test_what_is_denied_or_beside_the_point_is_no_item(self) -> None:
        denied = "Bleu n’est pas qualifié SecNumCloud."
        beside = "Scaleway figure parmi les fournisseurs entendus par les députés."
        found = form(WHO_IS, "OVHcloud est qualifié.", denied, beside, "Outscale est qualifié depuis 2019.")

        assert texts(found) == ["OVHcloud est qualifié.", "Outscale est qualifié depuis 2019."]

    def test_at_most_eight(self) -> None:
        names = "Orange Thales Scaleway Outscale OVHcloud Oodrive Docaposte Whaller Worldline NumSpot".split()
        assert len(form(WHO_IS, *(f"{name} figure parmi les qualifiés de l’année." for name in names)).quotes) == 8

    def test_who_reports_is_no_item(self) -> None:
        """Neither a publication that is named, nor one that the article was written from."""
        first = sentence("OVHcloud est qualifié, selon Clubic.", name="a")
        second = sentence("Clubic et Silicon citent OVHcloud.", name="b", sources=(Source("Clubic"), Source("Silicon")))

        assert texts(choose_form(asked(WHO_IS), [first, second], ENTITIES))[0] == first.text
        assert not choose_form(asked(WHO_IS), [first, second], ENTITIES).listed


class TestDefinitions:
    @pytest.mark.parametrize(
        ("question", "defines"),
        [
            ("Qu’est-ce que SecNumCloud ?", "SecNumCloud est une qualification de l’ANSSI."),
            ("Qu’est-ce que SecNumCloud ?", "SecNumCloud, qualification créée par l’ANSSI, date de 2016."),
            ("What is Clarence?", "Proximus a présenté Clarence, un cloud déconnecté du Luxembourg."),
            ("What is EUCS?", "EUCS is a European certification scheme."),
            ("Qu’est-ce que la « composition » ?", "La « composition » désigne l’évaluation du seul logiciel."),
            ("C’est quoi Scaleway ?", "Scaleway, la filiale cloud d’Iliad, a réalisé 103 millions d’euros."),
            ("Qu’est-ce que NumSpot ?", "Le consortium NumSpot est né d’une alliance entre quatre groupes."),
            ("Qu’est-ce que NumSpot ?", "Jusqu’ici cloud public, NumSpot devient une plateforme à installer partout."),
            (
                "C’est quoi le Cloud Act ?",
                "Adopté en 2018, le CLOUD Act contraint un fournisseur à livrer des données.",
            ),
            ("c koi schrems 2 ?", "La CJUE l’a invalidé par un arrêt appelé Schrems II que Lexbase analyse."),
            (
                "What is the SREN law?",
                "La loi n° 2024-449 du 21 mai 2024, dite SREN, vise à réguler l’espace numérique.",
            ),
        ],
    )
    def test_the_sentence_that_defines_comes_first(self, question: str, defines: str) -> None:
        other = "La réforme de SecNumCloud, du CADA, de l’EUCS et de la « composition » avance en Europe."
        found = form(question, other, defines)

        assert texts(found)[0] == defines
        assert found.lead.startswith(("Définition", "Definition"))

    @pytest.mark.parametrize(
        ("question", "quote", "certain"),
        [
            ("Bleu, c’est quoi ?", "Orange et Capgemini préparent Bleu, une société de cloud.", True),
            ("Bleu, c’est quoi ?", "Bleu est le deuxième à obtenir un accord.", False),
            ("Que veut dire CADA ?", "Le Cloud and AI Development Act (CADA) est en négociation.", True),
            ("Que veut dire CADA ?", "Le texte voulu par Bruxelles (CADA) est en négociation.", False),
        ],
    )
    def test_what_says_the_kind_of_thing_or_spells_the_letters_is_certain(
        self, question: str, quote: str, certain: bool
    ) -> None:
        """However unsure the reader, such a question is not refused."""
        assert form(question, quote).certain is certain

    def test_what_spells_the_letters_out_says_so(self) -> None:
        found = form("Que veut dire CADA ?", "Le Cloud and AI Development Act (CADA) est en négociation.")

        assert found.lead.startswith("Ce que veut dire le sigle")

    @pytest.mark.parametrize(
        ("question", "quote"),
        [
            ("What is NIS2?", "Avec NIS2, le nombre d’entités passerait à 15 000."),
            (
                "What is the CLOUD Act?",
                "Le CLOUD Act, le FISA et l’Executive Order 12333 font partie des textes visés.",
            ),
            (
                "Qu’est-ce que le Health Data Hub ?",
                "Scaleway est retenu, dit le Health Data Hub, ou Plateforme des données.",
            ),
            ("C’est quoi Outscale ?", "Chez 3DS Outscale, la version 3.2 couvre l’infrastructure."),
            ("C’est quoi Scaleway ?", "Scaleway avait été désigné pour accueillir les données."),
            ("C’est quoi Bleu ?", "Bleu représente l’avenir du cloud."),
            ("C’est quoi AWS ?", "AWS représente un tiers du marché."),
            ("C’est quoi le Cigref ?", "L’association Cigref, mécontente, a écrit une lettre."),
            ("C’est quoi Bleu ?", "Bleu contraint ses clients à changer de contrat."),
            ("C’est quoi Bleu ?", "Bleu devient le premier fournisseur d’Orange."),
            ("Qu’est-ce que le DPF ?", "Le DPF autorise-t-il tout ?"),
            ("Qu’est-ce que Schrems II ?", "La CNIL a salué un accord dit Schrems II."),
        ],
    )
    def test_a_name_in_passing_is_not_defined(self, question: str, quote: str) -> None:
        assert form(question, quote).lead.startswith(("Ni définition", "No definition"))

    def test_what_a_law_is_for_comes_before_what_it_does(self) -> None:
        does = "La loi SREN interdit les clauses d’exclusivité."
        purpose = "La loi SREN vise à sécuriser et à réguler l’espace numérique."

        assert texts(form("Qu’est-ce que la loi SREN ?", does, purpose))[0] == purpose

    def test_a_notion_is_not_defined_by_the_name_that_it_belongs_to(self) -> None:
        name = SECNUMCLOUD
        notion = "Grâce à la composition, un éditeur fait évaluer son seul logiciel dans SecNumCloud."

        assert texts(form("Qu’est-ce que la composition dans SecNumCloud ?", notion, name))[0] == notion
        for question in (
            "Dans la 3.2 du SNC, qu’appelle-t-on « composition » ?",
            "Que veut dire atteindre le jalon J0 de SecNumCloud ?",
            "Managed Dedicated Cloud SecNumCloud, c quoi ?",
        ):
            assert texts(form(question, notion, name))[0] == notion
        assert form("Qu’est-ce que SecNumCloud ?", notion, name).lead.startswith("Définition")
        assert form("SecNumCloud, c’est quoi comme label ?", notion, name).lead.startswith("Définition")
        assert form("C’est quoi au juste, SecNumCloud ?", notion, name).lead.startswith("Définition")

    def test_what_no_list_has_is_defined_too(self) -> None:
        counts = "S3NS compte 60 clients sur PREMI3NS et CRYPT3NS."
        defines = "CRYPT3NS est le nouveau nom des « Contrôles locaux avec S3NS »."

        for question in ("CRYPT3NS, késako ?", "CRYPT3NS, c’est quoi ?"):
            assert texts(form(question, counts, defines))[0] == defines
        assert texts(form("J2 SecNumCloud ça veut dire quoi ?", "J2 vient après.", SECNUMCLOUD))[0] == "J2 vient après."

    def test_without_one_nothing_is_called_a_definition(self) -> None:
        assert form("C’est quoi la « composition » ?", "La composition suffit.").lead == ""
        for question, quote in (
            ("C’est quoi Docaposte ?", "Docaposte en est la première utilisatrice."),
            ("Qu’est-ce que SecNumCloud ?", "SecNumCloud, souligne Clubic, avance vite."),
        ):
            assert form(question, quote).lead.startswith("Ni définition ni rôle trouvés dans le corpus")

    def test_without_one_what_names_somebody_else_alone_is_left_out(self) -> None:
        said = form("C’est quoi le Cigref ?", "Le Cigref évalue cette part à 83 %.", "Gaia-X est un cadre.")

        assert texts(said) == ["Le Cigref évalue cette part à 83 %."]

    @pytest.mark.parametrize(
        ("question", "quote"),
        [
            ("C’est quoi le CNLL ?", "Le CNLL représente les entreprises du logiciel libre."),
            ("Quelle est la mission du Cigref ?", "Le Cigref représente les grandes entreprises utilisatrices."),
            ("À quoi sert le CISPE ?", "L’association CISPE, qui compte AWS parmi ses membres, a déposé la sienne."),
            ("CRYPT3NS, c’est quoi ce produit ?", "CRYPT3NS est le nouveau nom des Contrôles locaux."),
            ("What does STACKIT do?", "STACKIT est la filiale cloud du groupe Schwarz."),
        ],
    )
    def test_what_somebody_is_for_is_told_by_what_they_are(self, question: str, quote: str) -> None:
        assert form(question, "La consultation est close.", quote).lead.startswith(("Définition", "Definition"))
        assert texts(form(question, "La consultation est close.", quote))[0] == quote

    def test_a_term_between_quotation_marks_is_looked_for_first(self) -> None:
        other = "Le CaaS devient une catégorie de SecNumCloud."
        term = "Avec la composition, un éditeur limite l’évaluation à son logiciel."

        assert texts(form("C’est quoi la « composition » de SecNumCloud ?", other, term))[0] == term

    @pytest.mark.parametrize(
        ("question", "quote"),
        [
            ("Quelles sont les missions de l’Arcep ?", "La loi donne à l’Arcep la mission de contrôler ces règles."),
            ("Quel est le rôle de l’UGAP ?", "La mission de l’UGAP est d’acheter pour l’État."),
            ("C’est quoi l’UGAP ?", "La mission de l’UGAP est d’acheter pour l’État."),
            ("À quoi sert SecNumCloud ?", "SecNumCloud sert à reconnaître les prestataires sûrs."),
        ],
    )
    def test_a_role_is_told_by_what_says_it(self, question: str, quote: str) -> None:
        found = form(question, "La consultation est close.", quote)

        assert found.lead.startswith("Rôle, d’après les articles")
        assert texts(found)[0] == quote

    def test_of_a_role_what_tells_it_comes_before_what_one_is(self) -> None:
        kind = "SecNumCloud est une qualification de l’ANSSI."
        task = "SecNumCloud sert à reconnaître les prestataires sûrs."

        assert texts(form("À quoi sert SecNumCloud ?", kind, task))[0] == task
        assert texts(form("Qu’est-ce que SecNumCloud ?", task, kind))[0] == kind


class TestReasons:
    def test_what_another_did_comes_after_what_the_one_asked_about_did(self) -> None:
        other = "OVHcloud justifiait cette hausse par le coût de l’énergie."
        own = "Cette hausse servait à aligner les tarifs de Microsoft sur le dollar."

        assert texts(form("Comment Microsoft a-t-il justifié sa hausse ?", other, own))[0] == own

    def test_reasons_are_counted(self) -> None:
        one = "Le prix monte parce que le dollar monte."
        assert form("Pourquoi le prix monte-t-il ?", one).lead.startswith("Raison avancée")
        assert form(
            "Pourquoi le prix monte-t-il ?", one, "L’énergie, en raison de la guerre, coûte plus."
        ).lead.startswith("Raisons")

    def test_what_gives_no_reason_is_not_called_one(self) -> None:
        assert form("Pourquoi Scaleway est-il écarté ?", "Scaleway est retenu pour le marché européen.").lead == ""


class TestComparisons:
    QUESTION = "Compare les actionnaires et la technologie de Bleu et de S3NS."
    QUOTES = (
        "Bleu et S3NS visent les mêmes clients.",
        "Bleu appartient à Orange et Capgemini.",
        "Bleu repose sur la technologie de Microsoft.",
        "Thales détient S3NS.",
    )

    def test_a_row_a_criterion_and_a_column_an_entity(self) -> None:
        table = form(self.QUESTION, *self.QUOTES).comparison

        assert table is not None
        assert table.entities == ("Bleu", "S3NS")
        assert [(row.label, [cell.text if cell else None for cell in row.cells]) for row in table.rows] == [
            ("Actionnaires", ["Bleu appartient à Orange et Capgemini.", "Thales détient S3NS."]),
            ("Technologie", ["Bleu repose sur la technologie de Microsoft.", None]),
        ]

    def test_laws_are_compared_by_their_purpose_too(self) -> None:
        quotes = (
            "Le CLOUD Act sert surtout à des enquêtes judiciaires.",
            "Le FISA autorise une surveillance de renseignement.",
        )
        table = form("Compare le CLOUD Act et le FISA", *quotes).comparison

        assert table is not None
        purpose = next(row for row in table.rows if row.label == "Objet")
        assert [cell.text if cell else None for cell in purpose.cells] == list(quotes)

    @pytest.mark.parametrize(
        ("question", "table"),
        [
            ("Fais-moi un tableau comparatif de Bleu et de S3NS, s’il te plaît", True),
            ("Quelles différences concrètes entre Bleu et S3NS pour une administration ?", True),
            ("Entre Bleu et S3NS, lequel Airbus trouvait-il le plus mûr ?", False),
            ("De Bleu ou de S3NS, lequel a le plus vendu aux acheteurs publics en 2024 ?", False),
            ("De Bleu ou de S3NS, lequel appartient à Thales ?", True),
        ],
    )
    def test_who_is_first_in_something_else_is_told_by_no_table_of_shareholders(
        self, question: str, table: bool
    ) -> None:
        assert (form(question, *self.QUOTES).comparison is not None) is table

    def test_what_stands_in_a_cell_is_not_repeated_above(self) -> None:
        assert texts(form(self.QUESTION, *self.QUOTES)) == ["Bleu et S3NS visent les mêmes clients."]

    def test_of_a_state_the_newer_is_told(self) -> None:
        old = sentences("Bleu vise la qualification pour 2024.", day="2022-05-01", name="a")
        new = sentences("Bleu vise la qualification pour 2026.", day="2025-05-01", name="b", score=4.5)
        table = choose_form(asked("Compare Bleu et S3NS"), [*old, *new], ENTITIES).comparison

        assert table is not None
        assert table.rows[0].cells[0] == new[0]

    def test_a_qualification_is_told_by_its_stage(self) -> None:
        """Being named beside somebody else's says nothing of one's own."""
        quotes = (
            "Neuf entreprises ont obtenu la qualification SecNumCloud avant S3NS.",
            "S3NS a obtenu la qualification SecNumCloud le 17 décembre 2025.",
            "Orange, actionnaire de Bleu, a obtenu la qualification SecNumCloud.",
            "Bleu vise la qualification pour 2026.",
        )
        table = form("Compare la qualification de Bleu et de S3NS", *quotes).comparison

        assert table is not None
        assert [cell.text if cell else None for cell in table.rows[0].cells] == [quotes[3], quotes[1]]

    def test_what_is_retold_is_as_old_as_the_day_that_it_tells_of(self) -> None:
        """A hope of May, retold in December, is older than what was obtained the week before."""
        hope = sentences("En mai 2025, S3NS espérait encore être qualifié à l’été.", day="2025-12-24", name="a")
        fact = sentences("S3NS a obtenu la qualification SecNumCloud.", day="2025-12-23", name="b")
        table = choose_form(asked("Compare la qualification de Bleu et de S3NS"), [*hope, *fact], ENTITIES).comparison

        assert table is not None
        assert table.rows[0].cells[1] == fact[0]

    def test_under_another_of_its_names(self) -> None:
        """« Outscale » is 3DS Outscale, and a certification is told without a stage."""
        quotes = (
            "Outscale a obtenu la qualification SecNumCloud en 2019.",
            "Scaleway dispose de la certification HDS.",
        )
        table = form("Compare les certifications de 3DS Outscale et de Scaleway", *quotes).comparison

        assert table is not None
        assert [cell.text if cell else None for cell in table.rows[0].cells] == list(quotes)

    def test_a_certification_is_no_state_of_a_qualification(self) -> None:
        """« Certifié » of a blog, or HDS, does not tell how far the qualification is, unless certifications are asked for."""
        claim = sentences("Un blog a décrit Scaleway comme détenant déjà cette certification.", day="2026-08", name="a")
        state = sentences(
            "Scaleway n’a pas terminé son parcours vers la qualification SecNumCloud.", day="2026-05-11", name="b"
        )
        retold = sentences(
            "Scaleway se disait, le 12 mai 2026, sur le chemin de la qualification SecNumCloud.",
            day="2026-08-25",
            name="c",
        )
        table = choose_form(asked("Compare OVHcloud et Scaleway"), [*claim, *retold, *state], ENTITIES).comparison

        assert table is not None
        assert table.rows[0].cells[1] == state[0]

    def test_the_newest_share_is_told_of_the_owners(self) -> None:
        old = sentences("S3NS est détenue par Thales et Google, dont la part est secrète.", day="2022-06-30", name="a")
        new = sentences(
            "Thales posséderait plus de 92 % de S3NS, et Google moins de 8 %.", day="2026-08-25", name="b", score=3
        )
        table = choose_form(asked("Compare les actionnaires de Bleu et de S3NS"), [*old, *new], ENTITIES).comparison

        assert table is not None
        assert table.rows[0].cells[1] == new[0]

    @pytest.mark.parametrize("quote", [
        "Scaleway parlait d’un partenariat technologique.", "Microsoft would only be a technology partner of Scaleway.",
    ])  # fmt: skip
    def test_a_technology_partnership_is_no_technology(self, quote: str) -> None:
        assert form("Compare la technologie d’OVHcloud et de Scaleway", quote).comparison is None

    def test_the_names_of_those_compared_ask_for_nothing(self) -> None:
        """« SecNumCloud » is a scheme here, and not what providers are qualified for."""
        rules = ("L’EUCS est attendu pour 2026.", "SecNumCloud interdit plus de 24 % du capital.")
        table = form("Quelle différence entre EUCS et SecNumCloud ?", *rules).comparison

        assert table is not None
        assert [row.label for row in table.rows] == ["Dates", "Exigences"]

    @pytest.mark.parametrize(
        "question", ["Compare Bleu", "Bleu et S3NS visent-ils 2026 ?", "Compare Bleu et la loi SREN"]
    )
    def test_no_table_without_two_of_a_kind_to_compare(self, question: str) -> None:
        assert form(question, *self.QUOTES).comparison is None

    def test_what_is_asked_is_not_answered_by_the_usual_criteria(self) -> None:
        quotes = ("Bleu est qualifié SecNumCloud depuis 2026.", "S3NS est qualifié SecNumCloud depuis 2025.")

        assert form("Lequel est le moins cher, Bleu ou S3NS ?", *quotes).comparison is None
        assert form("Which has more employees, Bleu or S3NS?", *quotes).comparison is None

    def test_a_price_is_told_by_no_other_sum(self) -> None:
        sums = ("Bleu a vendu pour 3 millions d’euros.", "S3NS a vendu pour 4 millions d’euros.")
        apart = ("Bleu est à l’écoute.", "S3NS a investi 20 millions d’euros par an, une remise en cause.")
        prices = ("Le tarif de Bleu est de 3 euros.", "S3NS coûte 4 euros de l’heure.")

        assert form("Compare les prix de Bleu et de S3NS", *sums).comparison is None
        assert form("Compare les prix de Bleu et de S3NS", *apart).comparison is None
        assert [row.label for row in form("Compare les prix de Bleu et de S3NS", *prices).comparison.rows] == ["Prix"]
        assert [row.label for row in form("Compare le budget de Bleu et de S3NS", *sums).comparison.rows] == [
            "Montants"
        ]

    def test_staff_is_told_by_a_number(self) -> None:
        found = form(
            "Lequel a le plus de salariés, Bleu ou S3NS ?",
            "Bleu emploie 60 salariés.",
            "Des salariés de S3NS assurent l’exploitation.",
        )

        assert found.comparison is not None
        assert [cell and cell.text for cell in found.comparison.rows[0].cells] == ["Bleu emploie 60 salariés.", None]

    def test_no_table_without_a_cell(self) -> None:
        assert form("Compare le prix de Bleu et de S3NS", *self.QUOTES).comparison is None

    def test_each_cell_is_asked_for_by_itself(self) -> None:
        """What the whole question did not find is looked up; the newest state of each is told."""
        asked_for = []
        told = {
            "Bleu": [
                "Bleu vise la qualification pour 2026.",
                "Bleu a obtenu la qualification SecNumCloud en mars 2026.",
            ],
            "S3NS": ["S3NS n’est pas encore qualifié SecNumCloud."],
        }

        def look_up(question: str):
            asked_for.append(question)
            return [sentence(text, name=text) for name, texts in told.items() if name in question for text in texts]

        ranked = [sentence("Bleu et S3NS visent les mêmes clients.")]
        found = choose_form(asked("Compare la qualification de Bleu et de S3NS"), ranked, ENTITIES, look_up=look_up)

        assert "Où en est la qualification SecNumCloud de Bleu ?" in asked_for
        assert found.comparison is not None
        assert [cell.text for cell in found.comparison.rows[0].cells if cell] == [told["Bleu"][1], told["S3NS"][0]]

    def test_whether_two_are_qualified_is_a_table(self) -> None:
        """A « non » about both at once is overtaken as soon as one of them is."""
        both = "Ni Bleu ni S3NS n’est encore qualifié SecNumCloud."
        found = form(
            "Bleu et S3NS sont-ils qualifiés SecNumCloud ?",
            both, "S3NS a obtenu la qualification SecNumCloud.", "Bleu n’est pas encore qualifié SecNumCloud.",
        )  # fmt: skip

        assert found.comparison is not None
        assert [row.label for row in found.comparison.rows] == ["Qualification"]
        assert texts(found) == []

    def test_which_of_two_is_qualified_is_a_table(self) -> None:
        """« Aucune des deux n’est qualifiée » is overtaken once one of them is."""
        neither, one = "Ni Bleu ni S3NS n’est encore qualifié.", "S3NS a obtenu la qualification SecNumCloud."

        assert form("Qui est qualifié, Bleu ou S3NS ?", neither, one).comparison is not None
        assert form("Qui a qualifié Bleu et S3NS ?", neither, one).comparison is None

    def test_what_is_about_one_of_them_does_not_stand_above_the_table(self) -> None:
        quotes = (*self.QUOTES[1:], "Bleu emploie soixante personnes.")
        assert texts(form(self.QUESTION, *quotes)) == []


def test_who_created_somebody_is_told_by_who_did() -> None:
    head = "Le directeur général de Bleu est Jean Coumaros."
    allowed = "La Commission européenne a autorisé la création de Bleu en 2023."
    made = "Orange et Capgemini ont rendu public leur projet de créer ensemble Bleu."

    for question in ("Qui a créé Bleu ?", "Qui est à l’origine de Bleu ?", "Who founded Bleu?"):
        assert texts(form(question, head, allowed, made)) == [made]
    assert texts(form("Qui a créé Bleu ?", head))[0] == head
    purpose = "Gaia-X est un cadre pour créer des clouds, rappelle Martine Gouriet."
    launched = "La France et l’Allemagne ont lancé Gaia-X en juin 2020."
    assert texts(form("Qui a créé Gaia-X ?", purpose, launched)) == [launched]


def test_those_of_the_nation_asked_about_come_first() -> None:
    all_of_them = "La liste comprend AWS et Google Cloud."
    french = "Orange et Capgemini sont les deux seuls groupes français désignés."

    question = "Quelles entreprises françaises sont sur la liste ?"
    assert texts(form(question, all_of_them, french))[0] == french


def test_the_version_asked_about_comes_first() -> None:
    first = "Outscale avait aussi été, en 2019, le premier opérateur à recevoir SecNumCloud."
    of_version = "3DS Outscale a été le premier à passer en version 3.2, en décembre 2023."

    assert texts(form("Quel acteur a été le premier en SecNumCloud 3.2 ?", first, of_version))[0] == of_version


def test_of_those_that_spell_out_a_name_one_that_opens_with_it_defines() -> None:
    asks = "Google demande que le Cloud and AI Development Act (CADA) reste ouvert à des partenaires."
    opens = "Le Cloud and AI Development Act (CADA) est encore en négociation."
    law = "Le CADA est un règlement proposé par la Commission."

    assert texts(form("Qu’est-ce que le CADA ?", asks, opens))[0] == opens
    assert texts(form("Qu’est-ce que le CADA ?", asks, opens, law))[0] == law


def test_a_sentence_that_says_only_that_there_is_a_definition_comes_later() -> None:
    announces = "La circulaire de 2023 dit enfin ce qu’est une donnée sensible."
    tells = "La circulaire range parmi les données sensibles celles que protège un secret."

    assert texts(form("Qu’appelle-t-on donnée sensible ?", announces, tells)) == [tells, announces]


def test_letters_spelt_out_are_no_definition() -> None:
    spelt = "Un opérateur d’importance vitale (OIV) n’y est tenu que pour ses systèmes."

    other = "La réforme du CaaS et de l’EUCS avance en Europe."
    found = form("C’est quoi le CaaS ?", other, "Les conteneurs à la demande (CaaS) y entrent.")

    assert form("C’est quoi un OIV ?", spelt).lead.startswith("Ce que veut dire le sigle")
    assert texts(found)[0] == "Les conteneurs à la demande (CaaS) y entrent."
    assert form("C’est quoi un OIV ?", "Un OIV est un opérateur désigné par l’État.").lead.startswith("Définition")


def test_reasonable_is_no_reason() -> None:
    assert not form("Pourquoi Bleu facture-t-il ?", "Bleu peut réclamer des frais raisonnables.").lead


def test_a_figure_comes_before_a_quote_without_one() -> None:
    unknown = "La part exacte de Google dans S3NS n’a pas été révélée."
    told = "Thales posséderait plus de 92 % de S3NS, et Google moins de 8 %."

    assert texts(form("Quelle est la part de Google dans S3NS ?", unknown, told)) == [told, unknown]


def test_a_figure_of_another_law_comes_after_that_of_the_one_asked_about() -> None:
    other, own = "Avec NIS1, elles étaient 500.", "NIS2 viserait 15 000 entités en France."

    assert texts(form("Combien d’entités NIS2 vise-t-elle ?", other, own))[0] == own


def test_a_further_quote_about_others_alone_is_left_out() -> None:
    """« Qui dirige OVHcloud ? » is not answered by who heads another."""
    found = form(
        "Qui est le PDG d’OVHcloud ?", "Octave Klaba est PDG d’OVHcloud.", "Le PDG d’Outscale est Philippe Miltin."
    )

    assert texts(found) == ["Octave Klaba est PDG d’OVHcloud."]


@pytest.mark.parametrize(
    ("title", "quote", "kept"),
    [
        ("Orange et NumSpot attendus avec Bleu", "Docaposte détient la majorité d’Index Education.", False),
        ("Orange et Capgemini préparent Bleu", "Capgemini et Orange en possèdent tout le capital.", True),
        ("Bleu ouvre ses centres", "Microsoft n’en possède rien.", True),
    ],
)
def test_a_title_that_names_several_is_about_those_whom_the_quote_names_too(title: str, quote: str, kept: bool) -> None:
    first = sentence("Deux groupes français détiennent Bleu à parts égales.", name="first")
    further = sentence(quote, title=title, name="further", score=4.9)
    found = choose_form(asked("Qui détient Bleu ?"), [first, further], ENTITIES)

    assert texts(found) == [first.text, further.text] if kept else [first.text]


def test_who_leads_is_told_by_sentences_about_the_one_asked() -> None:
    others = "L’ANSSI, que dirigeait Guillaume Poupard, avait bien accueilli Bleu."
    found = form("Qui dirige Bleu ?", "Jean Coumaros dirige Bleu.", others)

    assert texts(found) == ["Jean Coumaros dirige Bleu."]


def test_who_heads_somebody_is_told_by_sentences_about_heads() -> None:
    """« Aux commandes » asks the same; what else is said of the company is beside the point."""
    head = "Octave Klaba est redevenu PDG d’OVHcloud en octobre 2025."
    plan = "Octave Klaba vise 2 milliards d’euros de chiffre d’affaires pour OVHcloud."

    assert texts(form("Qui est aux commandes d’OVHcloud ?", head, plan)) == [head]


def test_who_heads_the_parent_or_one_of_no_list_heads_another() -> None:
    own = "Le PDG de NumSpot, Éric Haddad, détaille ce virage."
    parent = "« NumSpot est pertinent », affirme Olivier Vallet, PDG de Docaposte."
    unlisted = "Philippe Wahl, PDG de La Poste, l’a annoncé devant les députés."

    assert texts(form("Qui est le PDG de NumSpot ?", own, parent, unlisted)) == [own]


def test_who_leads_is_not_told_by_who_heads_another() -> None:
    member = "Gaia-X compte parmi ses adhérents Cloud Temple, arrivé en février et dirigé par Sébastien Lescop."
    parent = "La société commune d’Orange et de Capgemini est dirigée par Jean Coumaros, annonce Bleu."

    assert texts(form("Qui dirige Gaia-X ?", member)) == []
    assert texts(form("Qui dirige Bleu ?", parent)) == [parent]
    former = "Bernd Wagner, ancien de Google Cloud, dirige STACKIT."
    assert texts(form("Qui dirige STACKIT ?", former)) == [former]
    authority = "Rien n’empêche la qualification de S3NS, a déclaré le directeur général de l’ANSSI, Vincent Strubel."
    assert texts(form("Qui est le patron de S3NS ?", authority)) == []
    assert texts(form("Qui est le chef de l’ANSSI ?", authority)) == [authority]
    migration = "La migration du Health Data Hub vers Scaleway est pilotée par la DINUM."
    assert texts(form("Qui pilote la migration du Health Data Hub ?", migration)) == [migration]


def test_france_bleu_is_not_bleu() -> None:
    radio = "France Bleu, qui en rend compte en mars 2022, parle de défaillances relevées par les pompiers."
    about = "Catherine Jestin juge que Bleu manque encore de maturité, moins que d’autres en septembre 2025."

    assert texts(form("Quelles sont les critiques faites à Bleu ?", radio, about)) == [about]


def test_who_leads_now_is_not_told_by_who_did() -> None:
    then = "L’ANSSI, alors dirigée par Guillaume Poupard, avait bien accueilli Bleu."
    now = "Vincent Strubel dirige l’ANSSI."

    assert texts(form("Qui dirige l’ANSSI ?", then, now)) == [now]
    assert texts(form("Qui dirige l’ANSSI ?", then)) == [then]


def test_who_leads_now_is_told_by_the_newest_that_comes_near() -> None:
    old = sentence("Le directeur général de Bleu est Jean Coumaros.", day="2024-01-15", score=5.0)
    new = sentence("Jean Coumaros était présenté comme président de Bleu.", day="2025-05", score=2.4, name="b")
    far = sentence("Jean Coumaros préside Bleu.", day="2026-05", score=1.0, name="c")

    other = sentence("Bleu, leader français, s’appuie sur Microsoft Azure.", day="2026-06", score=2.5, name="d")

    assert choose_form(asked("Qui dirige Bleu ?"), [old, other], ENTITIES).quotes == (old,)
    found = choose_form(asked("Qui dirige Bleu ?"), [old, new, far], ENTITIES)
    assert new in found.quotes
    assert far not in found.quotes


def test_who_owns_is_not_told_by_who_leads() -> None:
    found = form(
        "Qui détient Bleu ?",
        "Bleu appartient en totalité à Capgemini et Orange.",
        "Le directeur général de Bleu est Jean Coumaros.",
        "La société Bleu, dirigée par Jean Coumaros, a deux actionnaires français.",
        "Bleu entretient un lien avec Delos.",
    )

    assert [text.split()[0] for text in texts(found)] == ["Bleu", "La"]


def test_a_yes_is_of_no_later_day_than_the_time_asked_about() -> None:
    quote = sentence("S3NS a obtenu la qualification SecNumCloud le 17 décembre 2025.", day="2025-12-23")

    assert not choose_form(asked("S3NS a-t-il obtenu SecNumCloud à l’été 2025 ?"), [quote], ENTITIES).proved
    assert choose_form(asked("S3NS a-t-il obtenu SecNumCloud en décembre 2025 ?"), [quote], ENTITIES).proved


def test_nobody_owns_where_no_sentence_says_so() -> None:
    assert not texts(form("À qui appartient Outscale ?", "Scaleway fut, comme Outscale, membre de Gaia-X."))
    founded = "Outscale a été créé par Dassault Systèmes en 2010."
    assert texts(form("À qui appartient Outscale ?", founded)) == [founded]
    assert texts(form("Qui se partageait Outscale ?", "Outscale est une idée de 2009.", founded)) == [founded]
    market = "Outscale, AWS et Google concentrent le marché."
    assert texts(form("Qui se partage le marché avec Outscale ?", market)) == [market]
    bought = "Orange reprend 100 % d’Outscale."
    assert texts(form("Qui a racheté Outscale ?", bought, "Outscale a un capital de 2 millions d’euros."))[0] == bought
    keys = "Les clés de S3NS restent chez un tiers de confiance."
    assert texts(form("Qui détient les clés de S3NS ?", keys)) == [keys]


def test_who_heads_is_named_before_an_aside() -> None:
    told = "Delos, projet qui associe SAP et Microsoft, est dirigé par Georges Welz."

    assert texts(form("Qui dirige Delos ?", told)) == [told]


def test_a_yes_or_no_about_one_law_is_told_by_what_names_it() -> None:
    other = sentence("Le Privacy Shield a été invalidé en juillet 2020.", name="other", score=3.5)
    own = sentence("Le DPF reste en place pour les transferts de données.", name="own", score=1.0)

    assert texts(choose_form(asked("Le DPF est-il toujours valide ?"), [other, own], ENTITIES)) == [own.text]


def test_of_a_sentence_and_its_translation_the_readable_one_is_kept() -> None:
    """Both languages state the same names and figures; others of the same subject stand."""
    english = sentence("Orange and Capgemini own 100% of Bleu.", name="a", language="en", score=5.0)
    french = sentence("Bleu appartient à 100 % à Orange et Capgemini.", name="b", score=4.9)
    other = sentence("Bleu emploie soixante personnes à Paris depuis 2024.", name="c", score=4.8)

    assert texts(choose_form(asked("Parle-moi de Bleu"), [english, french, other], ENTITIES)) == [
        french.text,
        other.text,
    ]


class TestOrder:
    def test_the_figure_of_the_year_asked_about_comes_first(self) -> None:
        found = form(
            "À combien s’élèvent les commandes de cloud en 2025 ?",
            "Plus de 50 millions d’euros de commandes ont été passés en 2024, selon Solutions Numériques.",
            "Les commandes cloud interministérielles ont atteint 84 millions d’euros en 2025.",
        )

        assert "2025" in texts(found)[0]

    def test_who_is_asked_about_others_give_way_to_what_names_the_one(self) -> None:
        found = form(
            "Qui sont les actionnaires de NumSpot ?",
            "Clever Cloud a des actionnaires européens.",
            "Le consortium NumSpot réunit Docaposte et Bouygues Telecom.",
        )

        assert texts(found) == ["Le consortium NumSpot réunit Docaposte et Bouygues Telecom."]

    def test_the_newest_share_leads_where_an_owner_is_asked(self) -> None:
        old = sentence("Thales est actionnaire majoritaire de S3NS.", day="2022-06-30", name="old")
        new = sentence("Thales posséderait plus de 92 % de S3NS.", day="2026-08-25", name="new", score=0.0)

        found = choose_form(asked("Qui détient S3NS ?"), [old], ENTITIES, every=lambda: [old, new])

        assert texts(found) == [new.text, old.text]

    def test_heads_of_an_earlier_time_are_left_out(self) -> None:
        old = sentence("Guillaume Poupard, qui dirige l’ANSSI, a salué le projet.", day="2021-05-26", name="old")
        new = sentence("Vincent Strubel dirige l’ANSSI et le dit aux sénateurs.", day="2025-06-04", name="new")

        assert texts(choose_form(asked("Qui dirige l’ANSSI ?"), [old, new], ENTITIES)) == [new.text]

    def test_of_reports_that_name_the_same_head_the_newest_is_quoted(self) -> None:
        old = sentence("Jean Coumaros dirige Bleu.", day="2022-06-23", name="old", score=5.2)
        new = sentence("Bleu a pour directeur général Jean Coumaros.", day="2024-01-15", name="new")

        assert texts(choose_form(asked("Qui dirige Bleu ?"), [old, new], ENTITIES)) == [new.text]

    def test_sources_that_disagree_on_a_qualification_get_no_verdict(self) -> None:
        told = sentence("Free Pro est en cours de qualification SecNumCloud.", day="2024", name="told")
        other = sentence(
            "Free Pro est présenté différemment ailleurs, parmi les qualifiés SecNumCloud.", day="2024-01", name="other"
        )
        days = sentence("Les sources divergent sur le mois du jalon J1 de Free Pro vers SecNumCloud.", name="days")

        found = choose_form(
            asked("Free Pro est-il qualifié SecNumCloud ?"), [told], ENTITIES, every=lambda: [told, days, other]
        )

        assert found.lead.startswith("Les sources ne concordent pas")
        assert texts(found) == [other.text, told.text]


def test_the_newest_share_told_of_one_fills_its_cell_wherever_it_stands() -> None:
    old = sentence("Thales détient 67 % de S3NS.", day="2022-06-30")
    new = sentence("Thales posséderait plus de 92 % de S3NS.", day="2026-08-25", name="b", score=-4.0)
    other = sentence("Orange détient 50 % de Bleu.", day="2026-09-01", name="c")

    assert newest_share_of(asked("Qui détient S3NS ?"), [old, other, new], ENTITIES) == new
    assert newest_share_of(asked("Qui détient NumSpot ?"), [old, other, new], ENTITIES) is None


def test_a_group_that_one_belongs_to_is_told_by_owners_alone() -> None:
    owner, other = "Scaleway, filiale d’Iliad, a grandi.", "Scaleway a quitté Gaia-X."

    assert texts(form("À quel groupe appartient Scaleway ?", owner, other)) == [owner]


def test_since_when_somebody_exists_is_told_first() -> None:
    choice, born = "Le choix de l’hébergeur de S3NS remonte à 2019.", "S3NS a pris forme en décembre 2022."

    assert texts(form("S3NS existe depuis quand ?", choice, born)) == [born, choice]

    begun, since = "S3NS a lancé PREMI3NS en 2025.", "S3NS existe depuis juin 2022."
    assert texts(form("Depuis quand S3NS existe ?", since, begun)) == [since, begun]


def test_an_owner_is_looked_for_beyond_the_quotes() -> None:
    """« …, les gens qui font Pronote ? » brings other sentences first."""
    other = sentence("Scaleway a quitté Gaia-X.", name="other")
    owner = sentence("Scaleway appartient à Iliad.", name="owner", score=0.5)

    assert texts(choose_form(asked("À qui appartient Scaleway ?"), [other, owner], ENTITIES)) == [owner.text]
    assert not texts(choose_form(asked("À qui appartient Scaleway ?"), [other], ENTITIES))


def test_what_only_tells_where_it_was_read_answers_nothing() -> None:
    filed = "Le dossier vient d’être accepté par l’ANSSI, le 3 mars 2026."
    assert texts(form("Quand le dossier de Bleu a-t-il été accepté ?", filed, "Bleu avance.")) != ["Bleu avance."]
    source = "La page de qsentinel a été mise à jour le 26 juin 2026."
    told = "L’EUCS n’était toujours pas adopté en 2025."

    assert texts(form("Où en est l’EUCS selon qsentinel ?", source, told)) == [told]


def test_what_says_only_that_something_changes_comes_later() -> None:
    announces = "LeMagIT détaille en octobre 2022 ce qui change avec la version 3.2 de SecNumCloud."
    tells = "La version 3.2 de SecNumCloud crée la composition."

    assert texts(form("Qu’est-ce qui a changé avec SecNumCloud 3.2 ?", announces, tells)) == [tells, announces]


def test_whom_somebody_came_after_does_not_tell_who_that_was() -> None:
    now = sentence("Le PDG de NumSpot, Éric Haddad, détaille ce virage.", score=5.0, name="a")
    before = sentence("Alain Issarni a dirigé NumSpot comme PDG.", score=4.5, name="b")

    found = choose_form(asked("Qui était le PDG de NumSpot avant Éric Haddad ?"), [now, before], ENTITIES)

    assert found.quotes[0] == before


def test_the_day_of_one_court_is_not_that_of_another() -> None:
    first = sentence("Le tribunal de commerce a jugé Bâti Courtage le 26 janvier 2023.", score=5.0, name="a")
    appeal = sentence("La cour d’appel a abaissé l’indemnité le 24 avril 2025.", score=4.5, name="b")

    found = choose_form(asked("Quand la cour d’appel a-t-elle jugé Bâti Courtage ?"), [first, appeal], ENTITIES)

    assert found.quotes[0] == appeal
