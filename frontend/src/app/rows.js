/**
 * Lists of rows in forms.
 *
 * <div data-rows>
 *   <div data-row>…</div>
 *   <template data-row-template>…name="items[__index__].name"…</template>
 *   <button type="button" data-row-add>Add</button>
 * </div>
 *
 * [data-row-remove] within a row takes it out. The server reads rows in the order in which they stand and does not
 * mind gaps in the numbers.
 */
export function repeatedRows(document) {
  document.addEventListener('click', event => {
    const adder = event.target.closest('[data-row-add]'),
          remover = event.target.closest('[data-row-remove]');

    if (adder) {
      add(adder.closest('[data-rows]'), event);
    } else if (remover) {
      remove(remover.closest('[data-row]'), event);
    }
  });
}


// local functions //////////

function add(list, event) {
  const template = list?.querySelector(':scope > template[data-row-template]');

  if (!template) {
    return;
  }

  event.preventDefault();

  const index = Number(list.dataset.nextRow || list.querySelectorAll('[data-row]').length),
        holder = document.createElement('template');

  list.dataset.nextRow = index + 1;
  holder.innerHTML = template.innerHTML.replaceAll('__index__', index);
  template.before(holder.content);

  const row = [ ...list.querySelectorAll(':scope > [data-row]') ].at(-1);
  row?.querySelector('input, select, textarea')?.focus();
  announce(list);
}

function remove(row, event) {
  if (!row) {
    return;
  }

  event.preventDefault();

  const list = row.closest('[data-rows]');

  row.remove();
  list?.querySelector('[data-row-add]')?.focus();
  announce(list);
}

// the draft of the form has changed
function announce(list) {
  list?.dispatchEvent(new Event('input', { bubbles: true }));
}
