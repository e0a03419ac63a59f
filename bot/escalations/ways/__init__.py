"""How a step of a ladder tells somebody: in Slack, by mail, by Apprise, by a webhook of the company's own."""
