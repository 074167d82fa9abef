import Importer from './Importer';
import Notation from './Notation';

/** Draws what a file says, where bpmn-js draws less or other than the standard; for editors and viewers. */
export default {
  __init__: [ 'notation' ],
  bpmnImporter: [ 'type', Importer ],
  notation: [ 'type', Notation ]
};
