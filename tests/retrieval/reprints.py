"""A news report, a copy with other typography, and an independent report of the same event."""

ORIGINAL = (
    "S3NS, filiale de Thales, a obtenu le 17 décembre 2025 la qualification SecNumCloud 3.2 pour son offre PREMI3NS, "
    "bâtie sur la technologie de Google Cloud. « C’est l’aboutissement de trois ans de travail », se félicite la "
    "direction de l’entreprise. L’évaluation a porté sur 1 200 points de contrôle et mobilisé une cinquantaine "
    "d’ingénieurs. Plusieurs assureurs et une mutuelle ont déjà signé pour migrer leurs applications sensibles."
)
TYPED_AGAIN = (
    "S3NS, filiale de Thales, a obtenu le 17 décembre 2025 la qualification SecNumCloud 3.2 pour son offre PREMI3NS, "
    "bâtie sur la technologie de Google Cloud. \"C'est l'aboutissement de trois ans de travail\", se félicite la "
    "direction de l'entreprise. L'évaluation a porté sur 1200 points de contrôle et mobilisé une cinquantaine "
    "d'ingénieurs. Plusieurs assureurs et une mutuelle ont déjà signé pour migrer leurs applications sensibles."
)
REWRITTEN = (
    "L’ANSSI vient de qualifier l’offre PREMI3NS de S3NS, que détient Thales : c’est la première fois qu’un service "
    "fondé sur les logiciels d’un géant américain franchit la marche de SecNumCloud 3.2. Il aura fallu trois ans à la "
    "société pour passer 1 200 points de contrôle. Ses premiers clients, des assureurs et une mutuelle, attendaient ce "
    "feu vert du 17 décembre pour déménager leurs applications les plus sensibles vers ses centres français."
)
