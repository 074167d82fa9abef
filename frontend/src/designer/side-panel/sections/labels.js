import { t } from '../../../shared/texts';
import { field, input } from '../controls';

/** Words in the other languages, kept as bpm:label. English is one of them for whoever writes in another. */
export function labelFields(name, labels = [], save) {
  const words = { en: t('In English'), ru: t('In Russian'), pl: t('In Polish') },
        isOther = language => language !== 'en' || document.documentElement.lang !== 'en' || labels.some(one => one.language === 'en');

  return Object.entries(words).filter(([ language ]) => isOther(language)).map(([ language, label ]) => field(label, input(`${ name }-${ language }`, labels.find(one => one.language === language)?.text, text => save([
    ...labels.filter(one => one.language !== language), ...(text ? [ { $type: 'bpm:Label', language, text } ] : [])
  ]), { lang: language })));
}
