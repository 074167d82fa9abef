import { is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../../../shared/texts';
import { field, fold, input, textarea } from '../controls';
import { expressionField } from '../ExpressionField';

const LANGUAGES = () => [
  { language: 'en', name: t('Name in English'), title: t('Title in English') },
  { language: 'ru', name: t('Name in Russian'), title: t('Title in Russian') },
  { language: 'pl', name: t('Name in Polish'), title: t('Title in Polish') }
];

/** The name of an element, and what it is called in other languages. */
export function nameSections(context) {
  const { element, object, modeling } = context,
        property = is(element, 'bpmn:TextAnnotation') ? 'text' : 'name',
        text = object.get(property),

        // updateLabel alone leaves an empty name behind when it is undone
        write = name => modeling.updateProperties(element, { [property]: name || undefined });

  if (is(element, 'bpmn:TextAnnotation')) {
    return [ field(t('Text'), textarea('name', text, write)) ];
  }

  return [
    field(t('Name'), input('name', text, write, { 'data-testid': 'step-name' }), nameHelp(element)),
    is(element, 'bpmn:SequenceFlow') ? null : translations(context, [ 'name' ])
  ].filter(Boolean);
}

/**
 * Names (and titles) in the other languages, folded away.
 *
 * @param {string[]} parts 'name', 'title'
 */
export function translations(context, parts) {
  const read = language => context.readAll('bpm:Translation').find(one => one.language === language) || {};

  const save = (language, change) => {
    const others = context.readAll('bpm:Translation').filter(one => one.language !== language),
          next = { ...read(language), ...change, language };

    context.writeAll('bpm:Translation', next.name || next.title ? [ ...others, next ] : others);
  };

  const shown = LANGUAGES().filter(({ language }) => language !== 'en' || document.documentElement.lang !== 'en' || read('en').name);

  return fold('translations', t('In other languages'), ...shown.flatMap(({ language, ...labels }) => parts.map(part =>
    field(labels[part], typed(part, input(`${ part }-${ language }`, read(language)[part], value => save(language, { [part]: value }), { lang: language }))))));

  function typed(part, control) {
    return part === 'title' ? expressionField(context, 'template', control) : control;
  }
}


// local functions //////////

function nameHelp(element) {
  if (is(element, 'bpmn:Gateway')) {
    return t('Best a question: “How much?”, “Approved?”');
  }

  return is(element, 'bpmn:Activity') ? t('Best what is done: “Approve the leave”') : undefined;
}
