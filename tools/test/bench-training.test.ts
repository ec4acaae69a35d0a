import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { callEach } from './call-bench';
import { ROOT } from './repository';

/** What the code prints, as JSON. Modules of the bench by their name. */
function evaluate(module: string, code: string): unknown {
  const url = pathToFileURL(join(ROOT, 'bench', 'lib', `${module}.mjs`)).href;
  const text = `import * as module from '${url}';\nconsole.log(JSON.stringify((() => { ${code} })()));`;
  const args = ['--input-type=module', '--eval', text];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' }));
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-bench-training-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('arguments of bench/training.mjs', () => {
  const outcomeOf = (...args: string[]) => callEach('training-options', 'parseTrainingOptions', [[args]])[0];

  it('are several folders, seeds and changes to the configuration', () => {
    const config = join(folder, 'config.json');
    writeFileSync(config, '{"loss": {"alpha": 5}}');
    const args = ['--data', 'a', '--data', 'b', '--machine-type', 'fan', '--seeds', '3, 4', '--epochs', '2'];
    expect(outcomeOf(...args, '--config', config)?.value).toMatchObject({
      data: ['a', 'b'],
      machineType: 'fan',
      preset: 'quick',
      overrides: { loss: { alpha: 5 } },
      nEpochs: 2,
      seeds: [3, 4],
      threads: 1,
    });
  });

  it.each([
    [['--machine-type', 'fan'], /--data must name/],
    [['--data', 'a'], /--machine-type must name/],
    [
      ['--data', 'a', '--machine-type', 'fan', '--seeds', '1,,2'],
      /--seeds must hold whole numbers .* got \./,
    ],
    [['--data', 'a', '--machine-type', 'fan', '--epochs', '0'], /--epochs must hold integers of at least 1/],
  ])('refuses %j', (args, message) => {
    expect(outcomeOf(...args)?.error).toMatch(message);
  });
});

describe('the file of the runs', () => {
  it('keeps each run as it ends, and goes on from there', () => {
    const file = join(folder, 'runs.json');
    const open = `const log = new module.RunLog(${JSON.stringify(file)}, { peer: 'P', setting: { threads: 1 } });`;
    evaluate('run-log', `${open} log.add({ contender: 'ours', seed: 3 }); return null;`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      peer: 'P',
      setting: { threads: 1 },
      runs: [{ contender: 'ours', seed: 3 }],
    });
    const answer = "return [log.has('ours', 3), log.has('peer', 3), log.has('ours', 2)];";
    expect(evaluate('run-log', `${open} ${answer}`)).toEqual([true, false, false]);
  });

  it('is refused where it is of another setting', () => {
    const file = join(folder, 'other.json');
    writeFileSync(file, '{"setting": {"threads": 2}, "runs": []}');
    const open = `new module.RunLog(${JSON.stringify(file)}, { setting: { threads: 1 } })`;
    expect(evaluate('run-log', `try { ${open} } catch (error) { return error.message; }`)).toMatch(
      /--out must name a new file or one of the same data, configuration and threads/,
    );
  });
});

describe('the comparison', () => {
  const run = (contender: string, seed: number, aAuc: number, nSteps = 80) => ({
    ...{ contender, seed, nSteps },
    seconds: { train: 60, score: 9 },
    cpuSeconds: { train: 50, score: 8 },
    figures: { mixture: { aAuc }, ledoitWolf: { aAuc: aAuc + 0.1 } },
  });
  const render = (runs: object[]) =>
    evaluate(
      'training-comparison',
      `const pairedDifference = (a, b) => ({ mean: a[0] - b[0], lower: -1, upper: a.length });
       const runs = ${JSON.stringify(runs)};
       try { return module.renderComparison(runs, { peer: 'P 1', pairedDifference }); } catch (error) { return error.message; }`,
    );

  it('takes the seeds that both have run, in order', () => {
    const ours = [run('ours', 1, 0.7), run('ours', 0, 0.6), run('ours', 2, 0.9)];
    const text = render([...ours, run('peer', 0, 0.5), run('peer', 1, 0.5)]);
    expect(text).toContain('aAUC (%), 80 steps each; peer: P 1.');
    expect(text).toContain('| mixture of chunks | ours | 60.0 | 70.0 | 65.0 | 7.1 | +10.0 (-1.0 to +2.0) |');
    expect(text).toContain('| Ledoit-Wolf on clip means | peer | 60.0 | 60.0 | 60.0 | 0.0 |  |');
    expect(text).toContain('ours 60 + 9 s (50 + 8 s of processor time)');
  });

  it('has no interval for one seed, and says where no seed is shared', () => {
    expect(render([run('ours', 0, 0.6), run('peer', 0, 0.5)])).toContain('| 60.0 | 60.0 | - | +10.0 |');
    expect(render([run('ours', 0, 0.6), run('peer', 1, 0.5)])).toBe('No seed was run by both.');
  });

  it('compares equal numbers of steps alone', () => {
    expect(render([run('ours', 0, 0.6), run('peer', 0, 0.5, 81)])).toMatch(
      /as many steps, got 80 and 81 with seed 0/,
    );
  });
});
