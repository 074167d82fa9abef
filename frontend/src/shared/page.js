/** What the pages in which something is made have in common: state of saving, buttons, keys, downloads. */
import { t } from './texts';

/**
 * @param {HTMLElement} root
 * @param {Object<string, () => void>} actions by data-action
 */
export function bindActions(root, actions) {
  root.addEventListener('click', event => {
    const action = event.target.closest('[data-action]')?.dataset.action;

    if (actions[action]) {
      event.preventDefault();
      actions[action]();
    }
  });

  document.addEventListener('keydown', event => {
    if (!(event.ctrlKey || event.metaKey) || event.defaultPrevented || root.querySelector('dialog[open]')) {
      return;
    }

    const key = event.key.toLowerCase();

    if (key === 's') {
      event.preventDefault();
      document.activeElement?.blur();
      setTimeout(() => actions.save());
    } else if ((key === 'z' || key === 'y') && !isTyping(event.target)) {
      event.preventDefault();
      actions[key === 'y' || event.shiftKey ? 'redo' : 'undo']();
    }
  });
}

/**
 * Say how the draft stands.
 *
 * @param {HTMLElement} root
 * @param {string} state one of Autosave, or published
 * @param {Object} [details] the server's answer, its message, the copy that was kept
 * @param {(copy: string) => string} [kept] says of what is made here that it is kept
 */
export function tellState(root, state, details = {}, kept = copy => t('What you change here is kept as “{copy}”.', { copy })) {
  const part = name => root.querySelector(`[data-part="${ name }"]`),
        status = part('status'),
        copy = details.copy;

  status.dataset.state = state;
  status.textContent = {
    unsaved: () => t('Draft, not saved yet'),
    saving: () => t('Saving…'),
    saved: () => t('Draft, saved {time}', { time: details.saved_time }),
    failed: () => details.message || t('Not saved: the server cannot be reached. It is tried again.'),
    conflict: () => copy ? t('Kept as a copy, {time}', { time: copy.time }) : t('Not saved'),
    published: () => t('Version {number} is published', { number: details.number })
  }[state]();

  if (state === 'conflict') {
    part('conflict').hidden = false;
    part('conflict-words').textContent = copy ? `${ details.message } ${ kept(copy.label) }` : details.message;
    part('conflict-copy').hidden = !copy;
    part('conflict-download').hidden = !!copy;

    if (copy) {
      part('conflict-compare').href = copy.compare;
    }
  }
}

export function download(text, name, type) {
  const link = document.createElement('a');

  link.href = URL.createObjectURL(new Blob([ text ], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export function fail(root, error) {
  const failure = root.querySelector('[data-part="failure"]');

  root.dataset.ready = 'failed';
  failure.hidden = false;
  failure.querySelector('[data-part="failure-words"]').textContent = error.message;
}


// local functions //////////

function isTyping(node) {
  return node.matches('textarea, select, input:not([type=checkbox])') || node.isContentEditable;
}
