"""The rules written a second time, as one plain function: what a careful reader does with a finger on the text.

It shares nothing with the engine. `test_reading.py` compares both on many random situations.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

ORDERS = {"medecin_generaliste", "medecin_specialiste", "chirurgien_dentiste", "sage_femme", "pharmacien", "infirmier",
          "kinesitherapeute", "pedicure_podologue"}
HEALTH_WITHOUT_ORDER = {"orthophoniste", "orthoptiste", "psychologue", "opticien", "audioprothesiste", "ambulancier",
                        "autre_sans_ordre"}
PACIFIC = {"nouvelle_caledonie", "polynesie_francaise"}
NO_FUND = PACIFIC | {"wallis_et_futuna"}
NO_USERS_COMMITTEE = {"cabinet", "centre_sante", "pharmacie", "magasin", "teleconsultation"}


def years_passed(day: date, on: date, years: int) -> bool:
    """Tell whether more than `years` years have passed; the anniversary itself is still inside."""
    try:
        last = day.replace(year=day.year + years)
    except ValueError:
        last = date(day.year + years, 2, 28)
    return on > last


def recommended(f: Mapping[str, Any], on: date) -> list[str]:
    """Return the bodies to turn to, in order, for a complete situation."""
    first = ["urgences"] if f["urgency"] else []
    if f["asker"] == "professionnel_mis_en_cause":
        return [*first, "regularisation-pro", *(["info-simple"] if f["ground"] in ("aucun", "inconnu") else [])]
    legal = (f["asker"] == "parent" and f["patient_age"] == "mineur") or (
        f["asker"] == "tuteur" and f["patient_age"] in ("mineur", "majeur_protege"))
    acts = f["asker"] == "victime" or legal or f["victim_signs"]
    mandated = f["asker"] == "association_agreee" and f["mandate"]
    if f["ground"] in ("aucun", "inconnu"):
        return [*first, *without_ground(f, acts or mandated)]
    quick = f["goal"] == "soin_rapide"
    pharmacy = f["place"] == "pharmacie" and f["refusal"] == "refus_delivrance"
    if quick or f["protection"] == "aucune" or pharmacy:
        first.append("aide-acces-soins")
    in_facility = f["place"] == "clinique_privee" or hospital(f)
    defender = [] if "defenseur_saisi" in f["already"] else ["defenseur-des-droits"]
    order = f["profession"] in ORDERS and f["professional_identified"]
    if f["asker"] in ("proche", "parent", "tuteur") and not acts:
        users = ["commission-usagers"] if in_facility and f["identity_ok"] else []
        child = defender if f["patient_age"] == "mineur" else []
        return [*first, *users, *child, "info-simple", "association-agreee"]
    if f["asker"] in ("association", "association_agreee") and not (acts or mandated):
        if f["mandate"]:
            return [*first, *defender, "association-agreee"]
        own = ["ordre-plainte-ordinaire"] if order and f["place"] != "hopital_public" else []
        return [*first, "info-simple", *own]
    if f["asker"] == "professionnel_temoin" and not acts:
        child = defender if f["patient_age"] == "mineur" else []
        report = ["ordre-plainte-ordinaire"] if order else ["ars"] if in_facility else []
        return [*first, *child, *report, "info-simple"]
    if not f["identity_ok"]:
        seat = [] if not defender else ["delegue-ddd"] if quick else defender
        return [*first, *seat, "association-agreee"]
    return remedies(f, on, first, acts=acts, pharmacy=pharmacy, in_facility=in_facility) or ["info-simple"]


def hospital(f: Mapping[str, Any]) -> bool:
    """Tell whether the refusal comes from a public hospital or a facility that has a users' committee."""
    return f["place"] == "hopital_public" or (f["profession"] == "etablissement" and f["place"] not in NO_USERS_COMMITTEE)


def without_ground(f: Mapping[str, Any], heard: bool) -> list[str]:
    """Rules 2: no forbidden ground, or none known."""
    covered = f["protection"] in ("c2s", "ame")
    mediator = ["mediateur-cpam"] if (heard and f["identity_ok"] and covered and f["territory"] not in NO_FUND
                                      and "mediateur_saisi" not in f["already"]) else []
    complaint = ["ordre-plainte-ordinaire"] if (f["profession"] in ORDERS and f["professional_identified"]
                                                and f["identity_ok"]) else []
    users = ["commission-usagers"] if f["identity_ok"] and hospital(f) else []
    quick = f["goal"] == "soin_rapide"
    if f["ground"] == "inconnu":
        grave = f["urgency"] or (f["refusal"] == "rupture" and not f["continuity_assured"])
        return [*users, *mediator, "info-simple", "aide-acces-soins", *(complaint if grave else [])]
    if f["refusal"] in ("refus_tiers_payant", "depassement"):
        if f["refusal"] == "depassement" and covered and not hospital(f):
            fund = ["caisse-penalite"] if f["protection"] == "c2s" and f["territory"] not in NO_FUND else []
            return [*mediator, *fund, "info-simple"]
        return ["info-simple"]
    if hospital(f):
        pair = ["aide-acces-soins", *users] if quick else [*users, "aide-acces-soins"]
        return [*pair, *(["info-simple"] if f["continuity_assured"] else [])]
    if f["place"] == "pharmacie" and f["refusal"] == "refus_delivrance":
        if f["danger_alleged"]:
            return ["aide-acces-soins", "info-simple"]
        report = ["dgccrf"] if f["territory"] not in NO_FUND else []
        return ["aide-acces-soins", *complaint, *report]
    broken = (f["urgency"] or not f["continuity_assured"]) and f["refusal"] not in ("patientele_complete", "delai_anormal")
    if complaint and broken:
        return ["aide-acces-soins", *complaint] if quick else [*complaint, "aide-acces-soins"]
    if complaint and f["refusal"] == "attitude":
        return [*complaint, "info-simple"]
    return ["aide-acces-soins", "info-simple"]


def remedies(f: Mapping[str, Any], on: date, first: list[str], *, acts: bool, pharmacy: bool,
             in_facility: bool) -> list[str]:
    """Rules 6 to 12: a forbidden ground, and someone who may act under their own name."""
    already, quick = f["already"], f["goal"] == "soin_rapide"
    answers_for = f["profession"] in ORDERS or (
        f["profession"] == "secretariat" and f["place"] in ("cabinet", "centre_sante", "clinique_privee", "teleconsultation"))
    reach = (answers_for and f["professional_identified"] and f["place"] != "hopital_public" and f["territory"] not in PACIFIC)
    formal: list[str] = []
    if reach:
        inactive = "plainte_ordre_4_mois" in already and f["territory"] not in NO_FUND
        if f["recidive"] == "oui" or "commission_mixte_echec" in already:
            formal.append("chambre-disciplinaire")
        elif not inactive:
            formal.append("commission-mixte-conciliation")
        if inactive:
            formal.append("caisse-penalite")
    open_to = f["protection"] in ("c2s", "ame") or f["profession"] in HEALTH_WITHOUT_ORDER
    mediator = ["mediateur-cpam"] if (open_to and f["territory"] not in NO_FUND
                                      and not {"mediateur_saisi", "commission_mixte_echec"} & set(already)) else []
    defender = [] if "defenseur_saisi" in already else ["delegue-ddd" if quick else "defenseur-des-droits"]
    users = ["commission-usagers"] if in_facility else []
    agency = ["ars"] if f["place"] == "hopital_public" else []
    sale = ["dgccrf"] if pharmacy and f["territory"] not in NO_FUND else []
    criminal = ["plainte-penale"] if (
        f["ground"] not in ("c2s", "ame", "c2s_expiree") and acts and not years_passed(f["facts_date"], on, 6) and not quick
        and f["refusal"] != "inaccessibilite" and not f["danger_alleged"] and "plainte_penale_deposee" not in already) else []
    limit = 4 if f["place"] == "hopital_public" else 5
    civil = ["justice-civile"] if f["goal"] == "indemnisation" and acts and not years_passed(f["facts_date"], on, limit) else []
    alone = f["asker"] == "victime" and f["patient_age"] == "mineur"
    if quick:
        ordered = [*users, *mediator, *defender, *formal]
    elif not reach:
        ordered = [*users, *mediator, *defender]
    elif alone or f["refusal"] == "inaccessibilite":
        ordered = [*defender, *formal, *mediator, *users]
    else:
        ordered = [*formal, *mediator, *defender, *users]
    return [*first, *ordered, *agency, *sale, *criminal, *civil]
