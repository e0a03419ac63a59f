"""Where the reading of a list went on: a server whose pages lead in a circle, or never end, is found out. Pure."""

PAGES_MAX = 1_000


class Trail:
    """Where one reading has been. `first` is where it begins, "" where that has no name."""

    def __init__(self, first: str = "", *, most: int = PAGES_MAX) -> None:
        self._been = {first}
        self._most = most

    def circles(self, place: str) -> bool:
        """Whether the reading was at this next place before, or has gone on for longer than any list."""
        if place in self._been or len(self._been) >= self._most:
            return True
        self._been.add(place)
        return False
