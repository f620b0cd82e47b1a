"""Everything the page says by itself, in French and English."""

from __future__ import annotations

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.string_table import NBSP, Doing, Strings, typeset

__all__ = ["ENGLISH", "FRENCH", "NBSP", "STRINGS", "Strings"]

_SOURCE_TYPES_FR = {
    "synthese": "Synthèse",
    "officiel": "Source officielle",
    "regulateur": "Régulateur",
    "presse": "Presse",
    "press": "Presse",
    "analyste": "Analyste",
    "communique": "Communiqué de l’éditeur",
    "editeur": "Éditeur",
    "blog": "Blog",
}
_SOURCE_TYPES_EN = {
    "synthese": "Summary",
    "officiel": "Official source",
    "regulateur": "Regulator",
    "presse": "Press",
    "press": "Press",
    "analyste": "Analyst",
    "communique": "Vendor’s press release",
    "editeur": "Vendor",
    "blog": "Blog",
}

_DOING_FR: dict[Doing, str] = {
    "searching": "Recherche dans les articles…",
    "reading": "Lecture des passages trouvés…",
    "writing": "Le modèle de langage rédige la réponse…",
}
_DOING_EN: dict[Doing, str] = {
    "searching": "Searching the articles…",
    "reading": "Reading the passages found…",
    "writing": "The language model is writing the answer…",
}
_REFUSALS_FR = {
    "uncertain": "Pas de réponse certaine",
    "out_of_domain": "Hors du sujet du corpus",
    "not_in_corpus": "Pas de réponse dans le corpus",
    "false_premise": "La question suppose un fait que le corpus ne confirme pas",
    "after_as_of": "Pas de réponse à cette date",
}
_REFUSALS_EN = {
    "uncertain": "No certain answer",
    "out_of_domain": "Outside the subject of the corpus",
    "not_in_corpus": "No answer in the corpus",
    "false_premise": "The question assumes something that the corpus does not confirm",
    "after_as_of": "No answer as of that date",
}


FRENCH = typeset(
    Strings(
        language="fr",
        interface_language="Langue de l’interface",
        local_only="Rien n’est envoyé à un service extérieur",
        welcome_title="Que voulez-vous savoir ?",
        welcome_text="Chaque réponse est faite de citations mot pour mot {origin}, avec leur source et leur date. "
        "Quand les articles ne disent rien, la réponse le dit aussi.",
        welcome_written="Un modèle de langage rédige les réponses ; chaque phrase est confrontée à des citations mot pour mot {origin}, "
        "données avec leur source et leur date. Quand les articles ne disent rien, la réponse le dit aussi.",
        examples_title="Pour commencer",
        examples=(
            "Quand Bleu sera-t-il qualifié SecNumCloud ?",
            "Quels fournisseurs sont qualifiés SecNumCloud ?",
            "Comparez Bleu et S3NS",
            "Quelles échéances Bleu a-t-il manquées ?",
            "Qui va héberger le Health Data Hub ?",
        ),
        news="Nouveau depuis votre dernière visite ({day}) : {articles}",
        news_one_more="et un autre",
        news_more="et {n} autres",
        conversation="Conversation",
        your_question="Votre question",
        the_answer="Réponse",
        question_label="Votre question",
        question_placeholder="Posez votre question…",
        send="Envoyer",
        stop="Arrêter",
        new_conversation="Nouvelle conversation",
        mode_label="Forme des réponses",
        mode_quotes="Citations",
        mode_written="Rédigé",
        model_label="Modèle de langage",
        model_named="Modèle : {name}",
        model_found="Modèle trouvé sur cette machine : {name} ({server})",
        models_found="Modèles trouvés sur cette machine :",
        model_lacks="{server} est lancé sur cette machine. Pour que {name} puisse rédiger les réponses, "
        "exécutez cette commande dans un terminal, puis relancez Trusted Cloud Chat :",
        as_of_label="À la date du",
        as_of_placeholder="mars 2025",
        as_of_active="Réponses à la date du {day} : rien de ce qui est paru après n’est lu.",
        as_of_invalid="« {value} » n’est pas une date. Écrivez une année, un mois ou un jour : "
        "2025, mars 2025, 14/03/2025 ou 2025-03-14.",
        as_of_future="« {value} » est dans le futur : laissez vide pour lire tout le corpus.",
        fix_date="Corrigez d’abord la date, ou effacez-la.",
        doing=_DOING_FR,
        stopped="Réponse interrompue.",
        refusals=_REFUSALS_FR,
        understood="Question comprise : « {text} »",
        names="Noms reconnus : {names}",
        dates="Période : {dates}",
        dates_since="depuis le {day}",
        dates_until="jusqu’au {day}",
        as_of_meta="À la date du {day}",
        written_with="Rédigé avec {name}, phrases vérifiées",
        generation_meta="Génération {n}",
        quotes_under="Ce que disent les articles",
        verbatim="mot pour mot",
        why="Pourquoi cette réponse ?",
        tried="essayé, sans suite : ",
        see_sources="Voir {count}",
        one_source="la source",
        many_sources="les {n} sources",
        see_passages="Voir les passages proches",
        sources_title="Sources",
        sources_empty="Les passages cités s’afficheront ici, avec leur origine et leur date. "
        "Un clic sur un numéro dans la réponse mène à la phrase citée.",
        sources_of="Pour la question : « {question} »",
        nothing_found="Aucun passage n’a été lu pour cette question.",
        not_cited="Passages trouvés mais non cités",
        nearest="Passages les plus proches",
        further="Autres passages trouvés",
        relevance="pertinence {score}",
        new_tab="nouvel onglet",
        version="Article {article_id}, version {version}",
        back="Revenir à la réponse",
        source_types=_SOURCE_TYPES_FR,
        empty_question="Écrivez d’abord une question, par exemple : « Qui détient le capital de S3NS ? »",
        long_question="Votre question compte {length} caractères, et {most} au plus sont lus. "
        "Posez-la en quelques phrases : elle est restée dans le champ de saisie.",
        index_empty="Aucun article n’est encore indexé. Lancez cette commande dans un terminal, "
        "puis posez votre question : trusted-cloud-chat ingest",
        index_mismatch="L’index a été fait avec d’autres réglages. Refaites-le dans un terminal : "
        "trusted-cloud-chat ingest --rebuild",
        index_busy="L’index est en cours de mise à jour. Reposez votre question dans un instant.",
        stopping="Le serveur s’arrête. Reposez votre question quand il aura redémarré.",
        unusable="Cette question n’a pas pu être traitée.",
        unexpected="Une erreur inattendue s’est produite. Elle est notée dans le journal du serveur ; "
        "vous pouvez reposer la question.",
        detail="Détail",
        export_title="Conversation avec Trusted Cloud Chat",
        export_made="Exportée le {day}",
        export_settings="Réglages",
        pages={"/marche": "Marché", "/corpus": "Corpus"},
    )
)
ENGLISH = Strings(
    language="en",
    interface_language="Interface language",
    local_only="Nothing is sent to an outside service",
    welcome_title="What would you like to know?",
    welcome_text="Every answer is made of word-for-word quotes {origin}, each with its source and its date. "
    "Where the articles do not say, the answer says so.",
    welcome_written="A language model writes the answers; each sentence is checked against word-for-word quotes {origin}, given with "
    "their source and their date. Where the articles do not say, the answer says so.",
    examples_title="To begin with",
    examples=(
        "When will Bleu be SecNumCloud qualified?",
        "Which services of OVHcloud are qualified?",
        "Compare Bleu and S3NS",
        "Which deadlines has Bleu missed?",
        "Who will host the Health Data Hub?",
    ),
    news="New since your last visit ({day}): {articles}",
    news_one_more="and one more",
    news_more="and {n} more",
    conversation="Conversation",
    your_question="Your question",
    the_answer="Answer",
    question_label="Your question",
    question_placeholder="Ask your question…",
    send="Send",
    stop="Stop",
    new_conversation="New conversation",
    mode_label="Form of the answers",
    mode_quotes="Quotes",
    mode_written="Written",
    model_label="Language model",
    model_named="Model: {name}",
    model_found="Model found on this machine: {name} ({server})",
    models_found="Models found on this machine:",
    model_lacks="{server} is running on this machine. For {name} to write the answers, "
    "run this command in a terminal, then start Trusted Cloud Chat again:",
    as_of_label="As of",
    as_of_placeholder="March 2025",
    as_of_active="Answers as of {day}: nothing published later is read.",
    as_of_invalid="“{value}” is not a date. Write a year, a month or a day: 2025, March 2025, 14/03/2025 or 2025-03-14.",
    as_of_future="“{value}” is in the future: leave this empty to read the whole corpus.",
    fix_date="Correct the date first, or clear it.",
    doing=_DOING_EN,
    stopped="Answer stopped.",
    refusals=_REFUSALS_EN,
    understood="Understood as: “{text}”",
    names="Names recognised: {names}",
    dates="Period: {dates}",
    dates_since="since {day}",
    dates_until="until {day}",
    as_of_meta="As of {day}",
    written_with="Written with {name}, sentences checked",
    generation_meta="Generation {n}",
    quotes_under="What the articles say",
    verbatim="word for word",
    why="Why this answer?",
    tried="tried, in vain: ",
    see_sources="See {count}",
    one_source="the source",
    many_sources="the {n} sources",
    see_passages="See the nearest passages",
    sources_title="Sources",
    sources_empty="Quoted passages will appear here, with their origin and their date. "
    "A click on a number in the answer leads to the quoted sentence.",
    sources_of="For the question: “{question}”",
    nothing_found="No passage was read for this question.",
    not_cited="Passages found but not quoted",
    nearest="Nearest passages",
    further="Other passages found",
    relevance="relevance {score}",
    new_tab="new tab",
    version="Article {article_id}, version {version}",
    back="Back to the answer",
    source_types=_SOURCE_TYPES_EN,
    empty_question="Write a question first, such as “Who owns S3NS?”",
    long_question="Your question has {length} characters, and at most {most} are read. "
    "Ask it in a few sentences: it is still in the field.",
    index_empty="No article is indexed yet. Run this command in a terminal, "
    "then ask your question: trusted-cloud-chat ingest",
    index_mismatch="The index was made with other settings. Make it anew in a terminal: "
    "trusted-cloud-chat ingest --rebuild",
    index_busy="The index is being updated. Ask again in a moment.",
    stopping="The server is stopping. Ask again once it has started anew.",
    unusable="This question could not be dealt with.",
    unexpected="Something unexpected went wrong. It is in the server’s log; you can ask again.",
    detail="Detail",
    export_title="Conversation with Trusted Cloud Chat",
    export_made="Exported on {day}",
    export_settings="Settings",
    pages={"/marche": "Market", "/corpus": "Corpus"},
)
STRINGS: dict[Language, Strings] = {"fr": FRENCH, "en": ENGLISH}
