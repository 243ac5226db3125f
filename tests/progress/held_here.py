"""What somebody types: a question, a whole draft, a licensed text, a client's goals."""

from rapport.progress.adapting import actions as adaptive
from rapport.progress.adapting import queries, rules
from rapport.progress.measures import banks, instruments
from rapport.progress.measures.links import Holder
from rapport.progress.own import actions, items, licensing
from rapport.progress.own.models import PracticeForm
from tests.factories import NOW

QUESTION = {
    "kind": "number", "text": "How are you?", "section": "", "answers": [], "low": "badly",
    "high": "well", "counts": True, "turned": False, "part": "", "ask_if": None, "alert": None,
}  # fmt: skip
SAID = {"scale": "0-10", "better": "lower", "low_words": "not at all", "high_words": "very much"}
ISI = {
    "title": "Sleep", "intro": "In the last 2 weeks:",
    "items": {str(n): f"Typed words {n}" for n in range(1, 8)},
    "answers": {"set-1": ["none", "little", "some", "much", "all"]}, "own": {},
}  # fmt: skip
LICENCE = {"held": True, "reference": "order 4711"}


def question(**given):
    return {**QUESTION, **given}


def draft(*questions, **given):
    keyed = [{**one, "key": str(n)} for n, one in enumerate(questions, 1)]
    return {**actions.EMPTY, "title": "Sleep diary", "scoring": "sum", "questions": keyed} | given


def built(by, *questions, now=NOW, **given):
    """A questionnaire of the practice's own, published."""
    form = actions.begin(by=by, title="Sleep diary", language="en", now=now)
    form.draft = draft(*questions, **given)
    form.draft["last"] = len(questions)
    PracticeForm.save(form, update_fields=["draft"])
    actions.publish(by=by, form=form, now=now)
    return form


def licensed(by, shell="isi", *, now=NOW, same=False, language="en", **given):
    """Words typed into a shell."""
    return licensing.type_in(
        by=by, shell=shell, language=language, said=ISI | given, licence=LICENCE, same=same,
        now=now,
    )  # fmt: skip


def words_of(bank, *keys):
    """Words for those items of a bank, or for all of them, as a practice types them in."""
    every = [item.key for item in banks.get(bank).content.items]
    return {key: f"Typed words {key}" for key in keys or every}


def gone_through(by, client, choose, *, bank="promis-depression", now=NOW):
    """An adaptive test asked, answered as ``choose`` says by key, and handed in: its sheet."""
    put = adaptive.ask(by=by, client=client, bank=bank, way="LINK", stops=rules.STANDARD, now=now)
    who, asked = Holder(put.asked.pk), put.asked
    item = instruments.askable(bank, asked.version)
    while (test := queries.running(asked=asked, item=item)).coming is not None:
        asked = adaptive.take(by=who, asked=asked, key=test.coming, answer=choose(test.coming),
                              turn=test.turn, now=now)  # fmt: skip
    return adaptive.hand_in(by=who, asked=asked, version=asked.version, now=now)


def goal(text, weight=1, **given):
    levels = [f"{text} {step}" for step in ("far below", "below", "as hoped", "above", "far above")]
    return {"text": text, "levels": levels, "weight": weight, **given}


def asked_of(client, by, kind="PROBLEMS", *texts, now=NOW, said=SAID):
    """What one client is asked in words of their own."""
    made = [goal(one) if kind == "GOALS" else {"text": one} for one in texts]
    return items.set_items(
        by=by, client=client, kind=kind, items=made, said=said, language="en", now=now
    )  # fmt: skip
