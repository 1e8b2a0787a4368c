"""The types of page of the site, one of each: what the browser tests and the screenshots walk through."""

TYPES: dict[str, str] = {
    "home": "",
    "page": "patients/premiers-pas/",
    "illustrated": "patients/commission-mixte/",
    "tables": "patients/qui-fait-quoi/",
    "professional": "professionnels/la-loi-en-dix-lignes/",
    "section": "patients/",
    "bodies": "organismes/",
    "body": "organismes/defenseur-des-droits/",
    "laws": "droit/",
    "law": "droit/csp-l1110-3/",
    "figures": "chiffres/",
    "glossary": "glossaire/",
    "guide": "guide/",
    "search": "recherche/",
    "map": "plan-du-site/",
    "missing": "404.html",
}
