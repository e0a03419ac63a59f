"""What the person sees who has a customer forgotten."""

from collections.abc import Mapping
from dataclasses import replace

from bot.forgetting import cards
from bot.forgetting.model import Customer, ForgetOrder, Found, OrderState, Scope, Sought
from commands.forget import LOOKING
from tests.words.plain import Message
from tests.words.records import NOW, at

TICKET = Found({"ticket": 1, "message": 1}, (4,))
WHOLE = Found(
    {"ticket": 2, "ticket read": 3, "log": 1, "line of a timeline": 2, "message": 3},
    (4,),
    ("https://slack.test/C1/1", "https://tracker.test/31"),
    1,
)
ASKED = ForgetOrder(
    3,
    "ULENA",
    NOW,
    OrderState.ASKED,
    typed="48213",
    sought=Sought(Customer(), Customer()),
    of_ticket=TICKET,
    of_customer=WHOLE,
)
DONE = replace(ASKED, state=OrderState.DONE, scope=Scope.CUSTOMER, done=WHOLE, typed="", ended_at=at(1))


def messages() -> Mapping[str, Message]:
    orders = {
        "looked for": replace(ASKED, state=OrderState.LOOKING),
        "a ticket, shown first": ASKED,
        "a customer, Zendesk is away": replace(
            ASKED, sought=Sought(customer=Customer()), typed="m.santos@mail.test", trouble="it does not answer"
        ),
        "nothing stored": replace(ASKED, state=OrderState.NOBODY),
        "several by that name": replace(
            ASKED,
            state=OrderState.NOBODY,
            trouble="Zendesk knows 3 customers by that name. Type the e-mail address",
        ),
        "confirmed": replace(ASKED, state=OrderState.WANTED),
        "the rest waits for Zendesk": replace(
            ASKED, state=OrderState.WAITING, trouble="it does not answer", done=TICKET
        ),
        "done": DONE,
        "done, with what stays": replace(DONE, backups=3, leftover=True),
        "done, one ticket": replace(DONE, done=TICKET),
        "kept": replace(ASKED, state=OrderState.KEPT),
        "nobody confirmed it": replace(ASKED, state=OrderState.EXPIRED),
    }
    listed: dict[str, Message] = {f"Forgetting, {name}": cards.order_card(order) for name, order in orders.items()}
    listed["Words"] = [LOOKING]
    return listed
