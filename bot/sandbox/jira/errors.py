"""Jira's error answers."""

from bot.sandbox.rest.answers import Json, Refused


def refused(status: int, *messages: str, **errors: str) -> Refused:
    """Messages for the whole request, and by field."""
    return Refused(status, {"errorMessages": list(messages), "errors": errors})


def no_issue() -> Refused:
    return refused(404, "Issue does not exist or you do not have permission to see it.")


def invalid_payload() -> Refused:
    return refused(400, "Invalid request payload. Refer to the REST API documentation and try again.")


def told(status: int) -> Json:
    """The body of a fault that the sandbox was told to have."""
    texts = {
        401: "Client must be authenticated to access this resource.",
        403: "Forbidden",
        429: "Rate limit exceeded.",
    }
    return {"errorMessages": [texts.get(status, "Internal server error")], "errors": {}}
