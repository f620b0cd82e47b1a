"""What administrators read in the tab « Corpus », in French and English."""

from __future__ import annotations

from dataclasses import dataclass

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.string_table import typeset


@dataclass(frozen=True, slots=True)
class AdminStrings:
    """The texts of one language; `{name}` is filled in by the caller."""

    language: Language
    title: str
    refused: str
    add: str
    files: str
    date: str
    date_hint: str
    publisher: str
    publisher_hint: str
    replace: str
    add_files: str
    no_file: str
    added: str
    replaced: str
    same: str
    taken: str
    kind: str
    large: str
    add_address: str
    address: str
    no_network: str
    index: str
    update: str
    roll_back: str
    roll_back_asks: str
    roll_back_gone: str
    roll_back_back: str
    roll_back_note: str
    nothing_before: str
    moved: str
    confirm: str
    cancel: str
    state: str
    examine: str
    examining: str
    busy: str
    running_add: str
    running_fetch: str
    running_update: str
    running_rollback: str
    step_read: str
    step_embed: str
    step_fetch: str
    of: str
    left: str
    failed_run: str
    unforeseen: str
    report: str
    counts: str
    failed: str
    file: str
    reason: str
    notices: str
    skipped: str
    unknown_names: str
    new: str
    changed: str
    deleted: str
    last_log: str
    findings: str
    fault: str
    advice: str
    ok: str
    mend: str
    sound: str
    sound_one: str
    rolled_back: str
    not_kept: str
    forgotten: str
    lacks_date: str
    lacks_publisher: str
    lacks_url: str


_FR = typeset(
    AdminStrings(
        language="fr",
        title="Administration du corpus",
        refused="Réservé aux administrateurs.",
        add="Ajouter des articles",
        files="Fichiers ({most} Mo au plus chacun)",
        date="Date, si le fichier ne la dit pas",
        date_hint="Par exemple 12 mars 2026",
        publisher="Éditeur, s’il ne le dit pas",
        publisher_hint="Par exemple ANSSI",
        replace="Remplacer les fichiers du même nom",
        add_files="Ajouter au corpus",
        no_file="Choisissez d’abord un fichier.",
        added="{name} : ajouté au corpus",
        replaced="{name} : remplacé",
        same="{name} : déjà dans le corpus, à l’identique",
        taken="{name} : un autre fichier porte ce nom. Renommez le vôtre, ou cochez « Remplacer les fichiers du même nom ».",
        kind="{name} : ce format n’est pas lu. Formats lus : {kinds}",
        large="{name} : plus de {most} Mo",
        add_address="Lire cette adresse",
        address="Adresse d’une page, d’un flux ou d’un plan de site",
        no_network="Rien n’est téléchargé : pour le permettre, relancez le serveur avec TCC_ALLOW_NETWORK=1.",
        index="Index",
        update="Mettre l’index à jour",
        roll_back="Revenir à la génération précédente…",
        roll_back_asks="Revenir de la génération {now} à ce que contenait la génération {before} ?",
        roll_back_gone="Quittent l’index : {titles}",
        roll_back_back="Reprennent leur état d’alors : {titles}",
        roll_back_note="Les fichiers du dossier ne changent pas : la prochaine mise à jour de l’index les relira.",
        nothing_before="Il n’y a pas de génération précédente.",
        moved="L’index a changé entre-temps : rien n’a été fait.",
        confirm="Confirmer le retour",
        cancel="Annuler",
        state="État de l’installation",
        examine="Examiner",
        examining="Examen en cours…",
        busy="Un autre passage est en cours : attendez qu’il se termine.",
        running_add="Lecture des fichiers ajoutés",
        running_fetch="Lecture de l’adresse",
        running_update="Mise à jour de l’index",
        running_rollback="Retour à la génération précédente",
        step_read="fichiers lus",
        step_embed="passages préparés",
        step_fetch="pages téléchargées",
        of="{done} sur {total}",
        left="encore {time} environ",
        failed_run="Le passage a échoué ; l’index est resté tel qu’il était.",
        unforeseen="Une erreur inattendue s’est produite. Elle est notée dans le journal du serveur.",
        report="Dernier passage",
        counts="Génération {generation}. Ajoutés : {added}, modifiés : {changed}, inchangés : {unchanged}, retirés : {deleted}, "
        "doublons : {duplicates}, en échec : {failed}. Durée : {seconds} s",
        failed="Ce qui a échoué",
        file="Fichier ou adresse",
        reason="Pourquoi",
        notices="À regarder",
        skipped="Fichiers d’un format qui n’est pas lu : {kinds}",
        unknown_names="Noms de fournisseurs que la liste des noms ne connaît pas : {names}",
        new="Ajoutés",
        changed="Modifiés",
        deleted="Retirés",
        last_log="Journal du dernier passage",
        findings="Ce que l’examen a trouvé",
        fault="défaut",
        advice="conseil",
        ok="bon",
        mend="À lancer dans un terminal :",
        sound="{n} points sont en ordre",
        sound_one="en ordre",
        rolled_back="La génération {generation} contient ce que contenait la génération {before}. La prochaine mise à jour de l’index "
        "relira le dossier du corpus : corrigez-le d’abord.",
        not_kept="Reste tel qu’il est : la version d’alors n’est plus conservée.",
        forgotten="Articles oubliés depuis, qui manquent : {n}.",
        lacks_date="Sans date : {named}. Une réponse « à la date du » les laisse de côté : indiquez-la à l’ajout, ou dans l’en-tête (date:).",
        lacks_publisher="Sans éditeur : {named}. Chaque citation l’affiche : indiquez-le à l’ajout, ou dans l’en-tête (publisher:).",
        lacks_url="Sans adresse : {named}. Elle permet de rouvrir la source : indiquez-la dans l’en-tête (url:).",
    )
)
_EN = AdminStrings(
    language="en",
    title="Administration of the corpus",
    refused="For administrators only.",
    add="Add articles",
    files="Files ({most} MB at most each)",
    date="Date, where the file does not say it",
    date_hint="Such as 12 March 2026",
    publisher="Publisher, where it does not say it",
    publisher_hint="Such as ANSSI",
    replace="Replace files of the same name",
    add_files="Add to the corpus",
    no_file="Choose a file first.",
    added="{name}: added to the corpus",
    replaced="{name}: replaced",
    same="{name}: already in the corpus, just the same",
    taken="{name}: another file has this name. Rename yours, or tick “Replace files of the same name”.",
    kind="{name}: this format is not read. Formats read: {kinds}",
    large="{name}: more than {most} MB",
    add_address="Read this address",
    address="Address of a page, a feed or a sitemap",
    no_network="Nothing is fetched: to allow it, start the server again with TCC_ALLOW_NETWORK=1.",
    index="Index",
    update="Update the index",
    roll_back="Go back to the generation before…",
    roll_back_asks="Go back from generation {now} to what generation {before} held?",
    roll_back_gone="These leave the index: {titles}",
    roll_back_back="These become what they were: {titles}",
    roll_back_note="The files of the folder do not change: the next update of the index reads them again.",
    nothing_before="There is no generation before this one.",
    moved="The index has changed meanwhile: nothing was done.",
    confirm="Confirm going back",
    cancel="Cancel",
    state="State of the installation",
    examine="Examine",
    examining="Examining…",
    busy="Another run is under way: wait until it ends.",
    running_add="Reading the added files",
    running_fetch="Reading the address",
    running_update="Updating the index",
    running_rollback="Going back to the generation before",
    step_read="files read",
    step_embed="passages prepared",
    step_fetch="pages fetched",
    of="{done} of {total}",
    left="about {time} left",
    failed_run="The run failed; the index is as it was.",
    unforeseen="Something unexpected went wrong. It is in the server’s log.",
    report="Last run",
    counts="Generation {generation}: {added} added, {changed} changed, {unchanged} unchanged, {deleted} deleted, "
    "{duplicates} duplicates, {failed} failed. It took {seconds} s",
    failed="What failed",
    file="File or address",
    reason="Why",
    notices="Worth a look",
    skipped="Files of a format that is not read: {kinds}",
    unknown_names="Names of providers that the list of names does not have: {names}",
    new="Added",
    changed="Changed",
    deleted="Deleted",
    last_log="Log of the last run",
    findings="What the examination found",
    fault="fault",
    advice="advice",
    ok="sound",
    mend="To be run in a terminal:",
    sound="{n} points are sound",
    sound_one="sound",
    rolled_back="Generation {generation} holds what generation {before} held. The next update of the index reads the corpus folder "
    "again: mend that first.",
    not_kept="Stays as it is: the version of then is not kept any more.",
    forgotten="Forgotten since, and missing: {n}.",
    lacks_date="Without a date: {named}. Answers as of a day leave them out: give it as you add the file, or in its head (date:).",
    lacks_publisher="Without a publisher: {named}. Each quote shows it: give it as you add the file, or in its head (publisher:).",
    lacks_url="Without an address: {named}. It opens the source again: give it in the head (url:).",
)
ADMIN_STRINGS: dict[Language, AdminStrings] = {"fr": _FR, "en": _EN}
