import batchModule from '../batch';
import conditionsModule from '../conditions';
import modelModule from '../model';
import toolsModule from '../tools';
import SidePanel from './SidePanel';

export default {
  __depends__: [ batchModule, conditionsModule, modelModule, toolsModule ],
  __init__: [ 'sidePanel' ],
  sidePanel: [ 'type', SidePanel ]
};
