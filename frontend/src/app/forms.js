/**
 * Forms are sent once: a second click within the same sending is ignored ([data-repeatable] allows it).
 * [data-submit-on-change] sends its form when a choice changes (filters).
 */
export function submitForms(document) {
  const sending = new WeakSet();

  document.addEventListener('submit', event => {
    const form = event.target;

    if (event.defaultPrevented || form.dataset.repeatable !== undefined || form.method !== 'post') {
      return;
    }

    if (sending.has(form)) {
      event.preventDefault();
    } else {
      sending.add(form);
      form.setAttribute('aria-busy', 'true');
    }
  });

  document.addEventListener('change', event => {
    if (event.target.matches('[data-submit-on-change]')) {
      event.target.form?.requestSubmit();
    }
  });

  // a page that comes back from the browser's memory may be sent again
  window.addEventListener('pageshow', () => document.querySelectorAll('form[aria-busy]').forEach(form => {
    sending.delete(form);
    form.removeAttribute('aria-busy');
  }));

  // htmx answers leave the form on the page
  document.addEventListener('htmx:finally:request', ({ target }) => {
    const form = target.closest?.('form');

    if (form) {
      sending.delete(form);
      form.removeAttribute('aria-busy');
    }
  });
}
