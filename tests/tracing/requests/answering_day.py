"""A day on which everything happens to one request: asked, again, answered with names, taken back."""

from lanbi.tracing.requests.answering import SaleGiven
from tracing.requests.states import DEALER, SALE, Exchange


def answered_with_names(exchange: Exchange) -> None:
    """Asked with words, more needed, asked again, answered by name with two persons, partly taken back."""
    haiti, dominicana = exchange.haiti, exchange.dominicana
    rules = haiti.rules("DO")
    firearm = haiti.seized(rules)
    request = haiti.ask(firearm, text="Tanpri, vit.")
    exchange.carry()
    came = dominicana.step("acknowledge", dominicana.came())
    dominicana.step("need_more", came, ["firearm.importer"], "¿Quién lo importó?")
    exchange.carry()
    haiti.state("firearm", {"importer": "Enpòtatè Envante"}, rules, of=firearm)
    haiti.send(haiti.approve(request))
    exchange.carry()
    dominicana.step("progress", dominicana.step("acknowledge", came))
    person = dominicana.state(
        "person", {"role": "purchaser", "name": "Moun Envante"}, dominicana.rules("HT-PAP")
    )
    sale = SaleGiven(values=SALE, dealer=DEALER, buyer_id=person.id, reference="Libro 7")
    dominicana.step("answer", came, outcome="purchaser", sale=sale, purchaser=True, text="Reservado.")
    dominicana.approve(came)
    exchange.carry()
    serial = next(one.id for one in haiti.statements(firearm.id) if one.prop == "serial")
    haiti.do(lambda tx: haiti.tracing.withdraw(tx, [serial], "error"))
    (made,) = dominicana.entities("acquisition")
    dates = [one.id for one in dominicana.statements(made.id) if one.prop == "date"]
    dominicana.do(lambda tx: dominicana.tracing.withdraw(tx, dates, "correction"))
    exchange.carry()
    assert haiti.now(request).purchaser == "sealed"
    assert haiti.story(request)[-2:] == ["withdrawn", "withdrawn"]
