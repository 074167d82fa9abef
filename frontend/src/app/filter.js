/**
 * <section data-filter>: what is typed into its [data-filter-text] leaves those [data-filter-row="words to look in"] that
 * hold it. A [data-filter-group] without rows is hidden, [data-filter-none] is shown when nothing is left, and
 * [data-filter-button], which does the same without script, is not needed.
 */
export function filterRows(document) {
  for (const section of document.querySelectorAll('[data-filter]')) {
    const field = section.querySelector('[data-filter-text]');

    section.querySelectorAll('[data-filter-button]').forEach(button => { button.hidden = true; });
    field.addEventListener('input', () => filter(section, field.value));
    field.form.addEventListener('submit', event => event.preventDefault());
  }
}


// local functions //////////

function filter(section, text) {
  const wanted = text.trim().toLowerCase(),
        fits = row => row.dataset.filterRow.toLowerCase().includes(wanted);

  section.querySelectorAll('[data-filter-row]').forEach(row => { row.hidden = !fits(row); });

  section.querySelectorAll('[data-filter-group]').forEach(group => {
    group.hidden = !group.querySelector('[data-filter-row]:not([hidden])');
  });

  section.querySelector('[data-filter-none]').hidden = !!section.querySelector('[data-filter-row]:not([hidden])');
}
