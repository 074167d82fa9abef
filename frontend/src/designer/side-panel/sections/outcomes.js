import { t } from '../../../shared/texts';
import { keyFrom } from '../../../shared/keys';
import { followed } from '../../model/OwnLanguage';
import { button, el, field, fold, hint, input, removeButton, section, select } from '../controls';
import { labelFields } from './labels';
import { listsOfVoting } from './voting';

/** The buttons with which a step is finished. */
export function outcomesSection(context) {
  const read = () => context.read('bpm:Outcomes').outcomes || [],
        outcomes = read();

  const save = change => context.batch.run(() => {
    const before = read(),
          next = change(before),
          { variable, vote } = context.read('bpm:Outcomes');

    context.write('bpm:Outcomes', next.length ? { variable, vote, outcomes: next } : null);

    if (context.has('bpm:Voting')) {
      context.write('bpm:Voting', { ...context.read('bpm:Voting'), ...listsOfVoting(context.read('bpm:Voting'), before, next) });
    }
  });

  return section(t('Buttons'),
    !outcomes.length && hint(t('Without buttons of its own the step is finished with “Done”.')),
    outcomes.map((outcome, index) => outcomeRow(outcome, index, save)),
    button('add-outcome', '+ ' + t('Add a button'), () => save(list => [ ...list, newOutcome(list) ])),
    outcomes.length > 0 && fold('outcome-variable', t('Name of the decision'),
      field(t('The decision is kept as'), input('outcome-variable', context.read('bpm:Outcomes').variable, variable => context.write('bpm:Outcomes', {
        ...context.read('bpm:Outcomes'), variable: keyFrom(variable) || undefined
      }), { placeholder: 'outcome' }), t('Conditions ask for it by this name.'))));
}


// local functions //////////

function outcomeRow(outcome, index, save) {
  const { key, label, comment, tone, labels = [] } = outcome,
        change = part => save(list => list.map((other, i) => i === index ? { ...other, ...part } : other));

  return el('div', { className: `bpm-card bpm-tone-${ tone || 'neutral' }`, role: 'group', 'aria-label': label || key },
    el('div', { className: 'bpm-row' },
      input(`outcome-${ index }-label`, label, text => change({ label: text, labels: labels.map(one => followed(one, 'text', label, text)) }), { label: t('Text of the button') }),
      removeButton(`outcome-${ index }-remove`, t('Remove the button “{name}”', { name: label || key }), () => save(list => list.filter((_, i) => i !== index)))),
    el('div', { className: 'bpm-row' },
      select(`outcome-${ index }-comment`, [
        { id: 'optional', name: t('Comment optional') },
        { id: 'required', name: t('Comment required') },
        { id: 'none', name: t('No comment') }
      ], comment || 'optional', comment => change({ comment }), t('Comment')),
      select(`outcome-${ index }-tone`, [
        { id: 'positive', name: t('Says yes') },
        { id: 'neutral', name: t('Neither') },
        { id: 'negative', name: t('Says no') }
      ], tone || 'neutral', tone => change({ tone }), t('Meaning'))),
    fold(`outcome-${ index }`, t('In other languages'),
      labelFields(`outcome-${ index }`, labels, labels => change({ labels })),
      field(t('Known in conditions as'), input(`outcome-${ index }-key`, key, key => keyFrom(key) && change({ key: keyFrom(key) })))));
}

// what a further button means only its words say, and those are typed next
function newOutcome(list) {
  const isTaken = key => list.some(outcome => outcome.key === key);

  let number = list.length + 1;

  while (isTaken(`choice_${ number }`)) {
    number++;
  }

  const [ key, label ] = isTaken('done') || list.length ? [ `choice_${ number }`, t('Button {number}', { number }) ] : [ 'done', t('Done') ];

  return { $type: 'bpm:Outcome', key, label, comment: 'optional', tone: 'neutral', labels: [] };
}
