"""The rules written a second time, as plain functions: what a careful reader does with a finger on the text.

It shares nothing with the engine. `test_reading.py` compares both on many random situations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

ORDERS = {"medecin_generaliste", "medecin_specialiste", "chirurgien_dentiste", "sage_femme", "pharmacien", "infirmier",
          "kinesitherapeute", "pedicure_podologue"}
HEALTH_WITHOUT_ORDER = {"orthophoniste", "orthoptiste", "psychologue", "opticien", "audioprothesiste", "ambulancier",
                        "autre_sans_ordre"}
NO_FUND = {"wallis_et_futuna", "nouvelle_caledonie", "polynesie_francaise"}
ORDER_ALONE = NO_FUND | {"mayotte"}
SPEAKS_FOR_SOMEONE = {"cabinet", "centre_sante", "clinique_privee", "teleconsultation", "imagerie_laboratoire"}
EMPLOYERS = {"hopital_public", "clinique_privee", "ehpad"}
PRICES = {"refus_tiers_payant", "depassement", "refus_devis", "depot_caution", "sans_carte"}
MONEY = {"refus_tiers_payant", "depassement"}
FAMILY = {"parent", "tuteur", "proche", "conseiller"}
PRESUMED = {"capacity": "capable", "hors_parcours": "non", "practice_question": "plainte"}
RIGHTS = {"c2s", "ame", "c2s_expiree", "langue"}


def years_passed(day: date, on: date, years: int) -> bool:
    """Tell whether more than `years` years have passed; the anniversary itself is still inside."""
    try:
        last = day.replace(year=day.year + years)
    except ValueError:
        last = date(day.year + years, 2, 28)
    return on > last


@dataclass(frozen=True)
class Seen:
    """A situation, with what a reader says of it before reading the rules."""

    f: Mapping[str, Any]
    on: date

    def __getattr__(self, fact: str) -> Any:
        return self.f.get(fact, PRESUMED.get(fact))

    def done(self, step: str) -> bool:
        return step in self.already

    @property
    def bereaved(self) -> bool:
        return bool(self.asker == "heritier" or (self.asker in FAMILY and self.capacity == "decede"))

    @property
    def acts(self) -> bool:
        """The person refused, or someone in their name."""
        if self.bereaved:
            return False
        if self.asker in ("victime", "victime_mineure") or (self.asker == "parent" and self.patient_age == "mineur") or (
                self.asker == "tuteur" and self.patient_age in ("mineur", "majeur_protege")):
            return True
        able = self.capacity != "hors_etat"
        if self.asker == "conseiller":
            return bool(able)
        if self.asker in FAMILY:
            return bool(self.victim_signs) and able
        return bool(self.asker in ("association_agreee", "association", "professionnel_temoin") and self.victim_signs)

    @property
    def heard(self) -> bool:
        return self.acts or bool(self.asker == "association_agreee" and self.mandate)

    @property
    def ground_named(self) -> bool:
        return self.ground not in ("aucun", "inconnu")

    @property
    def fund(self) -> bool:
        return bool(self.place == "caisse" or self.refusal == "refus_droits")

    @property
    def record(self) -> bool:
        return bool(self.refusal == "refus_dossier" and not self.fund)

    @property
    def care(self) -> bool:
        return not self.fund and not self.record

    @property
    def hospital(self) -> bool:
        return bool(self.place == "hopital_public" or (self.profession == "etablissement" and self.place == "clinique_privee"))

    @property
    def facility(self) -> bool:
        return self.place in ("hopital_public", "clinique_privee")

    @property
    def home(self) -> bool:
        return bool(self.place == "ehpad" or (self.profession == "etablissement" and self.place == "domicile"))

    @property
    def covered(self) -> bool:
        return self.protection in ("c2s", "ame")

    @property
    def fund_here(self) -> bool:
        return self.territory not in NO_FUND

    @property
    def no_order(self) -> bool:
        return self.profession in HEALTH_WITHOUT_ORDER

    @property
    def pharmacy(self) -> bool:
        return bool(self.place == "pharmacie" and self.refusal in ("refus_delivrance", "refus_ivg"))

    @property
    def abortion(self) -> bool:
        return bool(self.refusal == "refus_ivg" and not self.pharmacy and not self.fund)

    @property
    def protected_price(self) -> bool:
        off = (self.hors_parcours == "oui" and self.protection == "c2s" and self.refusal in MONEY
               and self.profession in ("medecin_generaliste", "medecin_specialiste") and self.patient_age != "mineur")
        return (self.refusal in PRICES and self.covered and not self.hospital and self.place not in ("pharmacie", "magasin")
                and not off)

    @property
    def committee(self) -> bool:
        answers_for = self.profession in ORDERS or (self.profession == "secretariat" and self.place in SPEAKS_FOR_SOMEONE)
        return answers_for and bool(self.professional_identified) and self.place != "hopital_public" and self.care

    @property
    def order(self) -> bool:
        return bool(self.profession in ORDERS and self.professional_identified and self.place != "hopital_public" and self.care)

    @property
    def complains(self) -> bool:
        return self.order and bool(self.identity_ok)

    @property
    def broken(self) -> bool:
        return bool((self.urgency or not self.continuity_assured) and self.refusal not in ("patientele_complete", "delai_anormal"))

    @property
    def oversight(self) -> bool:
        """What the regional agency oversees."""
        if not self.care:
            return False
        return (self.place in ("hopital_public", "ehpad", "regulation") or self.no_order or self.abortion
                or (self.profession == "etablissement" and self.place in ("domicile", "clinique_privee", "centre_sante"))
                or (self.place in ("clinique_privee", "centre_sante", "imagerie_laboratoire") and self.ground_named))


def recommended(f: Mapping[str, Any], on: date) -> list[str]:
    """Return the bodies to turn to, in order, for a complete situation."""
    s = Seen(f, on)
    return [*(["urgences"] if s.urgency else []), *after_danger(s)] or ["info-simple"]


def after_danger(s: Seen) -> list[str]:
    """Return what follows the emergency services."""
    if s.asker == "professionnel_mis_en_cause":
        return ["regularisation-pro", *([] if s.ground_named or s.practice_question != "plainte" else ["info-simple"])]
    if s.bereaved:
        return family_of_the_dead(s)
    if s.asker == "temoin":
        return [*(defender(s) if s.ground_named else []), *on_call(s), *([] if s.ground_named else ["info-simple"])]
    if s.asker == "professionnel_temoin" and not s.acts:
        return witness(s)
    if not s.care:
        return fund_or_record(s)
    if s.abortion:
        return abortion(s)
    if not s.ground_named:
        return without_ground(s)
    return with_ground(s)


def defender(s: Seen) -> list[str]:
    return [] if s.done("defenseur_saisi") else ["defenseur-des-droits"]


def on_call(s: Seen) -> list[str]:
    return ["ars"] if s.place == "regulation" and s.care else []


def qualified(s: Seen) -> list[str]:
    return ["personne-qualifiee"] if s.home and s.care and s.acts else []


def users(s: Seen) -> list[str]:
    return [] if s.done("hopital_saisi") else ["commission-usagers"]


def complaint(s: Seen) -> list[str]:
    """The Order, or its national council when the local one is silent or closed the case."""
    if not s.complains:
        return []
    if s.done("plainte_ordre_4_mois") or s.done("plainte_rejetee"):
        return ["ordre-national"]
    return [] if s.done("plainte_ordre_recente") else ["ordre-plainte-ordinaire"]


def national_only(s: Seen) -> list[str]:
    return [body for body in complaint(s) if body == "ordre-national"]


def family_of_the_dead(s: Seen) -> list[str]:
    users_ = users(s) if s.facility and s.identity_ok else []
    public = s.place == "hopital_public" or s.fund
    return [*users_, "acces-dossier", *(defender(s) if s.ground_named or public else []), *on_call(s), *complaint(s)]


def needs_care(s: Seen) -> list[str]:
    """Care first, in a hurry, without any cover, or where a medicine is refused."""
    wanted = s.ground_named and s.care and (s.goal == "soin_rapide" or s.protection == "aucune" or s.pharmacy)
    return ["aide-acces-soins"] if wanted or (s.fund and s.protection == "aucune") else []


def witness(s: Seen) -> list[str]:
    child = defender(s) if s.patient_age == "mineur" and s.ground_named else []
    report = ["ordre-plainte-ordinaire"] if s.order else []
    agency = on_call(s)
    if not agency and not s.order and s.oversight and (not s.no_order or s.place in EMPLOYERS):
        agency = ["ars"]
    return [*needs_care(s), *child, *report, *agency, "info-simple"]


def fund_or_record(s: Seen) -> list[str]:
    asked = s.done("caisse_saisie")
    appeal = ["acces-dossier"] if s.record else [] if asked else ["caisse-recours"]
    mediator = ["mediateur-cpam"] if (s.fund and asked and s.heard and s.identity_ok and s.fund_here
                                      and not s.done("mediateur_saisi")) else []
    service = s.fund and asked
    return [*needs_care(s), *appeal, *mediator, *(defender(s) if s.ground_named or service else [])]


def abortion(s: Seen) -> list[str]:
    users_ = users(s) if s.hospital and s.identity_ok else []
    complaint_ = national_only(s) if s.continuity_assured else complaint(s)
    return ["aide-acces-soins", *users_, *(defender(s) if s.ground_named else []), *qualified(s), *on_call(s), *complaint_]


def without_ground(s: Seen) -> list[str]:
    """Rules 2: no forbidden ground, or none known."""
    users_ = users(s) if s.identity_ok and s.hospital else []
    service = defender(s) if s.place == "hopital_public" and s.done("hopital_saisi") else []
    may_mediate = s.heard and s.identity_ok and s.fund_here and not s.done("mediateur_saisi")
    quick = s.goal == "soin_rapide"
    if s.ground == "inconnu":
        grave = s.urgency or (s.refusal == "rupture" and not s.continuity_assured)
        mediator = ["mediateur-cpam"] if may_mediate and s.covered else []
        order = complaint(s) if grave else national_only(s)
        return [*users_, *service, *mediator, "info-simple", "aide-acces-soins", *qualified(s), *on_call(s), *order]
    money = s.refusal in MONEY
    users_ = [] if money else users_      # a question of money is first to be understood, in hospital too
    mediator = ["mediateur-cpam"] if may_mediate and s.protected_price else []
    fund = ["caisse-penalite"] if (s.protected_price and money and s.protection == "c2s" and s.heard and s.identity_ok
                                   and s.committee and s.territory not in ORDER_ALONE) else []
    attitude = s.refusal == "attitude" and not s.broken and s.complains
    aide = [] if money or s.protected_price or attitude else ["aide-acces-soins"]
    plain = not money and not s.protected_price and not s.hospital and not s.pharmacy
    order, info = national_only(s), money or s.protected_price
    if s.pharmacy:
        order = order if s.danger_alleged else complaint(s)
        sale = ["dgccrf"] if not s.danger_alleged and s.fund_here and not s.done("signalconso_fait") else []
        return [*aide, *order, *sale, *(["info-simple"] if s.danger_alleged else [])]
    if plain:
        order = complaint(s) if s.broken or attitude else order
        info = not (s.complains and s.broken) or s.refusal == "sans_carte"
    if s.hospital and s.continuity_assured:
        info = True
    last = ["info-simple"] if info else []
    if quick:
        return [*aide, *users_, *service, *mediator, *fund, *qualified(s), *on_call(s), *order, *last]
    return [*users_, *service, *mediator, *fund, *order, *aide, *qualified(s), *on_call(s), *last]


def with_ground(s: Seen) -> list[str]:
    """A forbidden ground: whoever may act, then those who may not."""
    aide, quick = needs_care(s), s.goal == "soin_rapide"
    if s.asker in FAMILY and not s.acts:
        users_ = users(s) if s.facility and s.identity_ok else []
        unable = s.capacity == "hors_etat"
        alert = defender(s) if unable or s.patient_age == "mineur" else []
        order = complaint(s) if unable else national_only(s)
        return [*aide, *users_, *on_call(s), *alert, *order, "info-simple", *([] if unable else ["association-agreee"])]
    if s.asker in ("association", "association_agreee") and not s.heard:
        if s.mandate:
            return [*aide, *defender(s), *on_call(s), "association-agreee"]
        return [*aide, *on_call(s), "info-simple", *(["ordre-plainte-ordinaire"] if s.order else [])]
    if not s.identity_ok:
        seat = [] if not defender(s) else ["delegue-ddd"] if quick else defender(s)
        return [*aide, *seat, *qualified(s), *on_call(s), "association-agreee"]
    return [*aide, *remedies(s)]


def formal_steps(s: Seen) -> list[str]:
    """The committee and what takes its place."""
    if not s.committee:
        return []
    silent, closed = s.done("plainte_ordre_4_mois"), s.done("plainte_rejetee")
    joint = s.territory not in ORDER_ALONE
    chamber = s.recidive == "oui" or s.done("commission_mixte_echec")
    return [*(["commission-mixte-conciliation"] if not chamber and not silent and not closed else []),
            *(["chambre-disciplinaire"] if chamber else []),
            *(["caisse-penalite"] if silent and joint else []),
            *(["ordre-national"] if closed or (silent and not joint) else [])]


def remedies(s: Seen) -> list[str]:
    """Rules 6 to 12: someone who may act under their own name."""
    quick, formal = s.goal == "soin_rapide", formal_steps(s)
    open_to = s.covered or (s.no_order and s.place not in EMPLOYERS)
    mediator = ["mediateur-cpam"] if (open_to and s.fund_here and not s.done("mediateur_saisi")
                                      and not s.done("commission_mixte_echec")) else []
    seat = [] if not defender(s) else ["delegue-ddd"] if quick else defender(s)
    users_ = users(s) if s.facility else []
    agency = ["ars"] if s.place in ("hopital_public", "regulation") else []
    sale = ["dgccrf"] if s.pharmacy and s.fund_here and not s.done("signalconso_fait") else []
    filed = s.done("plainte_penale_deposee")
    words = s.refusal == "attitude"
    criminal = ["plainte-penale"] if (
        s.ground not in RIGHTS and s.acts and not quick and not filed and not years_passed(s.facts_date, s.on, 1 if words else 6)
        and (words or (s.refusal != "inaccessibilite" and not s.danger_alleged))) else []
    in_time = s.on.year <= s.facts_date.year + 4 if s.place == "hopital_public" else not years_passed(s.facts_date, s.on, 5)
    civil = ["justice-civile"] if s.goal == "indemnisation" and s.acts and in_time else []
    alone = s.asker in ("victime", "victime_mineure", "conseiller") and s.patient_age == "mineur"
    if quick:
        ordered = [*users_, *mediator, *seat, *formal, *qualified(s)]
    elif not s.committee:
        ordered = [*users_, *mediator, *seat, *qualified(s)]
    elif alone or s.refusal == "inaccessibilite":
        ordered = [*seat, *formal, *mediator, *users_, *qualified(s)]
    else:
        ordered = [*formal, *mediator, *seat, *users_, *qualified(s)]
    return [*ordered, *agency, *sale, *criminal, *civil]
