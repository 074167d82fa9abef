/**
 * <form data-confirm="What will be lost"> or <button data-confirm="…">: asks once before sending.
 *
 * data-confirm-yes and data-confirm-no name the two buttons. Without them the browser's own question is used.
 */
export function confirmFirst(document) {
  document.addEventListener('submit', event => {
    const form = event.target,
          source = event.submitter?.dataset.confirm ? event.submitter : form;

    if (!source.dataset.confirm || form.dataset.confirmed) {
      return;
    }

    event.preventDefault();
    event.stopImmediatePropagation();

    ask(document, source.dataset).then(yes => {
      if (yes) {
        form.dataset.confirmed = 'yes';
        form.requestSubmit(event.submitter || undefined);
        delete form.dataset.confirmed;
      }
    });
  }, true);
}


// local functions //////////

function ask(document, { confirm: question, confirmYes, confirmNo }) {
  if (!confirmYes || !confirmNo) {
    return Promise.resolve(window.confirm(question));
  }

  const dialog = document.createElement('dialog'),
        text = Object.assign(document.createElement('p'), { textContent: question }),
        form = Object.assign(document.createElement('form'), { method: 'dialog', className: 'page-actions' });

  dialog.className = 'dialog';
  dialog.setAttribute('aria-label', question);
  form.append(button('yes', confirmYes, 'button danger'), button('no', confirmNo, 'button'));
  dialog.append(text, form);
  document.body.append(dialog);
  dialog.showModal();

  return new Promise(resolve => dialog.addEventListener('close', () => {
    dialog.remove();
    resolve(dialog.returnValue === 'yes');
  }));
}

function button(value, textContent, className) {
  return Object.assign(document.createElement('button'), { value, textContent, className });
}
