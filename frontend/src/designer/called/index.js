import CalledContent from './CalledContent';

export default {
  __init__: [ 'calledContent' ],
  calledContent: [ 'type', CalledContent ]
};
