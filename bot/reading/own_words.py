"""What of a text is the customer's own: no quoted history, no signature, no HTML, no addresses. Pure.

The result is in the form in which texts are compared: NFKC, without case, with plain apostrophes and single spaces.
"""

import html
import re
import unicodedata

READ_MAX = 4_000
"""Characters of one's own words that are read; a mail's history and logs below name anything."""
_CLEANED_MAX = 24_000
"""Characters that are looked at to find them."""

# fmt: off
_PLAIN = str.maketrans({
    "’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "\u00a0": " ", "\u200b": "", "\u200c": "", "\u200d": "",
    "\ufeff": "", "\u00ad": "", "\x00": "", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x85": "\n",
    "\x0b": "\n", "\x0c": "\n",
    "‐": "-", "‑": "-", "−": "-", "\u2060": "",
})
# fmt: on
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6]|p|li)\b[^<>]{0,200}>")
_HIDDEN = re.compile(r"<(style|script|head)\b[^<>]{0,200}>[^<]{0,8000}(?:<(?!/\1)[^<]{0,2000}){0,8}</\1>")
_QUOTED_HTML = re.compile(r"<blockquote\b|<div[^<>]{0,100}gmail_quote|<div[^<>]{0,100}(?:divrplyfwdmsg|appendonsend)")
_TAG = re.compile(r"</?[a-z!][^<>]{0,400}>")
_ADDRESS = re.compile(r"(?:https?|ftp)://\S*|(?<!\S)www\.\S+|(?<![\w.+-])[\w.+-]++@[\w.-]*|\[?(?:cid|mailto):\S*")
_SPACE = re.compile(r"[^\S\n]+")
_PICTURE = re.compile(r"\[(?:image|cid|bild|imagen?|inline)[^\]\n]{0,80}\]")

_FORWARDED = re.compile(
    r"^[ *>]{0,3}(?:-{2,20}|_{2,20}|begin )? {0,2}(?:original message|original appointment|forwarded message"
    r"|forwarded by"
    r"|urspr(?:ü|ue)ngliche nachricht|weitergeleitete nachricht|message d'origine|message original"
    r"|message transf[eé]r[eé]"
    r"|mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada|messaggio originale"
    r"|messaggio inoltrato"
    r"|oorspronkelijk bericht|doorgestuurd bericht|(?:oryginalna|pierwotna) wiadomo[sś][cć]"
    r"|wiadomo[sś][cć] (?:oryginalna|przekazana))\b[^\n]{0,40}$",
    re.M,
)
_HEADERS = re.compile(
    r"^\*?(?:from|von|de|da|van|od|fr[aå]n|fra|expéditeur|remitente) ?:\*?[^\n]{1,200}\n(?:[^\n]{0,200}\n){0,2}?"
    r"\*?(?:sent|date|to|gesendet|datum|an|envoy[eé]|à|enviado(?: el)?|fecha|para|data|inviato|a|verzonden|aan"
    r"|wys[lł]ano|do)"
    r" ?:\*?",
    re.M,
)
_WROTE = re.compile(
    r"^(?:on|am|le|el|em|il(?: giorno)?|op|dnia|w dniu|den|pe) [^\n]{4,160}(?:\n[^\n]{0,120})?"
    r"(?:wrote|schrieb(?: [^\n:]{0,80})?|a [eé]crit|escribi[oó]|escreveu|ha scritto|schreef(?: [^\n:]{0,80})?"
    r"|napisa[lł]\(?a?\)?|skrev(?: [^\n:]{0,80})?) ?: *$"
    r"|^[^\n]{2,100} (?:wrote|schrieb am [^\n]{2,60}|schrieb|a [eé]crit|escribi[oó]|escreveu|ha scritto|schreef"
    r"|napisa[lł]\(?a?\)?) ?: *$"
    r"|^#{2}- ?please type your reply|^_{10,}$|^\*{3,}$(?=\n\*?from)",
    re.M,
)
_SENT_FROM = re.compile(
    r"(?:^|(?<=[.!?,] ))(?:sent from (?:my|yahoo|mail|outlook|samsung|proton)|sent with (?:proton|the)|sent via"
    r"|get outlook for"
    r"|(?:von|vom) mein(?:em|er) \w{2,20} gesendet|gesendet (?:von|mit|aus)|diese nachricht wurde von"
    r"|envoy[eé] (?:de|depuis|à partir)"
    r"|enviado (?:desde|do|de|a partir)|enviada do|obter o outlook|obtener outlook|inviato da|scarica outlook"
    r"|verzonden (?:vanaf|met|via)|verstuurd (?:vanaf|met)|wys[lł]an[eoay] z|skickat fr[aå]n|sendt fra)\b[^\n.]{0,80}",
    re.M,
)
_NOTICE = re.compile(
    r"^(?:this (?:e-?mail|message|communication)\b[^\n]{0,80}\b(?:confidential|intended|privileged)"
    r"|confidentiality notice|disclaimer ?:"
    r"|diese e-?mail (?:kann|enth)|ce (?:message|courriel)[^\n]{0,80}confidentiel|este (?:mensaje"
    r"|correo)[^\n]{0,80}confidencial)",
    re.M,
)
_DASHES = re.compile(r"^-{2,3} ?$", re.M)
_CLOSING = (
    r"(?:(?:with |my )?(?:best|kind|kindest|warm|warmest|many)(?: regards| wishes| thanks| greetings)?|regards|rgds"
    r"|br|cheers|sincerely"
    r"|yours(?: truly| sincerely| faithfully)?|thanks(?: a lot| so much| again| in advance| and regards"
    r"| & regards)?|thank you"
    r"(?: so much| very much| in advance)?|thx|ty|take care|respectfully|mit (?:freundlichen|besten|lieben) gr(?:ü"
    r"|ue)(?:ß|ss)en"
    r"|(?:viele|beste|liebe|sch(?:ö|oe)ne|herzliche|freundliche) gr(?:ü|ue)(?:ß|ss)e|gru(?:ß|ss)|mfg|lg|vg"
    r"|danke(?: im voraus| sch(?:ö|oe)n)?"
    r"|vielen dank|besten dank|(?:bien )?cordialement|bien [aà] vous|merci(?: d'avance| beaucoup)?|salutations"
    r"|(?:un )?(?:cordial )?saludos?"
    r"|saludos cordiales|atentamente|(?:muchas )?gracias(?: de antemano)?|atenciosamente|att|(?:muito )?obrigad[oa]"
    r"|cumprimentos|abra[cç]os?"
    r"|(?:cordiali|distinti) saluti|saluti|grazie(?: mille)?|(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?"
    r"|groet(?:en|jes)?|mvg"
    r"|(?:alvast )?bedankt|pozdrawiam|pozdrowienia|z powa[zż]aniem|dzi[eę]kuj[eę]|z g[oó]ry dzi[eę]kuj[eę])"
)
_CLOSED = re.compile(rf"^{_CLOSING}[ ,.!:)-]{{0,4}}(?:\n|\Z|(?:[^\W\d_][\w'.-]{{0,20}} ?){{1,3}}[.!]?(?:\n|\Z))", re.M)
_CLOSED_INLINE = re.compile(
    rf"(?<=[.!?\n)]) ?(?:{_CLOSING})(?: ?[,.!-]+ ?|\s+)(?:[^\W\d_][\w'.-]{{0,20}} ?){{1,3}}[.!]?\s*\Z"
)
_AFTER_ALL = re.compile(r"^(?:p\.? ?p?\.? ?s\b|n\.? ?b\b|edit\b|update\b|nachtrag\b|also\b)[^\n]*", re.M)
_SIGNED_MAX = 600
"""Characters below a closing that are a signature; more is a text that goes on."""
_GREETING = re.compile(
    r"\A\s*(?:hi|hello|hey|hiya|dear|greetings|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen"
    r"|abend)|moin|servus|liebe[rs]?|sehr geehrte[rs]?"
    r"|bonjour|bonsoir|salut|cher|ch[eè]re|hola|buen(?:os|as) (?:d[ií]as|tardes|noches)|estimad[oa]s?|ol[aá]|oi"
    r"|bom dia|boa (?:tarde|noite)|prezad[oa]s?"
    r"|ciao|buongiorno|buonasera|salve|gentile|beste|geachte|goedemorgen|goedemiddag|goedendag|dag|dzie[nń] dobry"
    r"|witam|cze[sś][cć]|szanowni)\b"
    r"(?:[ /]{1,2}[^\W\d_][\w'.-]{0,20}){0,4} ?(?:[,!:;]|\n|- )"
)


def own_words(text: str) -> str:
    """Reads the beginning; what is quoted, signed or an address is left out, and lines stay lines."""
    plain = compared(text[:_CLEANED_MAX])
    if "<" in plain or "&" in plain:
        plain = _without_html(plain)
    plain = _own_part(_SPACE.sub(" ", plain))
    if "/" in plain or "@" in plain or "www." in plain or ":" in plain:
        plain = _ADDRESS.sub(" ", plain)
    return _PICTURE.sub(" ", plain)[:READ_MAX] if "[" in plain else plain[:READ_MAX]


def compared(text: str) -> str:
    """NFKC, without case, with plain quotes and line ends."""
    if text.isascii():
        return text.lower().replace("\r\n", "\n").translate(_PLAIN)
    folded = unicodedata.normalize("NFKC", text.replace("\r\n", "\n")).casefold()
    return unicodedata.normalize("NFKC", folded).translate(_PLAIN)


def _without_html(plain: str) -> str:
    if "<" in plain:
        quoted = _QUOTED_HTML.search(plain)
        plain = plain[: quoted.start()] if quoted and plain[: quoted.start()].strip() else plain
        plain = _TAG.sub(" ", _BREAK.sub("\n", _HIDDEN.sub(" ", plain)))
    return compared(html.unescape(plain)) if "&" in plain else plain


def _own_part(plain: str) -> str:
    """Without what others wrote before, and without signatures."""
    plain = "\n".join(line.strip() for line in plain.split("\n"))
    forwarded = _FORWARDED.search(plain)
    if forwarded and not _has_words(plain[: forwarded.start()]):
        # Nothing but what somebody forwards: then that is what it says.
        plain = _body(plain[forwarded.end() :])
        forwarded = _FORWARDED.search(plain)
    ends = [
        hit.start() for hit in (forwarded, _HEADERS.search(plain), _WROTE.search(plain), _NOTICE.search(plain)) if hit
    ]
    plain = plain[: min(ends)] if ends else plain
    if ">" in plain:
        plain = "\n".join(line for line in plain.split("\n") if not line.startswith(">"))
    plain = _SENT_FROM.sub("", plain)
    dashes = _DASHES.search(plain)
    if dashes and _has_words(plain[: dashes.start()]):
        plain = plain[: dashes.start()]
    return _GREETING.sub("", _unsigned(plain), count=1)


def _unsigned(plain: str) -> str:
    for closed in _CLOSED.finditer(plain):
        rest = plain[closed.end() :]
        if _has_words(plain[: closed.start()]) and len(rest) <= _SIGNED_MAX:
            return plain[: closed.start()] + "\n".join(hit[0] for hit in _AFTER_ALL.finditer(rest))
    return _CLOSED_INLINE.sub("", plain)


def _has_words(plain: str) -> bool:
    return any(char.isalnum() for char in _GREETING.sub("", plain, count=1))


def _body(plain: str) -> str:
    """What stands below the lines of a head: "From: …", "Date: …", "Subject: …"."""
    lines = plain.split("\n")
    for number, line in enumerate(lines):
        if line.strip() and not _HEAD.match(line):
            return "\n".join(lines[number:])
    return ""


_HEAD = re.compile(
    r"\*?(?:from|sent|date|to|subject|cc|reply-to|von|an|gesendet|datum|betreff|de|à|objet|envoyé|para|asunto|fecha"
    r"|assunto|enviado"
    r"|da|a|oggetto|data|inviato|van|aan|onderwerp|verzonden|od|do|temat|wysłano) ?:"
)
