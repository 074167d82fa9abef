"""The words that a process made from questions brings along, in every language.

What is drawn speaks the language of whoever draws; the other languages stand beside it as translations.
"""

from __future__ import annotations

from bpm.language import chosen, language

Words = dict[str, str]

APPROVE_WHAT: Words = {"en": "Approve: {}", "ru": "Согласовать: {}", "pl": "Zatwierdź: {}"}
FILL_IN: Words = {"en": "Fill in: {}", "ru": "Заполнить: {}", "pl": "Wypełnij: {}"}
REWORK: Words = {
    "en": "Change and submit again",
    "ru": "Доработать и отправить снова",
    "pl": "Popraw i wyślij ponownie",
}
COUNT: Words = {"en": "Count the votes", "ru": "Подсчёт голосов", "pl": "Podlicz głosy"}
DECISION: Words = {"en": "Decision?", "ru": "Решение?", "pl": "Decyzja?"}
ASKED: Words = {"en": "Asked", "ru": "Запрос", "pl": "Zlecono"}
APPROVED: Words = {"en": "Approved", "ru": "Согласовано", "pl": "Zatwierdzono"}
REJECTED: Words = {"en": "Rejected", "ru": "Отклонено", "pl": "Odrzucono"}
STAGE: Words = {"en": "Update record", "ru": "Обновить запись", "pl": "Zaktualizuj rekord"}
DOCUMENT: Words = {"en": "Make document", "ru": "Сформировать документ", "pl": "Utwórz dokument"}
LETTER: Words = {"en": "Send letter", "ru": "Отправить письмо", "pl": "Wyślij list"}
DECIDE: Words = {"en": "Decision", "ru": "Решение", "pl": "Decyzja"}
CHANGE: Words = {"en": "Changes", "ru": "Доработка", "pl": "Poprawki"}
REMARKS: Words = {"en": "What was asked for", "ru": "Что просят изменить", "pl": "O co poproszono"}

APPROVE: Words = {"en": "Approve", "ru": "Согласовать", "pl": "Zatwierdź"}
REVISE: Words = {"en": "Send back", "ru": "Вернуть на доработку", "pl": "Zwróć do poprawy"}
REJECT: Words = {"en": "Reject", "ru": "Отклонить", "pl": "Odrzuć"}
WITHDRAW: Words = {"en": "Withdraw", "ru": "Отозвать", "pl": "Wycofaj"}
WITHDRAWN: Words = {"en": "Withdrawn", "ru": "Отозвано", "pl": "Wycofano"}
AGAIN: Words = {"en": "Submit again?", "ru": "Отправить снова?", "pl": "Wysłać ponownie?"}
LARGE: Words = {"en": "More than {}?", "ru": "Больше {}?", "pl": "Więcej niż {}?"}
LARGE_YES: Words = {"en": "Yes", "ru": "Да", "pl": "Tak"}
LARGE_NO: Words = {"en": "No", "ru": "Нет", "pl": "Nie"}
CONFIRM: Words = {"en": "Confirm: {}", "ru": "Утвердить: {}", "pl": "Potwierdź: {}"}
RESUBMIT: Words = {"en": "Submit again", "ru": "Отправить повторно", "pl": "Wyślij ponownie"}
DONE: Words = {"en": "Done", "ru": "Готово", "pl": "Gotowe"}

LETTER_YES: Words = {
    "en": "Your request was approved: {}.",
    "ru": "Ваш запрос согласован: {}.",
    "pl": "Twój wniosek został zatwierdzony: {}.",
}
LETTER_NO: Words = {
    "en": "Your request was rejected: {}.",
    "ru": "Ваш запрос отклонён: {}.",
    "pl": "Twój wniosek został odrzucony: {}.",
}


def about(words: Words, what: str) -> Words:
    """Return words with a thing named in them."""
    return {language: text.replace("{}", what) for language, text in words.items()}


def with_outcome(words: Words, outcome: Words) -> Words:
    """Return words with what was decided behind them, which tells two steps of a kind apart."""
    return {one: f"{text}: {outcome[one].lower()}" for one, text in words.items()}


def translations(words: Words) -> Words:
    """Return what stands beside the words that are drawn.

    Readers take what is drawn for English, so another language needs all three; words in one language none.
    """
    if len(words) < 2:
        return {}
    return {one: text for one, text in words.items() if one != "en" or language() != "en"}


def spoken(words: Words) -> str:
    """Return words in the language of whoever draws."""
    return str(chosen(words, words["en"]))
