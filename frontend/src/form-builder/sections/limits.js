/** What fits into a field. */
import { checkbox, checkboxes, field, fold, input, section, select } from '../../designer/side-panel/controls';
import { t } from '../../shared/texts';
import { HOLDERS } from '../fieldTypes';
import { toNumber } from '../values';
import { textOf } from '../words';

const NUMBERS = [ 'number', 'money' ],
      TEXTS = [ 'textfield', 'textarea' ];

export function limits(part, edit) {
  const parts = [
    TEXTS.includes(part.type) && [
      part.type === 'textfield' && field(t('It is'), select('validationType', [
        { id: '', name: t('any text') }, { id: 'email', name: t('an e-mail address') }, { id: 'phone', name: t('a telephone number') }
      ], part.validate?.validationType, validationType => edit.rule({ validationType: validationType || undefined }))),
      edit.wholeRule(part, 'minLength', t('At least so many letters')), edit.wholeRule(part, 'maxLength', t('At most so many letters'))
    ],
    NUMBERS.includes(part.type) && [
      part.type === 'money' && field(t('Currency'), input('currency', part.currency, currency => edit.update({ currency }), { maxLength: 8 })),
      edit.limit(part, 'min', t('Not below')), edit.limit(part, 'max', t('Not above')),
      edit.whole(part, 'decimalDigits', t('Digits after the point')),
      field(t('In steps of'), input('increment', part.increment, text => edit.update({ increment: toNumber(text) }), { inputMode: 'decimal' })),
      part.type === 'number' && field(t('Unit after the number'), input('suffix', textOf(part.appearance?.suffixAdorner), suffix =>
        edit.update({ appearance: suffix ? { ...part.appearance, suffixAdorner: suffix } : undefined }), { maxLength: 20 }))
    ],
    part.type === 'datetime' && [
      field(t('What is asked'), select('subtype', [ { id: 'date', name: t('A day') }, { id: 'time', name: t('A time of day') }, { id: 'datetime', name: t('A day and a time') } ], part.subtype || 'date', subtype => edit.update({ subtype }))),
      part.subtype !== 'time' && [
        checkbox('disallowPassedDates', t('No days in the past'), part.disallowPassedDates === true, on => edit.update({ disallowPassedDates: on || undefined })),
        edit.limit(part, 'min', t('Not before'), 'date'), edit.limit(part, 'max', t('Not after'), 'date')
      ]
    ],
    part.type === 'filepicker' && [
      edit.several(part),
      field(t('Kinds of files'), input('accept', part.accept, accept => edit.update({ accept })), t('For instance .pdf, .docx; empty: any')),
      checkbox('versions', t('Show the present version'), part.versions === true, on => edit.update({ versions: on || undefined })),
      checkbox('newVersion', t('A new version must be given'), part.newVersion === true, on => edit.update({ newVersion: on || undefined }))
    ],
    part.type === 'person' && [
      edit.several(part),
      fold('groups', t('Only people of some groups'), checkboxes('groups', edit.model.picks.groups, part.groups || [], groups => edit.update({ groups: groups.length ? groups : undefined })))
    ],
    part.type === 'persongroup' && edit.several(part),
    part.type === 'record' && [
      field(t('Kind of record'), select('recordType', [ { id: '', name: t('Choose…') }, ...edit.model.picks.recordTypes ], part.recordType, recordType => edit.update({ recordType }))),
      edit.several(part)
    ],
    part.type === 'dynamiclist' && [
      edit.whole(part, 'defaultRepetitions', t('Lines at first')),
      checkbox('allowAddRemove', t('People may add and take away lines'), part.allowAddRemove !== false, on => edit.update({ allowAddRemove: on }))
    ]
  ].filter(Boolean);

  return parts.length > 0 && section(HOLDERS.includes(part.type) ? t('Lines') : t('What fits'), ...parts);
}
