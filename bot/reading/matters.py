"""What somebody wants or complains of exactly, where a class of symptoms has things that are not the same. Pure.

Cards that are declined and refunds are both about payment; who asks for the one is not helped with the other.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.reading.clauses import Clause, Verdict
from bot.reading.cues import FAILS, STATE
from bot.reading.lexicon import Hit
from bot.reading.symptoms import PLAIN, names_only
from bot.reading.word_lists import listed

DECLINED: Final = "declined"
CHARGED: Final = "charged"
QUESTION: Final = "question"
"""Something is asked or wanted, and nothing is wrong."""
_SENTENCE = 2

_PHRASES: Final = {
    DECLINED: """
        declin*, card ~ refused, card ~ rejected, card ~ fails, card ~ failed, card ~ not accepted, cards ~ refused
        cards ~ rejected, payment ~ fail*, payments ~ fail*, payment error, paypal ~ fail*, paypal ~ not work*
        paypal error, payment ~ refused, payment ~ rejected
        payment ~ not go through
        payment ~ not work*, payment ~ gone, cant pay, cannot pay, unable to pay, can not pay, couldnt pay
        cant renew, cannot renew, checkout error, checkout ~ blank, payment page ~ white, checkout ~ spins
        error ~ payment, error at checkout, something went wrong, not ~ accept my card, 3d secure, 3ds
        karte ~ abgelehnt*, zahlung ~ abgelehnt*, karte ~ nicht akzeptiert, zahlung ~ fehl*, zahlung ~ nicht
        nicht bezahlen, carte ~ refus*, cartes ~ refus*, paiement ~ refus*, paiement ~ echou*, paiement ~ echec
        impossible de payer, tarjeta ~ rechazad*, pago ~ rechazad*, rechazad*, pago ~ fall*, no puedo pagar
        recusad*, pagamento ~ falh*, rifiutat*, pagamento ~ non, geweigerd, betaling ~ mislukt, odrzucon*
        platnosc ~ nie
    """,
    CHARGED: """
        charged twice, charged ~ twice, charged two times, charged again, charged 2*, charged three times
        double charge*, double payment, two payments, duplicate charge, duplicate payment, billed twice
        billed ~ twice, paid twice, two times, charged ~ wrong, wrong amount, overcharg*, unauthorised charge
        unauthorized charge
        doppelt ~ abgebucht, zweimal ~ abgebucht, doppelt ~ berechnet, debite deux fois, preleve deux fois
        double prelevement, cobrado dos veces, cobraron ~ dos veces, cobro duplicado, cobrado duas vezes
        addebitat* due volte, dubbel ~ afgeschreven, pobran* dwa razy
    """,
    QUESTION: """
        how do i, how can i, how to, do i need, please change, please correct, where do i, where can i, where is the
        where does, where to, which server, which location, which one, which of, which is, which payment
        what is the price, what is the ip, what dns, how fast, how many, how much, do you offer, do you plan
        do you have, do you take, do you accept, do you recommend, do you keep, do you sell, is it possible
        possible to
        is there a way, is there a trial, could i use, can i use, can i pay, can a company, can the app
        could you add, please add, feature request, would be nice, should have, recommend*, are you hiring
        supported, port forwarding possible, forwarding possible, dedicated ip, dedicated address, static ip
        static address, promo code, coupon, discount, just wanted to, thank you for, well done
        config for, configuration for, send me the config*, wireguard config*, openvpn config*, openvpn file
        setup guide
        wie kann ich, wie geht das, wo finde ich, welcher server, gibt es, ist es moglich, kann man, comment faire
        ou trouver, quel serveur, est il possible, puis je, como puedo, donde encuentro, que servidor, es posible
        hay alguna, como faco, qual servidor, come posso, quale server, hoe kan ik, welke server, jak moge
        ktory serwer
    """,
}
"""In eight languages, the common ones first; without accents and apostrophes they count the same."""


def matter_phrases() -> dict[tuple[str, str], tuple[str, ...]]:
    return {("matter", key): listed(text) for key, text in _PHRASES.items()}


def matters_of(clauses: Sequence[Clause]) -> Iterator[Hit]:
    """What is said, each once; that something is asked or wanted only where nothing says that something is wrong."""
    found: dict[str, Hit] = {}
    wrong, sentence = False, list[Clause]()
    for clause in clauses:
        if clause.rank == _SENTENCE:
            wrong |= _wrong(sentence)
            sentence = []
        sentence.append(clause)
        for hit in clause.hits:
            if hit.kind in ("matter", "wish"):
                what = hit.value if hit.kind == "matter" else QUESTION
                found.setdefault(what, hit._replace(value=what))
    if wrong or _wrong(sentence):
        found.pop(QUESTION, None)
    yield from found.values()


def _wrong(sentence: Sequence[Clause]) -> bool:
    """Names of services and of parts of a bill are no trouble, nor is what somebody asks about."""
    asks = any(hit.value == QUESTION for clause in sentence for hit in clause.hits if hit.kind == "matter")
    for clause in sentence:
        if any(hit.kind == "verb" or (_says(hit) and not asks) for hit in clause.trouble):
            return True
        if any(hit.kind == "matter" and hit.value != QUESTION for hit in clause.hits):
            return True
        if clause.verdict is Verdict.FAILS and any(hit.kind in (FAILS, STATE) for hit in clause.hits):
            return True
    return False


def _says(hit: Hit) -> bool:
    """Whether a word of a symptom says that something is wrong, and not only what it is about."""
    return int(hit.value.rpartition(" ")[2]) >= PLAIN and not names_only(hit.value)
