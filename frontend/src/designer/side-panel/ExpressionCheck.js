import { send } from '../../shared/request';

const REMEMBERED = 300;

/**
 * Asks the server what is wrong with an expression: there is no second interpreter in the browser. Answers are
 * remembered, so that a panel that is drawn anew shows at once what is known.
 */
export default class ExpressionCheck {

  /**
   * @param { { checkUrl: string, helpUrl: string } } urls
   * @param { () => { names: Object<string, string>, forms: string[], record?: string, complete: boolean } } surroundings what the
   * drawing knows at this moment
   */
  constructor({ checkUrl, helpUrl }, surroundings) {
    this.helpUrl = helpUrl;

    this._url = checkUrl;
    this._surroundings = surroundings;
    this._answers = new Map();
  }

  /**
   * @param {string} kind expression, condition, tests, value, template, script, timer
   * @param {string} text
   * @param {Object<string, string>} names further names that are known at this place, with their types
   */
  question(kind, text, names = {}) {
    const { names: known, ...others } = this._surroundings();

    return { kind, text, ...others, names: { ...known, ...names } };
  }

  /** What the server has said to the same question before. */
  remembered(question) {
    return this._answers.get(JSON.stringify(question));
  }

  /**
   * @param {AbortSignal} signal given up when something newer was typed
   *
   * @return { Promise<{ ok: boolean, result: string, findings: Object[] }> }
   */
  async ask(question, signal) {
    const answer = await send('POST', this._url, question, { signal });

    this._answers.set(JSON.stringify(question), answer);

    if (this._answers.size > REMEMBERED) {
      this._answers.delete(this._answers.keys().next().value);
    }

    return answer;
  }
}
