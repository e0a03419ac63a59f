"""What somebody wants done, beside what is wrong or without anything being wrong. Pure."""

from typing import Final

from bot.reading.word_lists import listed

WISHES: Final = {
    "refund": """
        refund*, money back, chargeback*, reimburs*, ruckerstatt*, erstattung, erstatten, geld zuruck, rembours*
        reembols*, devolucion
        devolver ~ dinero, estorno*, dinheiro de volta, rimbors*, terugbetal*, geld terug, zwrot pieniedzy, zwrotu
        zwrot srodkow
    """,
    "cancel": """
        cancel ~ subscription, cancel ~ plan, cancel ~ account, cancel ~ renewal, cancel ~ membership, cancel auto*
        unsubscribe, cancellation
        stop ~ renewal, turn off ~ renewal, delete ~ account, close ~ account, kundigen, kundigung, kundige
        abo beenden, konto loschen, resilier
        resiliation, annuler ~ abonnement, desabonner, supprimer ~ compte, cancelar ~ suscripcion, darme de baja
        baja ~ suscripcion, anular ~ suscripcion
        cancelar ~ assinatura, cancelamento, disdire, disdetta, annullare ~ abbonamento, cancellare ~ abbonamento
        opzeggen, opzegging
        abonnement stopzetten, anulowac, anulowanie, rezygnacja, zrezygnowac, wypowiedzi*
    """,
    "invoice": """
        invoice*, receipt*, vat, tax number, proof of payment, rechnung, rechnungen, beleg, quittung, facture
        factures, factura*, recibo*, nota fiscal
        fattura*, ricevuta, factuur*, betaalbewijs, faktur*, rachunek
    """,
}
"""By key."""


def wish_phrases() -> dict[tuple[str, str], tuple[str, ...]]:
    return {("wish", key): listed(text) for key, text in WISHES.items()}
