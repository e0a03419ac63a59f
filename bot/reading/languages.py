"""Which language a text is in, by its small words and its script; and the words that say nothing of a complaint.
Pure."""

import re
from collections.abc import Iterable
from typing import Final

from bot.reading.word_lists import word_set

# fmt: off
SMALL: Final = {
    "en": """
        the a an and or but if then of to in on at by for from with without about into over after before is are was
        were be been being am do does did done doing have has had having i im ive id you your youre yours he she it
        its we
        were they them their this that these those there here what which who whom when where why how all any both each
        few more most other some such no not only own same so than too very can cannot cant could couldnt will wont
        would
        wouldnt should shouldnt may might must my me mine our us just also still again every since until while because
        dont doesnt didnt isnt arent wasnt havent hasnt hadnt get gets got getting even ever now up out down off am like
        whenever however anything nothing something everything one two really please thank thanks hi hello hey dear
        been well back ill id theres thats whats lets
    """,
    "de": """
        der die das den dem des ein eine einen einem einer eines und oder aber wenn dann von zu zum zur im in an am
        auf bei mit ohne uber unter nach vor seit ist sind war waren sein bin bist wird werden wurde wurden habe hat
        hatte haben ich du
        er sie es wir ihr mich mir dich dir ihn ihm uns euch ihnen mein meine meinen meinem meiner dein deine ihre
        ihren ihrem nicht kein keine nur auch noch schon wieder immer hier da dort was wer wie wo warum welche welcher
        welches dass ob
        als wie so sehr mehr alle alles jede jeder jedes kann konnen konnte muss mochte soll sollte bitte danke hallo
        guten tag mal doch denn weil durch fur gegen bis sich man heute jetzt etwas nichts beim vom ins leider gerade
        sobald
    """,
    "fr": """
        le la les un une des du de d l et ou mais si que qui quoi dont ou je tu il elle on nous vous ils elles me te
        se moi toi lui leur ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos est sont etait suis
        es sommes etes
        ete etre ai as a avons avez ont avait avoir fait faire pas ne plus jamais rien aussi encore toujours deja tres
        trop bien avec sans sur sous dans en au aux pour par depuis pendant apres avant chez vers entre comme quand
        alors donc
        car parce meme tout tous toute toutes autre autres bonjour merci salut svp cela ca c j n s qu y des lorsque
        peux peut puis voici
    """,
    "es": """
        el la los las un una unos unas y o u e pero si que quien cual como cuando donde porque por para con sin sobre
        en a al de del desde hasta entre yo tu usted el ella nosotros ustedes ellos ellas me te se nos le les lo mi
        mis tu tus su sus
        nuestro nuestra este esta estos estas ese esa eso esto aquel es son era fue ser soy estoy esta estan estaba
        estado he ha han hay habia tengo tiene tener no ni ya muy mas menos tambien todavia aun siempre nunca nada
        todo toda todos
        todas otro otra hola gracias buenos buenas dias tardes puedo puede pueden hace cada solo ahora hoy ayer favor
        saludos
    """,
    "pt": """
        o a os as um uma uns umas e ou mas se que quem qual como quando onde porque por para com sem sobre em no na
        nos nas ao aos de do da dos das desde ate entre eu voce voces ele ela nos eles elas me te se lhe meu minha
        meus minhas seu sua
        seus suas nosso nossa este esta esse essa isso isto aquele sou estou esta estao estava foi era ser tenho tem
        temos ter nao nem ja muito mais menos tambem ainda sempre nunca nada tudo todo toda todos todas outro outra
        ola obrigado
        obrigada bom dia boa tarde posso pode podem faz cada so agora hoje ontem favor pelo pela dele dela quando
        consigo
    """,
    "it": """
        il lo la i gli le un uno una e ed o ma se che chi cui quale come quando dove perche per con senza su in a al
        allo alla ai agli alle di del dello della dei degli delle da dal dalla nel nella nei nelle sul sulla io tu lui
        lei noi voi loro
        mi ti si ci vi ne mio mia miei mie tuo tua suo sua nostro nostra questo questa questi queste quello quella e
        sono era stato essere ho hai ha abbiamo hanno avere non piu anche ancora sempre mai niente tutto tutti tutta
        tutte altro
        altra ciao buongiorno salve grazie posso puo fa ogni solo adesso ora oggi ieri favore gia molto poi dopo prima
        quindi cosa
    """,
    "nl": """
        de het een en of maar als dan van te ten ter in op aan bij voor met zonder over onder na naar door uit sinds
        is zijn was waren ben bent wordt worden werd heb hebt heeft had hebben ik je jij u hij zij ze wij we jullie
        mij me hem haar ons
        hun mijn jouw uw deze dit die dat er hier daar wat wie hoe waar waarom welke niet geen ook nog al weer altijd
        nooit alleen zo zeer meer veel alle alles elke ieder kan kunnen kon moet moeten wil zou graag bedankt hallo
        goedendag goede
        dag omdat tot om toe af wel toch even heel steeds sinds vandaag gisteren iets niets
    """,
    "pl": """
        i a oraz lub ale jesli jezeli to ten ta te tego tej tych tym tam tu jest sa byl byla bylo byly byc jestem mam
        ma mamy maja miec nie tak juz jeszcze tez takze bardzo tylko zawsze nigdy nic wszystko wszystkie kazdy kazda w
        we na do od
        po za z ze przez przy dla bez pod nad przed miedzy ja ty on ona ono my wy oni mnie mi ci go jej ich nas was
        sie moj moja moje moim mojego co kto jak gdzie kiedy dlaczego ktory ktora ktore ze bo poniewaz gdy dzien dobry
        czesc prosze
        dziekuje moge mozna moze od dzisiaj wczoraj teraz witam
    """,
    "sv": """
        och att det som jag inte med har till den ett men hej tack fungerar kan inte nar mitt min pa av for om
        vad hur sedan
    """,
    "da": """
        og at det som jeg ikke med har til den et men hej tak virker kan nar mit min pa af for om hvad hvordan
        siden hvor
    """,
    "no": """
        og at det som jeg ikke med har til den et men hei takk fungerer kan nar mitt min pa av for om hva
        hvordan siden hvor
    """,
    "fi": """
        ja on ei se etta en ole mutta kun minun hei kiitos toimi yhdista olen myos tai jos niin voi miksi mita
        kaikki
    """,
    "cs": """
        a je se na to v ze nefunguje ale jsem mi muj dobry den dekuji prosim pripojit pro jak kdyz nebo jen uz
        jako neni
    """,
    "tr": """
        ve bir bu da de icin ile cok ama ben benim merhaba tesekkurler baglanamiyorum calismiyor degil var yok
        ne nasil gibi daha kadar
    """,
    "ro": """
        si nu este sunt am cu la pe de in un o din care dar mai buna multumesc functioneaza merge conecta imi
        cum cand pentru
    """,
    "hu": "es nem a az egy hogy van de nekem szia koszonom mukodik csatlakozni meg csak ha mint vagy is mar sem ez",
    "id": "dan yang tidak di ke dari ini itu saya untuk dengan bisa ada terima kasih sudah tapi juga akan atau koneksi",
}
"""Words that texts of a language have whatever they are about."""
_TELLING = {
    "en": """
        slow server servers connect connection connected connecting working works error app down crash crashes
        crashing payment card charged refund declined login password keeps drops dropping disconnects speed
        update failed fails unable issue problem help broken east west disconnecting today yesterday loading
    """,
    "de": """
        verbindung langsam funktioniert geht verbinden fehler absturz sturzt zahlung karte passwort abgelehnt
        rechnung anmelden klappt probleme störung ausfall gestern server-verbindung kaputt trennt bricht
    """,
    "fr": """
        connexion lent lente fonctionne marche erreur plante paiement carte refusee mot passe probleme panne
        connecter serveur serveurs coupe hier aujourd'hui vitesse
    """,
    "es": """
        conexion lento lenta funciona error pago tarjeta rechazada contrasena problema conectar servidor
        servidores caido desconecta velocidad aplicacion cierra cobro
    """,
    "pt": """
        conexao lento lenta funciona erro pagamento cartao recusado senha problema conectar servidor
        servidores fora desconecta velocidade aplicativo trava cobranca caindo
    """,
    "it": """
        connessione lento lenta funziona errore pagamento carta rifiutata problema connettere server velocita
        applicazione chiude addebito disconnette
    """,
    "nl": """
        verbinding traag langzaam werkt fout betaling kaart geweigerd wachtwoord probleem verbinden storing
        snelheid valt weg vastgelopen
    """,
    "pl": """
        polaczenie polaczyc wolno dziala blad platnosc karta odrzucona haslo problem serwer serwera rozlacza
        predkosc aplikacja zawiesza laczy
    """,
}
_SCRIPTS = (
    (0x0400, 0x052F, "ru"), (0x0370, 0x03FF, "el"), (0x0590, 0x05FF, "he"), (0x0600, 0x06FF, "ar"),
    (0x0900, 0x097F, "hi"), (0x0E00, 0x0E7F, "th"),
    (0xAC00, 0xD7AF, "ko"), (0x1100, 0x11FF, "ko"), (0x3040, 0x30FF, "ja"), (0x4E00, 0x9FFF, "zh"),
)
_SHARES = (0, *(1 / count for count in range(1, 30)))
_UKRAINIAN = frozenset("іїєґ")
_PERSIAN = frozenset("پچژگ")
_LETTERS = {"de": "ß", "pt": "ãõ", "es": "ñ¿¡", "pl": "łąężś", "tr": "ğ",
    "hu": "ő", "sv": "å", "da": "ø", "cs": "řě", "ro": "țș", "fr": "œê"}
_MARKED = {letter: language for language, letters in _LETTERS.items() for letter in letters}
_MARKED_LETTER = re.compile(f"[{''.join(_MARKED)}]")
_FOREIGN = re.compile("[\u0370-\u06ff\u0900-\u097f\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
SILENT: Final = word_set(
    """
    hi hello hey dear please thanks thank help support team regards cheers sincerely hallo danke bitte grusse
    bonjour merci hola gracias ola obrigado obrigada ciao grazie bedankt dziekuje prosze witam guten tag
    liebes customer kunde user sir madam guys folks anyone someone day morning evening afternoon best kind
    many lot bit thing things way time times need want know think see try tried use using used make made going
    go goes went say says said tell let put take look come keep yes sent wrote image cid http https www com
    """
)
# fmt: on
"""Words of letters, not of what letters are about."""


def small_words() -> dict[str, tuple[str, ...]]:
    """The languages of each small word."""
    return _by_word(SMALL)


def telling_words() -> dict[str, tuple[str, ...]]:
    """The languages of words that tell them, small ones and those of complaints."""
    both = {key: f"{SMALL[key]} {_TELLING.get(key, '')}" for key in SMALL}
    return _by_word(both)


def _by_word(lists: dict[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, text in lists.items():
        for word in dict.fromkeys(text.split()):
            found[word] = (*found.get(word, ()), key)
    return found


def language_of(text: str, said: Iterable[tuple[str, ...]]) -> str:
    """ISO 639-1, "" where nothing tells. `said` are the languages of each word that is known."""
    if _FOREIGN.search(text):
        script = _script(text)
        if script:
            return script
    weights: dict[str, float] = {}
    for languages in said:
        share = _SHARES[len(languages)]
        for language in languages:
            weights[language] = weights.get(language, 0) + share
    if not text.isascii():
        for char in _MARKED_LETTER.findall(text, 0, 2_000):
            marked = _MARKED[char]
            weights[marked] = weights.get(marked, 0) + 0.5
    return max(weights, key=lambda language: weights[language]) if weights else ""


def _script(text: str) -> str:
    """The language of a script other than Latin, where most letters are of it."""
    letters = [char for char in text[:600] if char.isalpha()]
    counts: dict[str, int] = {}
    for char in letters:
        if char > "\u0370":
            point = ord(char)
            found = next((language for first, last, language in _SCRIPTS if first <= point <= last), "")
            if found:
                counts[found] = counts.get(found, 0) + 1
    if not counts or 3 * sum(counts.values()) < len(letters):
        return ""
    if "ja" in counts:
        return "ja"
    best = max(counts, key=lambda language: counts[language])
    if best == "ru" and not _UKRAINIAN.isdisjoint(letters):
        return "uk"
    return "fa" if best == "ar" and not _PERSIAN.isdisjoint(letters) else best
