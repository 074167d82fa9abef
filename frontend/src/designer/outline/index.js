import sidePanelModule from '../side-panel';
import Outline from './Outline';
import Palette from './Palette';

export default {
  __depends__: [ sidePanelModule ],
  __init__: [ 'bpmPalette', 'bpmOutline' ],
  bpmPalette: [ 'type', Palette ],
  bpmOutline: [ 'type', Outline ]
};
