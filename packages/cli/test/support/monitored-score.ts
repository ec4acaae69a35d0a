import { runCli } from './run-cli';

/** What `serial-oe monitor` scores of a file whose whole sound is one window of 2 s. */
export async function monitoredScore(
  { model, machineId, file }: { model: string; machineId: string; file: string },
  folder: string,
): Promise<number> {
  const listening = ['monitor', '--model', model, '--machine-id', machineId, '--source', file];
  const { code, stdout, stderr } = await runCli(
    [...listening, '--json', '--scores', '--window', '2', '--hop', '2'],
    folder,
  );
  const events: { kind: string; anomalyScore: number }[] = stdout
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  const scores = events.filter(({ kind }) => kind === 'score');
  if (code !== 0 || scores.length !== 1) throw new Error(`exit code ${code}: ${stdout}${stderr}`);
  return scores[0]!.anomalyScore;
}
