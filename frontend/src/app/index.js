/**
 * Behaviours of every page, switched on by data-* attributes (see frontend/README.md).
 *
 * Every page works without this script; here it becomes quicker and safer.
 */
import 'htmx.org';

import { autosaveForms } from './autosave';
import { closeTasks } from './closed';
import { confirmFirst } from './confirm';
import { copyTexts } from './copy';
import { dialogs } from './dialogs';
import { filterRows } from './filter';
import { focusFirst } from './focus';
import { keepFresh } from './live';
import { menus } from './menus';
import { repeatedRows } from './rows';
import { sendCsrfToken } from './csrf';
import { shortcuts } from './shortcuts';
import { submitForms } from './forms';
import { themes } from './theme';

for (const behaviour of [
  sendCsrfToken, themes, menus, dialogs, confirmFirst, submitForms, repeatedRows, autosaveForms, shortcuts, keepFresh,
  closeTasks, copyTexts, focusFirst, filterRows
]) {
  behaviour(document);
}
