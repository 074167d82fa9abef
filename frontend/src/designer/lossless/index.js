import Lossless from './Lossless';

export default {
  __init__: [ 'lossless' ],
  lossless: [ 'type', Lossless ],

  // would write the shapes of a file in another order than they came, and leave out those it does not show
  bpmnDiOrdering: [ 'value', {} ]
};
