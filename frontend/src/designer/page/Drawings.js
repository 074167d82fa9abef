import { fitWhole } from '../../shared/fit';
import { t } from '../../shared/texts';

const SUB_PROCESSES = [ 'bpmn:SubProcess', 'bpmn:Transaction', 'bpmn:AdHocSubProcess' ];

/** Lets one choose among the drawings of a file. What is inside of a step is reached through that step. */
export default class Drawings {

  /**
   * @param {HTMLElement} root a label with a select
   * @param {Modeler} modeler
   */
  constructor(root, modeler) {
    Object.assign(this, { _root: root, _modeler: modeler });

    this._select = root.querySelector('select');
    this._select.addEventListener('change', () => this.open(this._list[this._select.selectedIndex]));

    modeler.on('import.done', () => this._fill());

    // here, or by undoing what was done in it
    modeler.on('bpm.drawing.opened', ({ drawing }) => this._opened(drawing));
  }

  async open(drawing) {
    if (drawing && drawing !== this.current) {
      await this._modeler.open(drawing);
      this._modeler.get('eventBus').fire('bpm.drawing.opened', { drawing });
    }
  }

  /** Open the drawing that shows an element. @return {Promise<Shape|Connection|undefined>} the element */
  async find(id) {
    const registry = this._modeler.get('elementRegistry');

    if (!registry.get(id)) {
      await this.open(this._list.find(({ plane }) => plane?.get('planeElement').some(({ bpmnElement }) => bpmnElement?.id === id)));
    }

    return registry.get(id);
  }

  _opened(drawing) {
    if (drawing !== this.current) {
      this.current = drawing;
      this._select.selectedIndex = this._list.indexOf(drawing);
      fitWhole(this._modeler.get('canvas'));
    }

    this._modeler.get('eventBus').fire('bpm.picks.changed');
  }

  _fill() {
    const drawings = this._modeler.getDefinitions()?.get('diagrams') || [],
          first = drawings[0];

    this._list = drawings.filter(({ plane }) => plane?.bpmnElement && !SUB_PROCESSES.includes(plane.bpmnElement.$type) || plane === first?.plane);
    this.current = first;
    this._root.hidden = this._list.length < 2;

    this._select.replaceChildren(...this._list.map(({ name, plane }, index) => new Option(
      name || plane.bpmnElement?.name || t('Drawing {number}', { number: index + 1 }))));
  }
}
