import { csrfToken } from '../shared/request';

const DELAY = 1000;

/**
 * <form data-autosave="/tasks/…/draft" data-autosave-saved="Draft saved at {time}" data-autosave-failed="…">:
 * what is typed is posted a second after the last key, as the form itself would be, without its files.
 * The words appear in the form's [data-autosave-status].
 */
export function autosaveForms(document) {
  const waiting = new Map();

  document.addEventListener('input', event => {
    const form = event.target.closest('form[data-autosave]');

    if (form) {
      clearTimeout(waiting.get(form));
      waiting.set(form, setTimeout(() => save(form), DELAY));
    }
  });

  document.addEventListener('submit', ({ target }) => {
    clearTimeout(waiting.get(target));
    waiting.delete(target);
  });

  // leaving the page must not lose the last words
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') {
      waiting.forEach((timer, form) => {
        clearTimeout(timer);
        save(form);
      });
    }
  });

  async function save(form) {
    waiting.delete(form);

    const data = new FormData(form);

    [ ...data ].filter(([ , value ]) => value instanceof File).forEach(([ name ]) => data.delete(name));

    try {
      const response = await fetch(form.dataset.autosave, {
        method: 'POST', body: data, headers: { 'X-CSRFToken': csrfToken(), Accept: 'application/json' }, keepalive: true
      });

      say(form, response.ok ? form.dataset.autosaveSaved : form.dataset.autosaveFailed);
    } catch {
      say(form, form.dataset.autosaveFailed);
    }
  }
}


// local functions //////////

function say(form, words = '') {
  const status = form.querySelector('[data-autosave-status]'),
        time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

  if (status) {
    status.textContent = words.replace('{time}', time.format(new Date()));
  }
}
