import { csrfToken, send } from '../../shared/request';
import { withFixedColours } from '../../shared/colours';

const DELAY = 800,
      RETRY = 10000;

/**
 * Keeps the draft on the server up to date. One request at a time; if somebody else changed the draft meanwhile, the
 * server keeps what is drawn here as a copy beside it, and goes on doing so until the page is loaded anew.
 *
 * States told: 'unsaved', 'saving', 'saved' (with the server's answer), 'failed', 'conflict' (with its message, and the
 * copy if one was kept).
 */
export default class Autosave {

  /**
   * @param {Modeler} modeler
   * @param {{ url: string, revision: number, tell: (state: string, details?: Object) => void, isBusy?: () => boolean }} options
   * isBusy: whether somebody is in the middle of a movement, for which saving waits
   */
  constructor(modeler, { url, revision, tell, isBusy = () => false }) {
    this._modeler = modeler;
    this._url = url;
    this._tell = tell;
    this._isBusy = isBusy;
    this.revision = revision;
    this.isBlocked = false;
    this._copy = null;

    // tells this page from others that are open on the same process
    this._editor = crypto.getRandomValues(new Uint32Array(4)).join('-').slice(0, 40);

    this._changes = 0;
    this._savedChanges = 0;

    modeler.on('commandStack.changed', () => this._changed());

    addEventListener('beforeunload', event => {
      if (this.isDirty && (!this.isBlocked || this._copy)) {
        this._copy ? this._keepCopy() : this.flush();
        event.preventDefault();
      }
    });

    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && this.isDirty && this.flush());
  }

  get isDirty() {
    return this._changes !== this._savedChanges;
  }

  /** Load the page anew: what is drawn here is in its copy. */
  async leave() {
    await this._keepCopy();
    location.reload();
  }

  /** Make the copy the draft; what somebody else drew becomes a copy. */
  async takeMine() {
    if (this._copy && await this._keepCopy()) {
      const form = document.createElement('form');

      Object.assign(form, { method: 'post', action: this._copy.take });
      form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'csrf_token', value: csrfToken() }));
      document.body.append(form);
      form.submit();
    }
  }

  /** Save what is not saved yet. @return {Promise<boolean>} whether everything is in the draft on the server now */
  async flush() {
    clearTimeout(this._timer);

    while (this.isDirty && !this.isBlocked) {
      this._saving ||= this._save().finally(() => { this._saving = null; });

      if (!await this._saving) {
        return false;
      }
    }

    return !this.isBlocked;
  }

  /** The draft is gone: it was published. The next change makes a new one. */
  restart() {
    this.revision = 0;
    this._savedChanges = this._changes;
  }

  _changed() {
    this._changes++;

    clearTimeout(this._timer);

    if (!this.isBlocked) {
      this._tell('unsaved');
      this._later(() => this.flush());
    } else if (this._copy) {
      this._later(() => this._keepCopy());
    }
  }

  _later(save) {
    this._timer = setTimeout(() => this._isBusy() ? this._later(save) : save(), DELAY);
  }

  /** Save into the copy what was drawn since the conflict. @return {Promise<boolean>} */
  async _keepCopy() {
    clearTimeout(this._timer);

    if (this.isDirty) {
      await (this._saving ||= this._save().finally(() => { this._saving = null; }));
    }

    return !this.isDirty;
  }

  async _save() {
    const changes = this._changes;

    this._tell('saving');

    try {
      const content = await this._content(),
            answer = await send('POST', this._url, { ...content, revision: this.revision, editor: this._editor });

      this.revision = answer.revision;
      this._savedChanges = changes;
      this._tell('saved', answer);

      return true;
    } catch (refused) {
      return this._refused(refused, changes);
    }
  }

  _refused({ status, message, data }, changes) {
    if (status === 409) {
      this.isBlocked = true;

      if (data.copy) {
        this._copy = data.copy;
        this._savedChanges = changes;
      }

      this._tell('conflict', { message, copy: this._copy });
    } else {
      this._tell('failed', { message });
      this._timer = setTimeout(() => this.flush(), RETRY);
    }

    return false;
  }

  /** What is kept; other editors keep something else. */
  async _content() {
    const { xml } = await this._modeler.saveXML({ format: true });

    return { xml, svg: await this._picture() };
  }

  // an empty diagram has no picture
  async _picture() {
    try {
      return withFixedColours((await this._modeler.saveSVG()).svg);
    } catch {
      return null;
    }
  }
}
