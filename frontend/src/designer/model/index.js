import AllowedIn from './AllowedIn';
import batchModule from '../batch';
import Extensions from './Extensions';
import Steps from './Steps';

export default {
  __depends__: [ batchModule ],
  __init__: [ 'bpmAllowedIn' ],
  bpmAllowedIn: [ 'type', AllowedIn ],
  extensions: [ 'type', Extensions ],
  steps: [ 'type', Steps ]
};
