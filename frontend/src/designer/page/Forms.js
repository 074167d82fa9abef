import { send } from '../../shared/request';

/**
 * Forms as the designer sees them: they are made on pages of their own, in another tab; whoever comes back from there
 * finds the fields as they are now.
 */
export default class Forms {

  /**
   * @param { { forms: string, picks: string } } urls where a form is begun; where the lists to pick from are read
   * @param {Object} server the lists; its forms are kept up to date
   * @param {() => void} onChanged
   */
  constructor(urls, server, onChanged) {
    Object.assign(this, { _urls: urls, _server: server, _onChanged: onChanged, _left: false });

    document.addEventListener('visibilitychange', () => this._back());
    addEventListener('focus', () => this._back());
  }

  /** Begin a form and open it. @return {Promise<string>} its key */
  async begin(title) {
    // opened at once: later the browser would take it for an advertisement
    const tab = open('', '_blank');

    try {
      const form = await send('POST', this._urls.forms, { title });

      this._server.forms = sorted([ ...this._server.forms, form ]);
      this._onChanged();

      if (tab) {
        tab.opener = null;
        tab.location = form.address;
      }

      this._left = true;

      return form.id;
    } catch (refused) {
      tab?.close();

      throw refused;
    }
  }

  /** Somebody follows the link to a form. */
  leave() {
    this._left = true;
  }

  async _back() {
    if (this._left && document.visibilityState === 'visible') {
      const { forms } = await send('GET', this._urls.picks).catch(() => ({}));

      if (forms && JSON.stringify(forms) !== JSON.stringify(this._server.forms)) {
        this._server.forms = forms;
        this._onChanged();
      }
    }
  }
}


// local functions //////////

function sorted(forms) {
  return forms.sort((a, b) => a.name.localeCompare(b.name));
}
