"""Sets of characters in regular expressions: classes, Unicode categories and blocks (XML Schema, F)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

Test = Callable[[str], bool]

_CATEGORIES = frozenset(
    (
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd",
        "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C", "Cc",
        "Cf", "Co", "Cn",
    )
)  # fmt: skip
_BLOCKS = {
    "BasicLatin": (0x0, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "IPAExtensions": (0x250, 0x2AF),
    "SpacingModifierLetters": (0x2B0, 0x2FF),
    "CombiningDiacriticalMarks": (0x300, 0x36F),
    "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "CyrillicSupplement": (0x500, 0x52F),
    "Armenian": (0x530, 0x58F),
    "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF),
    "Syriac": (0x700, 0x74F),
    "Thaana": (0x780, 0x7BF),
    "Devanagari": (0x900, 0x97F),
    "Bengali": (0x980, 0x9FF),
    "Gurmukhi": (0xA00, 0xA7F),
    "Gujarati": (0xA80, 0xAFF),
    "Oriya": (0xB00, 0xB7F),
    "Tamil": (0xB80, 0xBFF),
    "Telugu": (0xC00, 0xC7F),
    "Kannada": (0xC80, 0xCFF),
    "Malayalam": (0xD00, 0xD7F),
    "Sinhala": (0xD80, 0xDFF),
    "Thai": (0xE00, 0xE7F),
    "Lao": (0xE80, 0xEFF),
    "Tibetan": (0xF00, 0xFFF),
    "Myanmar": (0x1000, 0x109F),
    "Georgian": (0x10A0, 0x10FF),
    "HangulJamo": (0x1100, 0x11FF),
    "Ethiopic": (0x1200, 0x137F),
    "Cherokee": (0x13A0, 0x13FF),
    "Mongolian": (0x1800, 0x18AF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "CombiningMarksforSymbols": (0x20D0, 0x20FF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "MiscellaneousTechnical": (0x2300, 0x23FF),
    "ControlPictures": (0x2400, 0x243F),
    "EnclosedAlphanumerics": (0x2460, 0x24FF),
    "BoxDrawing": (0x2500, 0x257F),
    "BlockElements": (0x2580, 0x259F),
    "GeometricShapes": (0x25A0, 0x25FF),
    "MiscellaneousSymbols": (0x2600, 0x26FF),
    "Dingbats": (0x2700, 0x27BF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
    "PrivateUse": (0xE000, 0xF8FF),
    "CJKCompatibilityIdeographs": (0xF900, 0xFAFF),
    "AlphabeticPresentationForms": (0xFB00, 0xFB4F),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}
_OTHER_CASES = {"k": "\u212a", "K": "\u212a", "å": "\u212b", "Å": "\u212b", "s": "\u017f", "S": "\u017f"}


def is_name_start(character: str) -> bool:
    """``\\i``: what an XML name may begin with."""
    return character in "_:" or character.isalpha()


def is_name_part(character: str) -> bool:
    """``\\c``: what an XML name may hold."""
    return character in "_:-.\u00b7" or character.isalnum() or unicodedata.category(character)[0] == "M"


def _inverse(test: Test) -> Test:
    return lambda character: not test(character)


_SHORT: dict[str, Test] = {
    "s": lambda character: character in " \t\n\r",
    "d": lambda character: unicodedata.category(character) == "Nd",
    "w": lambda character: unicodedata.category(character)[0] not in "PZC",
    "i": is_name_start,
    "c": is_name_part,
}


def short_class(letter: str) -> Test | None:
    """Return the test of ``\\s``, ``\\D`` and the like, or None."""
    test = _SHORT.get(letter.lower())
    return test if test is None or letter.islower() else _inverse(test)


def property_class(name: str, positive: bool) -> Test | None:
    """Return the test of ``\\p{name}``, or None if there is no such category or block."""
    test: Test
    if name in _CATEGORIES:
        test = (
            (lambda character: unicodedata.category(character)[0] == name)
            if len(name) == 1
            else (lambda character: unicodedata.category(character) == name)
        )
    elif name.startswith("Is") and name[2:] in _BLOCKS:
        first, last = _BLOCKS[name[2:]]
        test = lambda character: first <= ord(character) <= last  # noqa: E731
    else:
        return None
    return test if positive else _inverse(test)


def cases(character: str) -> set[str]:
    """Return the character in all its cases."""
    found = {character, character.lower(), character.upper()}
    other = _OTHER_CASES.get(character)
    return found | {other} if other else found


def span(first: str, last: str, any_case: bool) -> Test:
    """Return the test for characters from ``first`` to ``last``."""
    if any_case:
        return lambda character: any(first <= one <= last for one in cases(character) if len(one) == 1)
    return lambda character: first <= character <= last


def group(tests: list[Test], negated: bool, without: Test | None) -> Test:
    """Return the test of ``[…]`` with its parts, its ``^`` and what is subtracted."""

    def test(character: str) -> bool:
        inside = any(part(character) for part in tests) is not negated
        return inside and (without is None or not without(character))

    return test
