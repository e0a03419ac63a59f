"""The classes of what is wrong, with the words that customers use for them, in eight languages. Pure.

"!connect*" counts where it is denied ("can't connect", "verbindet nicht"); every other phrase where it is not. What is
strong is a sign of its class by itself; what is weak is a hint.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.reading.word_lists import listed

STRONG: Final = 3
PLAIN: Final = 2
WEAK: Final = 1


@dataclass(frozen=True, slots=True)
class SymptomWords:
    """One class: phrases that are clearly it, those that say it, and hints."""

    strong: str = ""
    plain: str = ""
    weak: str = ""


USUAL: Final[Mapping[str, SymptomWords]] = {
    "connect": SymptomWords(
        strong="""
            !connection, !connect, !connects, !connecting, !connected, !establish ~ connection, !establish
            !get ~ connection
            !make ~ connection, !handshake, !reconnect, !reach ~ server, !reached, !reach
            handshake fail*, handshake ~ timeout, connection refused, connection failed, connection fails
            connection failure, connection ~ timed out, connection timeout, connection times out
            fail* to connect, stuck on connecting, stuck at connecting, stuck connecting, stuck in connecting
            stuck while connecting, connecting forever, endless* connecting, forever connecting
            connect hangs, connecting ~ but never, tunnel ~ fail*, tunnel ~ not come up, no server unreachable
            unreachable, spins ~ connecting, hangs ~ connecting, connecting screen, connection attempt*
            !tunnel, can connect to nothing, refuses to connect, refuses connection*, host unreachable
            no route to host, spinning ~ connecting, loops ~ connecting, connecting loop
            keeps connecting, just connecting, connecting endlessly, connect button does nothing, unable to connect
            !verbinden, !verbindet, !verbunden, !verbindung aufbauen, !verbindungsaufbau, !verbindung herstellen
            !verbindung ~ mog*, keine verbindung, verbindung ~ fehl*, verbindung ~ zustande
            verbindungsaufbau ~ fehl*, bleibt ~ verbinde, hangt ~ verbinde
            verbindungsfehler, verbindungsproblem*, !aufbauen, !anbinden, !einwahlen, kommt keine verbindung
            !connecter, !connecte, !connectent, !connexion, !me connecter, impossible de se connecter
            impossible de me connecter, connexion impossible, connexion ~ echou*, echec de connexion
            connexion ~ refuse*, connexion ~ echec, reste ~ connexion en cours, bloque ~ connexion
            !etablir, aucune connexion, probleme* de connexion
            !conectar, !conectarme, !conecta, !conectan, !conectarse, !conexion, !conecto, no hay conexion
            fallo de conexion, error de conexion, conexion rechazada, conexion fallida, se queda ~ conectando
            imposible conectar, problema* de conexion
            !conectar ~ me, !conecta ~ se, !conexao, !conectou, falha na conexao, falha de conexao, erro de conexao
            fica ~ conectando, preso ~ conectando, impossivel conectar, nao consigo conectar, problema* de conexao
            sem conexao
            !collegarmi, !connettermi, !connettersi, !collegarsi, !connette, !collega, !connessione, !connettere
            !collegare, connessione fallita, connessione rifiutata, errore di connessione
            resta ~ connessione in corso, impossibile connettersi, problema* di connessione
            !verbinding maken, !verbinding, !verbinden met, geen verbinding, verbinding mislukt, verbinding ~ mislukt
            verbindingsfout, blijft ~ verbinden, verbindingsproblem*
            !polaczyc, !polacze, !laczy, !polaczenia, !polaczenie, !nawiaza*, brak polaczenia, blad polaczenia
            polaczenie odrzucone, laczenie ~ trwa, problem* z polaczeniem, nie laczy
        """,
        plain="""
            connect* issue*, connect* problem*, connection issue*, connection problem*, connection error*
            connectivity, handshake, timed out, times out, timeout*, time out, tls error, tls handshake, auth failed
            connection ~ down
            trouble connecting, problems connecting, issues connecting, difficulty connecting, struggl* to connect
            server ~ down, server ~ offline, gateway ~ down, servers ~ down, is down, are down, is offline
            ping ~ timeout
            zeituberschreitung*, nicht erreichbar, injoignable, inaccessible, inaccesible, inacessivel
            irraggiungibile, onbereikbaar, nieosiagaln*, no internet, !internet, no traffic, !traffic, kein internet
            pas d'internet, sin internet, sem internet, nessun internet, geen internet, brak internetu, delai ~ depasse
            not responding, does not respond, doesnt respond, no response, reagiert nicht, antwortet nicht
            ne repond plus
            ne repond pas, no responde, nao responde, non risponde, reageert niet, nie odpowiada, nie reaguje
            unresponsive
            !load, !loads, !loading, !ladt, !laden, !charge, !chargent, !carga, !cargan, !carrega, !carregam, !carica
            !caricano, !laadt, !laduje, !laduja, !respond, !responds
            server ~ caido, caido, fuera de servicio, fora do ar, en panne, ligt plat, ligt eruit, storung
        """,
        weak="""
            handshake, connect*, connection*, reach*, tunnel, verbind*, connexion*, conexion*, conectar*, conexao
            connessione
            verbinding*, polacz*, connecte*, laczy*, down, offline, dead, !work, !works, !working, !funktioniert
            !geht, !fonctionne, !marche, !funciona, !funcionan, !funziona, !werkt, !dziala, outage
        """,
    ),
    "drops": SymptomWords(
        strong="""
            disconnect*, connection drop*, drops ~ connection, dropping, dropped, keeps dropping, drops out
            drop outs, dropout*, drops every, dropping every, drops after, drops the, drops me, drops constantly
            drops, cuts out, cutting out, cut out, cut off, cuts off, reconnect*, !stay connected, !stays connected
            !stay up
            kicks me, kicked off, kicked out, kick me off, kicking me, booted off, loses ~ connection
            lose ~ connection, losing ~ connection, lost ~ connection, connection ~ lost, goes down every, flapping
            unstable, connection ~ unstable, packet loss, loses packets, lose packets, losing packets
            loss of packets, packets lost, dies after
            connection dies, tunnel dies
            !hold ~ connection, !keep ~ connection, !maintain ~ connection, falls off, interrupt*, intermittent
            in and out, drop the connection, drop connection, connection keeps, connection ~ dies, tunnel drops
            stops after ~ minutes
            bricht ~ ab, brechen ~ ab, abgebrochen, abbruch, abbruche, verbindungsabbr*, abbricht, abbrechen, trennt
            getrennt, trennung*, verbindung ~ weg, verliert ~ verbindung, verliere ~ verbindung, fliegt ~ raus
            fliege ~ raus, wirft mich ~ raus, instabil, paketverlust*, reisst ab, verbindung reisst, unterbroch*
            unterbrech*
            deconnect*, deconnexion*, coupe, coupes, coupure*, se coupe, perd ~ connexion, perte* de connexion
            perte* de paquets, saute, instable, connexion ~ saute, interruption*
            se desconecta, desconect*, desconexion*, se corta, se cae, cortes, se pierde ~ conexion
            pierde ~ conexion, pierdo ~ conexion, perdida* de paquetes, corta, inestable, se me cae, se me corta, caidas
            desconect*, desconexao, desconexoes, cai toda hora, fica caindo, cai a cada, cai depois, conexao cai
            caindo, queda*, perde ~ conexao, perda* de pacotes, instavel
            disconnett*, disconness*, si scollega, si disconnette, cade, cadute, cade la, cade ogni
            perde ~ connessione, perdita di pacchetti, instabile, si interrompe, scollega*
            verbreekt, verbroken, valt weg, valt ~ weg, valt uit, vallen weg, verbinding valt, wegvall*
            verliest ~ verbinding, pakketverlies, instabiel, eruit gegooid, verbreken, onderbrok*
            rozlacza*, rozlacz*, zrywa, zrywane, zerwan*, traci ~ polaczenie, tracu* ~ polaczenie, utrata polaczenia
            utrata pakietow, niestabiln*, wyrzuca, przerywa*, rwie
        """,
        weak="""
            every few minutes, every ~ minutes, alle ~ minuten, toutes les ~ minutes, cada ~ minutos, a cada
            ~ minutos, ogni ~ minuti, elke ~ minuten, co ~ minut, randomly, constantly
        """,
    ),
    "slow": SymptomWords(
        strong="""
            slow, slower, slowly, slowness, slowed, sluggish, super slow, very slow, so slow, extremely slow
            painfully slow, crawl*, lag, lags, laggy, lagging, latency, high ping, ping ~ ms, ping is, ping spikes
            ping times, jitter, unbearably slow, snail*, takes forever, takes ages, forever to load, ages to load
            throttl*
            langsam*, lahm*, verlangsam*, trage, schleichend, kriecht, schnecke*, ruckelt, latenz*, hoher ping
            ping von, zah, dauert ewig, ewig lange
            lent, lente, lents, lentes, lenteur*, ralenti*, rame, ramer, latence*, ping eleve, mettre ~ temps
            met une eternite, trop lent
            lento, lenta, lentos, lentas, lentitud, ralentiz*, latencia*, ping alto, tarda mucho, tarda una eternidad
            va a pedales, tarda siglos
            lentidao, devagar, latencia, demora muito, lerdo, lerda, demora uma eternidade, arrastando
            lentissim*, lentezza, rallenta*, latenza, ping alto, ci mette una vita
            traag, trage, langzaam, langzame, vertraging*, sloom, hoge ping, duurt eeuwig, latentie
            wolno, wolny, wolna, wolne, wolniej, powoln*, spowoln*, muli, opoznieni*, wysoki ping, slimacz*, zamula
            zamulaj*, laguje, lagi
        """,
        weak="unusable, stutter*, loading ~ forever, performance, delay*, ping",
    ),
    "speed": SymptomWords(
        strong="""
            speed, speeds, speedtest*, speed test*, mbps, mbit*, mb s, kbps, kb s, gbps, gbit*, bandwidth, throughput
            download rate, upload rate, megabit*, download speed*, upload speed*, half ~ speed, full speed, mbs
            kbit*, mib
            geschwindigkeit*, bandbreite, datenrate, downloadrate, durchsatz
            vitesse, debit*, bande passante, mega ~ secondes, megas
            velocidad*, ancho de banda, megas, prueba de velocidad
            velocidade*, largura de banda, teste de velocidade
            velocita, banda ~ larga, larghezza di banda, megabit
            snelheid*, bandbreedte, downloadsnelheid
            predkosc*, szybkosc*, przepustowosc*, transfer*
        """,
        weak="# mb, # mbit, download*, upload*, faster, fast",
    ),
    "dns": SymptomWords(
        strong="""
            dns, nameserver*, name resolution, !resolve, !resolves, !resolving, !resolved, resolv* fail*, resolver
            hostname* ~ not, nxdomain, err name not resolved, name not resolved, dns probe*, host not found
            unknown host, server ip address could not be found, lookup fail*
            namensauflosung, !auflosen, !aufgelost, namen ~ aufgelost, resolution de noms, !resoudre, resolution dns
            !resolver, resolucion de nombres, resolucao de nomes, !risolvere, !risolve, risoluzione ~ nomi
            naamresolutie, naamomzetting, !rozwiaz*, nazw domen*
        """,
        weak="hostname*, domain*, domains",
    ),
    "leak": SymptomWords(
        strong="""
            webrtc, leak, leaks, leaked, leaking, leaky, dns leak*, ip leak*, webrtc leak*, ipv6 leak*, real ip
            my real ip
            true ip, actual ip, own ip, home ip, exposed ip, exposes my, exposed my, ip exposed, ip is visible
            ip visible, original ip, kill switch, killswitch, shows my isp, isp ip, outside ~ tunnel, bypass* ~ vpn
            bypass* ~ tunnel, leakt*, leaktest
            dns leck, leck, lecks, leckt, undicht, echte ip, meine echte, richtige ip, eigene ip, ip sichtbar
            kill switch versagt
            fuite, fuites, fuit, vraie ip, ip reelle, veritable ip, adresse reelle, vraie adresse, ma vraie
            fuga, fugas, filtra, filtracion, filtrando, ip real, mi ip real, direccion real, se filtra, verdadera ip
            mi verdadera
            vazamento*, vaza, vazando, vazou, meu ip real, ip verdadeiro
            perdita dns, perdite dns, fuga di, ip reale, vero ip, mio ip, indirizzo reale, trapela, leak dns
            lek, lekt, lekken, lekkage, echte ip, eigen ip, werkelijke ip, dns lek
            wyciek*, wycieka, prawdziwy ip, prawdziwe ip, moj adres ip, prawdziwy adres, rzeczywisty adres
            rzeczywiste ip
        """,
        plain="expos*",
        weak="privacy, visible, torrent*",
    ),
    "streaming": SymptomWords(
        strong="""
            bbc, svt, svt play, rtp, rtp play, orf, mlb, mlb tv, nhl, yle, rtve, atresplayer, hotstar, jiocinema, kayo
            crave, cbc gem, rte player, viaplay, tv4 play, nrk, drtv
            erkennt ~ vpn, detecte ~ vpn, detecta ~ vpn, rileva ~ vpn, herkent ~ vpn, wykrywa ~ vpn, recogni* ~ vpn
            noticed ~ vpn, blocks ~ vpn, see* ~ using a vpn, vpn erkannt, recogni* as ~ vpn, in ihrer region
            in ihrem land, in deinem land, pas disponible dans, indisponible dans votre, no ~ disponible en tu
            no disponible en su, no esta disponible en, nao ~ disponivel na, nao ~ disponivel em, nao esta disponivel
            non disponibile nella, non e disponibile nella, niet beschikbaar in, niedostepn* w twoim, region lock*
            unavailable in your, licensing, only works in the
            netflix, hulu, disney, disney plus, iplayer, bbc iplayer, prime video, amazon prime, hbo, hbo max
            paramount, peacock, youtube tv, espn, dazn, crunchyroll, sky go, itv, itvx, channel 4, stream ~ video
            video stream*, streaming, streams, streamen, proxy error, proxy detected, vpn detected, detects ~ vpn
            detected ~ vpn, using a proxy, unblocker, geo block*, geoblock*, geo restrict*
            not available in your region, not available in your country, not available in your location
            content ~ not available, title ~ not available, twitch, zdf, ard mediathek, mediathek, rtl, rai play
            raiplay, globoplay, movistar, canal plus, mycanal, france tv, tf1, sky ticket, joyn, magenta tv, npo
            npo start, videoland, player pl, tvn, vod, polsat, apple tv plus, spotify, tv show*, movie*, fubo, sling
            nfl, nba, f1 tv
            diffusion en continu, pelicula*, series, peliculas, filme*, filmy, seriale, serie tv, vpn oder proxy
            proxy ou
        """,
        plain="buffering, buffers, buffer, puffert, mise en memoire tampon, almacenando en bufer, buffert, buforuje",
        weak="""
            stream*, video*, watch*, tv, youtube, film, films, schauen, regarder, ver, guardare, kijken
            ogladac, assistir
        """,
    ),
    "login": SymptomWords(
        strong="""
            !log in, !login, !log into, !sign in, !signin, !log on, !logging in, !logged in, !signing in, !sign into
            login fail*, login error*, login problem*, login issue*, login loop, login page, login screen
            signin error*, password, passwords, passcode, reset ~ password, password reset, forgot ~ password
            wrong password, invalid password, invalid credentials, incorrect password, credentials, username or password
            2fa, two factor, two step, authenticator, verification code*, verification email*, verification mail
            verify my, locked out, account locked, account ~ locked, account ~ suspended, account ~ disabled
            logged out, logs me out, logged me out, logging me out, log ~ out, logs ~ out, signed out, signs me out
            session expired, magic link, sso, captcha, otp, activation code, login code, sign up, cannot register
            authentication failed, authentication error, access ~ my account, access my account
            !einloggen, !anmelden, !anmeldung, anmeldung ~ fehl*, anmeldung ~ nicht, einloggen, anmelden, passwort*
            kennwort*, zugangsdaten, ausgeloggt, abgemeldet, konto gesperrt, konto ~ gesperrt, bestatigungscode
            zwei faktor, login, eingeloggt, loggt ~ aus, verifizierungs*
            !identifier, !m'identifier, mot de passe, mots de passe, identifiant*, authentification, compte bloque
            compte ~ bloque, compte ~ verrouill*, code de verification, connecter a mon compte
            connexion a mon compte, acceder a mon compte, ouvrir une session, deconnecte de mon compte
            me connecter a mon compte, espace client
            iniciar sesion, inicio de sesion, contrasena*, cuenta bloqueada, cuenta ~ bloqueada
            codigo de verificacion, credenciales, entrar en mi cuenta, acceder a mi cuenta, cierra ~ sesion
            clave incorrecta, usuario o contrasena, ingresar a mi cuenta
            fazer login, senha*, conta bloqueada, conta ~ bloqueada, codigo de verificacao, credenciais
            entrar na minha conta, acessar minha conta, desloga, logar, iniciar sessao, palavra passe
            accedere ~ account, accesso ~ account, fare il login, !accedere, password errata, credenziali
            account bloccato, account ~ bloccato, codice di verifica, effettuare il login, effettuare l'accesso
            inloggen, !inloggen, aanmelden, wachtwoord*, account geblokkeerd, account ~ geblokkeerd, verificatiecode
            inloggegevens, uitgelogd, aangemeld, ingelogd
            zalogowac, !zalogowac, logowani*, haslo, hasla, haslem, konto zablokowane, konto ~ zablokowane
            kod weryfikac*, wylogow*, zaloguj*, logowac
        """,
        plain="login, log in, sign in, signin, authenticat*, log on, logging in, auth failed",
        weak="account, konto, compte, cuenta, conta",
    ),
    "payment": SymptomWords(
        strong="""
            payment*, declined, declines, card ~ declined, card ~ refused, card ~ rejected, charged twice
            charged ~ twice, double charge*, charged again, charged me, was charged, been charged, billed twice
            billed, billing, checkout, paypal, credit card, debit card, my card
            subscription ~ not active*, paid but, i paid, have paid, already paid, paid for, renewal, auto renew*
            renew ~ subscription, renewed, transaction*, stripe, promo code, coupon, voucher
            discount code, bitcoin, crypto, apple pay
            google pay, 3d secure, insufficient funds, do not honor, overcharged, unauthorised charge
            unauthorized charge, purchase*
            !pay, !purchase, !buy, !subscribe, !renew, giftcard, gift card
            zahlung*, bezahl*, abgebucht*, abbuchung*, doppelt ~ abgebucht, kreditkarte*
            karte ~ abgelehnt, karte wird, lastschrift, abo verlang*
            abonnement ~ verlang*, gutschein*, uberweisung*, belastet, kasse
            paiement*, payer, paye, payee, carte ~ refusee, carte bancaire, carte bleue, carte de credit
            debite, debitee, preleve, prelevement*, renouvellement
            abonnement ~ renouvel*, double debit, ma carte
            pago, pagos, pagar, pague, pagado, tarjeta*, cobr*, cargo, cargos
            renovacion, suscripcion ~ renov*, me cobraron, cobro doble, compra
            pagamento*, paguei, cartao*, cobranc*, cobrado, cobrada, cobraram, renovacao
            boleto, pix, compra
            pagare, pagato, carta ~ rifiutata, carta di credito, la mia carta, addebit*, rinnovo
            bonifico, acquisto, postepay
            betaling*, betalen, betaald, creditcard, kaart ~ geweigerd, mijn kaart, afgeschreven, dubbel afgeschreven
            verlenging, ideal, incasso, aankoop
            platnos*, zaplac*, placic, karta ~ odrzucon*, karte ~ odrzucon*, karty ~ odrzucon*, karta, kartą
            obciazon*, obciazen*, pobran*, podwojnie, odnowieni*, przelew*, blik, zakup*
        """,
        plain="""
            renew*, charge, charged, charges
            upgrade my plan, bank, iban, visa, mastercard, amex
        """,
        weak="""
            subscription*, premium, abo, suscripcion, assinatura, abbonamento, abonament*, subskrypcj*
            price*, plan, money, cancel*, geld, prix, precio, preco, prezzo, prijs, cena, abonnement, card
            cards, karte, carte
        """,
    ),
    "crash": SymptomWords(
        strong="""
            app ~ not responding, app ~ unresponsive, app ~ stops responding, window ~ not responding, stops responding
            app reagiert nicht, programm reagiert nicht, app ~ reagiert nicht, programm ~ reagiert nicht
            application ~ ne repond, app ~ ne repond, app ~ no responde, aplicacion ~ no responde, deja de responder
            app ~ nao responde, aplicativo ~ nao responde, para de responder, app ~ non risponde
            applicazione ~ non risponde, app ~ reageert niet, aplikacja ~ nie odpowiada, aplikacja ~ nie reaguje
            crash*, freez*, froze, frozen, force close*, force closes, closes itself, closes by itself
            closes immediately, closes instantly, closes on its own, closes right away, closes as soon
            quits unexpectedly, quits by itself, unexpectedly quit*, segfault*, segmentation fault, bsod, blue screen
            !launch, !open ~ app, !start ~ app, app ~ not open, app ~ not start, !starts, !launches
            !start up, black screen, white screen, blank screen
            has stopped, core dump*, stack trace, exception, hangs on start*, hangs at start*, stuck on splash
            splash screen, app hangs, app ~ stuck, panic, kernel panic, app dies, shuts itself, shuts down by itself
            shuts down
            sturz* ~ ab, absturz*, absturz, abgesturzt, absturzt, friert ~ ein, eingefroren, einfriert, !startet
            !starten, hangt sich auf, schliesst sich, beendet sich, bluescreen
            schwarzer bildschirm, weisser bildschirm, geht ~ nicht auf
            plante, plantage*, planter, fige, figee, se ferme, !demarre, !demarrer, !s'ouvre, !ouvrir l'application
            !lance, !se lance, ecran noir, ecran blanc, ecran bleu, gele, crache, freeze*
            se cierra, se bloquea, se congela, se cuelga, congelad*, !arranca, !inicia
            pantalla negra, pantalla en blanco, pantalla azul, cierra sol*, se cierra sola
            crashea, se cuelga
            trava, travando, travou, travad*, fecha sozinho, fecha sozinha, fecha sozinh*, !abre ~ aplicativo
            !inicia, tela preta, tela branca, tela azul, congela*, crasha*, fechando
            si blocca, si chiude, si arresta, crasha, bloccat*, !si avvia, !avvia, schermo nero
            schermo bianco, schermata blu, si impalla, si pianta, arresto anomalo, va in crash
            loopt vast, vastgelopen, vastloopt, bevriest, bevroren, crasht, sluit zichzelf, sluit af, sluit vanzelf
            !start op, !opstarten, zwart scherm, wit scherm, blauw scherm
            zawiesza*, zawiesil*, wysypuj*, wysypal*, crashuje, zamyka sie, sama sie zamyka, !uruchamia, !uruchomic
            !wlacza, czarny ekran, bialy ekran, niebieski ekran, wywala sie
            wyrzuca do pulpitu, zacina*
        """,
        plain="""
            !opens, !offnet, !offnen, !abre, !se abre, !si apre, !apre, !opent, !otwiera, hangs, hang, stuck, bug
            bugs, glitch*, spinning wheel, !install, !update, install* fail*
            update fail*, !uninstall
        """,
        weak="""
            update, updated, updating, app, open, opens, launch*, start, application, aplikacja, aplicacion
            aplicativo, applicazione, startet
        """,
    ),
}
"""By key; the order decides where two classes are said equally."""

FIRST: Final = listed("leak, payment, streaming, login, dns, crash, drops, speed, slow, connect")
"""Of two that are said equally the more special one."""

DENIED: Final = "!"

_NAMES = frozenset(("streaming", "payment", "login", "speed", "dns"))


def names_only(value: str) -> bool:
    """Whether a hit's class has words for what something is about, and not for what is wrong: "Netflix", "password"."""
    return value.rpartition(" ")[0] in _NAMES


def symptom_phrases(own: Mapping[str, Sequence[str]], *, usual: bool = True) -> dict[tuple[str, str], tuple[str, ...]]:
    """As a lexicon takes them; kind and weight are one: "symptom" or "verb", and "connect 3"."""
    found: dict[tuple[str, str], list[str]] = {}
    for key, words in USUAL.items() if usual else ():
        for weight, text in ((STRONG, words.strong), (PLAIN, words.plain), (WEAK, words.weak)):
            _sorted(found, f"{key} {weight}", listed(text))
    for key, phrases in own.items():
        _sorted(found, f"{key} {STRONG}", phrases)
    return {place: tuple(phrases) for place, phrases in found.items()}


def _sorted(found: dict[tuple[str, str], list[str]], value: str, phrases: Sequence[str]) -> None:
    for phrase in phrases:
        denied = phrase.startswith(DENIED)
        found.setdefault(("verb" if denied else "symptom", value), []).append(phrase.removeprefix(DENIED))
