"""Addresses of messages for people, where Slack can't be asked. Pure."""


def message_address(workspace_url: str, channel: str, ts: str) -> str:
    """As chat.getPermalink makes them (https://docs.slack.dev/reference/methods/chat.getPermalink); "" without a
    workspace."""
    return f"{workspace_url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}" if workspace_url else ""
