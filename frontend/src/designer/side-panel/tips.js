import { t } from '../../shared/texts';
import { el } from './controls';

/** What is worth knowing at a section of the panel, by its title, with the page of the help that tells more. */
function tips() {
  return {
    [ t('Who does it') ]: [ 'people', t('A group is better than one person: whoever is free takes the task. “The manager of who started it” follows the departments of the company.') ],
    [ t('Buttons') ]: [ 'conditions', t('Each button is an answer. The diamond behind the task asks which one was pressed.') ],
    [ t('Until when') ]: [ 'deadlines', t('Working days leave out nights, weekends and holidays. Reminders go out before, the escalation after the deadline.') ],
    [ t('When') ]: [ 'deadlines', t('A length of time such as 2 working days, a date, or a date that somebody filled in.') ],
    [ t('When is this way taken?') ]: [ 'conditions', t('Compare a field with a value. “Otherwise” is taken when no other way fits: there should always be one.') ],
    [ t('Ways') ]: [ 'conditions', t('Each box is an arrow. Compare a field with a value, or tick “Otherwise” at one of them.') ],
    [ t('How many decide') ]: [ 'votes', t('Several people can be asked at once or one after the other; the rule says when the answer is clear.') ],
    [ t('What it does') ]: [ 'letters', t('The program does this step by itself: it sends a letter, makes a document, changes a record.') ],
    [ t('Who may start it') ]: [ 'first-process', t('Who may start the process, and what they are asked.') ]
  };
}

let helpUrl = '';

/** @param {string} url of a page of the help, with TOPIC in it */
export function setHelpUrl(url) {
  helpUrl = url || '';
}

/** A “?” that opens a few words about a section; null where there are none. */
export function tip(title) {
  const [ topic, words ] = tips()[title] || [];

  return topic && el('details', { className: 'bpm-tip', 'data-menu': '', 'data-name': `tip-${ topic }-${ title }` },
    el('summary', {}, el('span', { className: 'visually-hidden', textContent: t('Help: {title}', { title }) }), el('span', { 'aria-hidden': 'true', textContent: '?' })),
    el('div', { className: 'bpm-tip-words' },
      el('p', { textContent: words }),
      helpUrl && el('a', { href: helpUrl.replace('TOPIC', topic), target: '_blank', rel: 'noopener', textContent: t('Read more') })));
}
