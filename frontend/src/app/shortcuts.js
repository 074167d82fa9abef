/**
 * Keys.
 *
 * [data-shortcut="/"] or "g i" (two keys in a row): focuses a field, clicks a button or link.
 * [data-list-keys]: j and k, and the arrow keys once inside, walk its [data-list-item] (or links); Enter opens as usual.
 */
const SEQUENCE_PAUSE = 900;

export function shortcuts(document) {
  let keys = [],
      last = 0;

  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
      return;
    }

    if (walk(document, event)) {
      return;
    }

    keys = event.timeStamp - last < SEQUENCE_PAUSE ? [ ...keys, event.key ].slice(-2) : [ event.key ];
    last = event.timeStamp;

    const control = find(document, keys.join(' ')) || find(document, event.key);

    if (control) {
      event.preventDefault();
      keys = [];
      press(control);
    }
  });
}


// local functions //////////

function isTyping(node) {
  return node.isContentEditable || node.closest?.('dialog[open], textarea, select') ||
    node.matches?.('input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])');
}

function find(document, shortcut) {
  return [ ...document.querySelectorAll(`[data-shortcut="${ CSS.escape(shortcut) }"]`) ].find(control => control.offsetParent);
}

function press(control) {
  if (control.matches('input, select, textarea')) {
    control.focus();
    control.select?.();
  } else {
    control.click();
  }
}

function walk(document, event) {
  const inside = event.target.closest?.('[data-list-keys]'),
        list = inside || document.querySelector('[data-list-keys]'),
        by = { j: 1, k: -1, ...(inside ? { ArrowDown: 1, ArrowUp: -1 } : {}) }[event.key];

  if (!list || !by) {
    return false;
  }

  const items = [ ...list.querySelectorAll('[data-list-item]') ],
        index = items.findIndex(item => item === document.activeElement || item.contains(document.activeElement)),
        next = items[Math.min(items.length - 1, Math.max(0, index + by))];

  if (!next) {
    return false;
  }

  event.preventDefault();
  (next.matches('a, button, [tabindex]') ? next : next.querySelector('a, button'))?.focus();

  return true;
}
