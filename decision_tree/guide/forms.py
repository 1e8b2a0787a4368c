"""The letters and the local bodies as HTML: forms to fill in on the device, and what they give."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape

from decision_tree.dates import written
from decision_tree.guide.directory import Directory, Found, Where, warnings
from decision_tree.guide.letters import COMPLAINT, CONTACT, HANDED, LETTER, MESSAGE, REACHED, SELF, Field, Letter, Writing, needed
from decision_tree.guide.render import KEPT, Say
from decision_tree.locales import REFERENCE
from decision_tree.model import Body


def letter_form_html(letter: Letter, writing: Writing, preview: str, say: Say) -> str:
    """Return the screen of a letter in three steps: what it needs, details to add, the letter as it grows."""
    required = needed(letter, writing.voice)
    for_others = [name for voice in writing.voices for name in needed(letter, voice)]
    first = dict.fromkeys([*required, *for_others])
    inputs = _fields(first, required, writing, say)
    for_them = letter.kind == LETTER and writing.voice == SELF and not writing.letters.who_signs(writing.answers).themselves
    signed = f'<p>{say.word("letter.they_sign")}</p>' if for_them else ""
    return (f'<h2 id="letter-name" tabindex="-1">{say.text(letter.name)}</h2><p>{say.text(letter.about)}</p>{signed}'
            f'<p class="guide-help">{say.word("letter.note")} {say.law(letter.law)}</p>'
            f'<form data-letter-form="{letter.id}" aria-labelledby="letter-name" class="guide-form" novalidate autocomplete="on">'
            f"<div data-errors></div>"
            f'<h3>{say.word("letter.step.first")}</h3>{_voices(letter, writing, say)}{inputs}'
            f'{_details([name for name in letter.asks if name not in first], writing, say)}'
            f'<button class="button" type="submit">{say.word("letter.prepare")}</button></form>'
            f'<section class="letter-preview"><h3>{say.word("letter.step.preview")}</h3><div data-preview>{preview}</div></section>'
            f'<p class="guide-steps"><button type="button" data-close>{say.word("letter.back")}</button></p>')


def _details(names: Sequence[str], writing: Writing, say: Say) -> str:
    """Return what a letter may say besides, folded until something of it is known."""
    if not names:
        return ""
    known = any(writing.said(name) for name in names)
    return (f'<details class="plan-fold"{" open" if known else ""}><summary>{say.word("letter.step.more")}</summary>'
            f"{_fields(names, (), writing, say)}</details>")


def _fields(names: Iterable[str], required: Sequence[str], writing: Writing, say: Say) -> str:
    fields = writing.letters.fields
    return "".join(_reached(fields[name], writing, name in required, say) if fields[name].kind == CONTACT
                   else _field(fields[name], writing, name in required, say) for name in names)


def _reached(field: Field, writing: Writing, required: bool, say: Say) -> str:
    """Return two inputs, a telephone and an email; the first stands for both when neither is typed."""
    parts = "".join(
        f'<p><label for="l-{part}">{say.word(f"letter.{part}")}</label> <input type="{kind}" id="l-{part}" name="{part}" '
        f'value="{escape(writing.values.get(part, ""))}" autocomplete="{kind}"></p>'
        for part, kind in zip(REACHED, ("tel", "email"), strict=True))
    return f'<fieldset data-field="{field.id}"><legend>{say.text(field.label)}{_mark(required, say)}</legend>{parts}</fieldset>'


def _mark(required: bool, say: Say) -> str:
    return f' <span class="guide-needed">({say.word("letter.needed")})</span>' if required else ""


def _voices(letter: Letter, writing: Writing, say: Say) -> str:
    if letter.kind != LETTER or len(writing.voices) == 1:
        return ""
    choices = "".join(
        f'<label for="l-voice-{voice}"><input type="radio" id="l-voice-{voice}" name="voice" value="{voice}"'
        f'{" checked" if voice == writing.voice else ""}> {say.word(f"letter.voice.{voice}")}</label>' for voice in writing.voices)
    return f'<fieldset data-field="voice"><legend>{say.word("letter.voice")}</legend>{choices}</fieldset>'


def _field(field: Field, writing: Writing, required: bool, say: Say) -> str:
    name, value = f"l-{field.id}", writing.values.get(field.id, "")
    known = writing.answers.get(field.id)
    if not value and isinstance(known, date):
        value = known.isoformat()
    help_ = "" if field.help is None else f' <span class="guide-help" id="{name}-help">{say.text(field.help)}</span>'
    described = f' aria-describedby="{name}-help"' if help_ else ""
    fill = f' autocomplete="{escape(field.fill or "off")}"'
    attributes = f'id="{name}" name="{field.id}"{described}{fill}{" required" if required else ""}'
    if field.kind == "text":
        control = f'<textarea rows="{6 if field.id == "facts" else 3}" {attributes}>{escape(value)}</textarea>'
    else:
        kind = "date" if field.kind == "day" else "text"
        control = f'<input type="{kind}" value="{escape(value)}" {attributes}>'
    group = f' role="group" aria-labelledby="{name}-name"' if field.kind == "day" else ""   # each part of a date is a stop
    return (f'<p data-field="{field.id}"{group}><label id="{name}-name" for="{name}">{say.text(field.label)}{_mark(required, say)}</label>'
            f"{help_}{control}</p>")


def errors_html(letter: Letter, missing: Sequence[str], writing: Writing, say: Say) -> str:
    """Return the summary of what is missing, each a link to its field."""
    fields = writing.letters.fields
    items = "".join(f'<li><a href="#l-{place}" data-to="l-{place}">{say.word("letter.fill")}{say.colon} '
                    f"{say.text(fields[name].label)}</a></li>" for name, place in zip(missing, asked(missing, writing), strict=True))
    law = f'<p>{say.word("letter.minimum")} ({say.law(letter.law)}).</p>' if letter.proof == COMPLAINT else ""
    return (f'<div class="guide-errors" role="group" aria-labelledby="letter-missing" tabindex="-1">'
            f'<h3 id="letter-missing">{say.word("letter.missing")}</h3>{law}<ul>{items}</ul></div>')


def asked(missing: Sequence[str], writing: Writing) -> list[str]:
    """Return the input that stands for each missing field."""
    return [REACHED[0] if writing.letters.fields[name].kind == CONTACT else name for name in missing]


def preview_html(french: str, own: str, say: Say) -> str:
    """Return a letter as it grows, in French as it is sent; beside it, in another locale, a copy to read."""
    shown = f'<div class="letter-reading" lang="{REFERENCE}">{escape(french)}</div>'
    if say.locale == REFERENCE:
        return shown
    return (f'<div class="letter-pair"><div><h4>{say.word("letter.sent")}</h4>{shown}</div>'
            f'<div><h4>{say.word("letter.english")}</h4><div class="letter-reading">{escape(own)}</div></div></div>')


def letter_html(letter: Letter, french: str, own: str, say: Say) -> str:
    """Return the finished letter: the French text to correct, what can be done with it and then, and a copy to read in another locale."""
    reading = "" if say.locale == REFERENCE else (
        f'<h3>{say.word("letter.english")}</h3><div class="letter-reading">{escape(own)}</div>')
    buttons = " ".join(f'<button type="button" class="button button--quiet" data-letter-do="{act}">{say.word(f"letter.{act}")}</button>'
                       for act in ("copy", "print", "txt", "docx", "pdf"))
    rows = french.count("\n") + 4
    then = " ".join(say.word(word) for word in _then(letter))
    text = (f'<textarea class="letter-text" lang="fr" aria-labelledby="letter-ready" rows="{rows}" data-letter-text spellcheck="true">'
            f"{escape(french)}</textarea>")
    both = f'<div class="letter-pair"><div>{text}</div><div>{reading}</div></div>' if reading else text
    return (f'<h3 id="letter-ready" tabindex="-1">{say.word("letter.french")}</h3>{both}'
            f'<p class="letter-acts">{buttons}</p><p role="status" data-letter-said></p><p>{then}</p>')


def _then(letter: Letter) -> tuple[str, ...]:
    """Return the words that say what to do with a letter; a sure date of receipt: code de la santé publique, art. R. 1110-11."""
    if letter.kind == MESSAGE:
        return ()
    return ("letter.sign", *{COMPLAINT: ("letter.proof",), HANDED: ()}.get(letter.proof, ("letter.receipt",)))


def local_form_html(typed: Mapping[str, str], bodies: Sequence[Body], say: Say) -> str:
    """Return the form that asks where; only for bodies that depend on a place."""
    places = {body.place for body in bodies}
    asks = [name for name, whose in (("place", "professional"), ("own", "patient")) if whose in places]
    if not asks:
        return ""
    fields = "".join(
        f'<p data-field="{name}"><label for="p-{name}">{say.word(f"local.{name}")}</label> <span class="guide-help" id="p-{name}-help">'
        f'{say.word("local.help")}</span><input type="text" id="p-{name}" name="{name}" autocomplete="{FILLED[name]}" spellcheck="false" '
        f'aria-describedby="p-{name}-help" value="{escape(typed.get(name, ""))}"></p>' for name in asks)
    button = f'<button class="button button--quiet" type="submit">{say.word("local.do")}</button>'
    return (f'<section class="guide-local"><h3 id="local">{say.word("local.title")}</h3>'
            f'<form data-local aria-labelledby="local" class="guide-form" novalidate>{fields}{button}</form>'
            f'<div data-found role="status"></div></section>')


FILLED = {"place": "off", "own": "postal-code"}   # only the second is the person's own; on a shared device neither is kept


def local_html(directory: Directory, places: Sequence[Found], own: Sequence[Found], say: Say) -> str:
    """Return what stands at the place of the professional, and the patient's own fund."""
    parts = []
    if len(places) > 1:
        parts.append(f'<p>{say.word("local.several")}</p>')
    parts += [_found(directory, one, say) for one in places]
    for one in own:
        name = escape(one.departement.name)
        parts.append(f'<h4>{say.word("local.own_fund")}, {name}</h4><div lang="fr" {KEPT}>{_funds(directory, one) or name}</div>')
    if directory.taken:
        parts.append(f'<p>{say.word("local.official")} {escape(written(date.fromisoformat(directory.taken), say.locale))}{say.colon} '
                     f'<span lang="fr" {KEPT}>{escape(directory.source)}</span>.</p>')
    official = f'<a href="{escape(directory.official)}">{escape(directory.official)}</a>'
    parts.append(f'<p>{say.label("local.addresses")} {official}. {say.word("local.compared")} '
                 f"{escape(written(date.fromisoformat(directory.compared), say.locale))}.</p>")
    return "".join(parts)


def _funds(directory: Directory, found: Found) -> str:
    """Return the names of the funds, each with its address where it is known."""
    wheres = [directory.funds_where.get(fund.id) for fund in found.funds]
    return ("<br>" if any(wheres) else ", ").join(
        f"{escape(fund.name)}{_where(where)}" for fund, where in zip(found.funds, wheres, strict=True))


def _where(where: Where | None) -> str:
    if where is None:
        return ""
    page = f'<a href="{escape(where.page)}">{escape(where.page)}</a>' if where.page else ""
    lines = "".join(f"<br>{line}" for line in (*map(escape, where.address), escape(where.phone or ""), page) if line)
    return f"<span {KEPT}>{lines}</span>" if lines else ""


def _found(directory: Directory, found: Found, say: Say) -> str:
    rows = []
    if found.funds:
        word = "local.funds_several" if len(found.funds) > 1 else "local.funds"
        rows.append(f'<dt>{say.word(word)}</dt><dd lang="fr" {KEPT}>{_funds(directory, found)}</dd>')
    if found.order is not None:
        council = say.word("local.council_unknown") if found.council is None else say.text(found.council)
        site = f'<a href="{escape(found.order.site)}">{escape(found.order.site)}</a>'
        rows.append(f'<dt>{say.word("local.council")}</dt><dd>{council}{say.colon} {site}. {say.word("local.registered")}'
                    f"{_where(found.council_where)}</dd>")
    notes = "".join(f"<li>{escape(note)}</li>" for note in warnings(found, say.locale))
    return f'<h4>{escape(found.departement.name)}</h4><dl>{"".join(rows)}</dl>{f"<ul>{notes}</ul>" if notes else ""}'
