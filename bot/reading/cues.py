"""Words that say how a clause means what it names, in eight languages; accents and apostrophes don't count.

A cue is a kind with its phrases; "connect*" is any word that begins so, "~" up to two words or none.
"""

from typing import Final

from bot.reading.word_lists import listed, word_set

NOT: Final = "not"
"""Turns round what it belongs to."""
CANNOT: Final = "cannot"
"""Turns round what somebody wants to do, no trouble: "can't find the problem"."""
NEITHER: Final = "neither"
"""Denies what is said, or says that what it names fails too: "nothing works, neither Berlin nor Paris"."""
WITHOUT: Final = "without"
"""Turns round the next word, no verb: "without problems"."""
WORKS: Final = "works"
FAILS: Final = "fails"
STATE: Final = "state"
"""In trouble; denied it says nothing ("no error" is no health)."""
SAME: Final = "same"
"""As bad as what was named before."""
AGAIN: Final = "again"
"""What failed is over."""
PAST: Final = "past"
"""What was so until it broke."""
HOME: Final = "home"
"""Before a place where somebody lives or is."""
LEFT: Final = "left"
"""Before a place that somebody switched away from."""
TAKEN: Final = "taken"
"""Before a place that somebody switched to."""
TRIED: Final = "tried"
BESIDE: Final = "beside"
"""Before a place that something is compared with."""
ASIDE: Final = "aside"
"""A wish, advice, a question: what it names is not in trouble by that."""
INSTEAD: Final = "instead"
"""What stands in one clause with it is advice, or what somebody turned to."""
EXCEPT: Final = "except"
BUT: Final = "but"
"""Begins another clause."""
WHY: Final = "why"
"""Begins the reason."""
OTHERS: Final = "others"
"""Everything that is not named."""
CLOCK: Final = "clock"
"""Behind a place: its time, its newspaper, its airport."""
IDLE: Final = "idle"
"""Looks like a cue and is none."""

CUES: Final = {
    NOT: """
        not, no, wouldnt, doesnt, dont, didnt, isnt, arent, wasnt, werent, hasnt, havent, aint, never
        none, nothing, nobody
        hardly, barely, no longer, stopped, stops, cease*, doesn, isn, wouldn, didn, doesnot, dosent, doesent
        nicht, kein, keine, keinen, keiner, keinem, keines, nie, niemals, nichts, unmoglich, nimmer, ned, nich
        pas, jamais, aucun, aucune, rien, ne
        nunca, ningun, ninguna, ninguno, tampoco, nada, dejo de, deja de, dejaron de
        nao, nenhum, nenhuma, nem, parou de, deixou de, pararam de
        non, nessun, nessuna, nessuno, mai, niente, smesso di, smette di
        niet, geen, nooit, niks, nergens, stopt met, gestopt met
        nie, zaden, zadna, zadne, zadnego, zadnych, nigdy, przestal*, nic
        inte, ikke
    """,
    CANNOT: """
        cant, cannot, can not, couldnt, could not, wont, will not, couldn, cantnot, unable, not able, refuse*
        fails to, failed to, failing to, fail to, impossible to, struggle to
        struggling to, trouble ~ to, no way to, not possible, not letting, wont let, doesnt let, isnt letting
        not let, does not let, unsuccessful*
        unmoglich, kann nicht, lasst sich nicht, impossible de, impossible, imposible, impossivel, impossibile
        onmogelijk, niemozliw*, kan inte
    """,
    NEITHER: """
        neither, nor, weder, ni, neither of, ani
    """,
    WITHOUT: """
        without, free of, ohne, sans, sin, sem, senza, zonder, bez, utan, uden
    """,
    WORKS: """
        cant reproduce, cannot reproduce, not reproducible, unable to reproduce, could not reproduce, doesnt happen
        does not happen
        not happening, not affected, isnt affected, arent affected, nicht betroffen, nicht reproduzierbar, pas touche
        no afectado
        works, working, worked, do work, both work, all work, others work, ones work, servers work, still work
        also work, does work, work fine, work well, work ok, work great, work perfectly, work normally, fine, ok
        okay, perfect, perfectly, flawless*, healthy, stable, solid, unaffected, normal, normally
        runs well, run well, great, connects, loads, runs, functions, functioning, functional, reachable, usable
        operational, responds, smooth*, quick*, instantly
        like a charm, all good, is good, are good, was good, good there, well there, up and running, went through
        goes through, does the job
        streams, as expected, rock solid, no complaints, successful*, succeed*, at full speed, full speed, fast
        plays, play fine, properly
        funktioniert, funktionieren, geht, gehen, ging, gehts, lauft, laufen, lief, klappt, klappen, einwandfrei
        problemlos, tadellos, in ordnung
        normal, bestens, stabil, prima, gut, verbindet, rund, super
        fonctionne, fonctionnent, fonctionnait, marche, marchent, marchait, impeccable, parfait*, nickel
        correctement, normalement, bien, va bien
        se connecte, stable, tourne, passe, passent
        funciona, funcionan, funcionaba, va bien, van bien, perfecto, perfectamente, conecta, conectan, estable
        correctamente, sin falta, bien
        funcionam, funcionava, conectam, perfeito, perfeitamente, estavel, bem, normalmente
        funziona, funzionano, funzionava, va, vanno, perfettamente, stabile, bene, regolare, si collega, tutto ok
        werkt, werken, werkte, doet het, doen het, prima, perfect, goed, stabiel, gaat goed, verbindt
        dziala, dzialaja, dzialal, dzialalo, dobrze, poprawnie, bez zarzutu, stabiln*, laczy, swietnie, normalnie
        fungerar, fungerer, virker
    """,
    FAILS: """
        problem, problems, issue, issues, trouble, troubles, affected, impacted, broken, broke, breaks, breaking
        down, outage*, fail, fails, failed, failing
        failure, failures, dead, offline, unusable, unreachable, unresponsive, useless, unavailable, bugged, buggy
        borked, busted, wonky, flaky, unstable, terrible
        awful, horrible, bad, badly, worse, worst, poor, unreliable, inaccessible, intermittent*, out of order
        overloaded, overload, kaput, trash, garbage, impossible
        degraded, wrong, messed, acting up, acts up, screwed, suffer*, nightmare, no luck, no joy, no dice, no good
        not good, glitch*
        lost, losing, blocked, unhappy, sometimes only, disrupted, disruption*, faulty, malfunction*, can no longer
        no response, nothing happens
        only sometimes, only occasionally, sporadic*, off and on, on and off, hit or miss, hit and miss
        problem, probleme, problemen, storung*, gestort, kaputt, defekt, ausfall*, ausgefallen, betroffen, schlecht
        tot, unbrauchbar
        unerreichbar, spinnt, spinnen, streikt, lahmt, fallt ~ aus
        instabil, bricht ~ ab, ruckelt, macht probleme, geht nix, schwierigkeit*, abgebrochen, nur manchmal, fehlerhaft
        probleme, problemes, souci, soucis, panne*, en panne, casse, hs, inutilisable, injoignable, inaccessible*
        instable, plante
        touche, touches, mauvais*, difficult*, defaillan*
        bug, bugs, bugue, dysfonctionn*, rame, ne repond, plus rien
        problema*, fallo, fallos, falla, fallan, fallando, caido, caidos, cae, caen, cayo, averia*, inutilizable
        inestable, mal, roto, inaccesible, afectad*, fatal, no hay manera
        falha, falham, falhando, falhou, quebrado, caiu, cai, caindo, fora do ar, instavel, ruim, inacessivel
        pessimo, travad*
        guasto, guasti, disservizi*, instabile, irraggiungibile, inutilizzabile, male, fallisce, falliscono, rotto
        cade, cadono, non va, malissimo, colpit*
        probleem, problemen, storing*, kapot, onbereikbaar, onbruikbaar, instabiel, slecht, plat, eruit, ligt eruit
        ligt plat, doet niks, getroffen, mislukt
        awari*, problemy, padl*, pada, zepsut*, niestabiln*, nieosiagaln*, niedostepn*, klopot*, fatalnie, lezy
        szwankuj*, psuje
    """,
    STATE: """
        error, errors, err, timeout, timeouts, times out, timed out, timing out, time out, stuck, hang, hangs
        hanging, refused, denied, rejected
        reset, resets, complaint*, complain*, angry, frustrat*, disappoint*, unacceptable, ridiculous, can you fix
        please fix, fix this, please help
        fehler*, fehlermeldung*, hangt, zeituberschreitung*, bitte beheben, abgelehnt
        erreur*, bloque, bloquee, bloques, expire, delai, refuse, refusee
        error*, atascad*, bloquead*, rechazad*, agotado
        erro, erros, travado, preso em, recusad*, esgotado
        errore, errori, bloccat*, rifiutat*, scadut*
        foutmelding*, fout, fouten, vast, geweigerd, verlopen
        blad, bledy, bledu, odrzucon*, zawiesza*, przekroczon*
    """,
    SAME: """
        same, same thing, same there, same problem, same issue, same result*, same error, same story, likewise
        identical*, no difference, no change, no better
        didnt help, doesnt help, did not help, to no avail, neither, without success, as well, either, also affected
        equally, not much better, nothing changed, no effect
        still the same, no improvement, not helping
        dasselbe, das selbe, das gleiche, gleiches problem, gleiche problem, genauso, ebenso, ebenfalls, genau so
        kein unterschied, hilft nicht, half nicht, hat nicht geholfen
        ohne erfolg, auch nicht, selbes problem, keine besserung, keine anderung
        pareil, idem, meme chose, meme probleme, meme resultat, meme erreur, sans succes, non plus, aucune difference
        rien de change, pas mieux, rien n'y fait
        lo mismo, igual, mismo problema, mismo error, mismo resultado, sin exito, tampoco, ninguna diferencia
        o mesmo, a mesma coisa, mesmo problema, mesmo erro, sem sucesso, tambem nao, nenhuma diferenca
        stesso problema, stessa cosa, stesso errore, stesso risultato, uguale, idem, senza successo, nemmeno, neanche
        nessuna differenza
        hetzelfde, zelfde probleem, zelfde, zonder succes, ook niet, helpt niet, geen verschil
        to samo, tak samo, ten sam problem, bez skutku, bez rezultatu, rowniez nie, tez nie, bez zmian
    """,
    AGAIN: """
        again now, now again, ok again, okay again, fine again, works again, working again, up again, good again
        back up, back online, back to normal, is back, are back, fixed now, resolved now
        solved now, has been fixed, has been resolved, all good now, works now, working now, fine now, is fixed
        is resolved, is solved, recovered
        wieder ok, wieder in ordnung, geht wieder, gehts wieder, funktioniert wieder, lauft wieder, klappt wieder
        wieder normal, wieder da, ist behoben
        de nouveau ok, remarche, refonctionne, marche a nouveau, fonctionne a nouveau, est revenu, est resolu
        ya funciona, vuelve a funcionar, ha vuelto, ya va bien, solucionado, ja funciona, voltou a funcionar
        voltou ao normal, resolvido
        ora funziona, funziona di nuovo, di nuovo ok, risolto, tornato normale, werkt weer, doet het weer, weer ok
        opgelost, znow dziala, juz dziala, naprawione
    """,
    PAST: """
        until, till, used to, was fine, were fine, worked before, was working, were working, had been working
        previously, before that, up to now, so far
        has been working, have been working, has worked, had worked, worked yesterday, worked last, worked great
        worked perfectly, worked fine, always worked, worked well
        worked for ~ months, worked for ~ weeks, worked for ~ years, worked without, was working, formerly
        once worked, was perfect, was great, was fast, were fast, was stable
        bis gestern, bis heute, bis vor, bis zum, bis letzte, bis jetzt, bisher, fruher, bis dahin, ging bis
        lief bis, noch nie
        jusqu*, auparavant, fonctionnait, marchait, avant ca, avant la mise
        hasta ayer, hasta hoy, hasta hace, hasta la, hasta el, antes funcionaba, funcionaba, antes iba, iba bien
        ate ontem, ate hoje, ate a, ate o, funcionava, antes funcionava, ia bem
        fino a, fino al, fino alla, fino ad, prima funzionava, funzionava, andava, finora
        tot gisteren, tot vandaag, tot nu, tot voor, tot de, werkte, voorheen, eerst werkte, vroeger
        do wczoraj, do dzisiaj, do tej pory, dotychczas, dzialalo, dzialal, wczesniej
    """,
    HOME: """
        live in, living in, lives in, live near, live outside, live here in, reside in, based in, located in
        residing in, resident of, born in, staying in, situated in
        i am in, im in, were in, we are in, i am currently in, im currently in, currently in, i am at, im at
        i am here in, im here in, here in, i am from, im from, were from, we are from
        i am based in, physically in, being in, am living in, user in, users in, customer in, customers in
        customer from, customers from, users from, user from, people in, clients in
        writing from, calling from, connecting from, connect from, connected from, accessing from, access from
        working from, work from, logging in from, log in from, remotely from, using ~ from
        travel to, travel* in, travel* to, travel* from, visiting, visit to, trip to, moved to, relocated to
        on holiday in, on vacation in, vacation in, holiday in, flew to, flying to
        office in, home in, house in, apartment in, my isp in, provider in, internet in, my location is, my location
        located near, near, outside of, colleague in, colleagues in, coworker* in
        friend in, family in, brother in, sister in, parents in, wife in, husband in, son in, daughter in, team in
        branch in, school in, university in, hotel in, airport in, bank in, card from, issued in, bank from
        account in, citizen of, native of, hail from, country of residence, country, city, my country, my city
        address, appear in, be in, to be in, thinks i am in, think i am in, thinks im in, think im in
        thinks that i am in, as if i am in, as if i was in, shows me in, show me in, showing me in
        shows my location as, shows as, show up as, shows up as, showing as, shown as, appears as, appear as
        appears in, detected as, registers as, shows me as, as if in, detected in, detects me in, back in, whilst in
        while in, when in, i was in, was in
        ive been in
        phone in, ip in, ip from, ip address in, ip address from, from my home in, ~ miles from, ~ km from
        ~ miles away from, data center in, datacenter in, ping from, here from, speaking from
        wohne in, wohnen in, wohnhaft in, lebe in, leben in, bin in, bin gerade in, sind in, sitze in, sitzen in
        komme aus, kommen aus, bin aus, sind aus, ich bin im, aus dem urlaub in, urlaub in, aktuell in, hier in
        befinde mich in, befinde mich gerade in, zu hause in, zuhause in, buro in, reise nach, reise durch
        unterwegs in, standort ist, mein standort, gezogen nach, umgezogen nach, von zuhause in, kunde aus, kunden aus
        kunden in, kunde in, nutzer in, nutzer aus, bank in, karte aus, in der nahe von, nahe, ich lebe gerade in
        heimat, land, stadt, adresse, kollegen in, wohne bei, wohne nahe
        habite, habitons, j'habite a, habite en, habite au, habite aux, vis a, vis en, vis au, vis aux, vivons a
        vivons en, suis a, suis en, suis au, suis aux, sommes a, sommes en, reside a, reside en, depuis la, depuis le
        depuis l
        depuis chez moi a, base a, basee a, situe a, en vacances a, en vacances en, en deplacement a, en voyage a
        en voyage en, en voyage au, de passage a, me trouve a, me trouve en, me trouve au, viens de, originaire de
        bureau a
        ici a, ici en, ici au, clients a, banque en, banque a, pays, ville, pres de, proche de, demenage a
        demenage en, je me connecte depuis, connecte depuis
        vivo en, vivimos en, estoy en, estamos en, resido en, soy de, somos de, vengo de, desde, me encuentro en
        de vacaciones en, de viaje en, de viaje a, de viaje por, ubicado en, ubicada en, radico en, aqui en
        oficina en, viviendo en
        banco de, banco en, tarjeta de, pais, ciudad, cerca de, mi ubicacion, clientes en, clientes de, viajando por
        mudado a
        moro em, moro no, moro na, moro nos, moramos em, vivo em, vivo no, vivo na, vivo nos, estou em, estou no
        estou na, estou nos, estamos em, estamos no, resido em, resido no, sou de, sou do, sou da, aqui em, aqui no
        aqui na, de ferias em, de ferias no, de ferias na
        viajando para, viajando por, viajando pelo, localizado em, escritorio em, cidade, perto de, morando em
        morando no, morando na, a partir de, clientes em, clientes de, banco em, cartao de
        vivo a, vivo in, vivo negli, abito a, abito in, abito negli, abito vicino a, viviamo a, viviamo in, sono a
        sono in, siamo a, siamo in, mi trovo a, mi trovo in, mi trovo negli, risiedo a, risiedo in, vengo da
        in vacanza a, in vacanza in, in viaggio a, in viaggio in, qui a, qui in
        ufficio a, ufficio di, sede a, da casa a, citta, paese, vicino a, mi collego da, scrivo da, mi connetto da
        clienti in, banca in, trasferito a
        woon in, wonen in, woont in, leef in, ben in, zijn in, zit in, zitten in, kom uit, komen uit
        ben momenteel in, momenteel in, op vakantie in, op reis in, op reis naar, hier in, kantoor in, gevestigd in
        bevind me in, verblijf in, woonachtig in, klanten in, klant uit, klant in, bank in
        thuis in, verhuisd naar, vlakbij, stad, in de buurt van, op bezoek in
        mieszkam w, mieszkamy w, jestem w, jestem na, jestesmy w, jestem z, pochodze z, przebywam w, na wakacjach w
        na urlopie w, w podrozy do, w podrozy po, tutaj w, biuro w, lacze sie z, pisze z, klienci w, klienci z
        bank w, kraj, miasto, kolo, niedaleko
    """,
    LEFT: """
        switch* ~ from, switch* away from, switch* off, chang* ~ from, mov* ~ from, mov* away from, went from
        going from, migrat* ~ from, away from, instead of, rather than, hop* ~ from, jump* from, swap* ~ from, replac*
        gave up on, abandon*, coming from, came from, left
        wechsel* ~ von, gewechselt von, gewechselt aus, umgestiegen von, umgestellt von, umgeschaltet von, weg von
        anstatt, statt, anstelle von, von ~ gewechselt, umzug von
        chang* de, pass* de, bascul* de, migr* de, quitt*, au lieu de, au lieu d, plutot que
        cambi* de, cambi* desde, pas* de, en vez de, en lugar de, salt* de, migr* de, dej*
        mud* de, mud* do, mud* da, troqu* de, troc* de, troc* do, troc* da, alter* de, pass* do, pass* da, em vez de
        em vez do, ao inves de
        cambiat* da, cambi* da, passat* da, pass* da, spostat* da, invece di, invece che, al posto di
        overgestapt van, gewisseld van, gewisseld vanaf, overgeschakeld van, wissel* van, omgeschakeld van
        in plaats van
        przelacz* z, przelacz* sie z, zmieni* z, przesz* z, zamiast
    """,
    TAKEN: """
        switch* to, switch* over to, switch* back to, switch* ~ to, chang* to, chang* it to, chang* ~ to, mov* to the
        mov* over to, hop* to, jump* to, swap* to, fall back to, fallback to, fell back to, settle* on, resort* to
        have to use, had to use, forced to use, end* up using, end* up on, now using, now i use, now on
        for now i use, for now using, currently using, stay* on, went with, going with, stuck with, make do with
        settle for, settled for, use ~ instead
        wechsel* ~ zu, wechsel* ~ auf, wechsel* ~ nach, gewechselt zu, gewechselt auf, gewechselt nach
        umgestiegen auf, umgeschaltet auf, umgestellt auf, ausweichen auf, ausgewichen auf, weiche ~ aus auf
        nehme jetzt, nutze jetzt, benutze jetzt, jetzt auf, jetzt uber
        pass* sur, pass* a, pass* par, bascul* sur, bascul* vers, chang* pour, chang* vers, repli* sur, je prends
        j'utilise maintenant
        cambi* a, cambi* al, cambi* por, pas* a, pas* al, me paso a, me pase a, ahora uso, ahora estoy usando, uso ahora
        mud* para, troqu* para, troc* para, troc* por, alter* para, pass* para, agora uso, agora estou usando
        passat* a, passat* al, passat* su, passando a, passo a, cambiat* su, cambiat* con, ora uso, adesso uso
        spostat* su
        overgestapt naar, overgestapt op, gewisseld naar, overgeschakeld naar, wissel* naar, omgeschakeld naar
        uitgeweken naar, nu gebruik ik, gebruik nu, ga nu via
        przelacz* na, przelacz* sie na, zmieni* na, przesz* na, teraz uzywam, uzywam teraz, korzystam teraz z
    """,
    TRIED: """
        tried, try, tries, trying, tested, test, testing, attempted, connecting to ~ also, checked, retried
        probiert, ausprobiert, probiere, getestet, versucht, teste, testweise, versuche, habe auch
        essaye, essayer, teste, tente, j'ai essaye, essai, essais
        probado, probe, probando, he probado, intente, intentado, intentando, testeado, pruebo, prueba
        tentei, testei, experimentei, tentado, testado, tentando, testando
        provato, provando, testato, tentato, provo, ho provato
        geprobeerd, probeer, probeerde, getest, uitgeprobeerd
        probowal*, sprobowal*, testowal*, przetestowal*, wyprobowal*, sprawdzal*, sprawdzil*
    """,
    BESIDE: """
        than, than to, than on, than in, than with, than the, compared to, compared with, compare to
        in comparison to, versus
        vs, unlike, in contrast to, as opposed to, contrary to
        als auf, als in, als bei, als uber, als mit, im vergleich zu, im gegensatz zu, verglichen mit, anders als
        compare a, par rapport a, contrairement a, a la difference de, que sur
        comparado con, en comparacion con, a diferencia de, que en
        comparado com, em comparacao com, ao contrario de, diferente de, do que
        rispetto a, rispetto al, in confronto a, a differenza di, che su, paragonato a
        dan op, dan in, dan via, vergeleken met, in vergelijking met, in tegenstelling tot
        niz w, niz na, w porownaniu z, w przeciwienstwie do, w odroznieniu od
    """,
    ASIDE: """
        should i use, should i try, could i use, can i use, may i use, shall i use, do you have, do you offer
        do you plan, will you add, could you add, can you add, please add, add a, add more, would like a server
        would love a
        recommend*, suggest*, advise*, told me to, asked me to, told to use, said to use, said to try, instructed
        which server, best server, looking for a, is there a, are there any, any plans, planning to, plan to
        want to watch, want to use
        want an ip, need an ip, want a, need to appear, feature request, wondering, interested in, thinking about
        you can use, you could use, please use, feel free
        soll ich, kann ich, konnt ihr, konnten sie, gibt es einen, gibt es auch, empfehlen, empfohlen, plant ihr
        wunsche mir, bitte fugt, geraten, nutzen sie, benutzen sie, verwenden sie, hattet ihr
        avez vous, avez-vous, prevoyez, pourriez vous ajouter, recommand*, conseill*, puis je utiliser
        dois je utiliser, y a t il un, serait il possible, plutot
        teneis, tienen un, tienen servidor*, podrian anadir, podrian agregar, recomiend*, recomendar*, deberia usar
        puedo usar, hay algun, me gustaria
        voces tem, tem servidor, poderiam adicionar, recomend*, devo usar, posso usar, existe algum, gostaria de
        avete, potreste aggiungere, consigli*, posso usare, dovrei usare, esiste un, vorrei un
        hebben jullie, kunnen jullie, aanrad*, aangeraden, kan ik, moet ik, is er een
        graag een server
        czy macie, czy moge, czy planujecie, polec*, doradz*, prosze dodac, chcialbym serwer
    """,
    INSTEAD: """
        instead, stattdessen, a la place, en su lugar, em vez disso, in alternativa, in plaats daarvan, zamiast tego
    """,
    EXCEPT: """
        except, except for, excepting, other than, apart from, besides, aside from, all but, everything but
        everywhere but, every server but, every location but, bar, save for, excluding, with the exception of
        ausser, bis auf, ausgenommen, abgesehen von, mit ausnahme von, sauf, excepte, hormis, a part, mis a part
        a l'exception de, excepto, salvo, menos, a excepcion de, exceto, tirando, fora, a excecao de
        tranne, eccetto, a parte, fuorche, ad eccezione di, behalve, uitgezonderd, op ~ na, met uitzondering van
        oprocz, poza, z wyjatkiem, za wyjatkiem
    """,
    BUT: """
        but, while, whereas, although, though, however, yet, even though, whilst, meanwhile, then, only to, before it
        after which, except that, and yet, otherwise
        aber, sondern, wahrend, obwohl, jedoch, dagegen, hingegen, doch, wohingegen, allerdings, dann
        mais, tandis, alors que, cependant, par contre, pourtant, en revanche, toutefois, puis
        pero, mientras, sino, sin embargo, en cambio, aunque, luego, entonces
        mas, porem, enquanto, entretanto, contudo, no entanto, depois
        ma, pero, mentre, invece, tuttavia, pero, poi
        maar, terwijl, hoewel, echter, daarentegen, daarna
        ale, natomiast, lecz, jednak, podczas gdy, a na, zas, potem
    """,
    WHY: """
        because, since, as it, due to, cause, bc, cuz, weil, da es, denn, wegen, parce que, car, puisque, a cause de
        porque, ya que, debido a, por causa, pois, ja que
        perche, siccome, poiche, omdat, vanwege, aangezien, bo, poniewaz, gdyz, z powodu, when, if, after, wenn, seit
        nachdem, quand, lorsque, si, depuis que, apres, cuando, despues de, quando, depois de, se, dopo, wanneer
        als ik, nadat, kiedy, gdy, jesli, odkad, po tym
    """,
    OTHERS: """
        other, others, everything else, everywhere else, rest, elsewhere, anywhere else, all else, another, remaining
        every other, any other, andere*, alle anderen, ubrige*, rest, sonst, uberall sonst, autres, autre, ailleurs
        reste, le reste
        otro, otros, otra, otras, resto, demas, outro, outros, outra, outras, altri, altre, altro, altra, resto
        altrove, andere, anderen, overige, elders, inne, innych, inny, pozostal*, reszta, gdzie indziej
    """,
    CLOCK: """
        time, times, timezone, time zone, standard time, area, airport, hotel, bank, university, office, address
        phone number, number, stock exchange, office hours, based, resident, citizen, accent, yankees, knicks, tv
        television, channel*, local time, keyboard
        zeit, ortszeit, uhrzeit, flughafen, heure de, hora de, ora di, tijd, czasu
    """,
    IDLE: """
        affected by, with the same, for the same, the same minute, same config*, the same one, same user, same login
        rather not, identical with up to, down to, down the, the down, set up, sign up, back up, look up
        pick up, start up, give up, gave up, up and
        not only, not just, no matter, no idea, not sure, dont know, i dont think, not a, no longer than
        dont get me wrong, no doubt, not to mention, no need, why not, if not, or not, whether or not, not sure if
        dont mind, why cant, no offense, no rush
        work on, work from, at work, for work, work laptop, work computer, home work, work email, work network
        my work, to work from, good morning, good day, good afternoon, good evening, good luck, well as, as well as
        thank you for, was charged, all ok, if ok, ok so, ok i, all right
        fix the issue, solve the issue, resolve the issue, resolve this, your fine, great service, great product
        great vpn, love your, good service, quick question, fast response, quick help, quickly as, fine print
        quick reply, quick response, just fyi
        nicht nur, keine ahnung, nicht sicher, gut tag, guten tag, pas seulement, pas sur, pas de souci
        non seulement, no solo, no se, nao so, nao sei, non solo, non so, niet alleen, geen idee, nie tylko, nie wiem
        mit freundlich*, gute arbeit
        i tried everything, tried everything, tried reinstall*, tried restart*, tried reboot*, try again
        trying again, tried again, keep trying, kept trying, after trying, trying to, tried to, try to
        en cours, tout va bien, ca va, va te, vais, bien sur, bien que, bien entendu, bien a vous, bien recu
        mas o menos, bem vindo, va bene grazie
        time i, times i, each time, every time, this time, last time, first time, some time, long time, all the time
        at times, times a day, of times, several times, many times, at a time, time to time, same time, by the time
        same as, same laptop, same wifi, same network, same computer, same account, same device
    """,
}
"""By kind, phrases between commas and on lines."""


def cue_phrases() -> dict[tuple[str, str], tuple[str, ...]]:
    """As a lexicon takes them."""
    return {(kind, ""): listed(text) for kind, text in CUES.items()}


# Kinds of single words, which are looked at beside names only; a bit each.
ON: Final = 1
"""Before what somebody uses: "connect to", "using"."""
HOST: Final = 2
"""A word for a gateway: what stands beside it is one."""
AND: Final = 4
"""Begins another clause where the one before said something."""
ONLY: Final = 8
AUX: Final = 16
"""A verb that takes its meaning from the clause before: "Berlin does"."""
YES: Final = 32
NO: Final = 64
ANSWERS: Final = AUX | YES | NO
INSIDE: Final = 128
"""Before a place where somebody is, or that somebody uses."""
TO: Final = 256
SMALL: Final = 512
"""Says nothing of what is named beside it."""

_WORDS: Final = {
    ON: """
    access accessing al ao at au auf avec bei chose choose com con default met mit na naar nach no on op over
    pelo pick picking picked przez reach reaching select selected selecting su sul sur through
    to tramite uber
    usando use using vers
    via with zu zum
    """,
    HOST: """
    server servers gateway gateways node nodes region regions location locations endpoint* vpn pop exit
    datacenter cluster srv host hosts relay relays instance* box connection tunnel line one ones standort*
    serveur* passerelle* noeud* emplacement* localisation* servidor* servidores ubicaci* nodo* localizac*
    localidade* posizion* localita locatie* knooppunt* serwer* lokalizacj* brama bramy wezel rechenzentrum
    knoten verbindung connexion conexion conexao connessione verbinding polaczeni*
    """,
    AND: "and und et y e ed en i oraz plus so",
    ONLY: """
    only just solely exclusively nur lediglich ausschliesslich seulement uniquement solo solamente unicamente somente
    apenas soltanto alleen slechts enkel tylko wylacznie jedynie
    """,
    AUX: "does do did is are can was were will tut tuts kann fait hace faz doet wel kan",
    YES: "yes yep yup ja schon wel oui si sim tak alright up",
    NO: "no nope nein non nao nee nie nicht not down",
    INSIDE: "in from aus en de a au em no na desde da di uit w z",
    TO: "to zu nach auf a au aux vers sur para al ao por na naar op su over",
    SMALL: """
    the a an and or both on in at of for with from via my our your is are was it server servers too also und oder auch
    auf in mit der die das den dem et ou sur le la les des aussi y o e u en el los las tambien com no na os as tambem ed
    anche il lo gli i de het een ook w z na oraz tez to this that these those only just nur seulement solo gateway
    location
    locations region all same vs like as well per se
    """,
}


def flags_of(word: str) -> int:
    """The kinds of a word, as bits."""
    bits = sum(bit for bit, words in _SETS.items() if word in words)
    return bits | HOST if word.startswith(_HOSTS) else bits


_SETS: Final = {bit: word_set(text) for bit, text in _WORDS.items()}
_HOSTS: Final = tuple(word[:-1] for word in _SETS[HOST] if word.endswith("*"))
