import { t } from '../shared/texts';

/** What a form may hold, in people's words. `common` ones stand first; `start` is what a new one has. */
export function fieldTypes() {
  return [
    { id: 'textfield', name: t('Words'), common: true },
    { id: 'textarea', name: t('Long text'), common: true },
    { id: 'number', name: t('Number'), common: true },
    { id: 'money', name: t('Money'), common: true, start: { currency: 'PLN' } },
    { id: 'datetime', name: t('Date or time'), common: true, start: { subtype: 'date' } },
    { id: 'checkbox', name: t('Yes or no'), common: true },
    { id: 'select', name: t('One from a list'), common: true, start: { values: [] } },
    { id: 'filepicker', name: t('A file'), common: true },
    { id: 'person', name: t('A person'), common: true },
    { id: 'radio', name: t('One of a few'), start: { values: [] } },
    { id: 'checklist', name: t('Several of a few'), start: { values: [] } },
    { id: 'taglist', name: t('Several from a list'), start: { values: [] } },
    { id: 'persongroup', name: t('A group of people') },
    { id: 'record', name: t('A record'), start: { recordType: '' } },
    { id: 'expression', name: t('A computed value'), start: { expression: '', result: 'number' } },
    { id: 'group', name: t('A section'), start: { components: [] } },
    { id: 'dynamiclist', name: t('A table of lines'), start: { components: [], defaultRepetitions: 1, allowAddRemove: true } },
    { id: 'text', name: t('A text to read'), start: { text: '' } },
    { id: 'separator', name: t('A line between') }
  ];
}

export const CHOICES = [ 'select', 'radio', 'checklist', 'taglist' ],
             HOLDERS = [ 'group', 'dynamiclist' ],
             STILL = [ 'text', 'separator' ];

// kinds that one may become without losing what was said of it
const ALIKE = [
  [ 'textfield', 'textarea', 'number', 'money', 'datetime', 'checkbox', ...CHOICES, 'person', 'persongroup', 'record', 'filepicker', 'expression' ],
  [ 'group', 'dynamiclist' ]
];

const TYPES = {
  number: 'number', money: 'number', datetime: 'date', checkbox: 'boolean', select: 'choice', radio: 'choice', person: 'person',
  checklist: 'list', taglist: 'list', dynamiclist: 'list', date: 'date', boolean: 'boolean', list: 'list'
};

export function typeName(type) {
  return fieldTypes().find(({ id }) => id === type)?.name || type;
}

export function alike(type) {
  const ids = ALIKE.find(ids => ids.includes(type)) || [ type ];

  return fieldTypes().filter(({ id }) => ids.includes(id));
}

/** The type of an answer as conditions tell them apart. */
export function conditionType(component) {
  return component.multiple ? 'list' : TYPES[component.result || component.type] || 'text';
}

/** The type of an answer as expressions know it; '' if it may vary. */
export function expressionType({ type, result, subtype, multiple }) {
  if (multiple || [ 'checklist', 'taglist', 'dynamiclist' ].includes(type)) {
    return 'list';
  }

  return {
    textfield: 'string', textarea: 'string', number: 'number', money: 'number', checkbox: 'boolean', person: 'string',
    datetime: { date: 'date', datetime: 'date and time', time: 'time' }[subtype || 'date']
  }[type] || { number: 'number', money: 'number', text: 'string', boolean: 'boolean' }[result] || '';
}
