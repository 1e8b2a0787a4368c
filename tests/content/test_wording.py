"""What is not certain is worded with care: each rule of wording, and the sentence that answers it in each language.

`Said` names a page and words that must stand on it, spaces aside and without references. `Never` names words that must stand
nowhere, in any page or text of the knowledge.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from scripts.content.checks.rules import Content, read_content
from scripts.content.prose import sentences


@dataclass(frozen=True, slots=True)
class Said:
    """A page says this, in both languages."""

    rule: str
    page: str
    fr: str
    en: str


@dataclass(frozen=True, slots=True)
class Never:
    """No page and no text says this (a pattern)."""

    rule: str
    pattern: str


PAY, CHANGES, CHECK, KINDS = "patients/ce-qu-on-peut-vous-facturer.md", "droit/changements.md", "a-verifier.md", "patients/mediateur.md"

RULES: tuple[Said | Never, ...] = (
    # Articles rewritten in 2026 and not read again
    Said(
        "overcharge_unless_the_patient_demands_more",
        PAY,
        "il n’y a pas de dépassement, sauf si vous exigez quelque chose de particulier",
        "there are no extra fees, unless you insist on something particular",
    ),
    Said(
        "overcharge_for_professionals",
        "professionnels/tiers-payant-et-honoraires.md",
        "en principe pas de dépassement, sauf exigence particulière du patient",
        "in principle no extra fee, unless the patient makes a",
    ),
    Said("no_amount_from_the_rewritten_penalty_article", CHANGES, "Nous n’en tirons aucun montant", "We take no amount from it"),
    Said("penalty_procedure_in_broad_lines", CHANGES, "Nous n’en disons que les grandes lignes", "We give only its broad lines"),
    Said(
        "end_of_agreement_not_detailed",
        CHANGES,
        "La règle sur la fin des conventions avec un médecin a changé aussi",
        "The rule on ending the agreement with a doctor has changed too",
    ),
    Said("guaranteed_payment_by_the_unchanged_article", CHANGES, "qui n’a pas changé", "which has not changed"),
    Said("mediator_after_public_pages", CHANGES, "Nous suivons les pages publiques", "We follow the public pages"),
    Said("generic_medicine_may_lose", PAY, "peut vous faire perdre le tiers payant", "can make you lose third-party payment"),
    Said("deferred_changes_watched", CHANGES, "doivent changer plus tard", "are due to change later"),
    Said("index_ends_in_august", CHECK, "Notre contrôle s’arrête au 20 août 2026", "Our check stops at 20 August 2026"),
    # Texts read in part, or known from others
    Said(
        "last_version_of_the_central_article",
        CHECK,
        "la dernière version vue date de mars 2022",
        "the last version seen dates from March 2022",
    ),
    Said(
        "a_refusal_may_rest_on_the_quality_of_care",
        "droit/csp-l1110-3.md",
        "un refus reste possible s’il repose sur une exigence essentielle",
        "a refusal remains possible if it rests on a requirement that is essential",
    ),
    Said(
        "the_definition_names_the_ame",
        "droit/csp-r1110-8.md",
        "Les motifs sont ceux du code pénal, la C2S et l’AME",
        "The grounds are those of the Criminal Code, the C2S and the AME",
    ),
    Said(
        "amendment_of_may_2021",
        CHANGES,
        "la procédure remplace la conciliation ordinaire de tous les Ordres",
        "the procedure replaces the ordinary conciliation of all the Orders",
    ),
    Said(
        "read_in_translation_and_undated",
        CHECK,
        "lus en traduction, sans date",
        "read in translation, undated",
    ),
    Said(
        "who_can_bring_a_public_practitioner_to_the_chamber",
        "organismes/chambre-disciplinaire.md",
        "Ce sont le ministre, le préfet, l’ARS, le procureur",
        "These are the minister, the prefect, the ARS, the prosecutor",
    ),
    Said(
        "a_refusal_of_sterilisation_is_told_at_the_first_consultation",
        "patients/ivg-contraception.md",
        "Mais il doit vous dire son refus dès la première consultation",
        "But they must tell you at the first consultation",
    ),
    Said(
        "abortion_refused_names_are_given",
        CHANGES,
        "Le médecin qui refuse une interruption de grossesse donne aussitôt des noms",
        "A doctor who refuses an abortion gives names at once",
    ),
    Said(
        "pharmacists_articles_about_patients_unread",
        CHECK,
        "articles sur les patients non lus",
        "articles about patients not read",
    ),
    Never("no_number_for_podiatrists_ethics", r"R\.?\s?4322-\d"),
    Said(
        "somebody_else_must_tell_the_person",
        "organismes/defenseur-des-droits.md",
        "cette personne doit être prévenue et ne pas s’y opposer",
        "that person must be told and must not object",
    ),
    Said(
        "ame_known_from_a_sheet_of_2025",
        CHECK,
        "connue par une fiche d’avril 2025",
        "known from a page of April 2025",
    ),
    # Sources that disagree
    Said(
        "start_of_the_committees",
        "patients/commission-mixte.md",
        "Cela vaut pour les plaintes enregistrées depuis le 5 janvier 2021",
        "This holds for complaints registered since 5 January 2021",
    ),
    Said(
        "the_date_of_the_facts_does_not_count",
        CHANGES,
        "même pour des faits plus anciens",
        "even for older facts",
    ),
    Said(
        "council_of_registration",
        "patients/commission-mixte.md",
        "le président du conseil de l’Ordre où il est inscrit",
        "council of the Order where",
    ),
    Said(
        "fund_of_the_professional_for_the_committee",
        CHECK,
        "Pour la commission, la caisse du professionnel",
        "For the committee, the professional’s CPAM",
    ),
    Said("fund_of_the_patient_for_the_mediator", CHECK, "Pour le médiateur, la vôtre", "For the mediator, your own"),
    Said(
        "fund_sanctions_notably_when_the_order_is_late",
        "patients/si-rien-ne-se-passe.md",
        "notamment si l’Ordre n’agit pas à temps",
        "notably if the Order (Ordre) does not act in time",
    ),
    Said(
        "fund_may_also_punish",
        "professionnels/contacts-caisse.md",
        "La caisse peut aussi sanctionner financièrement le professionnel, notamment si l’Ordre n’agit pas dans les délais",
        "The CPAM can also impose a financial penalty on the professional, notably if the Order (Ordre) does not act in time",
    ),
    Said(
        "mediator_does_not_find_a_doctor",
        CHANGES,
        "Le médiateur n’aide plus à trouver un médecin traitant",
        "The mediator no longer helps to find a family doctor",
    ),
    Said(
        "rights_kept_is_narrower",
        "patients/droits-c2s-ame.md",
        "Il ne couvre que la part de l’assurance maladie",
        "It only covers the health insurance share",
    ),
    Said(
        "evidence_differs_by_judge",
        "droit/loi-2008-496.md",
        "Cette règle ne joue pas devant le juge pénal",
        "This rule does not apply before a criminal court",
    ),
    Said("number_of_calls", "chiffres/index.md", "34 000 appels", "34,000 calls"),
    Never("not_the_larger_number_of_calls", r"340[\s.,]?000"),
    Said("heavier_penalty_in_some_cases", "patients/plainte-penale.md", "dans certains cas", "in some cases"),
    Said(
        "a_practice_is_a_question_for_the_judge",
        CHECK,
        "C’est au juge de dire si un cabinet est un lieu ouvert au public",
        "It is for the court to say whether a practice is a place open to the public",
    ),
    Said("psychologists_without_promise", CHECK, "sans rien promettre", "and promise nothing"),
    Said(
        "hours_common_to_all_sources",
        CHECK,
        "nous donnons les heures qui leur sont communes",
        "we give the hours common to them",
    ),
    Said("hours_at_least", "patients/qui-appeler.md", "au moins de 8 h 30 à 17 h 30", "at least from 8.30 am to 5.30 pm"),
    # Numbers, addresses, amounts
    Said("consumer_service_phone_to_confirm", CHECK, "à confirmer sur son site", "to be confirmed on its site"),
    Said(
        "addresses_from_the_official_directory",
        "organismes/index.md",
        "Prenez-les dans l’annuaire officiel",
        "Take them from the official directory",
    ),
    Said(
        "approved_associations_list",
        "organismes/association-agreee.md",
        "Le ministère de la santé publie la liste des associations agréées",
        "The ministry of health publishes the list of approved associations",
    ),
    Said("c2s_ceilings_not_found", CHECK, "Les plafonds de la C2S d’avril 2026 : non trouvés", "The C2S ceilings of April 2026: not found"),
    Said("penalty_of_2026_only", CHECK, "ce calcul vaut pour 2026 seulement", "this sum holds for 2026 only"),
    Said("adri_to_check", CHECK, "son nom vient d’éditeurs de logiciels", "its name comes from software makers"),
    Said(
        "delegates_of_2024",
        "patients/defenseur-des-droits.md",
        "Il y a 620 délégués",
        "There are 620 délégués",
    ),
    Said("support_lines_read_in_2025", CHECK, "lus en 2025", "read in 2025"),
    Said(
        "ame_two_conditions",
        CHANGES,
        "plus de 3 mois en France, et plus de 3 mois sans titre",
        "more than 3 months in France, and more than 3 months without a permit",
    ),
    # Known from the two founding documents only
    Said(
        "ddd_waits",
        "patients/defenseur-des-droits.md",
        "Le Défenseur des droits attend la réunion avant d’enquêter",
        "the Défenseur des droits waits for the meeting before it investigates",
    ),
    Said("founding_documents_are_named", CHECK, "La référence le dit, avec l’année", "The citation says so, with the year"),
    # Points of law for a lawyer
    Said(
        "public_hospital_neither_way",
        CHECK,
        "La commission mixte n’y est ni prévue ni exclue clairement",
        "The joint committee is neither clearly provided for nor excluded",
    ),
    Said("mediator_against_a_hospital", CHECK, "cela reste à confirmer", "this remains to be confirmed"),
    Said("ordinary_representative", CHECK, "pour un autre mandataire, c’est à confirmer", "for anyone else, this is to be confirmed"),
    Said(
        "c2s_and_ame_are_no_criminal_grounds",
        CHECK,
        "Ce ne sont pas des critères du code pénal",
        "They are not grounds in the Criminal Code",
    ),
    Said("steps_do_not_extend_time_limits", KINDS, "ne prolonge pas à coup sûr vos délais", "does not necessarily extend your time limits"),
    Said("witness_needs_written_consent", "professionnels/temoin.md", "Obtenez son accord écrit", "Get written consent"),
    Said(
        "consumer_protection_for_pharmacies",
        CHECK,
        "Pour un soin, c’est incertain : nous ne la proposons pas",
        "For care, this is uncertain: we do not suggest it",
    ),
    Said("msa_letter_to_the_order", "patients/autres-regimes.md", "Écrivez à l’Ordre du professionnel", "Write to the professional body"),
    Said(
        "pharmacists_have_no_clause",
        "professionnels/clause-de-conscience.md",
        "Pharmacien, vous n’avez pas de clause de conscience",
        "Pharmacist, you have no conscience clause",
    ),
    Said(
        "msa_mediator_to_check",
        CHECK,
        "Les règles des autres régimes sont à vérifier",
        "The rules of other schemes are to be checked",
    ),
    Said("video_consultation_deduced", CHECK, "sans source directe : à vérifier", "with no direct source: to be checked"),
    Said(
        "confidentiality_not_verified",
        CHECK,
        "La confidentialité d’un dossier n’est pas vérifiée",
        "How private a case stays has not been verified",
    ),
    Said(
        "simple_complaint_and_time_limit",
        "patients/plainte-penale.md",
        "Une plainte simple n’arrête pas à elle seule ce délai",
        "A simple complaint does not by itself stop this time limit",
    ),
    Said("lawyer_when_little_time_is_left", "patients/plainte-penale.md", "Voyez un avocat sans attendre", "see a lawyer without waiting"),
    Said("minor_alone", CHECK, "Rien de lu n’interdit ni n’organise sa plainte", "Nothing we read forbids or provides for their complaint"),
    Said("safe_address", "patients/peur-des-suites.md", "Donnez une adresse sûre", "Give a safe address"),
    Said("reception_desk", CHECK, "c’est au juge de l’Ordre de le dire", "is for the court of the Order to say"),
    Said(
        "overcharge_whatever_the_reason", CHECK, "La règle de la C2S ne dépend pas du motif", "The C2S rule does not depend on the reason"
    ),
    Said(
        "ame_overcharge_basis", CHECK, "Pour l’AME, la base écrite reste à vérifier", "For the AME, the written basis remains to be checked"
    ),
    Said(
        "pacific_territories",
        "patients/commission-mixte.md",
        "Dans ces territoires, la commission est celle de l’Ordre seul",
        "In these territories, the committee is that of the Order alone",
    ),
    Said("language_other_than_french", "patients/motifs-interdits.md", "une autre langue que le français", "a language other than French"),
    Said(
        "language_is_debated",
        CHECK,
        "L’étendre à qui parle mal le français se discute",
        "Extending it to people who speak French badly is open to debate",
    ),
    Said(
        "relative_in_hospital",
        CHECK,
        "Nous n’avons pas lu les textes sur la réclamation d’un proche",
        "We have not read the texts on a complaint by a relative",
    ),
    Said(
        "four_years_from_january",
        "patients/indemnisation.md",
        "comptés du 1er janvier qui suit les faits",
        "counted from 1 January after the facts",
    ),
    Said("mayotte_without_ame", "patients/droits-c2s-ame.md", "l’AME n’y existe pas", "the AME does not exist there"),
    Said(
        "osteopaths",
        CHECK,
        "Le médiateur n’a de rôle que s’il existe un lien avec l’assurance maladie",
        "The mediator has a role only if there is a link with the health insurance",
    ),
    Said(
        "repeat_offence_in_hospital",
        CHECK,
        "Nous n’appliquons pas à l’hôpital la règle de la transmission directe",
        "We do not apply the rule of direct referral to hospitals",
    ),
    # Of the whole site
    Said("may_constitute", "methode.md", "qu’un refus « peut constituer » une discrimination", "a refusal “may constitute” discrimination"),
    Said("no_lawyer_has_read_it", CHECK, "Aucun juriste n’a encore relu ce site", "No lawyer has read this site yet"),
    Never("nobody_is_said_to_have_discriminated", r"(?:a commis une discrimination|has committed discrimination|est coupable|is guilty)"),
    Never("the_c2s_by_its_name_now", r"(?:vous avez|you have) (?:la |the )?(?:CMU-C|ACS)"),
)


@cache
def everything_read() -> Content:
    return read_content()


@pytest.fixture(scope="module")
def content() -> Content:
    return everything_read()


def plain(text: str) -> str:
    return re.sub(r"\s+([.,])", r"\1", re.sub(r"[\s\u00a0\u202f]+", " ", text))


@cache
def prose(locale: str, path: str) -> str:
    """What a page says, as one line, references left out but names of bodies said."""
    written = everything_read()
    page = next(page for page in (*written.pages[locale], *written.made) if (page.locale, page.path) == (locale, path))
    return plain(
        " ".join(sentence.counted if not sentence.left_out else f"{sentence.shown} {sentence.counted}" for sentence in sentences(page))
    )


def everything(content: Content) -> Iterator[tuple[str, str]]:
    for page in content.all_pages:
        yield page.name, plain(page.text)
    for path, (text, place) in content.facts.texts.items():
        if path.endswith(".note"):  # it explains a choice: "another source says …"
            continue
        yield f"{place} ({path})", plain(f"{text.fr} {text['en']}")


def test_every_rule_has_an_id_of_its_own() -> None:
    ids = [rule.rule for rule in RULES]
    assert len(ids) == len(set(ids)) > 60


@pytest.mark.parametrize("rule", [rule for rule in RULES if isinstance(rule, Said)], ids=lambda rule: rule.rule)
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_what_is_uncertain_is_said_with_care(rule: Said, locale: str) -> None:
    words = plain(getattr(rule, locale))
    assert words in prose(locale, rule.page), f"docs/{locale}/{rule.page}:1: nothing answers '{rule.rule}'. Say again: “{words}”."


def test_a_sentence_that_goes_is_missed() -> None:
    said = next(rule for rule in RULES if isinstance(rule, Said))
    assert plain(said.fr) in prose("fr", said.page)
    assert plain(said.fr) not in prose("fr", said.page).replace("pas de dépassement", "")


@pytest.mark.parametrize("rule", [rule for rule in RULES if isinstance(rule, Never)], ids=lambda rule: rule.rule)
def test_what_must_not_be_said_is_nowhere(rule: Never, content: Content) -> None:
    texts = list(everything(content))
    assert len(texts) > 1000
    found = [(place, match[0]) for place, text in texts if (match := re.search(rule.pattern, text))]
    assert not found, f"'{rule.rule}' forbids these words: {found}"
