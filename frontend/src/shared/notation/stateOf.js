/** The state of data, where its name does not hold it (BPMN 2.0, 10.4.1). @return {string|null} in brackets, as it is drawn */
export function stateOf({ dataState, name }) {
  const state = dataState?.name && `[${ dataState.name }]`;

  return state && name && !name.includes(state) ? state : null;
}
