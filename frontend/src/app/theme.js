import { csrfToken } from '../shared/request';

/**
 * <button data-theme-choice="light|dark|auto"> or <input type="radio" data-theme-choice value="dark">:
 * the colours change at once; the form around it, if it has data-theme-form, is sent behind the scenes.
 */
export function themes(document) {
  document.addEventListener('click', event => {
    const button = event.target.closest('button[data-theme-choice]');

    if (button) {
      choose(button, button.dataset.themeChoice, event);
    }
  });

  document.addEventListener('change', event => {
    if (event.target.matches('input[data-theme-choice]')) {
      choose(event.target, event.target.value, event);
    }
  });
}


// local functions //////////

function choose(control, theme, event) {
  const form = control.closest('form[data-theme-form]');

  document.documentElement.dataset.theme = theme;

  document.querySelectorAll('button[data-theme-choice]').forEach(
    button => button.setAttribute('aria-pressed', button.dataset.themeChoice === theme));

  if (form) {
    event.preventDefault();

    const data = new FormData(form);

    if (control.name) {
      data.set(control.name, control.value);
    }

    fetch(form.action, { method: 'POST', body: data, headers: { 'X-CSRFToken': csrfToken() } }).catch(() => form.submit());
  }
}
