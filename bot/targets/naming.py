"""What an investigation is about, as far as its target and its symptom say it. Pure."""

from bot.mentions import NOTHING, About, Names, Said, about, names
from bot.targets.model import Catalog


class Naming:
    """Knows what people call each target."""

    def __init__(self, *, catalog: Catalog) -> None:
        self._catalog = catalog
        self.names: Names = names(
            {target.key: (target.key, target.title, *target.aliases, *target.search) for target in catalog}
        )

    def trouble(self, target_key: str, symptom: str) -> About:
        """The symptom's platforms, else those that the target's own name names."""
        target = self._catalog.named(target_key)
        found = about(symptom, targets=self.names)
        own = about(" ".join((target.title, *target.aliases)))
        platforms = found.platforms if found.platforms != NOTHING else own.platforms
        return About(platforms, found.browsers, found.targets | Said(frozenset((target_key,))), found.topics)
