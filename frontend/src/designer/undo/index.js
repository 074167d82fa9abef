import History from './History';

export default {
  commandStack: [ 'type', History ]
};
