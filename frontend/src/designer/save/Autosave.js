import { send } from '../../shared/request';
import { withFixedColours } from '../../shared/colours';

const DELAY = 800,
      RETRY = 10000;

/**
 * Keeps the draft on the server up to date. One request at a time; the server refuses a draft that somebody else
 * changed meanwhile, and then nothing is saved any more until the page is loaded anew.
 *
 * States told: 'unsaved', 'saving', 'saved' (with the server's answer), 'failed', 'conflict' (with its message).
 */
export default class Autosave {

  /**
   * @param {Modeler} modeler
   * @param {{ url: string, revision: number, tell: (state: string, details?: Object) => void }} options
   */
  constructor(modeler, { url, revision, tell }) {
    this._modeler = modeler;
    this._url = url;
    this._tell = tell;
    this.revision = revision;
    this.isBlocked = false;

    // tells this page from others that are open on the same process
    this._editor = crypto.getRandomValues(new Uint32Array(4)).join('-').slice(0, 40);

    this._changes = 0;
    this._savedChanges = 0;

    modeler.on('commandStack.changed', () => this._changed());

    addEventListener('beforeunload', event => {
      if (this.isDirty && !this.isBlocked) {
        this.flush();
        event.preventDefault();
      }
    });

    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && this.isDirty && this.flush());
  }

  get isDirty() {
    return this._changes !== this._savedChanges;
  }

  /** Save what is not saved yet. @return {Promise<boolean>} whether everything is on the server now */
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

    if (!this.isBlocked) {
      this._tell('unsaved');
      clearTimeout(this._timer);
      this._timer = setTimeout(() => this.flush(), DELAY);
    }
  }

  async _save() {
    const changes = this._changes;

    this._tell('saving');

    try {
      const { xml } = await this._modeler.saveXML({ format: true }),
            answer = await send('POST', this._url, { xml, svg: await this._picture(), revision: this.revision, editor: this._editor });

      this.revision = answer.revision;
      this._savedChanges = changes;
      this._tell('saved', answer);

      return true;
    } catch (refused) {
      return this._refused(refused);
    }
  }

  _refused({ status, message }) {
    if (status === 409) {
      this.isBlocked = true;
      this._tell('conflict', { message });
    } else {
      this._tell('failed', { message });
      this._timer = setTimeout(() => this.flush(), RETRY);
    }

    return false;
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
