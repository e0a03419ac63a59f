"""Recognizes what people and forms write where they have nothing to say, such as "TBC" for a workaround. Pure."""

import re
import unicodedata
from functools import cache

_LONGEST = 200
"""Characters; who writes more says something."""
_CODES = re.compile(r":[\w+-]{1,50}+:")
_PART = re.compile(r"(?<=\w\w)[.!?;:](?=\s|$)|[\n,()]")
_LATER = re.compile(r"\A(?:tb[acd]\b|to be (?:confirmed|determined|announced|advised|defined|decided)\b)")
"""A text that begins so says when or by whom, and not what."""
_WORD = re.compile(r"[^\W_]+")

# fmt: off
_EMPTY = (
    "tbc tbd tba tbh wip todo na nil null none nothing unknown unclear undefined missing empty blank pending awaiting "
    "investigating investigated investigation soon determined confirmed announced defined decided unavailable xxx "
    "keine keiner keins nichts nein unbekannt unklar offen folgt ausstehend geklärt nachgereicht klärung entfällt "
    "ninguno ninguna nada desconocido desconocida pendiente confirmar definir determinar indisponible "
    "aucun aucune rien néant inconnu inconnue confirmer définir déterminer indisponible "
    "nessuno nessuna niente sconosciuto sconosciuta confermare definire determinare attesa "
    "nenhum nenhuma desconhecido desconhecida pendente confirmar "
    "geen niets onbekend onduidelijk volgt nntb ntb nvt bepalen bevestigen "
    "brak nieznane nieznany niedostępne ustalenia potwierdzenia żadne żadnego "
    "no not isn aren hasn nicht kein sin pas non nessun não sem niet nie"
)
"""Each of these says that there is nothing, where beside it stand only words of the second kind."""
_BESIDE = (
    "a an any as at be been being by can exist exists existing found for from has have here identified in is it known "
    "moment now of one ones other our present possible progress provided right given available applicable "
    "required needed necessary so far still sorry that the there this time to unfortunately under until us we work "
    "workaround workarounds around solution solutions fix temporary temporarily mitigation yet currently coming later "
    "know i s re m on are waiting development dev devs team engineering developers "
    "aktuell bekannt bekannte bekannter bekannten bisher derzeit es gibt im in zur zeit zurzeit moment momentan leider "
    "noch noch nötig notwendig vorhanden verfügbar wir haben wird wurde umgehung umgehungslösung behelf behelfslösung "
    "übergangslösung lösung angabe angaben möglich arbeit bestimmt zu k g t n a o "
    "actualmente ahora aún alternativa alternativo ahora conoce conocida conocido de del disponible el existe hay la "
    "momento por provisional se solución temporal todavía aplica "
    "actuellement à ce jour connu connue contournement de d disponible encore existe il instant l la le moment n ne "
    "applicable temporaire pour solution venir y est pas "
    "al ancora applicabile attualmente c conosciuta conosciuto da di disponibile è esiste il in momento nota noto ora "
    "per provvisoria soluzione temporanea d stato trovata "
    "ainda agora até atualmente conhecida conhecido contorno de disponível enquanto existe foi há momento no por "
    "solução temporária alternativa encontrada aplicável se "
    "beschikbaar bekend dit er is momenteel moment nader nog omweg op oplossing tijdelijke te van toepassing v t voor "
    "chwili dotyczy do jeszcze jest ma na obecnie obejścia obejście rozwiązania razie tej tymczasowe tymczasowego w "
    "znane znanego znany"
)
MISSING = frozenset((
    "", "n/a", "k.a.", "k. A.", "n.v.t.", "n.b.", "n.d.", "s/n", "n.a.", "T.B.C.", "T.B.D.", "T.B.A.",
    "-", "—", "?", "...", "…", "no response", "_No response_",
    "none", "none yet", "none known", "none so far", "nothing", "no", "tbd", "TBC", "tba", "todo", "unknown",
    "not known", "not yet", "not available", "not applicable", "no workaround", "no workaround known",
    "no known workaround", "to be confirmed", "under investigation", "keine", "keiner", "keins", "nein", "unbekannt",
    "nicht bekannt", "noch keine", "noch keiner", "k.a", "ninguno", "ninguna", "desconocido", "aucun", "aucune",
    "inconnu", "nessuno", "nessuna", "nenhum", "nenhuma", "geen", "brak",
))
# fmt: on
"""The usual forms; others are told by their words."""


def says_nothing(text: str) -> bool:
    """Whether it holds nothing but words for nothing, whatever marks stand around them."""
    if len(text) > _LONGEST:
        return False
    plain = _plain(_CODES.sub(" ", text))
    if not _WORD.search(plain) or _folded(plain) in _usual():
        return True
    parts = [{"tbc"} if _LATER.match(part.lstrip()) else set(_WORD.findall(part)) for part in _PART.split(plain)]
    return all(part <= _words(_EMPTY) | _words(_BESIDE) for part in parts) and any(
        part & _words(_EMPTY) for part in parts
    )


def _plain(text: str) -> str:
    """Removes case, accents, and the apostrophes inside a word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn")


def _folded(plain: str) -> str:
    return " ".join(_WORD.findall(plain))


@cache
def _usual() -> frozenset[str]:
    return frozenset(_folded(_plain(word)) for word in MISSING)


@cache
def _words(listed: str) -> frozenset[str]:
    return frozenset(_plain(listed).split())
