import { send } from '../../shared/request';
import { t } from '../../shared/texts';

/** The dialog in which a draft becomes a version. */
export default class Publishing {

  /**
   * @param {HTMLDialogElement} dialog drawn by the server: a form with the note, an error, two buttons
   * @param {{ url: string, autosave: Autosave, problems: Problems, onPublished: (answer: Object) => void }} options
   */
  constructor(dialog, { url, autosave, problems, onPublished }) {
    Object.assign(this, { _dialog: dialog, _url: url, _autosave: autosave, _problems: problems, _onPublished: onPublished });

    this._form = dialog.querySelector('form');
    this._error = dialog.querySelector('[data-part=error]');

    this._form.addEventListener('submit', event => {
      event.preventDefault();
      this._publish();
    });
  }

  async start() {
    if (!await this._autosave.flush()) {
      return;
    }

    if (this._problems.errors.length) {
      this._problems.open();

      return;
    }

    this._say('');
    this._dialog.showModal();
  }

  async _publish() {
    if (this._isBusy) {
      return;
    }

    this._isBusy = true;

    try {
      const answer = await send('POST', this._url, { note: this._form.elements.note.value, revision: this._autosave.revision });

      this._form.reset();
      this._dialog.close();
      this._onPublished(answer);
    } catch (refused) {
      this._refused(refused);
    } finally {
      this._isBusy = false;
    }
  }

  _refused({ data, message }) {
    if (data?.problems) {
      this._dialog.close();
      this._problems.show(data.problems);
      this._problems.open();
    } else {
      this._say(message || t('It could not be published. Try again.'));
    }
  }

  _say(words) {
    this._error.textContent = words;
    this._error.hidden = !words;
  }
}
