/**
 * The words of the program in the reader's language.
 *
 * t('Saved {time}', { time }) and tn('{n} problem', '{n} problems', n). The server makes the catalogue from the .po
 * file of texts that were extracted from these sources; its address stands in <… data-texts="/texts/ru.json">.
 */
let catalogue = {},
    plurals = new Intl.PluralRules('en');

// the order of plural forms in the .po files of our languages; "other" are fractions
const FORMS = [ 'one', 'few', 'many', 'other' ];

/** Load the catalogue; English needs none. */
export async function loadTexts(url, language) {
  plurals = new Intl.PluralRules(language);

  if (language !== 'en' && url) {
    catalogue = await fetch(url).then(response => response.ok ? response.json() : {});
  }
}

export function t(text, values = {}) {
  return fill(first(catalogue[text]) || text, values);
}

export function tn(one, many, n, values = {}) {
  const forms = catalogue[one];

  return fill(Array.isArray(forms) ? pick(forms, n) : n === 1 ? one : many, { n, ...values });
}

export function isTranslated(text) {
  return text in catalogue;
}


// local functions //////////

function first(entry) {
  return Array.isArray(entry) ? entry[0] : entry;
}

function pick(forms, n) {
  return forms[Math.min(FORMS.indexOf(plurals.select(n)), forms.length - 1)];
}

function fill(text, values) {
  return text.replace(/{(\w+)}/g, (placeholder, name) => values[name] ?? placeholder);
}
