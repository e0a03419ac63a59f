"""GitHub's error answers."""

from bot.sandbox.rest.answers import Json, Refused

DOCS = "https://docs.github.com/rest"


def problem(status: int, message: str, *, headers: dict[str, str] | None = None, **more: object) -> Refused:
    body: Json = {"message": message, **more, "documentation_url": DOCS, "status": str(status)}
    return Refused(status, body, headers=headers)


def not_found() -> Refused:
    return problem(404, "Not Found")


def gone() -> Refused:
    return problem(410, "This issue was deleted")


def invalid(resource: str, field: str, code: str = "invalid", *, value: object = None, message: str = "") -> Refused:
    """422 with one entry, e.g. ("Issue", "title", "missing_field")."""
    error: Json = {"resource": resource, "field": field, "code": code}
    if value is not None:
        error["value"] = value
    if message:
        error["message"] = message
    return problem(422, "Validation Failed", errors=[error])


def moved(location: str, method: str) -> Refused:
    """301 for reads; 307 for everything that must arrive with its method and body."""
    status, message = (301, "Moved Permanently") if method == "GET" else (307, "Temporary Redirect")
    body = {"message": message, "url": location, "documentation_url": f"{DOCS}/guides/best-practices"}
    return Refused(status, body, headers={"Location": location})


def told(status: int) -> Json:
    """The body of a fault that the sandbox was told to have."""
    messages = {401: "Bad credentials", 403: "Resource not accessible by personal access token", 404: "Not Found"}
    secondary = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    message = {**messages, 429: secondary}.get(status, "Server Error")
    return {"message": message, "documentation_url": DOCS, "status": str(status)}
