"""The help desk that is configured."""

from urllib.parse import urlsplit

from bot.clock import Clock
from bot.settings import Settings
from bot.tickets.places import KNOWN_PLACES, PlaceFields, PlaceFinder
from bot.tickets.zendesk.desk import ZendeskDesk
from bot.tickets.zendesk.login import ApiToken, ClientCredentials, Credentials, OAuthToken


def build_desk(settings: Settings, clock: Clock) -> ZendeskDesk | None:
    """The help desk that is configured, if one is."""
    if not settings.tickets_enabled:
        return None
    zendesk = settings.zendesk
    return ZendeskDesk(
        url=zendesk.url,
        agent_url=zendesk.agent_url,
        credentials=_credentials(settings),
        clock=clock,
        places=_places(settings),
    )


def link_hosts(settings: Settings) -> frozenset[str]:
    """Hosts whose ticket links are ours."""
    own = (urlsplit(url).netloc.lower() for url in (settings.zendesk.url, settings.zendesk.agent_url) if url)
    return frozenset([*own, *settings.tickets.link_hosts])


def _places(settings: Settings) -> PlaceFinder:
    """Customers write the names of gateways too, so those are no places of theirs."""
    tickets = settings.tickets
    names = (
        name for target in settings.catalog() for name in (target.key, target.title, *target.aliases, *target.search)
    )
    return PlaceFinder(
        fields=PlaceFields(field_id=tickets.place_field, tag_prefix=tickets.place_tag_prefix),
        places=settings.globalping.places or KNOWN_PLACES,
        own_names=tuple(dict.fromkeys(names)),
    )


def _credentials(settings: Settings) -> Credentials:
    """OAuth client credentials first, API tokens last: Zendesk ends them on 30 April 2027."""
    zendesk = settings.zendesk
    if zendesk.client_id:
        return ClientCredentials(zendesk.client_id, zendesk.client_secret.get_secret_value())
    if zendesk.oauth_token.get_secret_value():
        return OAuthToken(zendesk.oauth_token.get_secret_value())
    return ApiToken(zendesk.email, zendesk.token.get_secret_value())
