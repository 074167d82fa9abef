import BpmnImporter from 'bpmn-js/lib/import/BpmnImporter';
import BpmnTreeWalker from 'bpmn-js/lib/import/BpmnTreeWalker';
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { getLabel } from 'bpmn-js/lib/util/LabelUtil';

import { calledBy, showsCalled } from './called';
import { stateOf } from './stateOf';

// a name in another typeface may need this much more room than the tool gave it that wrote the file
const WIDER = 1.4,
      STEP = 4,
      LINE = 1.5;

/** Takes a file at its word, where bpmn-js takes it otherwise. */
export default class Importer extends BpmnImporter {

  add(semantic, di, parent) {
    const isShape = is(di, 'bpmndi:BPMNShape');

    // the cross in an exclusive gateway is drawn where the file asks for it (BPMN 2.0, 12.2.3.3)
    if (isShape && is(semantic, 'bpmn:ExclusiveGateway') && di.isMarkerVisible === undefined) {
      di.isMarkerVisible = false;
    }

    const element = super.add(semantic, di, parent);

    if (isShape && showsCalled(semantic, di)) {
      this._addCalled(semantic, element);
    }

    return element;
  }

  addLabel(semantic, di, element) {
    const label = super.addLabel(semantic, di, element),
          state = stateOf(semantic),
          kept = di.label?.bounds?.width ? di.label.bounds : null,
          text = getLabel(element);

    if (text && (kept || state)) {
      this._widen(label, state ? `${ text } ${ state }` : text, kept || { width: label.width, height: label.height });
    }

    return label;
  }

  /** The steps of a process that is called stand in the same drawing, within the call activity. */
  _addCalled(activity, shape) {
    const process = calledBy(activity),
          places = this._canvas.findRoot(shape).di.get('planeElement'),
          shown = new Set(places.map(({ bpmnElement }) => bpmnElement)),
          isPool = [ ...shown ].some(one => is(one, 'bpmn:Participant') && one.processRef === process),
          isDrawn = process.get('flowElements').some(({ id }) => this._elementRegistry.get(id));

    if (isPool || isDrawn || !process.get('flowElements').some(one => shown.has(one))) {
      return;
    }

    shape.collapsed = false;

    const walker = new BpmnTreeWalker({
      element: (semantic, di, parent) => this.add(semantic, di, parent),
      error() {}
    });

    places.filter(({ bpmnElement }) => bpmnElement).forEach(walker.registerDi);
    walker.handleSubProcess(process, shape);
    walker.handleDeferred();
  }

  /** No word is cut in two, and no name takes more lines than it has room for in the file, where a little width helps. */
  _widen(label, text, kept) {
    const style = this._textRenderer.getExternalStyle(),
          measure = (words, width) => this._textRenderer.getDimensions(words, { box: { width, height: 0 }, style }),
          longest = Math.max(...text.split(/\s+/).map(word => measure(word, 1000).width)),
          room = Math.max(kept.height, style.fontSize * LINE);

    let width = Math.max(kept.width, Math.ceil(longest) + STEP);

    const most = Math.max(width, kept.width * WIDER);

    while (measure(text, width).height > room + style.fontSize / 2 && width + STEP <= most) {
      width += STEP;
    }

    if (width > label.width) {
      label.x -= Math.round((width - label.width) / 2);
      label.width = Math.round(width);
      label.height = Math.ceil(measure(text, width).height);
      this._eventBus.fire('element.changed', { element: label, gfx: this._canvas.getGraphics(label) });
    }
  }
}
