import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { seededRandom } from '@serial-oe/foundation';
import { runAndKill } from './support/kill-cli';
import { runCli } from './support/run-cli';
import { SMALL } from './support/small-config';

/** `SERIAL_OE_KILLS=20` kills each command so often: 7 minutes on two busy cores. */
const EACH = Number(process.env.SERIAL_OE_KILLS ?? 0);
const N_KILLS = { train: EACH || 10, experiment: EACH || 6, score: EACH || 10, export: EACH || 10 };
const STEPS_PER_EPOCH = 3;

/** Kills (-9) at random moments, and what each of them cost. */
describe('after kill -9', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  const bytes = (...names: string[]) => readFileSync(at(...names));
  const random = seededRandom(2026);

  const shared = ['--config', 'small.json', '--batch-size', '8'];
  const train = [...['train', '--data', 'sounds', '--machine-type', 'fan', ...shared, '--epochs', '6']];
  const experiment = (out: string) => [
    ...['experiment', 'no-id', '--data', 'sounds', '--types', 'fan', '--seeds', '1', ...shared],
    ...['--epochs', '3', '--out', out],
  ];
  const score = ['score', '--model', 'model', '--csv', '--quiet', 'many'];
  const exporting = ['export', '--model', 'model', '--out', 'model.onnx', '--overwrite'];

  /** Seconds of each command when nothing disturbs it. */
  const durations: Record<string, number> = {};
  let scores: string;

  async function runWhole(args: string[]): Promise<string> {
    const start = performance.now();
    const { code, stdout, stderr } = await runCli(args, folder, { env: { SERIAL_OE_TFJS_NODE: folder } });
    if (code !== 0) throw new Error(stderr);
    durations[args[0] as string] = performance.now() - start;
    return stdout;
  }

  /** A moment of the command's undisturbed run, early ones and those just before its end included. */
  const moment = (command: string, earliest = 0.05) =>
    (earliest + random() * (1.1 - earliest)) * (durations[command] as number);

  /** Whatever no finished run leaves: temporary files, folders that stepped aside, locks, checkpoints. */
  const leftovers = (below = '.') =>
    (readdirSync(at(below), { recursive: true }) as string[]).filter(
      (path) =>
        /\.tmp$|\.previous$|running.*\.json$|checkpoint/.test(basename(path)) &&
        !path.includes('node_modules'),
    );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-kills-'));
    writeFileSync(at('small.json'), JSON.stringify(SMALL));
    const synth = ['--types', 'fan,valve', '--ids', '2', '--train', '6', '--test', '4', '--seconds', '3'];
    await runWhole(['synth', '--out', 'sounds', ...synth]);
    for (let i = 0; i < 8; i++)
      cpSync(at('sounds', 'fan', 'test'), at('many', String(i)), { recursive: true });
    await runWhole([...train, '--out', 'old', '--seed', '7']);
    await runWhole([...train, '--out', 'model']);
    scores = await runWhole(score);
    await runWhole(exporting);
    renameSync(at('model.onnx'), at('whole.onnx'));
    await runWhole(experiment('whole'));
    expect(leftovers()).toEqual([]);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  /** Steps that a run had made when it was killed, and where the next one began. */
  const stepsDone = (stderr: string) =>
    Number([...stderr.matchAll(/step (\d+)\/18/g)].at(-1)?.[1] ?? firstStep(stderr));
  function firstStep(stderr: string): number {
    const [, epoch, step] = /resuming from .* at epoch (\d+), step (\d+)/.exec(stderr) ?? [];
    return epoch === undefined ? 0 : (Number(epoch) - 1) * STEPS_PER_EPOCH + Number(step) - 1;
  }

  it('train --resume goes on to the same model, an epoch is lost at most, and an old model stays until the new one is there', async () => {
    const lost: number[] = [];
    let nKills = 0;
    let nFinished = 0;
    for (let attempt = 0; nKills < N_KILLS.train; attempt++) {
      // A new model and one that takes an old one's place, in turn.
      const isReplacing = attempt % 2 === 1;
      const out = `model-${attempt}`;
      if (isReplacing) cpSync(at('old'), at(out), { recursive: true });
      let before: string | null = null;
      for (let isDone = false; !isDone; ) {
        const args = [...train, '--out', out, '--resume', ...(isReplacing ? ['--overwrite'] : [])];
        const afterMs = nKills < N_KILLS.train ? moment('train') : 600_000;
        const { isKilled, code, stderr } = await runAndKill(args, folder, { afterMs });
        if (before !== null && /step \d/.test(stderr)) {
          const nLost = stepsDone(before) - firstStep(stderr);
          expect(nLost).toBeLessThanOrEqual(STEPS_PER_EPOCH);
          lost.push(nLost);
        }
        if (isKilled) {
          nKills++;
          if (stderr.includes('step ') || before === null) before = stderr;
          const there = [at(out), at(`.${out}.previous`)].find((path) => existsSync(path));
          if (isReplacing) expect(there).toBeDefined();
          if (there !== undefined) {
            const weights = readFileSync(join(there, 'weights.safetensors'));
            const isOld = isReplacing && weights.equals(bytes('old', 'weights.safetensors'));
            expect(isOld || weights.equals(bytes('model', 'weights.safetensors'))).toBe(true);
          }
        } else {
          expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
          isDone = true;
          nFinished++;
        }
      }
      expect(bytes(out, 'weights.safetensors').equals(bytes('model', 'weights.safetensors'))).toBe(true);
      const made = ['model', out].map((name) => JSON.parse(bytes(name, 'manifest.json').toString()));
      expect(made[1].detectors).toEqual(made[0].detectors);
      expect(readdirSync(at(out)).sort()).toEqual(readdirSync(at('model')).sort());
      expect(leftovers()).toEqual([]);
    }
    tell('train', {
      nKills,
      nFinished,
      nResumed: lost.length,
      mostStepsLost: Math.max(...lost),
      stepsLost: sum(lost),
    });
  });

  it('experiment goes on to the same results, finished trainings are kept and of others an epoch is lost at most', async () => {
    let nKills = 0;
    let nFinished = 0;
    let nTrainingsLost = 0;
    let nEpochsSeen = 0;
    for (let attempt = 0; nKills < N_KILLS.experiment; attempt++) {
      const out = `out-${attempt}`;
      const done = new Set<string>();
      const epochs = new Map<string, number>();
      for (let isDone = false; !isDone; ) {
        const afterMs = nKills < N_KILLS.experiment ? moment('experiment') : 600_000;
        const { isKilled, code, stderr } = await runAndKill(experiment(out), folder, { afterMs });
        const known = /(\d+) of them finished already/.exec(stderr)?.[1];
        if (known !== undefined) nTrainingsLost += Math.max(0, done.size - Number(known));
        for (const [, job = '', epoch] of stderr.matchAll(
          /(\S+-seed0-\w+)(?::)? (?:resuming at )?epoch (\d+)/g,
        )) {
          const reached = epochs.get(job) ?? 0;
          nEpochsSeen++;
          expect(Number(epoch)).toBeGreaterThanOrEqual(reached); // an epoch that was finished is not done again
          epochs.set(job, Number(epoch));
        }
        for (const [, job = ''] of stderr.matchAll(/(\S+-seed0-\w+) done in/g)) done.add(job);
        if (isKilled) nKills++;
        else {
          expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
          isDone = true;
          nFinished++;
        }
      }
      expect(bytes(out, 'no-id', 'results.csv').equals(bytes('whole', 'no-id', 'results.csv'))).toBe(true);
      for (const run of readdirSync(at('whole', 'runs'))) {
        const hasNetwork = existsSync(at('whole', 'runs', run, 'model', 'weights.safetensors'));
        const [made, whole] = [out, 'whole'].map((name) =>
          bytes(name, 'runs', run, 'model', hasNetwork ? 'weights.safetensors' : 'model.json'),
        );
        expect(made!.equals(whole!)).toBe(true);
      }
      expect(leftovers(out)).toEqual([]);
    }
    expect(nTrainingsLost).toBe(0);
    expect(nEpochsSeen).toBeGreaterThan(0);
    tell('experiment', { nKills, nFinished, nTrainingsLost, epochsDoneTwice: 0 });
  });

  it('score has written whole rows alone, and each of them right', async () => {
    let nKills = 0;
    let nRows = 0;
    while (nKills < N_KILLS.score) {
      const { isKilled, code, stdout } = await runAndKill(score, folder, { afterMs: moment('score') });
      if (isKilled) nKills++;
      else expect(code).toBe(0);
      expect(scores.startsWith(stdout)).toBe(true);
      expect(stdout === '' || stdout.endsWith('\n')).toBe(true);
      nRows += Math.max(0, stdout.split('\n').length - 2);
    }
    expect(nRows).toBeGreaterThan(0);
    tell('score', { nKills, nRows, halfRows: 0 });
  });

  it('export has written all or nothing', async () => {
    let nKills = 0;
    let nWhole = 0;
    const whole = bytes('whole.onnx');
    while (nKills < N_KILLS.export) {
      rmSync(at('model.onnx'), { force: true });
      const { isKilled, code } = await runAndKill(exporting, folder, { afterMs: moment('export', 0.7) });
      if (isKilled) nKills++;
      else expect(code).toBe(0);
      if (!existsSync(at('model.onnx'))) continue;
      nWhole++;
      expect(bytes('model.onnx').equals(whole)).toBe(true);
    }
    await runWhole(exporting);
    expect(bytes('model.onnx').equals(whole)).toBe(true);
    expect(leftovers()).toEqual([]);
    tell('export', { nKills, nWhole, half: 0 });
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What the kills cost, for the eye. */
function tell(command: string, counts: Record<string, number>): void {
  process.stderr.write(`kill -9 of ${command}: ${JSON.stringify(counts)}\n`);
}
