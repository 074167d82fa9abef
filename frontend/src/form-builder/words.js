/** Texts of a form: plain, or one for each language. */

export const LANGUAGES = [ { id: 'en', name: 'English' }, { id: 'ru', name: 'Русский' }, { id: 'pl', name: 'Polski' } ];

export function authorsLanguage() {
  return document.documentElement.lang || 'en';
}

export function textOf(texts, language = authorsLanguage()) {
  return typeof texts === 'string' ? texts : texts?.[language] || texts?.en || Object.values(texts || {})[0] || '';
}

/** What is written in exactly this language; a plain text counts as the author's. */
export function textIn(texts, language) {
  return typeof texts === 'string' ? (language === authorsLanguage() ? texts : '') : texts?.[language] || '';
}

/** Change the text in one language and keep the others. */
export function withText(old, text, language = authorsLanguage()) {
  const all = typeof old === 'string' || !old ? { [authorsLanguage()]: old || '' } : { ...old };

  all[language] = text;

  const filled = Object.entries(all).filter(([ , words ]) => words),
        [ only ] = filled;

  return !filled.length ? '' : filled.length === 1 && only[0] === authorsLanguage() ? only[1] : Object.fromEntries(filled);
}
