"""Letters of pictures: every alphabet of Europe is drawn, and none of its letters as the box for unknown ones."""

import unicodedata

import pytest

from bot.pictures.letters import BOLD, REGULAR, drawable, font, shortened, width_of

ALPHABETS = {
    "Albanian": "abcçdeëfghijklmnopqrstuvxyz",
    "Azerbaijani": "abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
    "Basque, Spanish": "abcdefghijklmnñopqrstuvwxyzáéíóúü¿¡",
    "Belarusian": "абвгдеёжзійклмнопрстуўфхцчшыьэюя’",
    "Bosnian, Croatian, Serbian in Latin": "abcčćdđefghijklmnoprsštuvzž",
    "Breton": "abcdefghijklmnoprstuvwyzâêñôùü",
    "Bulgarian": "абвгдежзийклмнопрстуфхцчшщъьюяѝ",
    "Catalan": "abcçdefghijklmnopqrstuvwxyzàèéíïòóúü·",
    "Czech": "aábcčdďeéěfghiíjklmnňoópqrřsštťuúůvwxyýzž",
    "Danish, Norwegian": "abcdefghijklmnopqrstuvwxyzæøåéêóôü",
    "Dutch": "abcdefghijklmnopqrstuvwxyzéèëïóöüĳ",
    "English": "abcdefghijklmnopqrstuvwxyz",
    "Estonian": "abdefghijklmnoprsšzžtuvõäöüxy",
    "Faroese": "aábdðefghiíjklmnoóprstuúvyýæø",
    "Finnish, Swedish": "abcdefghijklmnopqrstuvwxyzåäöšž",
    "French": "abcdefghijklmnopqrstuvwxyzàâæçéèêëîïôœùûüÿ",
    "Georgian": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "German": "abcdefghijklmnopqrstuvwxyzäöüßẞ",
    "Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "Hungarian": "aábcdeéfghiíjklmnoóöőpqrstuúüűvwxyz",
    "Icelandic": "aábdðeéfghiíjklmnoóprstuúvxyýþæö",
    "Irish, Gaelic": "abcdefghilmnoprstuáéíóúàèìòùḃċḋḟġṁṗṡṫ",
    "Italian": "abcdefghilmnopqrstuvzàèéìíîòóùú",
    "Latvian": "aābcčdeēfgģhiījkķlļmnņoprsštuūvzžŗō",
    "Lithuanian": "aąbcčdeęėfghiįyjklmnoprsštuųūvzž",
    "Macedonian": "абвгдѓежзѕијклљмнњопрстќуфхцчџшѐѝ",
    "Maltese": "abċdefġghħijklmnopqrstuvwxżzàèìòù",
    "Montenegrin, Serbian": "абвгдђежзијклљмнњопрстћуфхцчџшśźćч",
    "Polish": "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż",
    "Portuguese": "abcdefghijklmnopqrstuvwxyzáâãàçéêíóôõú",
    "Romanian, Moldovan": "aăâbcdefghiîjklmnopqrsștțuvwxyzşţ",
    "Romansh": "abcdefghilmnopqrstuvzàèéìòù",
    "Russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "Sami": "aábcčdđefghijklmnŋoprsštŧuvzžâåäæïöøńǥǧǩʒǯ",
    "Slovak": "aáäbcčdďeéfghiíjklĺľmnňoóôpqrŕsštťuúvwxyýzž",
    "Slovenian": "abcčdefghijklmnoprsštuvzž",
    "Sorbian": "aábcčćdźeěfghijkłlmńnoóprřŕsšśtuwyzžź",
    "Tatar, Bashkir, Chuvash": "әөүҗңһғҙҡҫӑӗӳ",
    "Turkish": "abcçdefgğhıijklmnoöprsştuüvyzâîû",
    "Ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "Welsh": "abcdefghijlmnoprstuwyâêîôûŵŷäëïöüáéíóúẁẃẅỳý",
    "Armenian": "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
    "what we write ourselves": "0123456789.,:;·…–−→←±×%()/'’\"“”✓✕!?°#@&+",
}
SIZE = 40


def glyph(file: str, letter: str) -> bytes:
    face = font(SIZE, bold=file == "bold")
    return bytes(face.getmask(letter)) + repr(face.getbbox(letter)).encode()


@pytest.mark.parametrize("file", ["regular", "bold"])
@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_every_letter_is_drawn(alphabet: str, file: str) -> None:
    unknown = glyph(file, "\U000f0000")
    small = ALPHABETS[alphabet]
    capitals = "" if alphabet == "Georgian" else small.upper()  # Georgian is written without
    letters = set(small + capitals)

    assert [letter for letter in sorted(letters) if glyph(file, letter) == unknown] == []
    assert [letter for letter in sorted(letters) if not any(font(SIZE, bold=file == "bold").getmask(letter))] == []


def test_the_box_for_unknown_letters_is_known_here() -> None:
    """Else the test above would find nothing."""
    assert glyph("regular", "\U000f0000") == glyph("regular", "漢") != glyph("regular", "a")


def test_an_accent_that_follows_its_letter_is_drawn_on_it() -> None:
    apart = unicodedata.normalize("NFD", "Łódź, İzmir")
    assert drawable(f" {apart}\n") == "Łódź, İzmir" and len(apart) > len("Łódź, İzmir")


def test_what_is_too_wide_is_shortened_in_the_middle() -> None:
    line = shortened("core1.fra.example-transit.net", 200, 24)
    assert width_of(line, 24) <= 200 and line.startswith("core") and "…" in line and line.endswith("net")


def test_the_licence_stands_beside_the_fonts() -> None:
    assert "Bitstream Vera" in (REGULAR.parent / "LICENSE").read_text() and BOLD.parent == REGULAR.parent
