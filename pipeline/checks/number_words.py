"""The number words of English and Spanish.

Other languages have none here: only their numbers in digits are read.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto


class Role(Enum):
    """The role of a word in a number of several words."""

    UNIT = auto()
    """1 to 19, and the numbers up to 29 that Spanish writes in one word: the end of a number below 100."""
    TEN = auto()
    HUNDREDS = auto()
    """Spanish 100 to 900, one word each."""
    HUNDRED = auto()
    """English "hundred": multiplies the number before it."""
    SCALE = auto()
    """Thousand and above; also a dozen."""
    PLURAL_SCALE = auto()
    """Needs a number before it: "dozens of people" is not a number."""
    HALF = auto()
    """A half that is added to, or multiplies, the adjacent number: "and a half", "medio"."""
    ORDINAL = auto()
    LOOSE = auto()
    """A word that means a number among other things ("both"): it can match a number, but is never missing."""


@dataclass(frozen=True, slots=True)
class NumberWord:
    """The value of a word, and its role."""

    role: Role
    value: Decimal


def _table(role: Role, text: str) -> dict[str, NumberWord]:
    """Read "3 three tres, 4 …": each value with the words for it."""
    table = {}
    for entry in text.split(","):
        value, *words = entry.split()
        table.update({word: NumberWord(role, Decimal(value)) for word in words})
    return table


ENGLISH = (
    _table(
        Role.UNIT,
        "0 zero, 2 two, 3 three, 4 four, 5 five, 6 six, 7 seven, 8 eight, 9 nine, 10 ten, 11 eleven, "
        "12 twelve, 13 thirteen, 14 fourteen, 15 fifteen, 16 sixteen, 17 seventeen, 18 eighteen, "
        "19 nineteen, 1 one",
    )
    | _table(
        Role.TEN,
        "20 twenty, 30 thirty, 40 forty, 50 fifty, 60 sixty, 70 seventy, 80 eighty, 90 ninety",
    )
    | _table(Role.HUNDRED, "100 hundred")
    | _table(
        Role.SCALE,
        "12 dozen, 1e3 thousand, 1e6 million mn, 1e9 billion bn, 1e12 trillion tn",
    )
    | _table(Role.PLURAL_SCALE, "1e6 millions, 1e9 billions, 1e12 trillions")
    | _table(Role.HALF, "0.5 half")
    | _table(
        Role.ORDINAL,
        "1 first, 2 second, 3 third thirds, 4 fourth fourths quarter quarters, 5 fifth fifths, "
        "6 sixth sixths, 7 seventh, 8 eighth, 9 ninth, 10 tenth tenths, 11 eleventh, 12 twelfth, "
        "13 thirteenth, 14 fourteenth, 15 fifteenth, 16 sixteenth, 17 seventeenth, 18 eighteenth, "
        "19 nineteenth, 20 twentieth, 30 thirtieth, 40 fortieth, 50 fiftieth, 60 sixtieth, "
        "70 seventieth, 80 eightieth, 90 ninetieth, 100 hundredth",
    )
    | _table(
        Role.LOOSE,
        "1 once single, 2 twice both couple pair twins double doubled doubling, "
        "2 dual bilateral bi, 3 triple tripled trio tri, 4 quadruple quartet, 5 quintet, "
        "10 decade, 100 century, 14 fortnight, "
        "20 twenties, 30 thirties, 40 forties, 50 fifties, 60 sixties, 70 seventies, 80 eighties, "
        "90 nineties",
    )
)
SPANISH = (
    _table(
        Role.UNIT,
        "0 cero, 1 uno, 2 dos, 3 tres, 4 cuatro, 5 cinco, 6 seis, 7 siete, 8 ocho, 9 nueve, 10 diez, "
        "11 once, 12 doce, 13 trece, 14 catorce, 15 quince, 16 dieciséis dieciseis, 17 diecisiete, "
        "18 dieciocho, 19 diecinueve, 21 veintiuno veintiuna veintiún, 22 veintidós veintidos, "
        "23 veintitrés veintitres, 24 veinticuatro, 25 veinticinco, 26 veintiséis veintiseis, "
        "27 veintisiete, 28 veintiocho, 29 veintinueve",
    )
    | _table(
        Role.TEN,
        "20 veinte, 30 treinta, 40 cuarenta, 50 cincuenta, 60 sesenta, 70 setenta, 80 ochenta, "
        "90 noventa",
    )
    | _table(
        Role.HUNDREDS,
        "100 cien ciento, 200 doscientos doscientas, 300 trescientos trescientas, "
        "400 cuatrocientos cuatrocientas, 500 quinientos quinientas, 600 seiscientos seiscientas, "
        "700 setecientos setecientas, 800 ochocientos ochocientas, 900 novecientos novecientas",
    )
    | _table(Role.SCALE, "1e3 mil, 1e6 millón, 1e9 millardo, 1e12 billón, 1e18 trillón, 12 docena")
    | _table(
        Role.PLURAL_SCALE, "12 docenas, 1e6 millones, 1e9 millardos, 1e12 billones, 1e18 trillones"
    )
    | _table(Role.HALF, "0.5 medio media")
    | _table(
        Role.ORDINAL,
        "1 primero primera primer primeros primeras, 2 segundo segunda segundos segundas, "
        "3 tercero tercera tercer terceros terceras tercio tercios, "
        "4 cuarto cuarta cuartos cuartas, 5 quinto quinta quintos quintas, "
        "6 sexto sexta, 7 séptimo séptima, 8 octavo octava, 9 noveno novena, "
        "10 décimo décima décimos décimas decenio, 11 undécimo undécima decimoprimero decimoprimera, "
        "12 duodécimo duodécima decimosegundo decimosegunda, 13 decimotercero decimotercera "
        "decimotercer, 14 decimocuarto decimocuarta, 15 decimoquinto decimoquinta, "
        "16 decimosexto decimosexta, 17 decimoséptimo decimoséptima, 18 decimoctavo decimoctava, "
        "19 decimonoveno decimonovena, 20 vigésimo vigésima, 30 trigésimo trigésima, "
        "40 cuadragésimo cuadragésima, 50 quincuagésimo quincuagésima, 60 sexagésimo sexagésima, "
        "100 centésimo centésima",
    )
    | _table(
        Role.LOOSE,
        "1 un una único única solo sola, 2 bidimensional bilateral bilaterales bimestre bípedo bípedos dual, "
        "3 tricolor tridimensional tridimensionales trilateral tripartito tripartita triples trimestral, "
        "4 cuadrúpedo cuadrúpedos cuarteto, 5 quinteto, 50 cincuentón, 60 sexagenario sexagenaria, "
        "70 septuagenario septuagenaria, 80 octogenario octogenaria, 90 nonagenario nonagenaria, "
        "100 centenario centenaria, 2 ambos ambas par pareja doble dobles duplicar duplicó "
        "duplicado gemelos, 3 triple triplicar triplicó trío trimestre, 4 cuádruple, 5 lustro, "
        "10 década decena decenio, 15 quincena, 20 veintena, 30 treintena, 40 cuarentena, "
        "50 cincuentena, 100 siglo centenar centena, 1000 millar, 0.5 mitad, 6 semestre",
    )
)
NUMBER_WORDS: dict[str, dict[str, NumberWord]] = {"en": ENGLISH, "es": SPANISH}
"""By language, then by the word in lower case."""
