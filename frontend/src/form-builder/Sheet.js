import { toWords } from '../designer/conditions/Rows';
import { el, menu } from '../designer/side-panel/controls';
import { t } from '../shared/texts';
import { fieldTypes, HOLDERS, typeName } from './fieldTypes';
import { textOf } from './words';

/**
 * The form as a list of cards, in its order: with the mouse they are dragged, with the keyboard the arrows walk them,
 * Alt and an arrow moves one, Delete takes it away, Enter leads to its settings.
 */
export default class Sheet {

  /**
   * @param {HTMLElement} root
   * @param {FormModel} model
   * @param { { open: () => void, tell: (words: string) => void, add: (type: string, path?: number[]) => void } } page
   */
  constructor(root, model, { open, tell, add }) {
    Object.assign(this, { _root: root, _model: model, _open: open, _tell: tell, _add: add, _problems: [] });

    model.on('changed', () => this.draw());
    model.on('selected', () => this.draw());

    root.addEventListener('keydown', event => this._key(event));
    root.addEventListener('dragstart', event => this._dragStart(event));
    root.addEventListener('dragover', event => this._dragOver(event));
    root.addEventListener('dragleave', event => root.contains(event.relatedTarget) || this._mark(null));
    root.addEventListener('drop', event => this._drop(event));
    root.addEventListener('dragend', () => this._mark(null));
  }

  showProblems(problems) {
    this._problems = problems;
    this.draw();
  }

  draw() {
    const held = this._root.contains(document.activeElement) ? document.activeElement.dataset.path || document.activeElement.dataset.testid : null,
          { components } = this._model.content;

    this._root.replaceChildren(
      el('div', { className: 'bpm-page' },
        el('button', { type: 'button', className: 'bpm-page-title', 'data-path': '', 'aria-current': String(!this._model.selected), onclick: () => this._select(null, true) },
          textOf(this._model.content.title) || t('Without a title')),
        this._list(components, []),
        !components.length && el('p', { className: 'bpm-help', textContent: t('Add the first question: press a kind of answer on the left, or drag it here.') }),
        this._adder([], t('Add a field'))));

    if (held !== null) {
      this._root.querySelector(`[data-path="${ this._model.selected?.join('-') ?? '' }"]`)?.focus({ preventScroll: true });
    }
  }

  focus() {
    this._root.querySelector(`[data-path="${ this._model.selected?.join('-') ?? '' }"]`)?.focus();
  }

  _list(components, path) {
    return el('ol', { className: 'bpm-cards', 'data-list': path.join('-') }, components.map((part, index) => this._card(part, [ ...path, index ])));
  }

  _card(part, path) {
    const id = path.join('-'),
          current = this._model.selected?.join('-') === id,
          faults = this._problems.filter(({ at }) => at.join('-') === id),
          width = part.layout?.columns || 16,
          holds = HOLDERS.includes(part.type);

    return el('li', { className: `bpm-part bpm-width-${ width } bpm-part-${ part.type }`, 'data-place': id, draggable: true },
      el('button', { type: 'button', className: 'bpm-part-name', 'data-path': id, 'aria-current': String(current), onclick: () => this._select(path, true) },
        el('span', { className: 'bpm-part-label' }, title(part), isRequired(part) && el('abbr', { className: 'bpm-star', title: t('required'), textContent: '*' })),
        el('span', { className: 'bpm-part-note', textContent: [ typeName(part.type), ...notes(part, this._model.fields(path)) ].join(' · ') }),
        faults.map(({ text }) => el('span', { className: 'bpm-told-error', textContent: text }))),
      holds && this._list(part.components, path),
      holds && this._adder(path, part.type === 'group' ? t('Add a field to this section') : t('Add a column')));
  }

  _adder(path, text) {
    const list = path.length ? this._model.part(path).components : this._model.content.components;

    return el('div', { className: 'bpm-adder' }, menu(`add-${ path.join('-') || 'end' }`, `+ ${ text }`, fieldTypes(),
      type => this._add(type, [ ...path, list.length ])));
  }

  _select(path, open) {
    this._model.select(path);

    if (open) {
      this._open();
    }
  }

  _key(event) {
    const { key, altKey, target } = event,
          by = { ArrowUp: -1, ArrowDown: 1 }[key];

    if (target.dataset.path === undefined) {
      return;
    }

    const path = target.dataset.path ? target.dataset.path.split('-').map(Number) : null,
          rows = [ ...this._root.querySelectorAll('[data-path]') ];

    if (by && altKey && path) {
      event.preventDefault();
      this._model.select(path);
      this._tell(this._model.step(path, by) ? t('“{name}” was moved.', { name: title(this._model.part()) }) : t('It cannot go further.'));
    } else if (by) {
      event.preventDefault();
      rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(target) + by))].focus();
    } else if (key === 'Delete' && path) {
      event.preventDefault();
      const name = title(this._model.part(path));

      this._model.remove(path);
      this._tell(t('“{name}” was removed. Undo brings it back.', { name }));
    } else if (key.toLowerCase() === 'd' && (event.ctrlKey || event.metaKey) && path) {
      event.preventDefault();
      this._model.copy(path);
    }
  }

  _dragStart(event) {
    const part = event.target.closest('[data-place]');

    event.stopPropagation();
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/bpm-part', part.dataset.place);
  }

  _dragOver(event) {
    const { types } = event.dataTransfer;

    if (types.includes('text/bpm-part') || types.includes('text/bpm-field')) {
      event.preventDefault();
      this._mark(this._placeAt(event));
    }
  }

  _drop(event) {
    const from = event.dataTransfer.getData('text/bpm-part'),
          type = event.dataTransfer.getData('text/bpm-field'),
          { path } = this._placeAt(event);

    event.preventDefault();
    this._mark(null);

    if (from) {
      this._model.move(from.split('-').map(Number), path);
    } else if (type) {
      this._add(type, path);
    }
  }

  // above or below the part that is under the pointer; into a section or a table where it is empty or on its lower half
  _placeAt({ target, clientY }) {
    const under = target.closest?.('[data-place]');

    if (!under) {
      return { path: [ this._model.content.components.length ], node: this._root.querySelector('.bpm-cards'), side: 'end' };
    }

    const path = under.dataset.place.split('-').map(Number),
          { top, height } = under.querySelector('.bpm-part-name').getBoundingClientRect(),
          before = clientY < top + height / 2,
          part = this._model.part(path);

    if (HOLDERS.includes(part.type) && !before) {
      return { path: [ ...path, part.components.length ], node: under, side: 'in' };
    }

    return { path: before ? path : [ ...path.slice(0, -1), path.at(-1) + 1 ], node: under, side: before ? 'before' : 'after' };
  }

  _mark(place) {
    this._root.querySelectorAll('[data-drop]').forEach(node => { delete node.dataset.drop; });

    if (place) {
      place.node.dataset.drop = place.side;
    }
  }
}

/** What people call a part. */
export function title(part) {
  const words = textOf(part.type === 'text' ? part.text : part.label || part.dateLabel || part.timeLabel);

  return words.split('\n')[0].replace(/^[#*-]+\s*/, '') || (part.type === 'separator' ? t('A line between') : t('Without a question'));
}

/** The kinds of fields, to be pressed or dragged. */
export function drawPalette(root, add) {
  const entry = ({ id, name }) => el('button', {
    type: 'button', className: 'bpm-palette-entry', 'data-kind': id, draggable: true, onclick: () => add(id),
    ondragstart: ({ dataTransfer }) => {
      dataTransfer.effectAllowed = 'move';
      dataTransfer.setData('text/bpm-field', id);
    }
  }, name);

  root.append(
    el('h2', { className: 'bpm-side-title', textContent: t('Add a field') }),
    el('div', { className: 'bpm-palette-group' }, fieldTypes().filter(({ common }) => common).map(entry)),
    el('div', { className: 'bpm-palette-group' }, fieldTypes().filter(({ common }) => !common).map(entry)));
}


// local functions //////////

function isRequired({ validate }) {
  return !!validate?.required;
}

function notes(part, fields) {
  const { showWhen, conditional, validate, requiredWhen } = part;

  return [
    showWhen ? t('shown if {condition}', { condition: toWords(showWhen, fields) }) : conditional?.hide && t('shown on a condition'),
    requiredWhen ? t('required if {condition}', { condition: toWords(requiredWhen, fields) }) : Array.isArray(validate?.required?.outcomes) && t('required with some buttons')
  ].filter(Boolean);
}

