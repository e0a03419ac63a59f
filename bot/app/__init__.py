"""The only place that reads settings and builds things: adapters, services, Slack, jobs."""
