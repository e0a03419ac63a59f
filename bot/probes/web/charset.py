"""Which characters the bytes of a page are (HTML standard, "determining the character encoding"). Pure."""

import codecs
import re

SNIFFED_BYTES = 1024
"""So far a page may say itself which encoding it has; browsers look no further."""
_USUAL = "windows-1252"
"""What browsers take for a page that says nothing and is not UTF-8."""
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"))
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([^\s\"';,]+)", re.IGNORECASE)
_IN_PAGE = re.compile(
    rb"<meta[^<>]+charset\s*=\s*[\"']?\s*([^\s\"'/>;]+)|<\?xml[^<>]+encoding\s*=\s*[\"']([^\"']+)", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[-_:\s]")

# Labels (https://encoding.spec.whatwg.org/#names-and-labels) in lower case, without "-", "_", ":" and spaces, by the
# codec that Python has for them. What is not here is not decoded: some of Python's codecs are no encodings of text.
_LABELS = {
    "utf-8": "utf8 unicode11utf8 unicode20utf8 xunicode20utf8",
    "windows-1252": "ascii usascii iso88591 latin1 l1 cp1252 cp819 ibm819 windows1252 xcp1252 ansix3.41968",
    "iso8859-2": "iso88592 latin2 l2",
    "iso8859-3": "iso88593 latin3",
    "iso8859-4": "iso88594 latin4",
    "iso8859-5": "iso88595 cyrillic",
    "iso8859-6": "iso88596 arabic",
    "iso8859-7": "iso88597 greek",
    "iso8859-8": "iso88598 iso88598i iso88598e hebrew logical visual",
    "cp1254": "iso88599 latin5 windows1254 cp1254",
    "iso8859-10": "iso885910 latin6",
    "cp874": "iso885911 tis620 windows874 dos874",
    "iso8859-13": "iso885913",
    "iso8859-14": "iso885914",
    "iso8859-15": "iso885915 latin9",
    "iso8859-16": "iso885916",
    "cp866": "ibm866 cp866 866",
    "koi8-r": "koi8r koi8 koi",
    "koi8-u": "koi8u koi8ru",
    "mac-roman": "macintosh mac xmacroman",
    "mac-cyrillic": "xmaccyrillic xmacukrainian",
    "cp1250": "windows1250 cp1250 xcp1250",
    "cp1251": "windows1251 cp1251 xcp1251",
    "cp1253": "windows1253 cp1253",
    "cp1255": "windows1255 cp1255",
    "cp1256": "windows1256 cp1256",
    "cp1257": "windows1257 cp1257",
    "cp1258": "windows1258 cp1258",
    "gb18030": "gb18030 gbk xgbk gb2312 gb231280 chinese csgb2312 isoir58",
    "big5hkscs": "big5 big5hkscs cnbig5 xxbig5",
    "euc_jp": "eucjp xeucjp",
    "iso2022_jp": "iso2022jp",
    "cp932": "shiftjis sjis xsjis mskanji windows31j ms932 cp932",
    "cp949": "euckr korean ksc56011987 ksc5601 ksc_5601 windows949 cp949",
    "utf-16-le": "utf16 utf16le unicode ucs2 iso10646ucs2 csunicode",
    "utf-16-be": "utf16be unicodefffe",
}
_CODECS = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}


def codec_of(start: bytes, content_type: str) -> str:
    """Python's name for the encoding of a page that begins with `start`: by its mark, its header or itself.

    "" where nothing says it: then it is UTF-8 if it can be read so.
    """
    for mark, codec in _MARKS:
        if start.startswith(mark):
            return codec
    in_header = _IN_HEADER.search(content_type)
    if in_header and (codec := _codec(in_header[1])):
        return _as_it_is(codec, start) if codec == "utf-16-le" else codec
    inside = _IN_PAGE.search(start[:SNIFFED_BYTES])
    codec = _codec((inside[1] or inside[2]).decode("latin-1")) if inside else ""
    # A page whose ASCII can be read is no UTF-16, whatever it says of itself.
    return "utf-8" if codec.startswith("utf-16") else codec


class Decoding:
    """The characters of a page that arrives in parts. Never fails: what can't be read is replaced, as in a browser."""

    def __init__(self, content_type: str) -> None:
        self._content_type = content_type
        self._decoder: codecs.IncrementalDecoder | None = None

    def decoded(self, data: bytes, *, end: bool) -> str:
        """The first part should have SNIFFED_BYTES, as far as there are so many."""
        if self._decoder is None:
            codec = codec_of(data, self._content_type)
            self._decoder = _decoder(codec, "replace") if codec else _decoder("utf-8", "strict")
        waiting = self._decoder.getstate()[0]
        try:
            return self._decoder.decode(data, end)
        except UnicodeDecodeError:
            self._decoder = _decoder(_USUAL, "replace")
            return self._decoder.decode(waiting + data, end)


def _decoder(codec: str, errors: str) -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(codec)(errors=errors)


def _codec(label: str) -> str:
    return _CODECS.get(_SEPARATORS.sub("", label.lower()), "")


def _as_it_is(codec: str, start: bytes) -> str:
    """The byte order of UTF-16 without a mark, by where ASCII has its zeros."""
    return "utf-16-be" if start[:2000:2].count(0) > start[1:2000:2].count(0) else codec
