"""The letters the tests expect: for a reference case, which letter, what is typed, and the file that holds the text."""

from dataclasses import dataclass
from datetime import date

from decision_tree.authoring.read.cases import Case, cases
from decision_tree.guide.states import Guide
from decision_tree.model import Value
from scripts.project.paths import ROOT

FOLDER = ROOT / "tests" / "letters"
DAY = date(2026, 11, 22)
TYPED = {
    "name": "Camille Exemple", "address": "1 rue des Lilas\n75011 Paris", "email": "camille@exemple.fr", "patient": "Sacha Exemple",
    "association": "Association Exemple", "professional": "Docteur Modèle", "facility": "Hôpital Exemple",
    "facts": "J’ai appelé le matin.\nOn m’a répondu non.", "said": "Nous ne prenons pas ce cas", "documents": "Courriel du jour",
}
LETTERS = {"c01": "president-ordre", "c02": "mediateur", "c26": "president-ordre", "c29": "directeur-caisse", "c22": "directeur-caisse",
           "c20": "hopital", "c05": "mediateur", "c33": None}


@dataclass(frozen=True, slots=True)
class Way:
    """What a person of a reference case answers: by links, then in the form of the result."""

    links: tuple[str, ...]
    refined: dict[str, str]
    answers: dict[str, Value]


def case(name: str) -> Case:
    """Return a reference case."""
    return next(one for one in cases() if one.id == name)


def way_of(guide: Guide, name: str) -> Way:
    """Follow a reference case through the guide."""
    facts, links, number = case(name).facts, [], 1
    answers: dict[str, Value] = {}
    while (question := guide.state(number).question) is not None:
        value = facts.get(question, guide.model.facts[question].presumed)
        assert value is not None, f"{name} does not answer {question}"
        answers[question] = value
        index = [option.value for option in guide.question(question).options].index(value)  # type: ignore[arg-type]
        links.append(f"{question}={str(value).lower() if isinstance(value, bool) else value}")
        number = guide.state(number).next[index]
    refined = {"recidive": str(facts["recidive"])} if facts.get("recidive") == "oui" else {}
    return Way(tuple(links), refined, {**answers, **refined})


def expected(name: str) -> str:
    """Return the letter a case should give."""
    return (FOLDER / f"{name}.txt").read_text("utf-8").rstrip("\n")


MORE = TYPED | {
    "own_fund": "CPAM de Paris", "fund": "CPAM de Paris", "council": "Conseil départemental de Paris",
    "authority": "Conseil départemental de Paris", "received": "2026-08-03", "amount": "35 euros",
    "decision": "Courrier du 2 novembre 2026", "request": "Ouvrir mes droits",
    "recipient": "Hôpital Exemple", "recipient_address": "2 rue des Lilas\n75011 Paris", "purpose": "Connaître les causes du décès",
    "kinship": "Sa fille", "region": "Île-de-France", "own_birth": "1er mai 1990 à Lille", "job": "Comptable", "ties": "aucun",
    "proxy": "Dominique Exemple", "agreement": "non", "reference": "lettre du 3 août 2026", "rule": "Un rendez-vous sous dix jours",
    "offered_then": "Un autre jour", "offer": "Un rendez-vous", "assistant": "Dominique Exemple", "patient_name": "Sacha Exemple",
    "end_date": "2026-12-31", "referrals": "Docteur Confrère, 3 rue des Lilas", "practice_phone": "01 23 45 67 89",
    "access": "un interprète en langue des signes", "other_ground": "le handicap",
}
SITUATIONS: dict[str, tuple[str, dict[str, Value]]] = {
    "forbidden-fee": ("signalement-caisse", {
        "asker": "victime", "profession": "medecin_generaliste", "place": "cabinet", "refusal": "depassement",
        "ground": "aucun", "protection": "c2s"}),
    "silent-order": ("signalement-caisse", {
        "asker": "parent", "patient_age": "mineur", "profession": "medecin_specialiste", "refusal": "refus_rdv", "ground": "handicap",
        "already": frozenset({"plainte_ordre_4_mois"})}),
    "fund-complaint": ("reclamation-caisse", {
        "asker": "victime", "profession": "orthophoniste", "place": "cabinet", "refusal": "refus_tiers_payant", "ground": "aucun",
        "protection": "ame"}),
    "fund-appeal": ("recours-caisse", {"asker": "victime", "place": "caisse", "refusal": "refus_droits", "goal": "soin_rapide"}),
    "agency-relative": ("signalement-ars", {"asker": "proche", "capacity": "hors_etat", "place": "ehpad", "refusal": "refus_soin"}),
    "agency-colleague": ("signalement-ars", {
        "asker": "professionnel_temoin", "place": "hopital_public", "refusal": "refus_soin", "ground": "origine"}),
    "reminder-days": ("relance-accuse", {"asker": "victime", "already": frozenset({"plainte_ordre_recente"})}),
    "reminder-months": ("relance-commission", {
        "asker": "association_agreee", "mandate": True, "already": frozenset({"plainte_ordre_4_mois"})}),
    "reminder-mayotte": ("relance-commission", {
        "asker": "victime", "territory": "mayotte", "already": frozenset({"plainte_ordre_4_mois"})}),
    "reminder-hospital": ("relance-hopital", {"asker": "heritier", "already": frozenset({"hopital_saisi"})}),
    "national-council": ("conseil-national", {"asker": "victime", "profession": "sage_femme", "already": frozenset({"plainte_rejetee"})}),
    "reasons": ("demande-motifs", {"asker": "conseiller", "place": "cabinet", "refusal": "refus_rdv", "ground": "inconnu"}),
    "refund": ("remboursement", {
        "asker": "tuteur", "patient_age": "majeur_protege", "profession": "chirurgien_dentiste", "refusal": "depassement",
        "protection": "c2s"}),
    "record": ("dossier-medical", {"asker": "parent", "patient_age": "mineur", "refusal": "refus_dossier"}),
    "compensation-heir": ("commission-indemnisation", {"asker": "heritier", "refusal": "refus_soin", "place": "clinique_privee"}),
    "qualified-person": ("personne-qualifiee", {"asker": "victime", "place": "ehpad", "refusal": "refus_soin", "ground": "age"}),
    "record-heir": ("dossier-ayant-droit", {"asker": "heritier", "refusal": "refus_dossier"}),
    "statement": ("attestation-temoin", {"asker": "temoin"}),
    "proxy": ("procuration", {"asker": "parent", "patient_age": "mineur"}),
    "hospital-relative": ("hopital", {"asker": "proche", "victim_signs": False, "place": "hopital_public", "refusal": "refus_soin"}),
    "defender-child": ("defenseur-des-droits", {
        "asker": "victime", "patient_age": "mineur", "refusal": "refus_soin", "ground": "orientation_sexuelle"}),
    "ordinary-witness": ("plainte-ordinaire", {
        "asker": "professionnel_temoin", "victim_signs": False, "profession": "medecin_generaliste"}),
    "mandate": ("mandat", {"asker": "association_agreee"}),
    "prosecutor-heir": ("procureur", {"asker": "heritier", "ground": "origine"}),
    "prosecutor-ame": ("procureur", {"asker": "victime", "ground": "ame"}),
    "answer-complaint": ("reponse-plainte", {"asker": "professionnel_mis_en_cause"}),
    "end-of-care": ("fin-de-suivi", {"asker": "professionnel_mis_en_cause"}),
    "answer-review": ("reponse-avis", {"asker": "professionnel_mis_en_cause"}),
}
"""Situation → the letter it gives, from answers as a person gives them; its text stands in the same folder."""
