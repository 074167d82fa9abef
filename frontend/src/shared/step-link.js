/** Addresses of single steps: <address of the page>#step=<id of the element>. */

/** @return {string} id of the element that the address names, '' if it names none */
export function linkedStep(hash = location.hash) {
  return new URLSearchParams(hash.slice(1)).get('step') || '';
}

/**
 * @param {string} id
 *
 * @return {string} the address of this page at an element
 */
export function addressOf(id) {
  return `${ location.origin }${ location.pathname }${ location.search }#${ new URLSearchParams({ step: id }) }`;
}

/** Call back with the element that the address names, now and whenever the address changes. */
export function followLinks(show) {
  const follow = () => linkedStep() && show(linkedStep());

  addEventListener('hashchange', follow);
  follow();
}
