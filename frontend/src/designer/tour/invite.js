import { send } from '../../shared/request';
import { t } from '../../shared/texts';
import { el } from '../side-panel/controls';

/** Ask who draws for the first time whether they want to be shown around. The answer is kept with the person. */
export async function invite(root) {
  const { seen } = await send('GET', root.dataset.tourUrl).catch(() => ({ seen: true }));

  if (seen) {
    return;
  }

  const answer = async yes => {
    card.remove();
    leave(root);

    if (yes) {
      (await import('./Tour')).showTour(root);
    }
  };

  const card = el('section', { className: 'bpm-invitation', 'aria-label': t('Show me around') },
    el('p', { textContent: t('Here for the first time?') }),
    el('button', { type: 'button', className: 'button small', textContent: t('Show me around'), onclick: () => answer(true) }),
    el('button', { type: 'button', className: 'button plain small', textContent: t('No, thanks'), onclick: () => answer(false) }));

  root.querySelector('[data-part="canvas"]').append(card);
}

/** Keep that the person has seen the tour or does not want to. */
export function leave(root) {
  send('POST', root.dataset.tourUrl, {}).catch(() => {}); // it is offered again then
}
