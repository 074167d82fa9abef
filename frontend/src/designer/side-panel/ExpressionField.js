import { t } from '../../shared/texts';
import { el, input, term } from './controls';

const PAUSE = 300,
      LONGEST_SHOWN = 60;

// a text without any of these is nothing but a text
const HAS_EXPRESSION = { value: /^\s*[=$#]|\{/, template: /\{/ };

let last = 0;

/**
 * The one way in which an expression is typed: a control, and below it what the server says of its text — what is
 * wrong and where, or quietly what it gives. Writes nothing into the drawing: that stays the control's own affair.
 *
 * @param { { check: ExpressionCheck } } context
 * @param {string} kind what is typed: see ExpressionCheck
 * @param {HTMLInputElement|HTMLTextAreaElement} control
 * @param { { names?: Object<string, string>, extra?: HTMLElement } } [options] names known at this place; a list of names
 */
export function expressionField({ check }, kind, control, { names, extra } = {}) {
  const id = `bpm-check-${ ++last }`,
        told = el('div', { id, className: 'bpm-told', 'aria-live': 'polite' }),
        asking = { timer: 0, request: null };

  describe(control, id);

  if (!HAS_EXPRESSION[kind]) {
    control.classList.add('bpm-code');
    control.spellcheck = false;
    control.autocapitalize = 'off';
  }

  control.addEventListener('input', () => look(PAUSE));
  look(0);

  return el('div', { className: 'bpm-expression' }, control, extra, el('div', { className: 'bpm-told-row' }, told, el('a', {
    className: 'bpm-expression-help', href: check.helpUrl, target: '_blank', rel: 'noopener', name: `${ control.name }-help`,
    textContent: t('Help'), 'aria-label': t('Help with expressions, in a new tab')
  })));

  function look(pause) {
    const text = control.value;

    clearTimeout(asking.timer);
    asking.request?.abort();

    if (!text.trim() || HAS_EXPRESSION[kind]?.test(text) === false) {
      return tell(text, null);
    }

    const question = check.question(kind, text, names),
          known = check.remembered(question);

    if (known) {
      return tell(text, known);
    }

    asking.timer = setTimeout(() => ask(question), pause);
  }

  async function ask(question) {
    const request = asking.request = new AbortController();

    try {
      const answer = await check.ask(question, request.signal);

      if (!request.signal.aborted) {
        tell(question.text, answer);
      }
    } catch {
      // nobody answers: what is typed is checked again when the drawing is saved
    }
  }

  function tell(text, answer) {
    const findings = answer?.findings || [];

    if (findings.some(({ severity }) => severity === 'error')) {
      control.setAttribute('aria-invalid', 'true');
    } else {
      control.removeAttribute('aria-invalid');
    }

    told.replaceChildren(...findings.flatMap(finding => [
      el('p', { className: `bpm-told-${ finding.severity }`, textContent: finding.message }),
      el('p', { className: 'bpm-told-place' }, place(text, finding))
    ]));

    if (!findings.length && answer?.result && kind !== 'template' && kind !== 'value') {
      told.replaceChildren(el('p', { className: 'bpm-help', textContent: t('Gives: {what}', { what: answer.result }) }));
    }
  }
}

/**
 * One line for an expression, with the names of the fields offered while it is typed.
 *
 * @param {Object} context
 * @param {string} kind
 * @param {string} name
 * @param {string} value
 * @param {(text: string) => void} onchange
 * @param {Object} [props] of the control, and `names` known at this place
 */
export function expressionInput(context, kind, name, value, onchange, { names, ...props } = {}) {
  const id = `bpm-list-${ name }`,
        node = input(name, value, onchange, props);

  node.setAttribute('list', id);

  return expressionField(context, kind, node, {
    names, extra: el('datalist', { id }, context.fields.map(({ key, label }) => new Option(label, `=${ key }`)))
  });
}

/** A span of time, or an expression that gives one. */
export function termField(context, name, text, onchange, options) {
  return term(name, text, onchange, { ...options, typed: control => expressionField(context, 'timer', control) });
}


// local functions //////////

function describe(control, id) {
  const others = control.getAttribute('aria-describedby');

  control.setAttribute('aria-describedby', others ? `${ id } ${ others }` : id);
}

/** The line of the text in which the fault is, with the place marked; the server counts characters, not code units. */
function place(text, { position, length }) {
  const signs = [ ...text ],
        begin = signs.lastIndexOf('\n', position - 1) + 1,
        lineEnd = signs.indexOf('\n', position),
        end = lineEnd < 0 ? signs.length : lineEnd,
        faultEnd = Math.min(position + length, Math.max(end, position + 1)),
        before = signs.slice(begin, position).join('').trimStart(),
        after = signs.slice(faultEnd, end).join('');

  return el('code', {},
    before.length > LONGEST_SHOWN ? '…' + before.slice(-LONGEST_SHOWN) : before,
    el('mark', { textContent: signs.slice(position, faultEnd).join('').trim() || '▏' }),
    after.length > LONGEST_SHOWN ? after.slice(0, LONGEST_SHOWN) + '…' : after);
}
