"""Whether quotes speak of what a question asks about by name."""

from __future__ import annotations

from datetime import date

import pytest
from quotes import sentence

from trusted_cloud_chat.answering.matter import telling, untold_matter
from trusted_cloud_chat.answering.matters import EVENTS, STEPS, TOLD_FIRST, VALUES
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.schema import Article, Citation
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import understand

ENTITIES = load_entities()


@pytest.mark.parametrize(
    ("question", "quote", "untold"),
    [
        ("Quel est le chiffre d’affaires de NumSpot ?", "L’offre de NumSpot était promise dès 2023.", True),
        ("Quel est le chiffre d’affaires de NumSpot ?", "NumSpot a vendu pour trois millions d’euros.", False),
        ("Combien de salariés compte S3NS ?", "S3NS compte cent clients.", True),
        ("Quel laboratoire a audité S3NS ?", "S3NS a reçu la qualification en décembre 2025.", True),
        ("Quel laboratoire a audité S3NS ?", "Le laboratoire Exemple a évalué l’offre de S3NS.", False),
        ("Quel pourcentage l’UGAP prélève-t-elle ?", "Les commandes à l’UGAP ont augmenté de 70 %.", True),
        ("Is Clarence breaking even?", "Clarence starts in 2024.", True),
        ("Quel niveau SEAL Scaleway a-t-il atteint ?", "Le cadre comporte des niveaux SEAL de 0 à 4.", True),
        ("Quel niveau SEAL Scaleway a-t-il atteint ?", "Scaleway a obtenu le niveau SEAL 3.", False),
        ("What is the highest SEAL level a provider can reach?", "SEAL levels run from 0 to 4.", False),
        ("Which position did France defend on EUCS?", "La France avait soutenu un niveau High+.", False),
        ("Quelle fonction NexSIS remplit-il ?", "NexSIS alerte les pompiers.", False),
        ("Quels laboratoires pharmaceutiques ont choisi S3NS ?", "Sanofi a choisi S3NS.", False),
        ("Combien la commission des finances en compte-t-elle ?", "Le rapport en compte 67.", False),
        ("Thomas Courbe, il a quel poste ?", "Thomas Courbe a pris part à la rencontre.", True),
        ("Thomas Courbe, il a quel poste ?", "Thomas Courbe est directeur général des entreprises.", False),
        ("Combien de salariés compte S3NS ?", "S3NS a recruté cent personnes.", False),
        ("Y a-t-il eu une panne chez OVHcloud ?", "OVHcloud est coté en Bourse.", True),
        ("Après l’incendie, il y a combien de serveurs à SBG5 ?", "SBG5 accueille 16 000 serveurs.", False),
        ("Octave Klaba touche quel salaire ?", "Octave Klaba redevient PDG d’OVHcloud.", True),
        ("Bleu est-il qualifié SecNumCloud ?", "Bleu est le cloud d’Orange et de Capgemini.", True),
        ("Is Bleu qualified?", "Bleu a passé le jalon J1.", False),
        ("Oodrive est-il coté en Bourse ?", "Oodrive réalise 40 millions d’euros de chiffre d’affaires.", True),
        ("Is Oodrive listed on the stock exchange?", "Oodrive est introduit en Bourse.", False),
        ("Is Proximus owned by the Belgian state?", "Le groupement de Proximus comprend S3NS.", True),
        ("Is Proximus owned by the Belgian state?", "L’État belge possède la moitié de Proximus.", False),
        ("Le décret est-il paru au Journal officiel ?", "Le décret se rattache à la loi SREN.", True),
        ("Le décret est-il paru au Journal officiel ?", "Le décret a été notifié à Bruxelles.", False),
        ("Bruxelles a-t-elle émis des objections ?", "Bruxelles a reçu le projet de décret.", True),
        ("Qu’a répondu la Commission à Airbus ?", "Airbus a écrit à la Commission.", True),
        ("What did the Commission reply to Airbus?", "The Commission rejected the demand of Airbus.", False),
        ("Avec qui Proximus a-t-il répondu au marché ?", "Le groupement de Proximus comprend S3NS.", False),
        ("Sur quoi porte l’enquête ?", "La Cour demande quatre adresses IP.", True),
        ("À quelle date NIS2 a-t-elle été promulguée ?", "Le Sénat a adopté NIS2 en mars 2025.", True),
        ("La proposition de loi 2258 a-t-elle été promulguée ?", "La proposition de loi n° 2258 est adoptée.", True),
        ("Gaia-X, c’est combien d’adhérents ?", "Gaia-X comptait 248 membres en avril 2025.", False),
        ("Qui étaient les actionnaires de Numergy, et avec quelles parts ?", "SFR avait 47 % de Numergy.", False),
        ("Quelles conditions faut-il remplir pour entrer chez Bleu ?", "Microsoft est partenaire de Bleu.", True),
        ("Quelles conditions faut-il remplir pour entrer chez Bleu ?", "Bleu exige une qualification.", False),
        ("Quels sont les quatre hôpitaux d’EMC2 ?", "EMC2 porte sur les dossiers de patients.", True),
        ("Quel est le rôle de l’ANSSI ?", "L’ANSSI avait consacré un guide à l’hébergement.", True),
        ("Quel est le rôle de l’ANSSI ?", "L’ANSSI délivre la qualification.", False),
        ("Pourquoi la Cour a-t-elle annulé EMC2 ?", "La Cour a rejeté le recours contre EMC2.", True),
        ("Why did the court strike down the DPF?", "The court dismissed the action against the DPF.", True),
        ("Quand Scaleway est-il revenu dans Gaia-X ?", "Scaleway a quitté Gaia-X en 2021.", True),
        ("Quand Scaleway est-il revenu dans Gaia-X ?", "Scaleway a rejoint Gaia-X de nouveau en 2024.", False),
        ("À combien clôturait l’action d’OVHcloud ?", "OVHcloud a un chiffre d’affaires de 275 millions.", True),
        ("À combien clôturait l’action d’OVHcloud ?", "Le titre d’OVHcloud valait 9 euros en clôture.", False),
        ("Who runs DigiD?", "Solvinity runs DigiD.", False),
        ("Qu’est devenu le bâtiment SBG2 ?", "Le feu a détruit SBG2.", False),
        ("Quel montant OVHcloud conteste-t-il en appel ?", "OVHcloud conteste en appel 101 172 euros.", False),
        ("Le plan d’action de la DINUM, côté IA ?", "La DINUM publie un plan.", False),
        ("À combien l’action a-t-elle clôturé ?", "OVHcloud compte 1,6 million de clients.", True),
        ("Who runs Solvinity?", "Jan Jansen is the chief executive of Solvinity.", False),
        ("Qui a rendu SecNumCloud obligatoire ?", "S3NS a reçu la qualification SecNumCloud.", True),
        ("Qui a rendu SecNumCloud obligatoire ?", "La circulaire impose SecNumCloud aux ministères.", False),
        ("Bleu a-t-il tout prévu côté prix ?", "Bleu a publié ses tarifs.", False),
        ("La Cour a-t-elle annulé EMC2 ?", "La Cour a rejeté le recours contre EMC2.", False),
        ("Pourquoi la Cour a-t-elle annulé EMC2 ?", "La Cour a annulé EMC2 faute d’avis.", False),
        ("Pourquoi Thales a-t-il revendu S3NS ?", "Les services de S3NS sont vendus sur Google Cloud.", True),
        ("Pourquoi la Cour a-t-elle suspendu EMC2 ?", "La Cour a écarté la demande de suspension.", True),
        ("Pourquoi la Cour a-t-elle suspendu EMC2 ?", "La Cour a suspendu EMC2 faute d’avis.", False),
        ("Which states voted against EUCS?", "La France soutenait ce niveau, auquel l’Allemagne s’opposait.", True),
        ("Which states voted against EUCS?", "Germany voted against it.", False),
        ("Pourquoi la France a-t-elle voté contre EUCS ?", "Paris refuse un label sans immunité.", False),
        ("Pourquoi la Cour a-t-elle refusé de suspendre EMC2 ?", "La Cour a rejeté la demande de suspension.", False),
        ("Qui a demandé de suspendre EMC2 ?", "Clever Cloud a demandé la suspension, que la Cour a rejetée.", False),
        ("Pourquoi la Cour a-t-elle suspendu EMC2 ?", "La suspension d’EMC2 a été refusée.", True),
        ("Pourquoi la Cour a-t-elle annulé EMC2 ?", "La Cour a rejeté le recours en annulation d’EMC2.", True),
        ("Combien de niveaux EUCS exige-t-il ?", "EUCS prévoit trois niveaux.", False),
        ("Que risque un hébergeur non conforme ?", "Cela coûte jusqu’à 10 millions d’euros.", False),
        ("Que risque-t-on chez Microsoft ?", "Chez Microsoft, la justice américaine accède aux données.", False),
        ("What is the minimum size for NIS2?", "NIS2 applies from 50 employees on.", False),
        ("Qui domine le cloud en Europe ?", "AWS, Azure et Google se partagent les trois quarts du marché.", False),
        ("Doctolib est hébergé chez qui ?", "Doctolib fait appel à AWS.", False),
        ("Pourquoi Thales a-t-il revendu S3NS ?", "S3NS revendique 60 clients.", True),
        ("Qui domine le cloud en France ?", "L’Allemagne et la France coordonnent le projet.", True),
        ("Qui domine le cloud en France ?", "AWS capte 46 % des dépenses.", False),
        ("Pronote est hébergé sur quel cloud ?", "Pronote revendique 18 millions d’utilisateurs.", True),
        ("Pronote est hébergé sur quel cloud ?", "Pronote s’appuie sur Outscale.", False),
        (
            "Quel niveau SEAL minimum la Commission exige-t-elle ?",
            "Le niveau SEAL 0 est une absence de souveraineté.",
            True,
        ),
        ("Quel niveau SEAL minimum la Commission exige-t-elle ?", "Il fallait au moins le niveau 2.", False),
        ("Que risque OVHcloud s’il refuse ?", "La juge a confirmé cet ordre.", True),
        ("Que risque OVHcloud s’il refuse ?", "OVHcloud s’expose à une amende.", False),
        ("Sur quel crime la police enquêtait-elle ?", "La Cour demande quatre adresses IP.", True),
        ("Combien la banque réclamait-elle ?", "La cour d’appel a fixé la somme à 1 800 euros.", True),
        ("Combien la banque réclamait-elle ?", "La banque demandait 6 millions d’euros.", False),
        ("What is the role of Google in S3NS?", "Google supplies S3NS with its technology.", False),
        ("Quelle astreinte la Cour peut-elle infliger ?", "La Commission a adressé deux mises en demeure.", True),
        ("Combien de mois la CNIL a-t-elle suspendu EMC2 ?", "La CNIL a autorisé EMC2 pour trois ans.", True),
        ("Combien de mois la CNIL a-t-elle suspendu EMC2 ?", "EMC2 est resté à l’arrêt six mois.", False),
        ("Quelle amende risque-t-on avec NIS2 ?", "Les amendes de DORA atteignent 1 % du chiffre d’affaires.", True),
        ("Quelle amende risque-t-on avec NIS2 ?", "Les amendes de NIS2 atteignent 10 millions d’euros.", False),
        ("Où en est la transposition de NIS2 ?", "NIS2 viserait 15 000 entités.", True),
        ("Which parts of the DPF are still standing?", "Le DPF reste en place.", False),
        ("Which parts of the DPF are still standing?", "Le DPF est un accord.", True),
        ("Quelle part du capital social de S3NS Thales détient-il ?", "Thales posséderait 92 % de S3NS.", False),
        ("Quand la CJUE a-t-elle rendu son arrêt ?", "La CJUE a rendu l’arrêt Schrems II le 16 juillet 2020.", False),
        ("Que fait-il depuis que la Cour a annulé EMC2 ?", "La Cour a rejeté le recours contre EMC2.", True),
        ("Que fait-il depuis que la Cour a annulé EMC2 ?", "Depuis l’annulation d’EMC2, il attend.", False),
        ("Que fait-il depuis que la Cour a refusé d’annuler EMC2 ?", "La Cour a rejeté le recours.", False),
        ("Le Conseil d’État a-t-il tranché ?", "Le Conseil d’État a estimé que le risque restait limité.", False),
        ("Que signifie « isolée » pour les juges qui ont tranché ?", "Cette isolation exige deux sites.", False),
        ("Pourquoi le rôle de l’UGAP est-il critiqué ?", "L’UGAP est accusée de préférer Microsoft.", False),
        ("Quand la loi SREN a-t-elle été votée ?", "La loi SREN du 21 mai 2024 précède le Data Act.", False),
        ("Quelle peine encourt un hébergeur ?", "La localisation des données ne suffit pas.", True),
        ("Quand NIS2 a-t-elle été votée en France ?", "NIS2 viserait 15 000 entités en 2025.", True),
        ("NIS2 a-t-elle été votée en France ?", "Le Sénat a adopté NIS2 en mars 2025.", False),
        ("Le Tribunal a-t-il déjà tranché le recours ?", "Le CISPE attaque l’autorisation devant le Tribunal.", True),
        ("Le Tribunal a-t-il déjà tranché le recours ?", "Le Tribunal a rejeté le recours.", False),
        ("Has the court ruled on the appeal?", "The case is pending before the court.", False),
        ("Quel est le capital social de Bleu ?", "Capgemini et Orange possèdent tout le capital de Bleu.", True),
        ("Quel est le capital social de Bleu ?", "Le capital social de Bleu est de 86 millions d’euros.", False),
        ("When did Google take control of S3NS?", "S3NS is a partnership of Thales and Google.", True),
        ("Which buyer took over NumSpot?", "Éric Haddad heads NumSpot.", True),
        ("Which buyer took over NumSpot?", "NumSpot was bought by Outscale.", False),
        ("Who took over as head of NumSpot?", "Éric Haddad became head of NumSpot.", False),
        ("Quel est le résultat du vote ?", "La commission doit examiner le texte.", True),
        ("Quel est le résultat du vote ?", "Le texte a été adopté par 60 voix.", False),
        ("Combien d’organisations sont touchées par NIS2 ?", "NIS2 vise 15 000 entités.", False),
        ("Quelle somme les clients ont-ils touchée ?", "Ils réclament 12 millions d’euros.", True),
        ("Quelle somme les clients ont-ils touchée ?", "OVHcloud leur a versé 12 millions d’euros.", False),
        ("Le Conseil constitutionnel a-t-il censuré la loi SREN ?", "La loi SREN a été votée en 2024.", True),
        ("Qu’a jugé la Cour des comptes ?", "La Cour des comptes demande une stratégie.", False),
        ("SecNumCloud répond-il à la menace ?", "La version 3.2 restreint le capital.", False),
        ("La loi SREN est-elle promulguée ?", "La loi SREN du 21 mai 2024 précède le Data Act.", False),
        ("Qu’a décidé la cour sur l’appel d’OVHcloud ?", "OVHcloud a saisi la cour.", True),
        (
            "Qu’a décidé la cour sur l’appel d’OVHcloud ?",
            "La cour a ramené à 1 800 euros ce que doit OVHcloud et l’a condamné.",
            False,
        ),
        ("How did the court rule on OVHcloud?", "The judge upheld the order against OVHcloud.", False),
        ("Le décret de la loi SREN est-il paru ?", "La loi SREN a été promulguée en 2024.", True),
        ("Le décret de la loi SREN est-il paru ?", "Un projet de décret a été notifié.", False),
        ("AWS ESC est-il plus cher que le cloud d’AWS ?", "AWS a investi 7,8 milliards d’euros.", True),
        ("Quel taux de marge l’UGAP prélève-t-elle ?", "L’UGAP a vendu 73 % à des acteurs européens.", True),
        ("Y a-t-il eu une panne chez OVHcloud ?", "Un incendie a détruit un centre d’OVHcloud.", False),
        ("Combien de personnes travaillent chez S3NS ?", "S3NS compte cent clients.", True),
        ("Quand a eu lieu le lancement effectif de Bleu ?", "Bleu a ouvert en 2025.", False),
        ("Quel est l’effectif de Bleu ?", "Bleu a ouvert en 2025.", True),
        ("Combien de fournisseurs sont qualifiés ?", "Une douzaine de fournisseurs y sont proposés.", True),
        ("Combien de fournisseurs sont qualifiés ?", "Seuls cinq prestataires sont qualifiés.", False),
        ("Depuis quand Oodrive est-il qualifié ?", "Oodrive date le référentiel SecNumCloud de 2013.", True),
        ("Depuis quand Oodrive est-il qualifié ?", "Oodrive a obtenu sa qualification en 2019.", False),
        ("Quel est le budget annuel de la DINUM ?", "La DINUM chiffre les commandes à 120 millions d’euros.", True),
        ("Quel est le budget annuel de la DINUM ?", "La DINUM dispose de 40 millions d’euros de crédits.", False),
        ("Quel budget pour une qualification SecNumCloud ?", "Le coût atteint plusieurs millions d’euros.", False),
        ("What does Bleu cost?", "Bleu a ouvert ses centres.", True),
        ("Que pense Microsoft de ce pacte ?", "Ce pacte couvre les crises et les cyberattaques.", True),
        ("Que pense Microsoft de ce pacte ?", "Microsoft prévoit de louer ses centres.", True),
        ("Que pense Microsoft de ce pacte ?", "Microsoft juge ce pacte inutile.", False),
        ("Where may a customer who wants to leave OVHcloud go?", "Chez OVHcloud, le préavis est de deux mois.", False),
        ("Combien coûte une qualification ?", "Une aide de 180 000 euros par PME s’ouvre.", True),
        ("Combien coûte une qualification ?", "Elle revient à 180 000 euros.", False),
        ("Pourquoi Google a-t-il racheté S3NS ?", "La part de Google n’a pas été révélée.", True),
        ("Pourquoi Google a-t-il racheté S3NS ?", "Google a repris S3NS pour son réseau.", False),
        ("Qui a critiqué la qualification de S3NS ?", "Rien ne s’oppose à la qualification de S3NS.", True),
        ("Qui a critiqué la qualification de S3NS ?", "Catherine Jestin juge que S3NS manque de maturité.", False),
        ("Quels prestataires critiques DORA désigne-t-il ?", "La liste DORA comprend AWS et Google Cloud.", False),
        ("Quel est le prix de Bleu ?", "Le capital social de Bleu atteint 86 millions d’euros.", True),
        ("Quel est le prix de Bleu ?", "Un accès à Bleu revient à 86 euros par mois.", False),
        ("Qui possède Outscale ?", "Créé en 2010, Outscale s’adresse aux clients de Dassault Systèmes.", True),
        ("Qui possède S3NS ?", "S3NS a été créée par Thales.", False),
        ("Quand S3NS a-t-il quitté le giron de Thales ?", "S3NS fut racheté à Thales en 2018.", False),
        ("Qui a racheté Cloudwatt ?", "Orange est devenu l’unique actionnaire de Cloudwatt.", False),
        ("Qui a racheté Cloudwatt ?", "Orange a pris le contrôle de Cloudwatt en 2015.", False),
        ("Google a-t-il racheté S3NS ?", "S3NS appartient à Thales.", False),
        ("Prix ou chiffre d’affaires de Bleu ?", "Bleu facture au mois.", False),
        ("Quel est le chiffre d’affaires de NumSpot ?", "Docaposte a vendu pour un milliard d’euros.", True),
        ("Why did Microsoft raise its prices?", "Cette hausse alignait les tarifs sur le dollar.", False),
        ("Qui dirige Bleu ?", "Jean Coumaros dirige Bleu.", False),
        ("Quel budget OVHcloud a-t-il mis dans SBG5 ?", "OVHcloud a investi 30 millions d’euros dans SBG5.", False),
        ("C’est combien l’heure de GPU chez Bleu ?", "Le parcours de Bleu prend entre 12 et 24 mois.", True),
        ("Quels sont les clients de NumSpot ?", "Docaposte et Bouygues Telecom composent NumSpot.", True),
        ("Quels sont les clients de NumSpot ?", "L’État a choisi NumSpot.", False),
        ("Combien de clients a Scaleway ?", "Scaleway emploie 544 salariés.", True),
        ("In what year was Oodrive founded?", "Oodrive fait remonter le référentiel à 2013.", True),
        ("Quand Cloudwatt a-t-il été créé ?", "Cloudwatt est né en 2012.", False),
        ("À qui appartient Outscale ?", "Outscale a pris part au sommet.", True),
        ("What did ANSSI say about S3NS?", "Thales promet S3NS pour 2024.", True),
        ("What did ANSSI say about S3NS?", "Selon l’ANSSI, le montage de S3NS respecte la règle.", False),
        ("Quel est le nom du directeur technique de Bleu ?", "Jean Coumaros dirige Bleu.", True),
        ("Qui dirige Gaia-X ?", "Gaia-X n’est pas un cloud, rappelle Martine Gouriet.", True),
        ("Qui détient Bleu ?", "Bleu a ouvert ses centres.", True),
        ("Quelles certifications possède Cloud Temple ?", "Cloud Temple a obtenu HDS.", False),
        ("Les employés de Microsoft ont-ils accès aux données de Bleu ?", "Microsoft n’a aucun accès à Bleu.", False),
        ("What is left for Bleu before the qualification?", "Bleu must pass J2.", False),
        ("Qui détient Bleu ?", "Bleu est une coentreprise d’Orange et de Capgemini.", False),
        ("Qui possède NumSpot ?", "NumSpot ne possède pourtant aucun centre de données.", True),
        ("Qui possède NumSpot ?", "Docaposte compose avec Outscale le consortium NumSpot.", False),
        ("c’est qui le PDG de Clever Cloud", "Clever Cloud est partenaire de Post Telecom.", True),
        ("c’est qui le PDG de Clever Cloud", "Clever Cloud a pour patron l’un des siens.", False),
        ("Combien pèse le marché du cloud ?", "AWS tient 32 % du marché du cloud.", True),
        ("Combien pèse le marché du cloud ?", "Ce marché atteint 53 milliards d’euros.", False),
        ("Combien pèse AWS sur le marché du cloud ?", "AWS tient 32 % du marché du cloud.", False),
        ("Comment l’ANSSI sanctionne-t-elle ?", "L’ANSSI peut suspendre ou retirer la qualification.", False),
        ("Which services still let data leave the EU?", "Azure Monitor still sent some data outside.", False),
        ("Quels services laissent les données quitter l’Europe ?", "Azure Monitor en envoie dehors.", False),
        ("Qui est le directeur technique de Bleu ?", "Le directeur général de Bleu est Jean Coumaros.", True),
        ("Qui est le directeur de Bleu ?", "Le directeur général de Bleu est Jean Coumaros.", False),
        ("Bâti Courtage est-il allé en cassation ?", "La cour d’appel de Douai a abaissé l’indemnité.", True),
        ("Bâti Courtage a-t-il fait appel ?", "La cour d’appel de Douai a abaissé l’indemnité.", False),
        ("Latombe a-t-il fait appel ?", "Le Tribunal a écarté le recours de Latombe.", True),
        ("Bleu a-t-il fait appel à Microsoft ?", "Bleu s’appuie sur Microsoft.", False),
        ("Ce texte a-t-il été voté par les députés ?", "Ce texte, voté par le Sénat, attend.", True),
        ("Quand les députés ont-ils voté ce texte ?", "L’Assemblée l’a adopté le 10 avril 2024.", False),
        (
            "Que pense Vincent Strubel de SecNumCloud ?",
            "Vincent Strubel admet que SecNumCloud ne règle pas tout.",
            False,
        ),
        ("Que pense Vincent Strubel de SecNumCloud ?", "Pour Vincent Strubel, SecNumCloud n’est qu’un outil.", False),
        ("Que pense Octave Klaba de SecNumCloud ?", "Vincent Strubel admet que SecNumCloud ne règle pas tout.", True),
        ("Que pense Octave Klaba du CLOUD Act ?", "Octave Klaba défendait une souveraineté opérationnelle.", True),
        ("Qui a condamné Microsoft ?", "Khan a perdu l’usage de son adresse chez Microsoft après des sanctions.", True),
        ("OVHcloud est-il rentable ?", "OVHcloud arrive en tête des ventes, avec 19,5 millions d’euros.", True),
        ("OVHcloud est-il rentable ?", "L’EBITDA ajusté d’OVHcloud ressort à 40,4 %.", False),
        ("En combien de jours peut-on quitter OVHcloud ?", "Le préavis d’OVHcloud ne peut excéder deux mois.", False),
        ("CA annuel de Cloud Temple", "Cloud Temple a rejoint Gaia-X en février 2025.", True),
        ("CA 2014 de Numergy", "Pour Numergy, ChannelNews comptait 6 millions d’euros.", False),
        ("Has Kyndryl challenged the ban in court?", "The government banned Kyndryl’s purchase.", True),
        ("De combien Scaleway est-il endetté ?", "La perte de Scaleway atteint 8 millions d’euros.", True),
        ("De combien Scaleway est-il endetté ?", "La dette de Scaleway atteint 8 millions d’euros.", False),
        ("Quel score a eu Post Telecom ?", "Post Telecom a obtenu le marché.", True),
        ("Quel score a eu Post Telecom ?", "Post Telecom a obtenu la note de 4 sur 5.", False),
        ("Quel âge a le PDG d’OVHcloud ?", "Octave Klaba est redevenu PDG d’OVHcloud en 2025.", True),
        ("Quel âge a le PDG d’OVHcloud ?", "Le PDG d’OVHcloud, né en 1975, en détient 57 %.", False),
        ("Quel est le meilleur cloud souverain ?", "Le cloud souverain de Microsoft a trois volets.", True),
        ("Quel cloud choisir pour un hôpital ?", "Le Health Data Hub est hébergé par Azure.", True),
        ("Quel cloud choisir pour un hôpital ?", "Un hôpital doit prendre un hébergeur HDS.", False),
        ("Quelle technologie va utiliser Bleu ?", "Bleu reposera sur Azure.", False),
        ("Quel hébergeur va choisir le Health Data Hub ?", "Le Health Data Hub migre vers Scaleway.", False),
        ("Quel fournisseur Airbus a-t-il choisi ?", "Airbus a retenu OVHcloud.", False),
        ("Qui sont les concurrents de Bleu ?", "Orange et Capgemini sont les actionnaires de Bleu.", True),
        ("Qui sont les concurrents de Bleu ?", "La suite d’Oodrive doit concurrencer Bleu.", False),
        ("Oracle a-t-il eu des concurrents pour ce marché ?", "Oracle était le seul candidat.", False),
        ("Quel député est rapporteur du texte ?", "Le député Philippe Latombe parle d’une adhérence.", True),
        ("Nom de la rapporteure du texte ?", "Le texte est rapporté par Olivia Richard.", False),
        ("Par quel marché est passé l’État pour choisir ?", "L’État est passé par le marché « Nuage public ».", False),
        ("Qui présidait Bleu en 2024 ?", "Bleu a ouvert ses centres en 2024.", True),
        ("En quelle année Cloudwatt et Numergy ont-ils fusionné ?", "Numergy et Cloudwatt sont nés en 2012.", True),
        ("En quelle année Cloudwatt et Numergy ont-ils fusionné ?", "Ces entreprises ont fusionné en 2020.", False),
        ("Qu’a changé Scaleway depuis son rachat par OVHcloud ?", "Cette entreprise a quitté Gaia-X en 2021.", True),
        ("What changed at Solvinity after its takeover by Kyndryl?", "Les Pays-Bas ont interdit l’opération.", False),
        ("What changed at Solvinity after its takeover by Kyndryl?", "Solvinity est opérationnelle.", True),
        ("Comment le CISPE a-t-il réagi depuis le rachat de VMware ?", "Le CISPE a saisi la justice.", False),
        ("Quand Thales a-t-il revendu S3NS ?", "Thales a revendu S3NS en 2030.", False),
        ("Pourquoi le Privacy Shield n’est-il plus valide ?", "La Cour l’a invalidé en 2020.", False),
        ("Quelles obligations pour qui héberge des données ?", "La certification HDS est obligatoire.", False),
        ("Qui héberge Doctolib ?", "Doctolib s’appuie sur Amazon Web Services.", False),
        ("Qui héberge Doctolib ?", "Doctolib regarde le cloud de confiance.", True),
        ("Pourquoi Scaleway est-elle sortie de Gaia-X ?", "Scaleway a participé à Gaia-X.", True),
        ("A quelle date Thales a revendu S3NS ?", "Thales, une entreprise, crée S3NS en 2022.", True),
        ("Quand Bleu a-t-il été fondé ?", "Bleu est souverain et nouveau depuis 2024.", True),
        ("Quand Bleu a-t-il été fondé ?", "Bleu a ouvert en 2024.", False),
        ("Quels États ont suivi la France quand elle est sortie de Gaia-X ?", "La France a lancé Gaia-X.", True),
        ("Chez quel hébergeur tourne Pronote ?", "Pronote revendique 18 millions d’utilisateurs.", True),
        ("Chez quel hébergeur tourne Pronote ?", "Pronote repose sur Outscale.", False),
        ("À partir de quel budget candidater ?", "Chaque projet représente 20 millions d’euros de dépenses.", False),
        ("Quel ministre a abrogé la doctrine ?", "Jean Castex, Premier ministre, a diffusé une circulaire.", True),
        ("Quel ministre a abrogé la doctrine ?", "La circulaire de 2021 a été remplacée par Élisabeth Borne.", False),
        ("Pourquoi Scaleway s’est-il désisté du marché ?", "Scaleway a été retenu pour ce marché.", True),
        ("Why did Scaleway pull out?", "Scaleway a renoncé à ce marché.", False),
        (
            "Quel est le premier fournisseur à obtenir SecNumCloud ?",
            "Outscale, premier opérateur qualifié, s’étend.",
            False,
        ),
        ("Quelle est la première étape à franchir ?", "Le jalon J0 est franchi quand le dossier est accepté.", False),
        ("Which minister presented the strategy?", "Bruno Le Maire a présenté la stratégie.", False),
        ("Quels hôpitaux ont choisi OVHcloud ?", "L’AP-HM a choisi OVHcloud.", False),
        ("Qui dirige Clever Cloud ?", "Quentin Adam est cofondateur de Clever Cloud.", False),
        ("Qui est responsable de la sécurité des données ?", "Le client reste garant de ses données.", False),
        ("Quels ministères utilisent Bleu ?", "Bleu s’adresse à l’État et aux hôpitaux.", True),
        ("Which ministries use Bleu?", "Bercy utilise Bleu.", False),
        ("Quel est le premier cloud à décrocher SecNumCloud ?", "S3NS attend de premiers clients.", True),
        ("Quel est le premier cloud à décrocher SecNumCloud ?", "Outscale est le premier opérateur qualifié.", False),
        ("Le préavis du Data Act, c’est combien ?", "Le préavis ne peut excéder deux mois.", False),
        ("Who is the CISO of S3NS?", "Le directeur général de S3NS est Hélène Bringer.", True),
        ("Qui est le RSSI de S3NS ?", "La directrice de la sécurité de S3NS s’exprime.", False),
        ("Score du vote des sénateurs ?", "Le texte a recueilli 60 voix contre 34.", False),
        ("C’était quand, le rachat de Scaleway par OVHcloud ?", "Scaleway a quitté Gaia-X en 2021.", True),
        ("Quand a eu lieu le rachat de Scaleway ?", "Scaleway a été racheté en 2021.", False),
        ("De combien ont monté les prix depuis le rachat de VMware ?", "Les prix de VMware ont doublé.", False),
        ("When did the state approve Scaleway’s takeover?", "Scaleway moved to Lyon in 2021.", True),
        ("Quand l’école a-t-elle terminé sa migration ?", "L’école suspend sa migration en 2025.", True),
        ("Quand l’école a-t-elle terminé sa migration ?", "L’école a migré en 2025.", False),
        ("Le rachat de VMware par Broadcom, quelles conséquences ?", "Les prix de VMware ont décuplé.", False),
        ("Quand l’école aura-t-elle terminé sa migration ?", "La migration doit durer jusqu’en 2027.", False),
        (
            "Quelle est la répartition du capital de Bleu ?",
            "Bleu appartient à Orange ; Capgemini est minoritaire.",
            False,
        ),
        ("Quels CHU ont signé avec Bleu ?", "Dassault Aviation a signé avec Bleu.", True),
        ("Quels CHU ont signé avec Bleu ?", "Le CHRU de Nancy a signé avec Bleu.", False),
        ("Comment le capital de Bleu se partage-t-il ?", "Bleu a été présenté par Orange.", True),
        ("Comment le capital de Bleu se partage-t-il ?", "Orange et Capgemini sont à parité chez Bleu.", False),
    ],
)
def test_what_no_quote_speaks_of(question: str, quote: str, untold: bool) -> None:
    query = understand(question, today=date(2026, 11, 24), entities=ENTITIES).query
    cited = [Citation(1, Article("a", "v", "Un titre", quote, None), 0, len(quote))]

    assert untold_matter(query, cited, ENTITIES) is untold


@pytest.mark.parametrize(
    "said",
    [
        "Numergy, entreprise souveraine",
        "le nouveau gouvernement",
        "la diffusion désignée",
        "le feu vert des Reporters",
        "les compétences",
        "Courtage",
        "techniquement",
        "le département",
        "Dropbox",
    ],
)
def test_words_that_only_contain_another_tell_of_no_matter(said: str) -> None:
    """« Entreprise » is no « reprise », « souverain » nothing that opens, and Numergy did not merge."""
    assert not [matter.name for matter in (*VALUES, *TOLD_FIRST, *STEPS, *EVENTS) if matter.told.search(fold(said))]


def test_a_title_about_another_takes_nothing_from_the_quote() -> None:
    query = understand("Why did Microsoft raise its prices?", today=date(2026, 11, 24), entities=ENTITIES).query
    cited = [Citation(1, Article("a", "v", "OVHcloud se plaint", "Cette hausse alignait les tarifs.", None), 0, 33)]

    assert not untold_matter(query, cited, ENTITIES)


def test_a_quote_about_another_is_none_under_a_title_that_names_whom_the_question_does() -> None:
    query = understand("Combien de salariés compte NumSpot ?", today=date(2026, 11, 24), entities=ENTITIES).query
    quote = "Docaposte a près de 8 000 salariés."
    cited = [Citation(1, Article("a", "v", "NumSpot lève 50 millions", quote, None), 0, len(quote))]

    assert untold_matter(query, cited, ENTITIES)


def test_a_figure_of_nobody_counts_where_its_title_or_what_stands_before_names_whom_the_question_does() -> None:
    query = understand("Quel est le chiffre d’affaires de NumSpot ?", today=date(2026, 11, 24), entities=ENTITIES).query
    quote = "Le chiffre d’affaires atteint trois millions d’euros."

    def untold(title: str, text: str) -> bool:
        start = text.index(quote)
        cited = [Citation(1, Article("a", "v", title, text, None), start, start + len(quote))]
        return untold_matter(query, cited, ENTITIES)

    assert untold("Les comptes", quote)
    assert not untold("NumSpot publie ses comptes", quote)
    assert not untold("Les comptes", f"NumSpot grandit. {quote}")


def test_a_cited_title_may_name_it() -> None:
    query = understand("Combien de salariés ?", today=date(2026, 11, 24), entities=ENTITIES).query
    cited = [Citation(1, Article("a", "v", "Bleu recrute", "Ils seront cent.", None), 0, 16)]

    assert not untold_matter(query, cited, ENTITIES)


@pytest.mark.parametrize(
    ("question", "first", "second", "kept"),
    [
        ("Qui détient S3NS ?", "Parmi eux se trouve Thales.", "Thales est l’actionnaire majoritaire de S3NS.", [1]),
        ("NIS2 est-elle en vigueur ?", "NIS2 vise 15 000 entités.", "La transposition de NIS2 n’est pas achevée.", [1]),
        ("Le DPF est-il toujours valide ?", "Le DPF fait débat.", "Le DPF reste en place.", [1]),
        ("Qui a quitté Gaia-X ?", "Cloud Temple a rejoint Gaia-X.", "Scaleway s’est retiré de Gaia-X.", [1]),
        ("Qui détient S3NS ?", "Parmi eux se trouve Thales.", "Orange est l’actionnaire de Bleu.", [0, 1]),
        ("Qui utilise S3NS ?", "Parmi eux se trouve Thales.", "Thales est l’actionnaire majoritaire de S3NS.", [0, 1]),
        ("Combien ont coûté Nubo et Pi ?", "Nubo coûte 5 % du budget.", "Ils ont coûté 100 millions d’euros.", [1]),
        (
            "Combien d’argent public ?",
            "Il attire 1,4 milliard de fonds privés.",
            "Sept États y mettent 1,2 milliard d’euros.",
            [1],
        ),
        ("Qu’a décidé la cour ?", "OVHcloud a saisi la cour.", "La cour a condamné OVHcloud.", [1]),
        (
            "Quel prix pour une qualification ?",
            "Une aide de 180 000 euros s’ouvre.",
            "Elle coûte un million d’euros.",
            [1],
        ),
    ],
)
def test_what_speaks_of_the_event_or_role_is_chosen_among(
    question: str, first: str, second: str, kept: list[int]
) -> None:
    """Where none does, all are, for a refusal to say so."""
    ranked = [sentence(first, score=5.0), sentence(second, score=3.0, name="other")]
    asked = understand(question, today=date(2026, 11, 24), entities=ENTITIES).query
    assert [choice.text for choice in telling(asked, ranked, ENTITIES)] == [ranked[n].text for n in kept]


def test_what_comes_far_behind_is_not_preferred() -> None:
    ranked = [sentence("Parmi eux se trouve Thales."), sentence("Thales détient S3NS.", score=1.0, name="other")]
    asked = understand("Qui détient S3NS ?", today=date(2026, 11, 24), entities=ENTITIES).query
    assert telling(asked, ranked, ENTITIES) == ranked


def test_who_heads_somebody_is_told_by_the_quote_itself() -> None:
    query = understand("Qui dirige Scaleway ?", today=date(2026, 11, 24), entities=ENTITIES).query
    quote = "Clubic citait Scaleway et plus de 90 entreprises."
    cited = [Citation(1, Article("a", "v", "200 dirigeants signent un appel", quote, None), 0, len(quote))]

    assert untold_matter(query, cited, ENTITIES)


@pytest.mark.parametrize(
    ("question", "near", "telling_it"),
    [
        (
            "Can my provider charge a penalty?",
            "Un contrat à durée déterminée n’empêche pas le client de partir.",
            "Le fournisseur peut réclamer des pénalités raisonnables.",
        ),
        (
            "L’attribution du marché a-t-elle pris du retard ?",
            "L’attribution de ce marché est prévue en février 2026.",
            "Le calendrier a glissé, puisque février 2026 était annoncé.",
        ),
        ("NexSIS est hébergé sur quel cloud ?", "NexSIS est le système des pompiers.", "NexSIS a choisi Scaleway."),
        ("Qui sont les concurrents de Bleu ?", "Orange est l’actionnaire de Bleu.", "Oodrive concurrence Bleu."),
    ],
)
def test_what_speaks_of_the_matter_comes_first(question: str, near: str, telling_it: str) -> None:
    """A delay is told in few words of what it delays, so that it may score far below."""
    query = understand(question, today=date(2026, 11, 24), entities=ENTITIES).query
    told = sentence(telling_it, name="b", score=2.5)

    assert list(telling(query, [sentence(near, score=5.0), told], ENTITIES)) == [told]


def test_how_a_turnover_is_made_is_told_by_any_sentence() -> None:
    query = understand(
        "Comment Numergy a-t-il fait son chiffre d’affaires ?", today=date(2026, 11, 24), entities=ENTITIES
    ).query
    ranked = [sentence("Numergy le doit à SFR."), sentence("Numergy a un chiffre d’affaires de 6 millions.", name="b")]

    assert list(telling(query, ranked, ENTITIES)) == ranked


def test_what_is_still_valid_of_another_law_is_none_of_the_one_asked_about() -> None:
    query = understand(
        "Le Data Privacy Framework est-il toujours valable ?", today=date(2026, 11, 24), entities=ENTITIES
    ).query
    other = sentence("Les clauses contractuelles types restent valables.")
    own = sentence("Le DPF reste ainsi en place.", name="b", score=3.0)

    assert list(telling(query, [other, own], ENTITIES)) == [own]


@pytest.mark.parametrize(
    ("question", "other", "led"),
    [
        (
            "Jusqu’à quand court le marché de l’UGAP ?",
            "Le marché de l’UGAP s’est ouvert en février 2026.",
            "Le marché de l’UGAP court jusqu’en 2029.",
        ),
        (
            "Bâti Courtage, en appel ils ont eu combien ?",
            "OVHcloud conteste en appel le jugement de 101 172 euros.",
            "La cour d’appel a abaissé l’indemnité à 1 800 euros.",
        ),
        (
            "Le niveau « High+ » est devenu quoi ?",
            "Le désaccord porte sur un niveau « High+ ».",
            "Un niveau « High+ » avait été introduit, puis retiré.",
        ),
    ],
)
def test_what_tells_an_end_an_appeal_or_what_became_comes_first_and_is_not_wanted(
    question: str, other: str, led: str
) -> None:
    query = understand(question, today=date(2026, 11, 24), entities=ENTITIES).query
    near, told = sentence(other, score=3.0, name="a"), sentence(led, score=2.0, name="b")
    cited = [Citation(1, Article("a", "v", "Un titre", other, None), 0, len(other))]

    assert telling(query, [near, told], ENTITIES)[0] == told
    assert not untold_matter(query, cited, ENTITIES)
