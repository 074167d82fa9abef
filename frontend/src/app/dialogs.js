/** [data-dialog-open="id"] shows the <dialog id>; [data-dialog-close] within it hides it; a click beside it too. */
export function dialogs(document) {
  document.addEventListener('click', event => {
    const opener = event.target.closest('[data-dialog-open]'),
          closer = event.target.closest('[data-dialog-close]');

    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.dialogOpen)?.showModal();
    } else if (closer) {
      event.preventDefault();
      closer.closest('dialog')?.close();
    } else if (event.target.matches?.('dialog[data-dialog-light]')) {
      event.target.close();
    }
  });

  document.addEventListener('click', event => {
    event.target.closest('[data-dismiss]')?.closest('[data-dismissable], [role="status"], [role="alert"]')?.remove();
  });
}
