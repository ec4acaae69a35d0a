import { planExperiments } from '@serial-oe/experiments';
import type { PlannedPaper } from '../paper/plan-paper';
import { textTable } from '../terminal/format';

/** Characters of a row that list what a training is for. */
const LIST_WIDTH = 44;

/** What `--dry-run` prints: the trainings, and how many steps are left to do. */
export async function listJobs({ experiments, options }: PlannedPaper): Promise<string> {
  const jobs = await planExperiments(experiments, options);
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [{ title: 'job' }, right('steps'), { title: 'state' }, { title: 'variants' }];
  const rows = jobs.map(({ id, nUpdates, state, variants }) => [
    id,
    String(nUpdates),
    state,
    shortList(variants),
  ]);
  const nUpdates = jobs.reduce((sum, job) => sum + (job.state === 'new' ? job.nUpdates : 0), 0);
  return `${textTable(columns, rows)}\n${jobs.length} trainings, ${nUpdates} steps to do\n`;
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
