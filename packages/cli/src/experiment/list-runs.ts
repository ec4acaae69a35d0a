import { planExperiments, type RunExperimentsOptions } from '@serial-oe/experiments';
import { textTable } from '../terminal/format';

/** Characters of a row that list what a training is for. */
const LIST_WIDTH = 44;

/** What `--dry-run` prints: the trainings, and how many steps are left to do. */
export async function listRuns(options: RunExperimentsOptions): Promise<string> {
  const runs = await planExperiments(options);
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [{ title: 'run' }, right('steps'), { title: 'state' }, { title: 'variants' }];
  const rows = runs.map(({ id, nUpdates, state, variants }) => [
    id,
    String(nUpdates),
    state,
    shortList(variants),
  ]);
  const nUpdates = runs.reduce((sum, run) => sum + (run.state === 'new' ? run.nUpdates : 0), 0);
  return `${textTable(columns, rows)}\n${runs.length} trainings, ${nUpdates} steps to do\n`;
}

/** The first names, as far as a terminal is wide, and how many there are beside them. */
function shortList(names: readonly string[]): string {
  const nShown = Math.max(
    1,
    names.findIndex((_, i) => names.slice(0, i + 1).join(', ').length > LIST_WIDTH),
  );
  const isWhole = names.join(', ').length <= LIST_WIDTH;
  return isWhole ? names.join(', ') : `${names.slice(0, nShown).join(', ')}, +${names.length - nShown}`;
}
