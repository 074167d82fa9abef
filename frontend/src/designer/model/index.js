import AllowedIn from './AllowedIn';
import batchModule from '../batch';
import Catalogue from './Catalogue';
import Extensions from './Extensions';
import ReadyApproval from './ReadyApproval';
import RootReferences from './RootReferences';
import Steps from './Steps';

export default {
  __depends__: [ batchModule ],
  __init__: [ 'bpmAllowedIn' ],
  bpmAllowedIn: [ 'type', AllowedIn ],
  catalogue: [ 'type', Catalogue ],
  extensions: [ 'type', Extensions ],
  readyApproval: [ 'type', ReadyApproval ],
  rootElementReferenceBehavior: [ 'type', RootReferences ],
  steps: [ 'type', Steps ]
};
