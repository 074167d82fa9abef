import { csrfToken } from '../shared/request';

/** Let every request of htmx carry the token of <meta name="csrf-token">. */
export function sendCsrfToken(document) {
  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    if (ctx.request.method !== 'GET') {
      ctx.request.headers['X-CSRFToken'] = csrfToken();
    }
  });
}
