"""What Slack's refusals mean, decided once.

Error codes: https://docs.slack.dev/reference/methods/chat.postMessage#errors and the pages of the other methods.
"""

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.errors import OutsideError

WAIT = {"ratelimited", "rate_limited"}
UNCLEAR = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
LATE = {"expired_trigger_id", "exchanged_trigger_id"}
GONE = {"message_not_found", "thread_not_found", "file_not_found", "no_item_specified"}
BLOCKS = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "block_mismatch", "only_one_table_allowed"}
MISSING = {"unknown_method", "method_deprecated", "method_not_supported_for_channel_type", "not_implemented"}

WORDS = {
    "is_archived": "the channel is archived",
    "channel_not_found": "the channel does not exist, or the bot is not in it",
    "not_in_channel": "the bot is not in that channel: invite it with /invite",
    "restricted_action": "the workspace does not let the bot post there",
    "token_revoked": "the bot token was revoked: install the app again",
    "account_inactive": "the bot's account was deactivated: install the app again",
    "invalid_auth": "the bot token is wrong: set SLACK_BOT_TOKEN",
    "cant_update_message": "the message belongs to somebody else",
    "edit_window_closed": "the message is too old to be edited",
    "msg_too_long": "the message is too long",
    "not_processed": "Slack has the picture and doesn't get ready to show it",
}
DEFAULT_WAIT_S = 5.0


class SlackError(OutsideError):
    """Slack said no for good. `code` is Slack's own word."""

    def __init__(
        self, code: str, *, method: str, retry: bool = False, retry_after_s: float | None = None, detail: str = ""
    ) -> None:
        words = WORDS.get(code, f"{method} answered {code}")
        super().__init__("Slack", words + (f" ({detail})" if detail else ""), retry=retry, retry_after_s=retry_after_s)
        self.code = code
        self.method = method


class SlackBusy(SlackError):
    """Rate limited: nothing was done, `retry_after_s` is set."""


class SlackUnclear(SlackError):
    """Whether it was done is unknown: no answer, a broken answer, a server error."""


class SlackCircles(SlackError):
    """A list whose pages lead in a circle: what was read of it is not all."""

    def __init__(self, method: str) -> None:
        super().__init__("circles", method=method, retry=True, detail="its list of pages leads in a circle")


class MessageGone(SlackError):
    """The message or thread that was meant no longer exists."""


class BlocksRefused(SlackError):
    """Slack does not take these blocks; plain ones may go."""


class MethodMissing(SlackError):
    """This server does not have the method."""


class FormTooLate(SlackError):
    """A form can be opened once, within 3 seconds of what the person did."""

    def __init__(self, code: str, *, method: str, detail: str = "") -> None:
        super().__init__(code, method=method, detail=detail)
        self.sentence = "That took too long, so Slack opened no form. Press again."


def explained(error: Exception, method: str) -> SlackError:
    """The error of one Web API call as one of the classes above."""
    if isinstance(error, SlackApiError):
        return _answered(error, method)
    return SlackUnclear("no_answer", method=method, retry=True, detail=type(error).__name__)


def explained_status(status: int, headers: Mapping[str, str], method: str, body: str = "") -> SlackError | None:
    """The error of an answer that is a status (uploads, response_url), and of what its body says of blocks."""
    code = f"http_{status}"
    refused = next((known for known in BLOCKS if f'"{known}"' in body), "")
    if refused and status != 429:
        return BlocksRefused(refused, method=method)
    if status == 429:
        return SlackBusy("ratelimited", method=method, retry=True, retry_after_s=_seconds(headers.get("Retry-After")))
    if status >= 500:
        return SlackUnclear(code, method=method, retry=True)
    return SlackError(code, method=method) if status >= 400 else None


def _answered(error: SlackApiError, method: str) -> SlackError:
    response = error.response
    status = int(getattr(response, "status_code", 0) or 0)
    data = _data(response)
    code = str(data.get("error") or (f"http_{status}" if status else "no_answer"))
    if status == 429 or code in WAIT:
        return SlackBusy("ratelimited", method=method, retry=True, retry_after_s=_retry_after_s(response))
    if status >= 500 or code in UNCLEAR or not data:
        unknown = status in (404, 501)
        return (MethodMissing if unknown else SlackUnclear)(code, method=method, retry=not unknown)
    kinds = ((GONE, MessageGone), (BLOCKS, BlocksRefused), (MISSING, MethodMissing), (LATE, FormTooLate))
    kind = next((error_type for codes, error_type in kinds if code in codes), SlackError)
    return kind(code, method=method, detail=_detail(data, code))


def _data(response: object) -> Mapping[str, Any]:
    data = response if isinstance(response, Mapping) else getattr(response, "data", None)
    return data if isinstance(data, Mapping) else {}


def _detail(data: Mapping[str, Any], code: str) -> str:
    if code == "missing_scope":
        return f"the app needs the scope {data.get('needed', '?')}; add it and install the app again"
    messages = (data.get("response_metadata") or {}).get("messages") or []
    return "; ".join(map(str, messages))[:300]


def _retry_after_s(response: object) -> float:
    headers = {str(k).lower(): v for k, v in dict(getattr(response, "headers", None) or {}).items()}
    value = headers.get("retry-after")
    return _seconds(value[0] if isinstance(value, list) and value else value)


def _seconds(value: Any) -> float:
    try:
        return max(0.0, float(value))
    except (TypeError, ValueError):
        return DEFAULT_WAIT_S
