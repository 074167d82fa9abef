"""The words that a process made from questions brings along: in every language, whoever draws it."""

from __future__ import annotations

from bpm.language import chosen

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
REMARKS: Words = {"en": "What was asked for", "ru": "Что просят изменить", "pl": "O co poproszono"}

APPROVE: Words = {"en": "Approve", "ru": "Согласовать", "pl": "Zatwierdź"}
REVISE: Words = {"en": "Send back", "ru": "Вернуть на доработку", "pl": "Zwróć do poprawy"}
REJECT: Words = {"en": "Reject", "ru": "Отклонить", "pl": "Odrzuć"}
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


def spoken(words: Words) -> str:
    """Return words in the language of whoever draws."""
    return str(chosen(words, words["en"]))
