import merge from './merge';

const HIGH_PRIORITY = 2000,
      ROOTS = [ 'bpmn:Process', 'bpmn:Collaboration', 'bpmn:Choreography' ],
      PAPERS = [ ...ROOTS, 'bpmn:SubProcess', 'bpmn:Transaction', 'bpmn:AdHocSubProcess' ];

/**
 * Gives a file back as it came. The reader of bpmn-js leaves out what it does not know (comments, references to what is
 * not in the file, elements of other namespaces in unusual places), so what it writes is not the file. Here the file is
 * kept, and only what was changed since it was opened is changed in it; a file in which nothing was changed comes back
 * character by character.
 *
 * Works on everything that asks the modeler for its XML.
 */
export default class Lossless {

  constructor(eventBus, bpmnjs, moddle) {
    this._moddle = moddle;

    eventBus.on('import.parse.start', ({ xml }) => { this._opened = xml; });
    eventBus.on('import.parse.complete', HIGH_PRIORITY, ({ definitions, references, elementsById }) => {
      if (definitions) {
        resolveQualified(references, elementsById);
        showSomething(definitions, moddle);
      }
    });
    eventBus.on('import.render.start', ({ definitions }) => this._beforeShowing(definitions));
    eventBus.on('import.render.complete', () => this._afterShowing());
    eventBus.on('import.done', () => this._remember(bpmnjs.getDefinitions()));
    eventBus.on('saveXML.serialized', ({ xml }) => this._given(xml));
  }

  // what the writer makes of the file when nothing was changed; written at once, read when it is needed
  _remember(definitions) {
    this._definitions = definitions;
    this._untouched = [];

    for (const format of definitions ? [ true, false ] : []) {
      this._moddle.toXML(definitions, { format }).then(({ xml }) => this._untouched.push(xml), () => {});
    }
  }

  // another drawing of the same file is opened: what bpmn-js adds to it by showing it is no change of the file
  _beforeShowing(definitions) {
    this._before = definitions && definitions === this._definitions ? this._moddle.toXML(definitions, { format: true }) : null;
  }

  _afterShowing() {
    if (this._before) {
      Promise.all([ this._before, this._moddle.toXML(this._definitions, { format: true }) ]).then(([ before, after ]) => {
        if (before.xml !== after.xml) {
          this._untouched = this._untouched.map(text => merge(text, before.xml, after.xml));
        }
      });
    }
  }

  _given(xml) {
    if (!this._untouched?.length || this._untouched.includes(this._opened)) {
      return xml;
    }

    return this._untouched.includes(xml) ? this._opened : merge(this._opened, this._untouched[0], xml);
  }
}

Lossless.$inject = [ 'eventBus', 'bpmnjs', 'moddle' ];


// local functions //////////

/** A file may hold no process, or no drawing: it opens as an empty paper on which one can begin. */
function showSomething(definitions, moddle) {
  const roots = definitions.get('rootElements'),
        known = roots.some(({ $type }) => ROOTS.includes($type));

  if (!known) {
    const process = moddle.create('bpmn:Process', { id: freeId(definitions) });

    process.$parent = definitions;
    roots.push(process);
  }

  const first = roots.find(({ $type }) => $type === 'bpmn:Collaboration') || roots.find(({ $type }) => $type === 'bpmn:Process');

  if (!definitions.get('diagrams').length && first) {
    const plane = moddle.create('bpmndi:BPMNPlane', { id: 'plane', bpmnElement: first, planeElement: [] }),
          diagram = moddle.create('bpmndi:BPMNDiagram', { id: 'diagram', plane });

    plane.$parent = diagram;
    diagram.$parent = definitions;
    definitions.diagrams.push(diagram);
  }

  definitions.diagrams.forEach(showWhatIsDrawn);
}

/** Some tools name the wrong process as that which a drawing shows, and nothing of it would be seen. */
function showWhatIsDrawn({ plane }) {
  if (!plane) {
    return;
  }

  const elements = plane.get('planeElement').map(({ bpmnElement }) => bpmnElement).filter(Boolean);

  // a drawing of what a step calls
  if (plane.bpmnElement && !PAPERS.includes(plane.bpmnElement.$type)) {
    plane.bpmnElement = rootOf(elements[0] || plane.bpmnElement) || plane.bpmnElement;
  }

  const pool = elements.find(({ $type }) => $type === 'bpmn:Participant');

  if (pool && plane.bpmnElement?.$type === 'bpmn:Process') {
    plane.bpmnElement = pool.$parent;
  }

  // or a process where its pool is meant
  if (plane.bpmnElement?.$type === 'bpmn:Collaboration') {
    for (const shape of plane.planeElement) {
      shape.bpmnElement = plane.bpmnElement.get('participants').find(({ processRef }) => processRef && processRef === shape.bpmnElement)
        || shape.bpmnElement;
    }
  }
}

function rootOf(element) {
  while (element && !ROOTS.includes(element.$type)) {
    element = element.$parent;
  }

  return element;
}

/** References are qualified names (BPMN 2.0, 8.3.1): what stands before the colon is the namespace of the file itself. */
function resolveQualified(references, elementsById) {
  for (const { element, property, id } of references) {
    const target = !elementsById[id] && id.includes(':') && elementsById[id.slice(id.lastIndexOf(':') + 1)],
          description = target && element.$descriptor.propertiesByName[property];

    if (!description) {
      continue;
    }

    if (description.isMany) {
      element.get(property).push(target);
    } else {
      element.set(property, target);
    }
  }
}

function freeId({ id }) {
  return `process_${ id ? id.replace(/[^\w.-]/g, '') : 1 }`;
}
