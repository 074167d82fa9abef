import { isTranslated, t } from '../../shared/texts';

const PACKS = {
  ru: () => import('bpmn-js-i18n/translations/ru'),
  pl: () => import('bpmn-js-i18n/translations/pl')
};

/**
 * Return bpmn-js's translate function for a language: { translate: [ 'value', fn ] } as a module. Our own catalogue
 * wins, then the package's. fn.missing collects what neither has, for a test to look at.
 */
export async function loadTranslate(language) {
  const pack = PACKS[language] ? (await PACKS[language]()).default : {};

  function translate(template, values = {}) {
    if (isTranslated(template)) {
      return t(template, values);
    }

    if (language !== 'en' && !(template in pack)) {
      translate.missing.add(template);
    }

    return (pack[template] || template).replace(/{([^}]+)}/g, (placeholder, key) => values[key] ?? placeholder);
  }

  translate.missing = new Set();

  return translate;
}

/**
 * Texts of bpmn-js that bpmn-js-i18n lacks; named here so that they are extracted into our catalogue.
 */
export const MISSING_IN_PACKS = () => [
  t('Change element'), t('Append text annotation'), t('Connect to other element'), t('Delete'), t('Open {element}'),
  t('No open elements found'), t('Search in diagram'), t('Change type')
];
