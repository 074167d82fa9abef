import AllowedIn from './AllowedIn';
import batchModule from '../batch';
import Catalogue from './Catalogue';
import Extensions from './Extensions';
import ReadyApproval from './ReadyApproval';
import OwnLanguage from './OwnLanguage';
import RootReferences from './RootReferences';
import Steps from './Steps';

export default {
  __depends__: [ batchModule ],
  __init__: [ 'bpmAllowedIn', 'ownLanguage' ],
  bpmAllowedIn: [ 'type', AllowedIn ],
  catalogue: [ 'type', Catalogue ],
  extensions: [ 'type', Extensions ],
  ownLanguage: [ 'type', OwnLanguage ],
  readyApproval: [ 'type', ReadyApproval ],
  rootElementReferenceBehavior: [ 'type', RootReferences ],
  steps: [ 'type', Steps ]
};
