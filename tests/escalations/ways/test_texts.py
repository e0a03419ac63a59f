"""What a step says outside Slack: whole, short, and harmless."""

from hypothesis import given
from hypothesis import strategies as st

from bot.escalations.ways.texts import SMS_MAX, SUBJECT_MAX, TEXT_MAX, sms, subject, text
from tests.escalations.ways.tellings import LINK, POST, telling
from tests.hostile import SAMPLES

GSM = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà^{}\\[~]|€")
GSM |= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def test_a_mail_says_what_to_do_and_where() -> None:
    assert subject(telling()) == "P1 INV-12 needs an answer: U.S. East, packet loss"
    assert text(telling()) == (
        f"Acknowledge: {LINK}\nIn Slack: {POST}\n\n"
        "Call the transit provider and ask for another route\n\nU.S. East: about half the packets are lost."
    )


def test_without_a_link_it_says_where_to_answer() -> None:
    """A bot that nobody outside can reach has no links, and Slack may not say yet where the post is."""
    assert text(telling(acknowledge_url="", post_url="")).startswith("Answer INV-12 in Slack.\n\n")
    assert sms(telling(acknowledge_url="")).endswith(" Answer in Slack.")


def test_a_text_message_is_one() -> None:
    """With the whole link, in letters that every phone network has."""
    said = sms(telling(request="Call “Transit” – and ask for another route… today, as customers wait since 09:02 UTC"))

    assert len(said) <= SMS_MAX
    assert said.endswith(f" Ack: {LINK}")
    assert said.startswith("P1 INV-12: U.S. East, packet loss. Call")
    assert set(said) <= GSM


def test_a_long_title_leaves_the_link_whole() -> None:
    said = sms(telling(title="x" * 500))

    assert len(said) <= SMS_MAX
    assert said.startswith("P1 INV-12: xxx")
    assert said.endswith(f"... Ack: {LINK}")


@given(st.sampled_from(SAMPLES) | st.text(max_size=300), st.sampled_from(SAMPLES) | st.text(max_size=300))
def test_hostile_words_stay_within_their_place(title: str, request: str) -> None:
    """One line for a subject and a text message; nothing that JSON or mail can't bear."""
    one = telling(title=title, request=request, body=(f"{request}\n{title}" * 400)[: 2 * TEXT_MAX])

    assert len(subject(one)) <= SUBJECT_MAX and len(subject(one).splitlines()) == 1
    assert len(sms(one)) <= SMS_MAX and len(sms(one).splitlines()) == 1 and sms(one).endswith(LINK)
    assert len(text(one)) <= TEXT_MAX and LINK in text(one)
    assert "\0" not in subject(one) + sms(one) + text(one)
    (subject(one) + sms(one) + text(one)).encode()
