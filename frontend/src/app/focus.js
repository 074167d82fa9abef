/** [data-focus] gets the focus when the page is loaded, for instance the list of what must be mended. */
export function focusFirst(document) {
  document.querySelector('[data-focus]')?.focus();
}
