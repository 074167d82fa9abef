import htmx from 'htmx.org';

const DEFAULT_SECONDS = 5;

/**
 * <section id="tasks" data-live="/inbox/list" data-live-every="5">: asks the server every few seconds and changes what
 * differs, keeping focus, selection and what is typed. The address answers with the element's inner HTML, with an ETag
 * if it can. A hidden page does not ask; it asks at once when it is seen again.
 *
 * 204 or 304: nothing new. 404 or 410: it is gone; data-live-gone="…" is said in its place. 401: the page is loaded anew.
 */
export function keepFresh(document) {
  const tags = new WeakMap();

  for (const element of document.querySelectorAll('[data-live]')) {
    watch(element);
  }

  document.addEventListener('htmx:after:swap', () => document.querySelectorAll('[data-live]').forEach(element => {
    if (!tags.has(element)) {
      watch(element);
    }
  }));

  function watch(element) {
    const pause = 1000 * (Number(element.dataset.liveEvery) || DEFAULT_SECONDS);

    tags.set(element, '');

    let timer = setTimeout(look, pause);

    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && element.isConnected) {
        clearTimeout(timer);
        look();
      }
    });

    async function look() {
      if (!element.isConnected) {
        return;
      }

      if (document.visibilityState === 'visible') {
        const again = await refresh(element).catch(() => true);

        if (!again) {
          return;
        }
      }

      timer = setTimeout(look, pause);
    }
  }

  async function refresh(element) {
    const tag = tags.get(element),
          headers = { 'HX-Request': 'true', ...(tag ? { 'If-None-Match': tag } : {}) },
          response = await fetch(element.dataset.live, { headers, cache: 'no-store' });

    if (response.status === 401) {
      location.reload();

      return false;
    }

    if (response.status === 404 || response.status === 410) {
      return gone(element);
    }

    // a redirect leads to the log-in page, which must not be poured into a list
    if (response.status === 200 && !response.redirected) {
      const html = await response.text();

      tags.set(element, response.headers.get('ETag') || '');

      if (html !== element.lastAnswer) {
        element.lastAnswer = html;
        await htmx.swap({ sourceElement: element, target: element, text: html, swap: 'innerMorph' });
        element.dispatchEvent(new CustomEvent('bpm:refreshed', { bubbles: true }));
      }
    }

    return true;
  }
}


// local functions //////////

function gone(element) {
  const words = element.dataset.liveGone;

  if (words) {
    const notice = Object.assign(document.createElement('p'), { className: 'notice', textContent: words });

    notice.setAttribute('role', 'status');
    element.replaceChildren(notice);
  }

  return false;
}
