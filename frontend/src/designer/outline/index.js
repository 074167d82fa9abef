import sidePanelModule from '../side-panel';
import toolsModule from '../tools';
import Arranging from './Arranging';
import Edits from './Edits';
import Outline from './Outline';
import Palette from './Palette';

export default {
  __depends__: [ sidePanelModule, toolsModule ],
  __init__: [ 'bpmPalette', 'bpmOutline' ],
  arranging: [ 'type', Arranging ],
  edits: [ 'type', Edits ],
  bpmPalette: [ 'type', Palette ],
  bpmOutline: [ 'type', Outline ]
};
