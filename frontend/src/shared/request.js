/** Requests to our own server: JSON in and out, with the token that proves where they come from. */

/** What the server said instead of doing it; `data` is its answer, `status` its HTTP status (0: not reached). */
export class Refused extends Error {

  constructor(status, data) {
    super(data.message || data.detail || data.title || '');

    this.status = status;
    this.data = data;
  }
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content || '';
}

/**
 * Send JSON (or a FormData) and return the JSON of the answer.
 *
 * @param {string} method
 * @param {string} url
 * @param {Object|FormData} [body]
 * @param {RequestInit} [options]
 *
 * @throws {Refused}
 */
export async function send(method, url, body, options = {}) {
  const isForm = body instanceof FormData,
        headers = { Accept: 'application/json', 'X-CSRFToken': csrfToken() };

  if (body && !isForm) {
    headers['Content-Type'] = 'application/json';
  }

  let response;

  try {
    response = await fetch(url, {
      method, headers, body: isForm || !body ? body : JSON.stringify(body), credentials: 'same-origin', ...options
    });
  } catch {
    throw new Refused(0, {});
  }

  const data = await response.json().catch(() => ({}));

  if (!response.ok) {
    throw new Refused(response.status, data);
  }

  return data;
}
