/**
 * Plain form controls of the side panel. Every control has a name that stays the same, so that focus survives a redraw.
 */
import { t } from '../../shared/texts';
import { tip } from './tips';

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);

  for (const [ name, value ] of Object.entries(props)) {
    if (name.includes('-')) {
      node.setAttribute(name, value);
    } else if (value !== undefined) {
      node[name] = value;
    }
  }

  node.append(...children.flat(Infinity).filter(child => child || child === 0));

  return node;
}

export function icon(className) {
  return el('span', { className: `bpm-icon ${ className }`, 'aria-hidden': 'true' });
}

let lastHelp = 0;

/** A label above one control, with help below it. */
export function field(label, control, help) {
  const caption = el('span', { className: 'bpm-label', textContent: label }),
        node = el('div', { className: 'bpm-field' }, captioned(caption, control));

  if (help) {
    const id = `bpm-help-${ ++lastHelp }`,
          input = node.querySelector('input, select, textarea');

    node.append(el('span', { className: 'bpm-help', id, textContent: help }));
    input?.setAttribute('aria-describedby', [ id, input.getAttribute('aria-describedby') ].filter(Boolean).join(' '));
  }

  return node;
}

export function section(title, ...content) {
  return el('fieldset', { className: 'bpm-section' }, el('legend', { textContent: title }), tip(title), ...content);
}

const opened = new Set();

/** Something folded away; it stays open over redraws. */
export function fold(name, title, ...content) {
  const node = el('details', { className: 'bpm-fold', 'data-name': name, open: opened.has(name) }, el('summary', { textContent: title }), ...content);

  node.addEventListener('toggle', () => node.open ? opened.add(name) : opened.delete(name));

  return node;
}

/** Draw anew what is within root; what is open stays open, even if it was opened by the very click that led here. */
export function redraw(root, nodes) {
  const open = new Map([ ...root.querySelectorAll('details[data-name]') ].map(node => [ node.dataset.name, node.open ]));

  root.replaceChildren(...nodes);

  root.querySelectorAll('details[data-name]').forEach(node => {
    node.open = open.get(node.dataset.name) ?? node.open;

    if (node.open) {
      node.fill?.();
    }
  });
}

/** @param {{ id: string, name: string, group?: string }[]} options */
export function select(name, options, value, onchange, label) {
  const node = el('select', { name, onchange: () => onchange(node.value), ...labelled(label) }),
        groups = new Map();

  for (const { id, name, group } of options) {
    if (group && !groups.has(group)) {
      groups.set(group, node.appendChild(el('optgroup', { label: group })));
    }

    (groups.get(group) || node).append(new Option(name, id));
  }

  // a value that the list has not must not look as if it were another
  if (value && !options.some(({ id }) => id === value)) {
    node.append(new Option(value, value));
  }

  node.value = value || '';

  return node;
}

export function input(name, value, onchange, props = {}) {
  const { label, ...others } = props;

  const node = el('input', {
    type: 'text', name, value: value || '', autocomplete: 'off', onchange: () => onchange(node.value.trim()),
    ...labelled(label), ...others
  });

  return node;
}

export function textarea(name, value, onchange, props = {}) {
  const { label, ...others } = props,
        node = el('textarea', { name, value: value || '', rows: 3, onchange: () => onchange(node.value), ...labelled(label), ...others });

  return node;
}

export function checkbox(name, label, checked, onchange) {
  const node = el('input', { type: 'checkbox', name, checked, onchange: () => onchange(node.checked) });

  return el('label', { className: 'bpm-check' }, node, el('span', { textContent: label }));
}

export function checkboxes(name, options, checked, onchange) {
  const read = () => [ ...box.querySelectorAll(':checked') ].map(({ value }) => value);

  const box = el('div', { className: 'bpm-checks' }, options.map(option => el('label', { className: 'bpm-check' },
    el('input', {
      type: 'checkbox', name: `${ name }-${ option.id }`, value: option.id, checked: checked.includes(option.id),
      onchange: () => onchange(read())
    }),
    el('span', { textContent: option.name })
  )));

  return box;
}

export function button(name, text, onclick, className = 'button small') {
  return el('button', { type: 'button', name, className, textContent: text, onclick });
}

export function removeButton(name, label, onclick) {
  return el('button', { type: 'button', name, className: 'bpm-remove', title: label, 'aria-label': label, textContent: '×', onclick });
}

export function hint(text) {
  return el('p', { className: 'bpm-help', textContent: text });
}

const TERM = /^(\d+)(m|h|d|wm|wh|wd)$/,
      ISO = [ [ /^PT(\d+)M$/, 'm' ], [ /^PT(\d+)H$/, 'h' ], [ /^P(\d+)D$/, 'd' ] ];

/** Split a term such as 2wd or P2D; null if it is none (for instance an expression). */
export function readTerm(text = '', calendar) {
  const [ , count, unit ] = TERM.exec(text) || [];

  if (count) {
    return { count, unit };
  }

  for (const [ pattern, unit ] of ISO) {
    const found = pattern.exec(text);

    if (found) {
      return { count: found[1], unit: calendar === 'working' ? `w${ unit }` : unit };
    }
  }

  return text ? null : { count: '', unit: 'wd' };
}

/**
 * A span of time: a number and a unit, or an expression.
 *
 * @param {string} name
 * @param {string} text e.g. 2wd, P2D, =deal.pay_by
 * @param {(text: string) => void} onchange
 * @param { { label?: string, calendar?: string, typed: (control: HTMLElement) => HTMLElement } } options typed makes
 * the field of an expression
 */
export function term(name, text, onchange, { label, calendar, typed }) {
  const known = readTerm(text, calendar);

  if (!known) {
    return el('div', { className: 'bpm-row' },
      typed(input(`${ name }-expression`, text, onchange, { label })),
      removeButton(`${ name }-clear`, t('Remove'), () => onchange('')));
  }

  const change = () => onchange(count.value ? `${ count.value }${ unit.value }` : ''),
        count = input(`${ name }-count`, known.count, change, { type: 'number', min: 0, label, inputMode: 'numeric' }),
        unit = select(`${ name }-unit`, units(), known.unit, () => count.value && change(), t('Unit'));

  return el('div', { className: 'bpm-row' }, count, unit);
}

const MANY = 40;

/**
 * A button that opens a list of things to do. Not a <select>: there each press of an arrow key would already do one.
 * A long list, as of all steps, is drawn when it is opened.
 *
 * @param {string} name
 * @param {string} text
 * @param {{ id: string, name: string, icon?: string }[]} items
 * @param {(id: string) => void} onpick
 */
export function menu(name, text, items, onpick) {
  const list = el('ul', { role: 'list' }),
        summary = el('summary', { textContent: text, 'data-testid': name }),
        node = el('details', { className: 'bpm-menu', 'data-menu': '', 'data-name': name }, summary, list);

  node.fill = () => list.childElementCount || list.append(...items.map(entry));

  if (items.length > MANY) {
    summary.addEventListener('click', node.fill);
    node.addEventListener('toggle', node.fill);
  } else {
    node.fill();
  }

  return node;

  function entry(item) {
    return el('li', {}, el('button', {
      type: 'button', name: `${ name }-${ item.id }`, className: 'bpm-menu-item', onclick: () => {
        node.open = false;
        onpick(item.id);
      }
    }, item.icon && icon(item.icon.startsWith('bpmn-icon-') ? item.icon : `bpmn-icon-${ item.icon }`), item.name));
  }
}

/**
 * A list in which a value of the process is picked and put into a text at the caret: in braces and apart from the word
 * before it by default, of a person the name.
 */
export function insertValue(name, control, fields, written = inBraces) {
  return menu(name, t('Insert a value'), fields.map(({ key, label }) => ({ id: key, name: label })), key => {
    const { selectionStart, selectionEnd, value } = control,
          { type } = fields.find(field => field.key === key);

    control.setRangeText(written(key, type, value.slice(0, selectionStart)), selectionStart, selectionEnd, 'end');
    control.dispatchEvent(new Event('change'));
  });
}


// local functions //////////

function inBraces(key, type, before) {
  const value = type === 'person' ? `name_of(${ key })` : key;

  return `${ /[\p{L}\p{N}.,:;!?]$/u.test(before) ? ' ' : '' }{${ value }}`;
}

// what is said of an expression, and the way to the help, must not become part of the control's name
function captioned(caption, control) {
  if (!control.matches('.bpm-expression') && !control.querySelector('.bpm-expression')) {
    return el('label', {}, caption, control);
  }

  const input = control.querySelector('input, textarea');

  input.id ||= `bpm-control-${ ++lastHelp }`;

  return [ el('label', { htmlFor: input.id }, caption), control ];
}

function labelled(label) {
  return label ? { 'aria-label': label } : {};
}

function units() {
  return [
    { id: 'm', name: t('minutes') }, { id: 'h', name: t('hours') }, { id: 'd', name: t('days') },
    { id: 'wm', name: t('working minutes') }, { id: 'wh', name: t('working hours') }, { id: 'wd', name: t('working days') }
  ];
}
