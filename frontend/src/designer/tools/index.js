import batchModule from '../batch';
import Replacements from './Replacements';
import RestrictTools from './RestrictTools';

export default {
  __depends__: [ batchModule ],
  __init__: [ 'restrictTools' ],
  replacements: [ 'type', Replacements ],
  restrictTools: [ 'type', RestrictTools ],

  // our own palette stands beside the canvas, with words; this one would cover it
  paletteProvider: [ 'value', {} ]
};
