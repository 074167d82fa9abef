import ConditionHint from './ConditionHint';
import Fields from './Fields';

export default {
  __init__: [ 'conditionHint' ],
  conditionHint: [ 'type', ConditionHint ],
  fields: [ 'type', Fields ]
};
