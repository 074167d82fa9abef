/**
 * Runs in the designer page: does one thing after the other, each time takes it back with the button “Undo” and does it
 * again with “Redo”, and compares the texts of the file. Gives { name of the deed: what became of it }.
 */
(() => {
  const root = document.querySelector('#designer'),
        { modeler } = root,
        get = name => modeler.get(name),
        registry = get('elementRegistry'),
        stack = get('commandStack'),
        panel = root.querySelector('[data-part=panel]'),
        outline = root.querySelector('[data-part=outline]'),
        results = {};

  let following = Promise.resolve();

  const { follow } = get('arranging');

  get('arranging').follow = () => (following = follow());

  const xml = async () => (await modeler.saveXML({ format: true })).xml,
        settled = () => new Promise(done => setTimeout(done)),
                press = name => root.querySelector(`[data-part=${ name }]`).click();

  /** Do something, take it back, do it again, take it back. @return {Promise<boolean>} whether it changed the file */
  async function deed(what, act) {
    const before = await xml(),
          stand = stack._stackIdx;

    following = Promise.resolve();

    try {
      await act();
    } catch (error) {
      results[what] = `fails: ${ error.message }`;

      return false;
    }

    await following;

    const after = await xml();

    if (after === before) {
      results[what] = stack._stackIdx === stand ? 'nothing' : 'an empty step';

      while (stack._stackIdx > stand) {
        stack.undo();
      }

      return false;
    }

    press('undo');

    const undone = await xml(),
          where = stack._stackIdx;

    press('redo');

    const redone = await xml();

    press('undo');

    const again = await xml();

    results[what] = undone !== before ? `undo: ${ difference(before, undone) }`
      : where !== stand ? `undo: ${ where - stand } steps remain`
        : redone !== after ? `redo: ${ difference(after, redone) }`
          : again !== before ? `undo again: ${ difference(before, again) }` : 'exact';

    return true;
  }

  function difference(wanted, found) {
    const [ lines, others ] = [ wanted, found ].map(one => one.split('\n')),
          first = lines.findIndex((line, index) => line !== others[index]);

    return `line ${ first }: ${ lines.slice(first, first + 3).join('⏎') } | ${ others.slice(first, first + 3).join('⏎') }`;
  }

  function select(element) {
    get('selection').select(element || null);
  }

  const controls = () => [ ...panel.querySelectorAll('[name]') ].filter(control => control.matches('input, select, textarea, button') && !control.disabled && !control.readOnly);

  // comments, forms in another tab; the replace menu has its own turn
  const LEFT_OUT = /^((send-)?(new|answer)-|resolve-|reopen-|edit-form|change-kind)/;

  // what is known under a name is used once for each kind of step, with all its choices and what they lead to only at first
  const met = new Set(),
        general = name => name.replace(/\d+/g, '#').replace(/^((add|connect|change|.*insert)-(step|to|boundary|trigger|value)?)-.+$/, '$1-*');

  /** What can be done with a control: one deed, or one for each choice. */
  function uses(control, isFirst) {
    const { name } = control;

    if (control.matches('select')) {
      const others = [ ...control.options ].filter(option => option.value !== control.value),
            tried = others.length > 9 || !isFirst ? others.slice(0, 1) : others;

      return tried.map(({ value }) => ({ what: `${ name }=${ value }`, act: () => set(name, value) }));
    }

    return [ control.matches('button, [type=checkbox]')
      ? { what: name, act: () => named(name).click() }
      : { what: name, act: () => set(name, { number: '7', date: '2026-05-01' }[control.type] || 'abc') } ];
  }

  function named(name) {
    return panel.querySelector(`[name="${ CSS.escape(name) }"]`);
  }

  function set(name, value) {
    const control = named(name);

    control.value = value;
    control.dispatchEvent(new Event('change', { bubbles: true }));
  }

  /** Use each control of the panel, and those that appear when one was used. */
  async function walk(what, id, known = new Set()) {
    const open = async () => {
      select(registry.get(id));
      await settled();
    };

    const inOneStep = new Set();

    await open();

    const shown = controls(),
          names = shown.map(({ name }) => name);

    for (const control of shown) {
      const { name } = control,
            kind = general(name),
            isFirst = !met.has(kind);

      if (known.has(name) || LEFT_OUT.test(name) || inOneStep.has(kind) && kind.endsWith('*') && !isFirst) {
        continue;
      }

      known.add(name);
      inOneStep.add(kind);
      met.add(kind);

      for (const { what: use, act } of uses(control, isFirst)) {
        if (!named(name)) {
          await open();
        }

        const changed = await deed(`${ what } · ${ use }`, act);

        if (changed && isFirst && !kind.endsWith('*') && name !== 'remove-element') {
          press('redo');
          await walk(`${ what } · ${ use }`, id, new Set([ ...known, ...names ]));
          press('undo');
          await open();
        } else {
          select(registry.get(id));
        }
      }
    }
  }

  window.undoing = {
    results,

    /** The file as the designer itself writes it: then nothing of another tool has to be kept. */
    async own(base) {
      await modeler.importXML(base);

      return (await modeler.get('moddle').toXML(modeler.getDefinitions(), { format: true })).xml;
    },

    /** What is offered by the palette. */
    kinds() {
      const fold = root.querySelector('details[data-name="palette-more"]');

      fold.open = true;
      fold.dispatchEvent(new Event('toggle'));

      return [ ...root.querySelectorAll('[data-kind]') ].map(({ dataset }) => dataset.kind);
    },

    /** Add a kind after a step, and do with it what can be done: with the panel, the replace menu and the context pad. */
    async kind(base, after, kind, parts) {
      await modeler.importXML(base);

      panel.hidden = outline.hidden = true; // the browser need not lay them out

      const button = root.querySelector(`[data-kind="${ kind }"]`);

      select(registry.get(after));

      let made;

      const added = await deed(`${ kind }: add`, () => {
        button.click();
        made = get('selection').get()[0];
      });

      if (added && made) {
        press('redo');

        for (const part of parts) {
          await { panel: walk, replace, pad }[part](`${ kind }: ${ part }`, made.id);
        }
      }
    },

    /** Use what the list of steps offers for each of its rows. */
    async rows(base) {
      await modeler.importXML(base);
      await settled();

      for (const row of [ ...outline.querySelectorAll('[data-row]') ].map(({ dataset }) => dataset.row)) {
        for (const path of await paths(row)) {
          await deed(`row ${ row } · ${ path.join(' · ') }`, () => choose(row, path));
          await settled();
        }
      }
    },

    /** Use every control for something that is drawn, or for the process. */
    async panelOf(base, ...ids) {
      await modeler.importXML(base);

      for (const id of ids) {
        await walk(id || 'process', id);
      }
    },

    /** In each drawing of a file, change what there is of each kind; then go back and forth through all drawings. */
    async imported(name, text) {
      await modeler.importXML(text);

      panel.hidden = outline.hidden = true;

      // what is inside of a step is reached through that step
      const drawings = modeler.getDefinitions().diagrams.filter(({ plane }) => plane?.bpmnElement && !plane.bpmnElement.$instanceOf('bpmn:SubProcess')),
            texts = [];

      for (const [ index, drawing ] of drawings.entries()) {
        if (index) {
          await modeler.open(drawing);
        }

        await sample(`${ name }: drawing ${ index }`);
        texts.push(await xml());
        get('modeling').updateProperties(get('canvas').getRootElement(), { name: `abc ${ index }` });
      }

      const last = await xml();

      for (const before of [ ...texts ].reverse()) {
        press('undo');
        await settled();
        compare(`${ name }: undo in drawing ${ texts.indexOf(before) }`, before, await xml());
      }

      compare(`${ name }: the file`, text, await xml());

      for (const after of [ ...texts.slice(1), last ]) {
        press('redo');
        await settled();
        compare(`${ name }: redo in drawing ${ [ ...texts.slice(1), last ].indexOf(after) }`, after, await xml());
      }
    },

    /** What is done with the mouse on the canvas. */
    async canvas(base) {
      await modeler.importXML(base);
      await drags();
    }
  };

  function compare(what, wanted, found) {
    results[what] = wanted === found ? 'exact' : difference(wanted, found);
  }

  async function sample(what) {
    const root = get('canvas').getRootElement(),
          drawn = registry.filter(element => element !== root && element.parent && !element.labelTarget),
          types = [ ...new Map(drawn.map(element => [ element.type, element.id ])) ].slice(0, 5);

    for (const [ type, id ] of types) {
      const of = () => registry.get(id),
            [ other ] = get('replacements').of(of());

      await deed(`${ what } · ${ type }: name`, () => get('modeling').updateProperties(of(), { name: 'abc' }));
      await deed(`${ what } · ${ type }: colour`, () => get('modeling').setColor([ of() ], { stroke: '#831311' }));
      await deed(`${ what } · ${ type }: remove`, () => get('modeling').removeElements([ of() ]));

      if (!of().waypoints) {
        await deed(`${ what } · ${ type }: move`, () => get('modeling').moveElements([ of() ], { x: 10, y: 20 }));
      }

      if (other) {
        await deed(`${ what } · ${ type }: ${ other.id }`, () => get('replacements').of(of())[0].replace());
      }
    }
  }

  async function replace(what, id) {
    const offered = () => get('replacements').of(registry.get(id));

    for (const { id: to } of offered()) {
      await deed(`${ what } · ${ to }`, () => offered().find(one => one.id === to).replace());
    }
  }

  async function pad(what, id) {
    const entries = () => get('contextPad').getEntries(registry.get(id));

    for (const name of Object.keys(entries()).filter(name => !/^(replace|connect)$/.test(name))) {
      await deed(`${ what } · ${ name }`, () => {
        const { action } = entries()[name];

        (action.click || action)(new MouseEvent('click'), registry.get(id));
      });
    }
  }

  const NOT_EDITS = /^(back|edit|rename|who|change)$/;

  /** The ways through the menu of a row; of long lists the first entry only. */
  async function paths(row) {
    const found = [],
          first = entriesOf(row, []);

    for (const id of first.filter(id => !NOT_EDITS.test(id))) {
      const next = entriesOf(row, [ id ], true);

      found.push(...next.length ? next.filter(one => one !== 'back').slice(0, id === 'branch' || id === 'meanwhile' ? 3 : 1).map(one => [ id, one ]) : [ [ id ] ]);
    }

    return found;
  }

  function menuOf(row) {
    const menu = outline.querySelector(`[data-row="${ CSS.escape(row) }"] .bpm-step-menu`);

    for (const open of [ false, true ]) {
      menu.open = open;
      menu.dispatchEvent(new Event('toggle'));
    }

    return menu;
  }

  // entries that lead to further ones have … behind their name
  function entriesOf(row, path) {
    const menu = menuOf(row);

    for (const id of path) {
      const entry = menu.querySelector(`[data-action-id="${ id }"]`);

      if (!entry.textContent.includes('…')) {
        menu.open = false;

        return [];
      }

      entry.click();
    }

    const ids = [ ...menu.querySelectorAll('[data-action-id]') ].map(({ dataset }) => dataset.actionId);

    menu.open = false;

    return ids;
  }

  function choose(row, path) {
    const menu = menuOf(row);

    path.forEach(id => menu.querySelector(`[data-action-id="${ id }"]`).click());
  }

  async function drags() {
    const modeling = get('modeling'),
          all = type => registry.filter(element => element.type === type && !element.labelTarget),
          one = type => all(type)[0],
          task = () => one('bpmn:UserTask'),
          keep = async (what, act) => await deed(what, act) && press('redo'),
          kind = id => get('catalogue').find(`bpmn-${ id }`);

    await deed('colour of a step', () => modeling.setColor([ task() ], { fill: '#BBDEFB', stroke: '#0D4372' }));
    await deed('colour of an arrow', () => modeling.setColor([ one('bpmn:SequenceFlow') ], { stroke: '#831311' }));
    await deed('colour of everything', () => modeling.setColor(registry.filter(element => element.parent), { fill: '#C8E6C9', stroke: '#205022' }));
    await deed('move a step', () => modeling.moveElements([ task() ], { x: 30, y: 70 }));
    await deed('move everything', () => modeling.moveElements(registry.filter(element => element.parent === get('canvas').getRootElement() && !element.labelTarget), { x: 11, y: 13 }));
    await deed('resize', () => modeling.resizeShape(task(), { x: task().x, y: task().y, width: 150, height: 120 }));
    await deed('bend an arrow', () => modeling.updateWaypoints(one('bpmn:SequenceFlow'), [ { x: 10, y: 10 }, ...one('bpmn:SequenceFlow').waypoints ]));
    await deed('arrow to another step', () => modeling.reconnectEnd(one('bpmn:SequenceFlow'), one('bpmn:EndEvent'), { x: 1, y: 1 }));
    await deed('name on the canvas', () => modeling.updateLabel(task(), 'abc'));
    await deed('name of an event', () => modeling.updateLabel(one('bpmn:EndEvent'), 'abc'));
    await deed('no name', () => modeling.updateLabel(one('bpmn:ExclusiveGateway'), ''));
    await keep('named arrow', () => modeling.updateLabel(one('bpmn:SequenceFlow'), 'word'));
    await deed('move a label', () => modeling.moveShape(one('bpmn:SequenceFlow').label, { x: 15, y: -25 }));
    await deed('delete a label', () => modeling.removeElements([ one('bpmn:SequenceFlow').label ]));
    await deed('room between steps', () => get('spaceTool').makeSpace(registry.filter(element => element.parent && !element.waypoints && !element.labelTarget && element.x > task().x + 10), [], { x: 80, y: 0 }, 'e', task().x + 10));
    await deed('align', () => get('alignElements').trigger(registry.filter(element => /Task|Event$/.test(element.type) && !element.labelTarget), 'top'));
    await deed('copy and paste', () => {
      get('copyPaste').copy([ task(), ...task().outgoing, task().outgoing[0].target ]);
      get('copyPaste').paste({ element: get('canvas').getRootElement(), point: { x: 900, y: 500 } });
    });
    await deed('delete all', () => modeling.removeElements(registry.filter(element => element.parent && !element.labelTarget)));

    await keep('event at the edge', () => get('steps').addBoundary(task(), kind('timer-boundary')));
    await deed('along the edge', () => modeling.moveElements([ one('bpmn:BoundaryEvent') ], { x: -20, y: 0 }, task(), { attach: true }));
    await deed('to another step', () => modeling.moveElements([ one('bpmn:BoundaryEvent') ], {
      x: all('bpmn:UserTask').at(-1).x - task().x, y: all('bpmn:UserTask').at(-1).y - task().y
    }, all('bpmn:UserTask').at(-1), { attach: true }));
    await deed('off the edge', () => modeling.moveElements([ one('bpmn:BoundaryEvent') ], { x: 0, y: 120 }, one('bpmn:BoundaryEvent').parent, { attach: false }));
    await deed('step with what hangs at it', () => modeling.removeElements([ task() ]));
    await keep('event alone', () => modeling.createShape(get('steps').create(kind('timer-intermediate-catch')), { x: 300, y: 600 }, get('canvas').getRootElement()));
    await deed('to the edge', () => modeling.moveElements([ one('bpmn:IntermediateCatchEvent') ], {
      x: task().x - one('bpmn:IntermediateCatchEvent').x, y: task().y - one('bpmn:IntermediateCatchEvent').y
    }, task(), { attach: true }));

    await keep('note', () => get('steps').addAfter(task(), kind('text-annotation')));
    await keep('data', () => get('steps').addAfter(task(), kind('data-object-reference')));
    await deed('what leads to data', () => modeling.removeElements([ one('bpmn:DataOutputAssociation') || one('bpmn:DataInputAssociation') ]));
    await keep('part', () => get('steps').addAfter(task(), kind('expanded-subprocess')));
    await deed('into the part', () => modeling.moveElements([ task() ], {
      x: one('bpmn:SubProcess').x + 60 - task().x, y: one('bpmn:SubProcess').y + 60 - task().y
    }, one('bpmn:SubProcess')));
    await deed('close the part', () => modeling.toggleCollapse(one('bpmn:SubProcess')));

    await keep('pool', () => get('steps').addAfter(null, kind('expanded-pool')));

    const pool = () => one('bpmn:Participant');

    await keep('lane', () => modeling.addLane(pool(), 'bottom'));
    await deed('lane above', () => modeling.addLane(pool(), 'top'));
    await deed('lanes within', () => modeling.splitLane(one('bpmn:Lane'), 3));
    await deed('higher lane', () => modeling.resizeLane(one('bpmn:Lane'), { x: one('bpmn:Lane').x, y: one('bpmn:Lane').y, width: one('bpmn:Lane').width, height: one('bpmn:Lane').height + 60 }));
    await deed('into the lane', () => modeling.moveElements([ task() ], { x: 0, y: all('bpmn:Lane').at(-1).y + 20 - task().y }, all('bpmn:Lane').at(-1)));
    await deed('no lane', () => modeling.removeElements([ one('bpmn:Lane') ]));
    await keep('second pool', () => modeling.createShape(get('elementFactory').createParticipantShape(), { x: pool().x + 300, y: pool().y + pool().height + 200 }, get('canvas').getRootElement()));
    await deed('message', () => modeling.connect(task(), all('bpmn:Participant').at(-1)));
    await deed('first pool gone', () => modeling.removeElements([ pool() ]));
    await deed('second pool gone', () => modeling.removeElements([ all('bpmn:Participant').at(-1) ]));
  }
})();
