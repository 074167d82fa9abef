import { bring } from '../../shared/fit';
import { t, tn } from '../../shared/texts';
import { el } from '../side-panel/controls';
import { canMend, mend } from './mend';

const GRADES = [ 'error', 'warning', 'advice' ];

/** What the server's check found, in plain words: marks at the elements, and a list whose entries lead there. */
export default class Problems {

  /**
   * @param {HTMLElement} root where the list is shown
   * @param {Modeler} modeler
   * @param {() => void} showPanel
   * @param {(reason: string) => void} [tellReason] is told why the drawing cannot be published; '' if it can
   */
  constructor(root, modeler, showPanel, tellReason = () => {}) {
    this._root = root;
    this._modeler = modeler;
    this._showPanel = showPanel;
    this._tellReason = tellReason;
    this._marked = [];
    this.list = [];

    modeler.on('elements.changed', ({ elements }) => this._remark(new Set(elements.map(({ id }) => id))));
    modeler.on('import.render.complete', () => this._remark());
  }

  get errors() {
    return this.list.filter(({ severity }) => severity === 'error');
  }

  show(list) {
    const shown = this._looks(list);

    // each save brings the list; most bring the same
    if (shown === this._shown) {
      return;
    }

    this._shown = shown;

    const errors = list.filter(({ severity }) => severity === 'error').length;

    this.list = list;
    this._modeler.get('eventBus').fire('bpm.problems', { problems: list });
    this._remark();
    this._draw();
    this._tellReason(errors ? tn('{n} error stops publishing', '{n} errors stop publishing', errors) : '');
  }

  /** What the list is drawn from. */
  _looks(list) {
    const registry = this._modeler.get('elementRegistry');

    return JSON.stringify(list.map(problem => [ problem, registry.get(problem.element)?.businessObject.name, !!canMend(this._modeler, problem.fix) ]));
  }

  open() {
    const details = this._root.querySelector('details');

    if (details) {
      details.open = true;
      details.querySelector('summary').focus();
    }
  }

  _draw() {
    // an empty list between two checks must not close it
    this._isOpen = this._root.querySelector('details')?.open ?? this._isOpen ?? false;

    const wasOpen = this._isOpen,
          { length } = this.list,
          focused = this._root.contains(document.activeElement);

    this._root.classList.toggle('bpm-has-errors', this.errors.length > 0);
    this._root.classList.toggle('bpm-only-advice', length > 0 && this.list.every(({ severity }) => severity === 'advice'));

    this._root.replaceChildren(length
      ? el('details', { open: wasOpen },
        el('summary', {}, tn('{n} thing to mend', '{n} things to mend', length), this._counts()),
        GRADES.map(grade => this._group(grade)))
      : el('p', { className: 'bpm-fine', tabIndex: -1, textContent: t('Nothing to mend: this can be published.') }));

    if (focused) {
      this._root.querySelector('summary, p').focus();
    }
  }

  _counts() {
    const words = GRADES.map(grade => [ this._of(grade).length, grade ]).filter(([ n ]) => n).map(([ n, grade ]) => ({
      error: tn('{n} error', '{n} errors', n), warning: tn('{n} warning', '{n} warnings', n), advice: tn('{n} piece of advice', '{n} pieces of advice', n)
    })[grade]);

    return el('small', { className: 'bpm-counts', textContent: words.join(' · ') });
  }

  _of(grade) {
    return this.list.filter(({ severity }) => severity === grade);
  }

  _group(grade) {
    const problems = this._of(grade);

    return problems.length > 0 && el('section', { className: 'bpm-problem-group' },
      el('h3', { textContent: gradeTitle(grade) }),
      el('ul', { role: 'list' }, problems.map(problem => el('li', {}, this._entry(problem)))));
  }

  _entry(problem) {
    const { element, message, severity, advice } = problem,
          target = this._modeler.get('elementRegistry').get(element),
          name = target?.businessObject.name,
          entry = el('button', {
            type: 'button', className: `bpm-problem bpm-${ severity }`, 'data-element': element || '', onclick: () => this._go(element)
          },
          el('span', { textContent: message }),
          name && !message.includes(name) && el('small', { textContent: name }),
          advice && el('small', { textContent: advice }));

    return canMend(this._modeler, problem.fix)
      ? el('div', { className: 'bpm-mendable' }, entry, el('button', {
        type: 'button', className: 'button bpm-mend', textContent: t('Fix'), 'aria-label': `${ t('Fix') }: ${ message }`, onclick: () => this._mend(problem)
      }))
      : entry;
  }

  // one command, so that it can be undone; the next save checks again
  _mend(problem) {
    mend(this._modeler, problem.fix);
    this.show(this.list.filter(other => other !== problem));
  }

  _go(id) {
    const [ selection, canvas, registry ] = [ 'selection', 'canvas', 'elementRegistry' ].map(name => this._modeler.get(name)),
          target = registry.get(id);

    selection.select(target && target !== canvas.getRootElement() ? target : null);

    if (target) {
      bring(canvas, target, 80);
    }

    this._showPanel();
    this._modeler.get('sidePanel').focus();
  }

  /**
   * Mark what there is to mend; elements may have come and gone since the check.
   *
   * @param {Set<string>} [changed] only these
   */
  _remark(changed) {
    const canvas = this._modeler.get('canvas'),
          registry = this._modeler.get('elementRegistry'),
          overlays = this._modeler.get('overlays'),
          isMeant = id => !changed || changed.has(id);

    for (const [ id, marker ] of this._marked) {
      if (isMeant(id) && registry.get(id)) {
        canvas.removeMarker(id, marker);
        overlays.remove({ element: id, type: 'bpm-problem' });
      }
    }

    this._marked = this._marked.filter(([ id ]) => !isMeant(id));

    for (const [ id, problems ] of groups(this.list)) {
      const element = isMeant(id) && registry.get(id);

      if (element && element !== canvas.getRootElement()) {
        const { severity } = problems[0],
              marker = `bpm-problem-${ severity }`;

        canvas.addMarker(id, marker);
        this._marked.push([ id, marker ]);
        overlays.add(id, 'bpm-problem', { position: badgePlace(element), html: this._badge(id, severity, problems), show: { minZoom: 0.3 } });
      }
    }
  }

  /** A mark that says in words what is wrong, for eyes and for screen readers; it leads to the entry in the list. */
  _badge(id, severity, problems) {
    const words = problems.map(({ message }) => message).join(' ');

    return el('button', {
      type: 'button', className: `bpm-badge bpm-${ severity }`, title: words, 'aria-label': `${ gradeName(severity) }: ${ words }`,
      textContent: severity === 'advice' ? 'i' : '!',
      onclick: event => {
        event.stopPropagation();
        this.open();
        this._root.querySelector(`[data-element="${ CSS.escape(id) }"]`)?.focus();
      }
    });
  }
}


// local functions //////////

function gradeName(grade) {
  return { error: t('Error'), warning: t('Warning'), advice: t('Advice') }[grade];
}

function gradeTitle(grade) {
  return {
    error: t('Errors: they stop publishing'), warning: t('Warnings: probably not what you want'), advice: t('Advice: think about it')
  }[grade];
}

function groups(list) {
  const found = new Map();

  list.forEach(problem => found.set(problem.element, [ ...found.get(problem.element) || [], problem ]));

  return found;
}

// at the upper right corner; of an arrow, at its middle
function badgePlace({ waypoints }) {
  return waypoints ? { bottom: 8, right: 8 } : { top: -11, right: 11 };
}
