"""What of a text is the customer's own: no quoted history, no signature, no HTML, no addresses. Pure.

The result is in the form in which texts are compared: NFKC, without case, with plain apostrophes and single spaces.
"""

import html
import re
import unicodedata
from collections.abc import Sequence

from bot.loose_json import normalized
from bot.reading.word_lists import listed, word_set

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
_ODD = re.compile("[\x00\r\x0b\x0c`]")
_PILED = re.compile(r"[^\w\s!-/:-@\[-`{-~]{31}")
_SPACE = re.compile(r"[^\S\n]+")
_PICTURE = re.compile(r"\[(?:image|cid|bild|imagen?|inline)[^\]\n]{0,80}\]")

_FORWARDED = re.compile(
    r"\A\*?(?:-{2,20}|_{2,20}|begin )? {0,2}(?:original message|original appointment|forwarded message|forwarded by"
    r"|urspr(?:ü|ue)ngliche nachricht|weitergeleitete nachricht|message d'origine|message original"
    r"|message transf[eé]r[eé]"
    r"|mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada|messaggio originale"
    r"|messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht|(?:oryginalna|pierwotna) wiadomo[sś][cć]"
    r"|wiadomo[sś][cć] (?:oryginalna|przekazana))\b.{0,40}"
)
_HEADER = re.compile(
    r"\*?(?:from|sent|date|to|subject|cc|reply-to|von|an|gesendet|datum|betreff|de|à|objet|envoyé|para|asunto|fecha"
    r"|assunto|enviado(?: el)?|da|a|oggetto|data|inviato|van|aan|onderwerp|verzonden|od|do|temat|wysłano|fr[aå]n|fra"
    r"|expéditeur|remitente) ?:"
)
_WROTE = re.compile(
    r"\A(?:(?:on|am|le|el|em|il(?: giorno)?|op|dnia|w dniu|den|pe) .{4,200}?"
    r"(?:wrote|schrieb(?: .{0,80})?|a [eé]crit|escribi[oó]|escreveu|ha scritto|schreef(?: .{0,80})?"
    r"|napisa[lł]\(?a?\)?|skrev(?: .{0,80})?) ?: *"
    r"|.{2,100} (?:wrote|schrieb am .{2,60}|schrieb|a [eé]crit|escribi[oó]|escreveu|ha scritto|schreef"
    r"|napisa[lł]\(?a?\)?) ?: *"
    r"|#{2}- ?please type your reply.*|_{10,})"
)
_SENT_FROM = re.compile(
    r"(?:^|(?<=[.!?,] ))(?:sent from (?:my|yahoo|mail|outlook|samsung|proton)|sent with (?:proton|the)|sent via"
    r"|get outlook for|(?:von|vom) mein(?:em|er) \w{2,20} gesendet|gesendet (?:von|mit|aus)"
    r"|diese nachricht wurde von|envoy[eé] (?:de|depuis|à partir)|enviado (?:desde|do|de|a partir)|enviada do"
    r"|obter o outlook|obtener outlook|inviato da|scarica outlook|verzonden (?:vanaf|met|via)"
    r"|verstuurd (?:vanaf|met)|wys[lł]an[eoay] z|skickat fr[aå]n|sendt fra)\b[^\n.]{0,80}",
    re.M,
)
_SENT_WORDS = (
    "sent ",
    *listed("outlook, gesendet, nachricht wurde, envoy, enviad, inviato, verzonden, verstuurd, wys, skickat"),
)
_NOTICE = re.compile(
    r"this (?:e-?mail|message|communication)\b.{0,80}\b(?:confidential|intended|privileged)|confidentiality notice"
    r"|disclaimer ?:|diese e-?mail (?:kann|enth)|ce (?:message|courriel).{0,80}confidentiel"
    r"|este (?:mensaje|correo).{0,80}confidencial"
)
_CLOSING = (
    r"(?:(?:with |my )?(?:best|kind|kindest|warm|warmest|many)(?: regards| wishes| thanks| greetings)?|regards|rgds|br"
    r"|cheers|sincerely|yours(?: truly| sincerely| faithfully)?"
    r"|thanks(?: a lot| so much| again| in advance| and regards| & regards)?|thank you"
    r"(?: so much| very much| in advance)?|thx|ty|take care|respectfully|mit (?:freundlichen|besten|lieben) gr(?:ü"
    r"|ue)(?:ß|ss)en"
    r"|(?:viele|beste|liebe|sch(?:ö|oe)ne|herzliche|freundliche) gr(?:ü|ue)(?:ß|ss)e|gru(?:ß|ss)|mfg|lg|vg"
    r"|danke(?: im voraus| sch(?:ö|oe)n)?|vielen dank|besten dank|(?:bien )?cordialement|bien [aà] vous"
    r"|merci(?: d'avance| beaucoup)?|salutations|(?:un )?(?:cordial )?saludos?|saludos cordiales|atentamente"
    r"|(?:muchas )?gracias(?: de antemano)?|atenciosamente|att|(?:muito )?obrigad[oa]|cumprimentos|abra[cç]os?"
    r"|(?:cordiali|distinti) saluti|saluti|grazie(?: mille)?|(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?"
    r"|groet(?:en|jes)?|mvg|(?:alvast )?bedankt|pozdrawiam|pozdrowienia|z powa[zż]aniem|dzi[eę]kuj[eę]"
    r"|z g[oó]ry dzi[eę]kuj[eę])"
)
_CLOSED = re.compile(rf"{_CLOSING}[ ,.!:)-]{{0,4}}(?:\Z|(?:[^\W\d_][\w'.-]{{0,20}} ?){{1,3}}[.!]?\Z)")
_CLOSED_INLINE = re.compile(
    rf"(?<=[.!?\n)]) ?(?:{_CLOSING})(?: ?[,.!-]+ ?|\s+)(?:[^\W\d_][\w'.-]{{0,20}} ?){{1,3}}[.!]?\s*\Z"
)
_AFTER_ALL = re.compile(r"p\.? ?p?\.? ?s\b|n\.? ?b\b|edit\b|update\b|nachtrag\b|also\b")
_SIGNED_MAX = 600
"""Characters below a closing that are a signature; more is a text that goes on."""
_GREETING = re.compile(
    r"\A\s*(?:hi|hello|hey|hiya|dear|greetings|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)"
    r"|moin|servus|liebe[rs]?|sehr geehrte[rs]?|bonjour|bonsoir|salut|cher|ch[eè]re|hola|buen(?:os|as) (?:d[ií]as"
    r"|tardes"
    r"|noches)|estimad[oa]s?|ol[aá]|oi|bom dia|boa (?:tarde|noite)|prezad[oa]s?|ciao|buongiorno|buonasera|salve|gentile"
    r"|beste|geachte|goedemorgen|goedemiddag|goedendag|dag|dzie[nń] dobry|witam|cze[sś][cć]|szanowni)\b"
    r"(?:[ /]{1,2}(?!(?:i|im|i'm|i've|my|we|is|are|the|in|on|our|not|no|can|ich|wir|mein|meine|ist|je|j|nous|mon|yo|mi"
    r"|el|la|eu|meu|o|il|io|ik|mijn|ja|mam)\b)[^\W\d_][\w'.-]{0,20}){0,3} ?(?:[,!:;]|\n|- )"
)
_BEGINNINGS = word_set(
    """
    on am le el em il op dnia w den pe from von de da van od fran fra från sent date to subject begin original forwarded
    ursprüngliche urspruengliche weitergeleitete message mensaje mensagem messaggio oorspronkelijk doorgestuurd
    oryginalna pierwotna wiadomość wiadomosc this confidentiality disclaimer diese ce este with best kind kindest warm
    warmest many regards rgds br cheers sincerely yours thanks thank thx ty take respectfully mit viele beste liebe
    schöne schoene herzliche freundliche gruß gruss mfg lg vg danke vielen besten bien cordialement merci salutations un
    cordial saludo saludos atentamente muchas gracias atenciosamente att muito obrigado obrigada cumprimentos abraço
    abraços abraco abracos cordiali distinti saluti grazie met vriendelijke hartelijke groet groeten groetjes mvg alvast
    bedankt pozdrawiam pozdrowienia z dziękuję dziekuje expéditeur remitente
    """
)
_FORM = re.compile(r"#{1,6} |\*\*[^*]{2,60}\*\*:?\Z")
_WANTED = re.compile(
    r"#{0,6} ?\*{0,2}(?:expected|what (?:did you|do you|you) expect|what should (?:happen|have happened)|erwartetes"
    r"|preflight|checklist|please (?:answer|confirm|check|read))\b"
)
"""Headings of forms under which stands how it should be."""
_TICKED = re.compile(r"[-*] \[[ x]\]")


def own_words(text: str) -> str:
    """Reads the beginning; what is quoted, signed or an address is left out, and lines stay lines."""
    plain = compared(text[:_CLEANED_MAX])
    if "<" in plain or "&" in plain:
        plain = _without_html(plain)
    plain = _own_part(_SPACE.sub(" ", plain) if "  " in plain or "\t" in plain else plain)
    if "@" in plain or "://" in plain or "www." in plain or "cid:" in plain:
        plain = _ADDRESS.sub(" ", plain)
    return _PICTURE.sub(" ", plain)[:READ_MAX] if "[" in plain else plain[:READ_MAX]


def compared(text: str) -> str:
    """NFKC, without case, with plain quotes and line ends."""
    if text.isascii():
        plain = text.lower()
        return plain.replace("\r\n", "\n").translate(_PLAIN) if _ODD.search(plain) else plain
    folded = _composed(text.replace("\r\n", "\n")).casefold()
    return _composed(folded).translate(_PLAIN)


def _composed(text: str) -> str:
    """NFKC; letters with marks piled up on them would take seconds."""
    return normalized("NFKC", text) if _PILED.search(text) else unicodedata.normalize("NFKC", text)


def _without_html(plain: str) -> str:
    if "<" in plain:
        quoted = _QUOTED_HTML.search(plain)
        plain = plain[: quoted.start()] if quoted and plain[: quoted.start()].strip() else plain
        plain = _TAG.sub(" ", _BREAK.sub("\n", _HIDDEN.sub(" ", plain)))
    return compared(html.unescape(plain)) if "&" in plain else plain


def _own_part(plain: str) -> str:
    """Without what others wrote before, and without signatures."""
    lines = [line.strip() for line in plain.split("\n", _LINES_MAX)[:_LINES_MAX]]
    own = _above(lines)
    if not own.strip():
        # Nothing but what somebody forwards: then that is what it says.
        own = _forwarded(lines)
    if any(word in own for word in _SENT_WORDS):
        own = _SENT_FROM.sub("", own)
    head, tail = own[:-_INLINE_MAX], own[-_INLINE_MAX:]
    return _GREETING.sub("", head + _CLOSED_INLINE.sub("", tail), count=1)


_LINES_MAX = 400
_INLINE_MAX = 100
"""Characters at the end of a text in which somebody may close without a line of its own."""


_WANTED_BEGINNINGS = ("exp", "#ex", "###", "## ", "# e", "**e", "wha", "erw", "pre", "ple", "che", "# p", "**p", "**w")


def _above(lines: Sequence[str]) -> str:
    """What stands above a quoted history and a signature, without quoted lines and what forms say should be."""
    own: list[str] = []
    skipped = False
    for at, line in enumerate(lines):
        if not line:
            own.append("")
            continue
        first = line[0]
        if first == ">" or (first in "-*" and _TICKED.match(line)):
            continue
        if first in "#*" and _FORM.match(line):
            skipped = False
        if line[:3] in _WANTED_BEGINNINGS and _WANTED.match(line):
            skipped = True
        if skipped:
            continue
        if (first in "-_*#" or line[-1] == ":" or _first_word(line) in _BEGINNINGS) and (
            ended := _ended(lines, at, own)
        ):
            if ended == _SIGNED:
                own += [line for line in lines[at + 1 : at + 12] if _AFTER_ALL.match(line)]
            break
        own.append(line)
    return _unwrapped(own)


_QUOTED, _SIGNED = 1, 2


def _first_word(line: str) -> str:
    return line[: line.find(" ")].rstrip(",.:!") if " " in line[:14] else line[:14].rstrip(",.:!")


def _ended(lines: Sequence[str], at: int, own: Sequence[str]) -> int:
    """Whether somebody else's words begin with a line, or a signature."""
    line = lines[at]
    if _FORWARDED.fullmatch(line) or _NOTICE.match(line) or _WROTE.fullmatch(line[:330]):
        return _QUOTED
    if _HEADER.match(line) and sum(bool(_HEADER.match(line)) for line in lines[at : at + 4]) >= 2:
        return _QUOTED
    following = lines[at + 1][:120] if at + 1 < len(lines) else ""
    if line[-1] != ":" and following[-1:] == ":" and _WROTE.fullmatch(f"{line[:200]} {following}"):
        return _QUOTED
    if not any(line and not _GREETING.fullmatch(f"{line}\n") for line in own):
        return 0
    if line in ("--", "---", "-- "):
        return _SIGNED
    rest = sum(map(len, lines[at + 1 : at + 40]))
    return _SIGNED if rest <= _SIGNED_MAX and len(line) < 80 and _CLOSED.match(line) else 0


def _forwarded(lines: Sequence[str]) -> str:
    """What stands below the lines of a head: "From: …", "Date: …", "Subject: …"."""
    for at, line in enumerate(lines):
        if _FORWARDED.fullmatch(line):
            body = list(lines[at + 1 :])
            while body and (not body[0] or _HEADER.match(body[0])):
                del body[0]
            return _above(body)
    return ""


_WIDE = 55
"""Letters of a line from which on its end may be a program's, not its writer's."""
_LIST = re.compile(r"[-*•#+=]|\d{1,2}[.)]")


def _unwrapped(lines: Sequence[str]) -> str:
    """Lines that a mail program broke are one again."""
    if not any(len(line) >= _WIDE for line in lines[:-1]):
        return "\n".join(lines)
    joined: list[str] = []
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else ""
        if line and _WIDE <= len(before) <= 90 and before[-1] not in ".!?:" and not _LIST.match(line):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return "\n".join(joined)
