/**
 * Picks a person while "@…" is typed in a text: arrows walk the list, Enter or Tab takes one, Escape closes it.
 */
import './mentions.css';

const MOST = 6,
      BEGUN = /(^|[^\w.@-])@([\w.-]*)$/;

let lastList = 0;

/**
 * @param {HTMLTextAreaElement} control
 * @param {() => { id: string, name: string }[]} people logins and names
 */
export function offerPeople(control, people) {
  const list = document.createElement('ul');

  let shown = [],
      chosen = 0;

  list.id = `mention-list-${ ++lastList }`;
  list.className = 'mention-list';
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', '@');
  control.setAttribute('aria-autocomplete', 'list');
  control.setAttribute('aria-controls', list.id);
  control.removeAttribute('list');
  control.after(list);

  control.addEventListener('input', offer);
  control.addEventListener('click', offer);
  control.addEventListener('blur', () => setTimeout(close));

  control.addEventListener('keydown', event => {
    if (list.hidden) {
      return;
    }

    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];

    if (by) {
      event.preventDefault();
      chosen = (chosen + by + shown.length) % shown.length;
      draw();
    } else if ((event.key === 'Enter' && !event.ctrlKey) || event.key === 'Tab') {
      event.preventDefault();
      take(shown[chosen]);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });

  function offer() {
    const typed = BEGUN.exec(control.value.slice(0, control.selectionStart)),
          wanted = typed?.[2].toLowerCase();

    shown = typed ? people().filter(({ id, name }) => (id.startsWith(wanted) || name.toLowerCase().split(' ').some(part => part.startsWith(wanted))) && id !== wanted).slice(0, MOST) : [];
    chosen = 0;
    draw();
  }

  function draw() {
    list.hidden = !shown.length;
    list.replaceChildren(...shown.map(({ id, name }, index) => {
      const node = document.createElement('li');

      node.id = `${ list.id }-${ index }`;
      node.setAttribute('role', 'option');
      node.setAttribute('aria-selected', String(index === chosen));
      node.textContent = `${ name } `;
      node.append(Object.assign(document.createElement('small'), { textContent: `@${ id }` }));

      // before the text loses the focus
      node.addEventListener('pointerdown', event => {
        event.preventDefault();
        take(shown[index]);
      });

      return node;
    }));

    if (list.hidden) {
      control.removeAttribute('aria-activedescendant');
    } else {
      control.setAttribute('aria-activedescendant', `${ list.id }-${ chosen }`);
    }
  }

  function take({ id }) {
    const end = control.selectionStart,
          start = control.value.slice(0, end).lastIndexOf('@');

    control.setRangeText(`@${ id } `, start, end, 'end');
    close();
    control.dispatchEvent(new Event('input', { bubbles: true }));
  }

  function close() {
    shown = [];
    draw();
  }
}
