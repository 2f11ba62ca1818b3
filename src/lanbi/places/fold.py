"""Phonetic folding: one key for the French and the Kreyòl spelling of a Haitian place name.

A caller says "Kafou Fèy", the gazetteer says "Carrefour-Feuilles". Kreyòl is written as it sounds; French
is not. `fold` reads a name aloud, so to speak, and writes down the sounds in a small alphabet, so that both
spellings give one key. It is a table of rewriting rules, in the order in which they apply; nothing is learnt
and nothing depends on a word list beyond the few words that changed shape (`LEXICON`).

The key alphabet: the vowels `a é i o` and `w` (French "ou"), the nasals `an on`, the glide `y`, the
consonants `b d f g j k l m n p r s t v`, `ch`, and digits. `é` is always sounded and a silent consonant
never ends a key, so a key read again, as French or as Kreyòl, gives itself.

A spelling alone does not tell its language: the `e` of "Gressie" is silent in French and sounded in Kreyòl.
So `folds` gives every plausible reading, the likeliest first, and two names meet when they share one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Reading = Literal["ht", "fr", "auto"]

NAME_CHARS_MAX = 200
"""A longer text is cut before folding: no place has such a name, and the work stays bounded."""
_SETTLE_ROUNDS_MAX = 12
"""A key settles in two or three rounds; the bound only keeps the promise to be total."""

# Words that changed their shape between the two languages, not only their spelling.
LEXICON: dict[str, str] = {
    "carrefour": "kafou",
    "petit": "ti",
    "petits": "ti",
    "petite": "ti",
    "petites": "ti",
    "saint": "sen",
    "st": "sen",
    "sainte": "sent",
    "ste": "sent",
    "hopital": "lopital",
    "hospital": "lopital",
    "eglise": "legliz",
    "iglesia": "legliz",
    "ecole": "lekòl",
    "escuela": "lekòl",
    "etat": "leta",
    "etang": "letan",
    "policia": "polis",
    "prison": "prizon",
    "haitien": "ayisyen",
    "haitienne": "ayisyèn",
    "avenue": "avni",
    "av": "avni",
    "boulevard": "boulva",
    "bd": "boulva",
    "blvd": "boulva",
    "rue": "ri",
    "calle": "ri",
    "route": "wout",
    "marche": "mache",
    "mercado": "mache",
    "aeroport": "ayewopò",
    "aeropuerto": "ayewopò",
    "airport": "ayewopò",
    "ville": "vil",
    "mille": "mil",
    "tranquille": "trankil",
    "section": "seksyon",
    "departement": "depatman",
    "sud": "sid",
    "sid": "sid",
    "ouest": "wès",
    "lwes": "wès",
    "est": "ès",
    "artibonite": "latibonit",
    "haut": "wo",
    "hauts": "wo",
    "haute": "wot",
    "bas": "ba",
    "des": "dè",
    "les": "lè",
    "aux": "o",
    "et": "e",
    "dr": "doktè",
    "docteur": "doktè",
    "soeur": "sè",
    "coeur": "kè",
}

ARTICLES = frozenset({"le", "la", "les", "l", "lan", "nan", "an", "el", "los", "las", "the"})
"""Words before a name that a speaker drops or changes ("La Plaine", "nan Plèn")."""
LINKS = frozenset({"de", "du", "des", "d", "di", "do", "dè", "del"})
"""Words inside a name that Kreyòl keeps in one name and drops in the next (Channmas, Kwadèboukè)."""

# Compound numbers: a caller spells "Dèlma trant twa" what the gazetteer writes "Delmas 33".
_TENS: dict[str, int] = {
    "vingt": 20, "ven": 20, "vent": 20, "vennt": 20, "venn": 20, "veinti": 20, "veinte": 20,
    "trente": 30, "trant": 30, "trann": 30, "treinta": 30,
    "quarante": 40, "karant": 40, "karann": 40, "cuarenta": 40,
    "cinquante": 50, "senkant": 50, "senkann": 50, "cincuenta": 50,
    "soixante": 60, "swasant": 60, "swasann": 60, "sesenta": 60,
    "katreven": 80, "katrevent": 80, "ochenta": 80,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "eighty": 80, "twenty": 20,
}  # fmt: skip
_UNITS: dict[str, int] = {
    "un": 1, "en": 1, "youn": 1, "uno": 1, "one": 1,
    "deux": 2, "de": 2, "dos": 2, "two": 2,
    "trois": 3, "twa": 3, "tres": 3, "three": 3,
    "quatre": 4, "kat": 4, "cuatro": 4, "four": 4,
    "cinq": 5, "senk": 5, "cinco": 5, "five": 5,
    "six": 6, "sis": 6, "seis": 6,
    "sept": 7, "set": 7, "siete": 7, "seven": 7,
    "huit": 8, "uit": 8, "ocho": 8, "eight": 8,
    "neuf": 9, "nef": 9, "nueve": 9, "nine": 9,
}  # fmt: skip
_TEENS: dict[str, int] = {
    "dix": 10, "dis": 10,
    "onze": 11, "onz": 11, "douze": 12, "douz": 12, "treize": 13, "trez": 13,
    "quatorze": 14, "katoz": 14, "quinze": 15, "kenz": 15, "seize": 16, "sez": 16,
    "disset": 17, "dizuit": 18, "diznef": 19,
}  # fmt: skip
_NUMBER_FILLERS = frozenset({"et", "e", "y"})

_V = "aàâäáeéèêëiîïíoòôöóuùûüúyw"  # letters that can be sounded as a vowel or glide
_HARD = "bcdfghjklmnpqrstvxz"

# 1. French only: what is written at the end of a word and not said. (pattern, replacement), first match wins.
_FRENCH_ENDINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=[^aeiou])(?:ier|iers)$"), "yé"),
    (re.compile(rf"(?<=[{_V}{_HARD}]{{2}})(?:er|ers|ez)$"), "é"),
    (re.compile(r"eaux?$|auds?$|auts?$|aux$"), "o"),
    (re.compile(r"e?oeufs?$"), "é"),
    (re.compile(r"ets?$|êts?$|ès$|ects?$"), "é"),
    (re.compile(r"(?<=n)c[s]?$"), ""),
    (re.compile(r"mps?$"), "n"),
    (re.compile(r"[oe]ux$"), "é"),
    (re.compile(rf"(?<=[{_V}{_HARD}])(?<=.)[stdxzpg]+$"), ""),
)
_SILENT_E = re.compile(rf"(?<=[{_V}{_HARD}])(?<=.)es?$")
_LOST_LIQUID = re.compile(r"(?<=[bcdfgptkv])[lr]$")  # miracle → mirak, centre → sant
_SOFT = {"c": "ç", "g": "j"}  # the e that falls still softens: Source → Sous, Rouge → Wouj
_HAS_VOWEL = re.compile(rf"[{_V}]")

# 2. Both languages: letters to sounds, each rule over the whole word, in this order.
_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        # hiatus that an accent marks, before the accents go
        (r"aï|aí", "ayi"),
        (r"oï", "oyi"),
        (r"[éèêë](?=[aàâoòôuy])|e(?=[éèò])", "éy"),
        (r"aë", "ayé"),
        (r"oê|oë|oè", "wé"),
        (r"gn|ñ", "y"),
        # consonant groups
        (r"chr", "kr"),
        (r"sch|sh|tch", "ch"),
        (r"ph", "f"),
        (r"(?<!c)h", ""),
        (r"h(?=h)", ""),
        (r"sc(?=[eéèêëiîïy])", "s"),
        (r"cc(?=[eéèêëiîïy])", "ks"),
        (r"ç", "s"),
        (r"ck", "k"),
        (r"c(?=[eéèêëiîïíy])", "s"),
        (r"c(?!h)", "k"),
        (r"qu(?=[aàâeéèêëiîïíoòôy])|q", "k"),
        (r"gu(?=[eéèêëiîïíy])", "g"),
        (r"ge(?=[aàâoòôu])", "j"),
        (r"g(?=[eéèêëiîïíy])", "j"),
        (r"x", "ks"),
        (r"z", "s"),
        # the liquid i: Soleil → Solèy, Capotille → Kapotiy, Cavaillon → Kavayon
        (r"[ue]uill?$|(?<!o)uill$", "éy"),
        (r"ouill(?=$|[aeéèio])", "ouy"),
        (r"e?uill(?=[aeéèio])", "éy"),
        (r"(?<=[aeéè])ill?(?=$)", "y"),
        (r"(?<=[aeéè])ill(?=[aàeéèioòuy])", "y"),
        (r"(?<=[^aeéèoumv])ill(?=$|[aàeéèioòuy])", "iy"),
        # vowel groups
        (r"tion|tyon|ssion|cion|sion|syon", "syon"),
        (r"eau|[aà][uù]", "o"),
        (r"[oòô]in(?![aeéèiouyn])", "wan"),
        (r"[oòô][iî]", "wa"),
        (r"[oòô]y(?=[aeéèio])", "way"),
        (r"[oòô][uùû]", "w"),
        (r"[oòô][aàâ]", "wa"),
        (r"ue?il|oeu|oe|eu|œu|œ", "é"),
        (r"ui", "wi"),
        (r"ien(?![aeéèiouyn])", "yan"),
        (r"[ae][iî]", "é"),
        (r"[uùûü]", "i"),
        # accents off, e always sounded from here on
        (r"[eèêë]", "é"),
        (r"[àâäá]", "a"),
        (r"[îïí]", "i"),
        (r"[òôöó]", "o"),
        # glides
        (r"(?<![aéiow])y(?![aéiow])", "i"),
        (r"i(?=[aéow])", "y"),
        (r"(?<=[aéiow])y(?=y)", ""),
        (r"iy(?=[aéow])", "y"),
        (r"ny", "y"),
        # nasals
        (r"m(?=[pbfv])", "n"),
        (r"[éi]n(?![aéiowyn])", "an"),
        (r"nn+", "n"),
        # r: not said before a consonant or at the end, w before o and ou
        (r"rr+", "r"),
        (r"r(?=[ow])", "w"),
        (r"r(?![aéiowr])", ""),
        # the same sound twice
        (r"([a-zé])\1+", r"\1"),
        (r"kch", "ch"),
        (r"éa", "éya"),
        (r"éo", "éyo"),
        (r"ao", "awo"),
    )
)
_LIAISON = {"t": "t", "d": "d", "s": "s", "x": "s"}
_LAST_CONSONANTS = re.compile(r"(?<=[a-zé])[stdpg]+(?=$|[0-9])")
_WORD = re.compile(r"[0-9]+|[^\W\d_]+")
_LOOKS_KREYOL = re.compile(r"[kwòà]|è[bdfgjlmnpstvyz]?$|[aeo]y$|y[eoè]$|[^aeo]ye|nn$")
_LOOKS_FRENCH = re.compile(r"c(?!h)|[qxçêîôûâœ]|ph|th|eau|é.*[^é]e$")


def plain(text: str) -> str:
    """Lower case without accents, apostrophes made spaces: for showing what matched and for tie-breaks."""
    text = text[:NAME_CHARS_MAX].casefold().replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    stripped = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(stripped))


def words(text: str) -> list[str]:
    """The words of a text, lower case with their accents, numbers apart; number words become digits."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text[:NAME_CHARS_MAX]).casefold())
    return _digits([_latin(w) for w in _WORD.findall(text)])


@lru_cache(maxsize=65_536)
def sound(word: str, reading: Reading = "auto") -> str:
    """One word as it sounds, read as French or Kreyòl (`auto`: by its look). Not yet a key: see `fold`."""
    if word.isdigit():
        return str(int(word)) if word.isascii() else word
    known = LEXICON.get(plain(word))
    if known is not None:
        word, reading = known, "ht"
    if reading == "auto":
        reading = "ht" if _LOOKS_KREYOL.search(word) and not _LOOKS_FRENCH.search(word) else "fr"
    if reading == "fr":
        word = _unsaid(word)
    for pattern, to in _SOUNDS:
        word = pattern.sub(to, word)
    return word


@lru_cache(maxsize=65_536)
def fold(text: str, reading: Reading = "auto") -> str:
    """The key of a name. Total on any text, empty for no letters; a key is its own key."""
    return _settle("".join(sound(w, reading) for w in words(text)))


@lru_cache(maxsize=65_536)
def folds(text: str) -> tuple[str, ...]:
    """Every plausible key of a name, the likeliest first: readings, without article, without inner "de"."""
    said = words(text)
    bare = said
    while len(bare) > 1 and plain(bare[0]) in ARTICLES:
        bare = bare[1:]
    unlinked = [w for i, w in enumerate(bare) if i == 0 or w not in LINKS]
    said_so: dict[str, None] = {}
    for form in (said, bare, unlinked):
        for reading in ("auto", "fr", "ht"):
            heard = [sound(w, reading) for w in form]
            said_so["".join(heard)] = None
            said_so["".join(_liaison(form, heard))] = None
    keys = dict.fromkeys(_settle(s) for s in said_so)
    keys.pop("", None)
    return tuple(keys)


@lru_cache(maxsize=65_536)
def spoken(text: str) -> str:
    """A finer key, for ranking among names of one fold: articles and final consonants are still in it."""
    return "".join(sound(w) for w in words(text))


def word_keys(text: str) -> tuple[str, ...]:
    """The keys of the words of a name one by one, articles and "de" left out; numbers stay as they are."""
    kept = [w for w in words(text) if w not in LINKS and plain(w) not in ARTICLES]
    return tuple(k for k in dict.fromkeys(fold(w) for w in kept) if k)


def _settle(heard: str) -> str:
    key = _LAST_CONSONANTS.sub("", heard)
    for _ in range(_SETTLE_ROUNDS_MAX):
        again = "".join(sound.__wrapped__(run, "ht") for run in _WORD.findall(key))
        again = _LAST_CONSONANTS.sub("", again)
        if again == key:
            break
        key = again
    return key


def _liaison(form: list[str], heard: list[str]) -> list[str]:
    # Port-au-Prince is Pòtoprens: a silent t, or s said z, comes back before a vowel.
    out = list(heard)
    for i in range(len(form) - 1):
        nxt = out[i + 1]
        if nxt and nxt[0] in "aéio" and form[i][-1:] in "tdsx" and out[i] and out[i][-1] not in "tdsk":
            out[i] += _LIAISON[form[i][-1]]
    return out


def _unsaid(word: str) -> str:
    cut = _SILENT_E.sub("", word)
    if cut != word and len(cut) > 1 and _HAS_VOWEL.search(cut):
        cut = _LOST_LIQUID.sub("", cut)
        return cut[:-1] + _SOFT.get(cut[-1], cut[-1])
    for pattern, to in _FRENCH_ENDINGS:
        cut = pattern.sub(to, word)
        if cut != word and cut and _HAS_VOWEL.search(cut):
            return cut
    return word


def _latin(word: str) -> str:
    return word.replace("œ", "oe").replace("æ", "é").replace("ß", "ss")


def _digits(said: list[str]) -> list[str]:
    out: list[str] = []
    i = 0
    while i < len(said):
        word = plain(said[i])
        if word in _TEENS and out:
            out.append(str(_TEENS[word]))
        elif word in _TENS:
            value = _TENS[word]
            j = i + 1
            if j + 1 < len(said) and plain(said[j]) in _NUMBER_FILLERS:
                j += 1
            unit = plain(said[j]) if j < len(said) else ""
            extra = _UNITS.get(unit) or (_TEENS.get(unit) if value in (60, 80) else None)
            if extra is not None:
                value, i = value + extra, j
            out.append(str(value))
        else:
            out.append(said[i])
        i += 1
    return out
