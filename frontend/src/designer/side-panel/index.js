import batchModule from '../batch';
import conditionsModule from '../conditions';
import modelModule from '../model';
import SidePanel from './SidePanel';

export default {
  __depends__: [ batchModule, conditionsModule, modelModule ],
  __init__: [ 'sidePanel' ],
  sidePanel: [ 'type', SidePanel ]
};
