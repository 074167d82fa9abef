import RestrictTools from './RestrictTools';

export default {
  __init__: [ 'restrictTools' ],
  restrictTools: [ 'type', RestrictTools ],

  // our own palette stands beside the canvas, with words; this one would cover it
  paletteProvider: [ 'value', {} ]
};
