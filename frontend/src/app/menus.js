/**
 * <details class="menu"> or <details data-menu>: closes on Escape, on a click elsewhere and when another opens;
 * arrow keys walk its items.
 */
const MENU = 'details.menu, details[data-menu]',
      ITEM = 'a[href], button:not([disabled]), input:not([disabled])';

export function menus(document) {
  document.addEventListener('click', event => {
    for (const menu of openMenus(document)) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    }
  });

  document.addEventListener('keydown', event => {
    const menu = event.target.closest?.(MENU);

    if (!menu?.open) {
      return;
    }

    if (event.key === 'Escape') {
      menu.open = false;
      menu.querySelector('summary').focus();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      step(menu, event.key === 'ArrowDown' ? 1 : -1);
    }
  });
}


// local functions //////////

function openMenus(document) {
  return [ ...document.querySelectorAll(MENU) ].filter(({ open }) => open);
}

function step(menu, by) {
  const items = [ ...menu.querySelectorAll(ITEM) ].filter(item => item.offsetParent && !item.closest('summary')),
        index = items.indexOf(menu.ownerDocument.activeElement),
        next = index < 0 ? (by > 0 ? 0 : items.length - 1) : (index + by + items.length) % items.length;

  items[next]?.focus();
}
