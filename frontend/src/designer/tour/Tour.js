import { t } from '../../shared/texts';
import { el } from '../side-panel/controls';
import { leave } from './invite';

const GAP = 16;

/**
 * Walks through the places of the designer, one card at each. A modal dialog: the focus stays in it, Escape leaves it,
 * the arrow keys go on and back; afterwards the focus is where it was.
 */
export function showTour(root) {
  const stops = places().filter(({ place }) => shown(root, place)),
        before = document.activeElement,
        card = el('dialog', { className: 'bpm-tour', 'aria-labelledby': 'tour-title' });

  let at = 0;

  root.append(card);
  card.addEventListener('keydown', ({ key }) => key === 'ArrowRight' ? go(at + 1) : key === 'ArrowLeft' && go(at - 1));
  card.addEventListener('close', () => {
    mark(null);
    card.remove();
    leave(root);
    before?.focus?.();
  });
  addEventListener('resize', settle);
  card.showModal();
  go(0);

  function go(number) {
    if (number < 0 || number >= stops.length) {
      return;
    }

    at = number;

    const { title, words, place } = stops[at],
          isLast = at === stops.length - 1;

    root.dataset.view = 'steps';

    card.replaceChildren(
      el('p', { className: 'bpm-faint', textContent: t('{number} of {all}', { number: at + 1, all: stops.length }) }),
      el('h2', { id: 'tour-title', tabIndex: -1, textContent: title }),
      ...words.map(text => el('p', { textContent: text })),
      el('div', { className: 'bpm-dialog-actions' },
        el('button', { type: 'button', className: 'button primary', textContent: isLast ? t('Begin to draw') : t('Next'), onclick: () => isLast ? card.close() : go(at + 1) }),
        at > 0 && el('button', { type: 'button', className: 'button', textContent: t('Back'), onclick: () => go(at - 1) }),
        !isLast && el('button', { type: 'button', className: 'button plain', textContent: t('Leave'), onclick: () => card.close() })));

    mark(shown(root, place));
    settle();
    card.querySelector('h2').focus();
  }

  function settle() {
    const target = shown(root, stops[at].place)?.getBoundingClientRect();

    if (!card.isConnected || !target) {
      removeEventListener('resize', settle);

      return;
    }

    const { width, height } = card.getBoundingClientRect(),
          right = target.right + GAP + width < innerWidth,
          left = right ? target.right + GAP : target.left - GAP - width > 0 ? target.left - GAP - width : (innerWidth - width) / 2,
          top = right || target.left - GAP - width > 0 ? target.top : target.bottom + GAP;

    Object.assign(card.style, {
      left: `${ clamp(left, innerWidth - width - GAP) }px`, top: `${ clamp(top, innerHeight - height - GAP) }px`
    });
  }

  function mark(target) {
    root.querySelector('.bpm-tour-place')?.classList.remove('bpm-tour-place');
    target?.classList.add('bpm-tour-place');
  }
}


// local functions //////////

function clamp(value, most) {
  return Math.max(GAP, Math.min(value, most));
}

function shown(root, place) {
  return [ ...root.querySelectorAll(place) ].find(node => node.getClientRects().length > 0);
}

function places() {
  return [
    {
      place: '[data-part="palette"], [data-part="outline"]', title: t('What can happen'),
      words: [
        t('These are the steps a process is made of. Drag one onto the sheet, or press it: it is added behind the step you chose last.'),
        t('“Approval” comes with its buttons, the diamond behind it and the ways out.')
      ]
    },
    {
      place: '[data-part="canvas"]', title: t('Your drawing'),
      words: [
        t('A process begins at a circle, goes from step to step along the arrows, and ends at a thick circle.'),
        t('Press a step and small signs appear beside it: add the next step, draw an arrow, make it something else, delete it. Ctrl+Z undoes everything.')
      ]
    },
    {
      place: '[data-part="panel"]', title: t('Who, what and until when'),
      words: [ t('What you chose is set up here: who does it, which form they see, which buttons they press, until when. Choose nothing and you see the process itself.') ]
    },
    {
      place: '[data-part="problems"]', title: t('Is everything right?'),
      words: [ t('While you draw, the program looks for what is missing and says it in plain words. Press an entry to go there; where there is a button “Fix”, it mends it for you.') ]
    },
    {
      place: '[data-action="rehearse"], [data-part="rehearse"], a[href*="rehears"]', title: t('Try it first'),
      words: [ t('Play the process through before others use it: you act as everybody, time can be skipped, and no letter is sent.') ]
    },
    {
      place: '[data-part="publish"]', title: t('Make it real'),
      words: [
        t('Nothing you draw is used until you publish it. What runs already goes on as it began; you can always go back to an older version.'),
        t('You find this tour again in the menu “More”.')
      ]
    }
  ];
}
