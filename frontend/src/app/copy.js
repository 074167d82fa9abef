const SHOWN = 2000;

/** <button data-copy="text" data-copied="Copied">: puts the text on the clipboard and says so for a moment. */
export function copyTexts(document) {
  document.addEventListener('click', async event => {
    const button = event.target.closest('[data-copy]');

    if (!button || button.dataset.said) {
      return;
    }

    // an icon before the words stays
    const words = [ ...button.childNodes ].findLast(({ nodeType }) => nodeType === Node.TEXT_NODE),
          before = words?.textContent;

    await navigator.clipboard.writeText(button.dataset.copy);

    if (words && button.dataset.copied) {
      button.dataset.said = 'yes';
      words.textContent = button.dataset.copied;

      setTimeout(() => {
        words.textContent = before;
        delete button.dataset.said;
      }, SHOWN);
    }
  });
}
