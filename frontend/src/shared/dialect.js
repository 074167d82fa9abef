/** What our own elements look like: the one descriptor, which the server reads too. */
import dialect from '../../../bpm/engine/dialect.json';

export default dialect;

export const moddleExtensions = { bpm: dialect };
