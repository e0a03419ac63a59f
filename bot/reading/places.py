"""What cities, countries and directions are called in other languages. Pure.

It only adds spellings to names that the configuration has: a place without a target is nothing to the reader.
"""

from typing import Final

# One place a line, its country before the colon; the English name first.
CITIES: Final = """
us: new york, nueva york, nova york, nova iorque, nowy jork, nowym jorku, nowym jorkiem, nowego jorku, newyork,
  new york city, nyc
us: los angeles
us: san francisco
us: chicago, chicaco
us: washington, washington dc
us: new orleans, la nouvelle orleans, nueva orleans
us: philadelphia, filadelfia, philadelphie
gb: london, londres, londra, londen, londyn, londynie, londynu, londynem
gb: edinburgh, edimbourg, edimburgo, edynburg
gb: manchester
ie: dublin, dublino, dublim
fr: paris, parigi, parijs, paryz, paryzu
fr: marseille, marseilles, marsella, marselha, marsiglia
fr: lyon, lyons, lione
fr: strasbourg, strassburg, estrasburgo, strasburgo
fr: bordeaux, burdeos
de: frankfurt, francfort, francoforte, frankfurcie, frankfurtem, frankfort, frankfurt am main, frankfurt main
de: berlin, berlino, berlijn, berlim, berlinie, berlinem, berlina
de: munich, munchen, muenchen, monaco di baviera, munique, monachium
de: cologne, koln, koeln, colonia, keulen, kolonia
de: hamburg, hambourg, hamburgo, amburgo
de: dusseldorf, duesseldorf
de: nuremberg, nurnberg, nuernberg, norimberga
de: stuttgart, stoccarda
de: leipzig, lipsia, lipsk
nl: amsterdam, amsterdamie, amsterdamem, amsterdao, amsterdã
nl: rotterdam, roterdam
nl: the hague, den haag, la haye, la haya, haia
be: brussels, brussel, bruxelles, bruselas, bruxelas, brussel, bruksela, brukseli, bruessel
be: antwerp, antwerpen, anvers, amberes, anversa
ch: zurich, zuerich, zurigo, zurique, zurych, zurychu
ch: geneva, genf, geneve, ginebra, genebra, ginevra, genewa, genewie
ch: basel, bale, basilea
at: vienna, wien, vienne, viena, wenen, wieden, wiedniu, wiedniem, wiednia
cz: prague, prag, praha, praga, praag, pradze, prage, pragi
pl: warsaw, warschau, varsovie, varsovia, warszawa, warszawie, warszawy, warszawe, warszawa, warszawy, varsavia,
  warschau
pl: krakow, cracow, krakau, cracovie, cracovia
hu: budapest, budapeszt, budapeszcie, budapeste, boedapest
ro: bucharest, bukarest, bucarest, bucuresti, bucareste, bukareszt, bukareszcie, boekarest
bg: sofia
gr: athens, athen, athenes, atenas, atene, athene, ateny
it: milan, milano, mailand, milao, milaan, mediolan, mediolanie, mediolanu
it: rome, roma, rom, rzym, rzymie, rzymu
it: turin, torino
it: naples, napoli, neapel, napoles, neapol
it: florence, firenze, florenz, florencia
it: venice, venezia, venedig, venise, venecia
es: madrid, madryt, madrycie, madrytu
es: barcelona, barcelone, barcellona
es: seville, sevilla, siviglia
es: valencia, valence
pt: lisbon, lisboa, lissabon, lisbonne, lisbona, lizbona, lizbonie, lizbony
pt: porto, oporto
dk: copenhagen, kobenhavn, kopenhagen, copenhague, copenaghen, kopenhaga, kopenhadze, kopenhagi
se: stockholm, estocolmo, stoccolma, sztokholm, sztokholmie, sztokholmem
se: gothenburg, goteborg, goeteborg
se: malmo, malmoe
no: oslo
fi: helsinki, helsinque, helsinky
is: reykjavik
ee: tallinn, tallin
lv: riga, ryga
lt: vilnius, wilno, vilna
ua: kyiv, kiev, kiew, kijow, kijowie, kijowa
ru: moscow, moskau, moscou, moscu, mosca, moskou, moskwa
rs: belgrade, belgrad, beograd, belgrado
hr: zagreb, zagabria
si: ljubljana, lubiana
sk: bratislava
lu: luxembourg, luxemburg, luxemburgo, lussemburgo
tr: istanbul, estambul, istambul, stambul
il: tel aviv, telaviv
ae: dubai
za: johannesburg, joburg, johannesburgo
za: cape town, kapstadt, le cap, ciudad del cabo, cidade do cabo
eg: cairo, kairo, le caire
in: mumbai, bombay
in: delhi, new delhi
in: bangalore, bengaluru
in: chennai
sg: singapore, singapur, singapour, singapura, cingapura, singapur, singapoer
jp: tokyo, tokio, toquio, 東京
jp: osaka, 大阪
kr: seoul, seul, 서울
hk: hong kong, hongkong, 香港
tw: taipei, taipeh, 台北
th: bangkok, bangkoku
my: kuala lumpur
id: jakarta, dzakarta
ph: manila
vn: hanoi
au: sydney, sidney
au: melbourne
au: brisbane
au: perth
nz: auckland
ca: toronto
ca: montreal
ca: vancouver
mx: mexico city, mexiko stadt, ciudad de mexico, cdmx
br: sao paulo, saopaulo, san pablo, san paolo
br: rio de janeiro
ar: buenos aires
cl: santiago, santiago de chile
co: bogota
pe: lima
"""
COUNTRIES: Final = """
us: united states, usa, us, u s a, united states of america, america, vereinigte staaten, etats unis, estados unidos,
  eeuu, ee uu, eua, stati uniti, verenigde staten, stany zjednoczone, stanach zjednoczonych, stanow zjednoczonych
gb: united kingdom, uk, great britain, britain, england, grossbritannien, vereinigtes konigreich, royaume uni,
  grande bretagne, angleterre, reino unido, inglaterra, regno unito, inghilterra, verenigd koninkrijk, engeland,
  wielka brytania, wielkiej brytanii, anglia
de: germany, deutschland, allemagne, alemania, alemanha, germania, duitsland, niemcy, niemczech, niemiec
fr: france, frankreich, francia, franca, frankrijk, francja, francji
nl: netherlands, the netherlands, holland, niederlande, niederlanden, hollande, pays bas, paises bajos, holanda,
  paises baixos, olanda, paesi bassi, nederland, holandia, holandii
be: belgium, belgien, belgique, belgica, belgio, belgie, belgia, belgii
ch: switzerland, schweiz, suisse, suiza, suica, svizzera, zwitserland, szwajcaria, szwajcarii
at: austria, osterreich, oesterreich, autriche, oostenrijk, austrii
it: italy, italien, italie, italia, wlochy, wloszech
es: spain, spanien, espagne, espana, espanha, spagna, spanje, hiszpania, hiszpanii
pt: portugal, portogallo, portugalia, portugalii
pl: poland, polen, pologne, polonia, polska, polsce, polski
cz: czech republic, czechia, tschechien, republique tcheque, tchequie, chequia, republica checa, repubblica ceca,
  tsjechie, czechy, czechach
se: sweden, schweden, suede, suecia, svezia, zweden, szwecja, szwecji, sverige
no: norway, norwegen, norvege, noruega, norvegia, noorwegen, norwegia, norwegii, norge
dk: denmark, danemark, daenemark, dinamarca, danimarca, denemarken, dania, danii, danmark
fi: finland, finnland, finlande, finlandia, finlandii, suomi
is: iceland, island, islande, islandia, islanda, ijsland
ie: ireland, irland, irlande, irlanda, ierland, irlandia, irlandii
ro: romania, rumanien, rumaenien, roumanie, rumania, romenia, roemenie, rumunia, rumunii
hu: hungary, ungarn, hongrie, hungria, ungheria, hongarije, wegry, wegrzech
bg: bulgaria, bulgarien, bulgarie, bulgarije
gr: greece, griechenland, grece, grecia, griekenland, grecja, grecji
ua: ukraine, ucrania, ucraina, oekraine, ukraina, ukrainie
rs: serbia, serbien, serbie, servie
tr: turkey, turkei, tuerkei, turquie, turquia, turchia, turkije, turcja, turcji, turkiye
ru: russia, russland, russie, rusia, rusland, rosja, rosji
lu: luxembourg, luxemburg, luxemburgo, lussemburgo
lv: latvia, lettland, lettonie, letonia, lettonia, letland, lotwa
lt: lithuania, litauen, lituanie, lituania, litouwen, litwa
ee: estonia, estland, estonie
sk: slovakia, slowakei, slovaquie, eslovaquia, slovacchia, slowakije, slowacja
si: slovenia, slowenien, slovenie, eslovenia, slovenie, slowenia
hr: croatia, kroatien, croatie, croacia, croazia, kroatie, chorwacja
jp: japan, japon, japao, giappone, japonia, japonii, 日本
kr: south korea, korea, sudkorea, suedkorea, coree du sud, corea del sur, coreia do sul, corea del sud, zuid korea,
  korea poludniowa, 한국
cn: china, chine, cina, chiny, chinach, 中国
tw: taiwan
hk: hong kong, hongkong
sg: singapore
in: india, indien, inde, indie, indiach
id: indonesia, indonesien, indonesie, indonezja
th: thailand, thailande, tailandia, tajlandia
vn: vietnam
my: malaysia, malaisie, malasia, maleisie, malezja
ph: philippines, philippinen, filipinas, filippine, filipijnen, filipiny
au: australia, australien, australie, australii
nz: new zealand, neuseeland, nouvelle zelande, nueva zelanda, nova zelandia, nuova zelanda, nieuw zeeland, nowa zelandia
ca: canada, kanada, kanadzie, kanady
mx: mexico, mexiko, mexique, messico, meksyk, meksyku
br: brazil, brasil, brasilien, bresil, brasile, brazilie, brazylia, brazylii
ar: argentina, argentinien, argentine, argentinie, argentyna
cl: chile, chili, cile
co: colombia, kolumbien, colombie, kolumbia
za: south africa, sudafrika, suedafrika, afrique du sud, sudafrica, africa do sul, zuid afrika, rpa, afryka poludniowa
ae: united arab emirates, uae, emirates, vereinigte arabische emirate, emirats arabes unis, emiratos arabes unidos,
  zjednoczone emiraty arabskie
il: israel, israele, izrael
eg: egypt, agypten, aegypten, egypte, egipto, egitto, egipt
eu: eu, europe, europa, e u
ap: ap, apac, asia pacific, asia, asien, asie, azja
sa: south america, sudamerika, amerique du sud, sudamerica, america do sul
"""
DIRECTIONS: Final = """
east, eastern, east coast, ost, osten, ostkuste, est, cote est, este, costa este, leste, costa leste, costa est, oost,
  oostkust, oosten, wschod, wschodnie, wschodni, wschodnia
west, western, west coast, westen, westkuste, ouest, cote ouest, oeste, costa oeste, ovest, costa ovest, westkust,
  zachod, zachodnie, zachodni, zachodnia
north, northern, nord, norden, norte, noord, polnoc
south, southern, sud, suden, sur, sul, zuid, poludnie
central, center, centre, mitte, zentral, midwest, centro, centraal, centralny, centralna, centrale, srodkowa
northeast, north east, north eastern, northeastern, nordost, nord est, noreste, nordeste
northwest, north west, north western, northwestern, nordwest, nord ouest, noroeste
southeast, south east, south eastern, southeastern, sudost, suedost, sud est, sudeste, sureste, zuidoost
southwest, south west, south western, southwestern, sudwest, suedwest, sud ouest, suroeste, sudoeste
"""
"""One direction a line."""

ADJECTIVES: Final = """
gb: british, english, uk, britische, britischen, britischer, britannique, britanico, britannico, brits, britse,
  brytyjski
de: german, deutsche, deutschen, deutscher, allemand, aleman, alemao, tedesco, duits, duitse, niemiecki
fr: french, franzosische, franzosischen, franzosischer, francais, frances, francese, frans, franse, francuski
nl: dutch, niederlandische, niederlandischen, niederlandischer, hollandische, hollandischen, neerlandais, hollandais,
  holandes, neerlandes, olandese, nederlands, nederlandse, holenderski
be: belgian, belgische, belgischen, belge, belga, belgisch, belgijski
ch: swiss, schweizer, schweizerische, suisse, suizo, suico, svizzero, zwitsers, zwitserse, szwajcarski
at: austrian, osterreichische, osterreichischen, autrichien, austriaco, oostenrijks, oostenrijkse, austriacki
se: swedish, schwedische, schwedischen, suedois, sueco, svedese, zweeds, zweedse, szwedzki
no: norwegian, norwegische, norwegischen, norvegien, noruego, norvegese, noors, noorse, norweski
dk: danish, danische, danischen, danois, danes, danese, deens, deense, dunski
fi: finnish, finnische, finnischen, finlandais, finlandes, finlandese, fins, finse, finski
es: spanish, spanische, spanischen, espagnol, espanol, espanhol, spagnolo, spaans, spaanse, hiszpanski
pt: portuguese, portugiesische, portugiesischen, portugais, portugues, portoghese, portugees, portugese, portugalski
it: italian, italienische, italienischen, italien, italiano, italiaans, italiaanse, wloski
pl: polish, polnische, polnischen, polonais, polaco, polones, polacco, pools, poolse, polski
cz: czech, tschechische, tschechischen, tcheque, checo, tcheco, ceco, tsjechisch, tsjechische, czeski
ro: romanian, rumanische, rumanischen, roumain, rumano, romeno, roemeens, roemeense, rumunski
hu: hungarian, ungarische, ungarischen, hongrois, hungaro, ungherese, hongaars, hongaarse, wegierski
gr: greek, griechische, griechischen, grec, griego, grego, greco, grieks, griekse, grecki
ua: ukrainian, ukrainische, ukrainischen, ukrainien, ucraniano, ucraino, oekraiens, ukrainski
tr: turkish, turkische, turkischen, turc, turco, turks, turkse, turecki
ie: irish, irische, irischen, irlandais, irlandes, irlandese, iers, ierse, irlandzki
il: israeli, israelische, israelischen, israelien
ae: emirati
in: indian, indische, indischen, indien, indio, indiano, indiaas, indiase, indyjski
jp: japanese, japanische, japanischen, japonais, japones, giapponese, japans, japanse, japonski
kr: korean, south korean, koreanische, koreanischen, coreen, coreano, koreaans, koreaanse, koreanski
tw: taiwanese, taiwanische
ca: canadian, kanadische, kanadischen, canadien, canadiense, canadese, canadees, kanadyjski
au: australian, australische, australischen, australien, australiano, australisch, australijski
nz: kiwi, neuseelandische
mx: mexican, mexikanische, mexikanischen, mexicain, mexicano, messicano, mexicaans, meksykanski
br: brazilian, brasilianische, brasilianischen, bresilien, brasileno, brasileiro, brasiliano, braziliaans, brazylijski
ar: argentinian, argentine, argentinische, argentin, argentino, argentijns, argentynski
za: south african, sudafrikanische, sudafrikanischen, sudafricano, zuid afrikaans
"""
"""Beside a word for a gateway they name it: "the Dutch server", "serveur suisse"."""
