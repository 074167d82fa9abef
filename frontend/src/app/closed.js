/**
 * [data-task-closed] that appears by a refresh says that the task of this page is decided or gone: its form can no
 * longer be sent, what was typed stays to be read and copied.
 */
export function closeTasks(document) {
  const look = () => {
    if (document.querySelector('[data-task-closed]')) {
      document.querySelectorAll('form[data-autosave]').forEach(close);
    }
  };

  document.addEventListener('bpm:refreshed', look);
  look();
}


// local functions //////////

function close(form) {
  form.removeAttribute('data-autosave');
  form.querySelectorAll('button[type="submit"], button:not([type])').forEach(button => { button.disabled = true; });
}
