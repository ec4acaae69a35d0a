import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-wasm';
import { createExtractor, loadPretrained } from '@serial-oe/efficientnet-extractor';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import { rebuildTimmFile, type TimmFileGolden } from '@serial-oe/tooling/test-support/timm-file';
import { setBackend, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { runCli } from './support/run-cli';

interface Golden extends TimmFileGolden {
  inputShape: [number, number, number, 1];
  features: { indices: number[]; values: number[] };
}

const GOLDEN = join(__dirname, '../../efficientnet-extractor/test/golden/pretrained.json');
const golden: Golden = JSON.parse(readFileSync(GOLDEN, 'utf8'));

describe('serial-oe weights', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const run = (...args: string[]) => runCli(args, folder);
  const importTo = (out: string, ...flags: string[]) =>
    run('weights', 'import', 'model.safetensors', '--out', out, ...flags);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-weights-'));
    writeFileSync(at('model.safetensors'), rebuildTimmFile(golden));
    const imported = await importTo('imported.safetensors', '--sha256', golden.fileSha256, '--json');
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(imported.stdout)).toMatchObject({
      path: 'imported.safetensors',
      format: 'timm',
      sourceName: 'model.safetensors',
      sourceSha256: golden.fileSha256,
      checksum: golden.checksum,
      nStemChannels: 3,
      nValues: golden.nValues,
    });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('imports what gives the features of timm with the same file', async () => {
    await setBackend('wasm');
    const [, nMels, nFrames] = golden.inputShape;
    const extractor = createExtractor({ nMachineIds: 2, inputShape: [nMels, nFrames] });
    loadPretrained(extractor, readFileSync(at('imported.safetensors')));
    tidy(() => {
      const length = golden.inputShape.reduce((product, size) => product * size, 1);
      const x = tensor4d(Float32Array.from(formulaValues('input', length)), golden.inputShape);
      const features = extractor.features(x).dataSync();
      const { indices, values } = golden.features;
      const actual = indices.map((index) => features[index]!);
      expectAllClose(actual, values, { rtol: 1e-3, atol: 1e-4 });
    });
    extractor.dispose();
  });

  it('says what was loaded, ignored, and stays random', async () => {
    const { code, stdout } = await importTo('again.safetensors');
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'written to     again.safetensors, 16 MB',
      `loaded         ${golden.nTensors} tensors of EfficientNet-B0, ${golden.nValues} values`,
      'stem           3 input channels summed into one',
      'ignored        2 tensors of the classifier, 49 batch counters',
      'stays random   12 tensors of neck and heads, drawn by --seed when training starts',
      `source         model.safetensors, SHA-256 ${golden.fileSha256}`,
      `loaded weights SHA-256 ${golden.checksum}`,
      '',
    ]);
    const bytes = (name: string) => readFileSync(at(name));
    expect(bytes('again.safetensors').equals(bytes('imported.safetensors'))).toBe(true);
  });

  it('inspects either file', async () => {
    const timm = await run('weights', 'inspect', 'model.safetensors');
    expect(timm.stdout).toMatch(/^file +model\.safetensors, 21 MB, timm's\n/);
    expect(timm.stdout).toContain(`loaded weights SHA-256 ${golden.checksum}`);
    const imported = await run('weights', 'inspect', 'imported.safetensors');
    expect(imported.stdout).toMatch(/^file +imported\.safetensors, 16 MB, imported, checksum verified\n/);
    expect(imported.stdout).toContain(`source         model.safetensors, SHA-256 ${golden.fileSha256}`);
    const json = await run('weights', 'inspect', '--json', 'imported.safetensors');
    expect(JSON.parse(json.stdout)).toMatchObject({ format: 'serial-oe', checksum: golden.checksum });
  });

  it('overwrites only when asked', async () => {
    const { code, stderr } = await importTo('imported.safetensors');
    expect(code).toBe(1);
    expect(stderr).toMatch(/imported\.safetensors must not exist yet.*--overwrite/);
    expect((await importTo('imported.safetensors', '--overwrite')).code).toBe(0);
  });

  it('writes nothing from a file with another checksum', async () => {
    const { code, stderr, stdout } = await importTo('other.safetensors', '--sha256', '0'.repeat(64));
    expect(code).toBe(1);
    expect(stderr).toContain(`must have the SHA-256 ${'0'.repeat(64)}, got ${golden.fileSha256}`);
    expect(stdout).toBe('');
    expect(() => readFileSync(at('other.safetensors'))).toThrow(/ENOENT/);
  });

  it.each([
    [
      'nowhere.safetensors',
      /FILE must name a safetensors file, got nowhere\.safetensors: nothing there \(ENOENT\)\. Check/,
    ],
    ['imported.safetensors', /got one that was imported already/],
    ['cut.safetensors', /Fetch .*again/],
  ])('refuses to import %s', async (file, message) => {
    writeFileSync(at('cut.safetensors'), readFileSync(at('model.safetensors')).subarray(0, 1e6));
    const { code, stderr } = await run('weights', 'import', file, '--out', 'x.safetensors');
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at /);
  });

  describe('in training', () => {
    const SMALL = {
      frontEnd: { chunkSeconds: 1, nMels: 32, hopLength: 1000, nFft: 1024, winLength: 1024 },
      network: { embeddingSize: 8 },
      optimization: { nEpochs: 1 },
    };
    const train = (weights: string, out: string, ...flags: string[]) =>
      run(
        ...['train', '--data', 'sounds', '--machine-type', 'fan', '--out', out, '--weights', weights],
        ...['--system', 'serial-oe', '--config', 'small.json', '--batch-size', '8', '--json', ...flags],
      );

    beforeAll(async () => {
      writeFileSync(at('small.json'), JSON.stringify(SMALL));
      const synth = ['--types', 'fan,valve', '--ids', '2', '--train', '4', '--test', '1', '--seconds', '2'];
      expect((await run('synth', '--out', 'sounds', ...synth)).code).toBe(0);
    });

    it('are the same from both files, and noted by their checksum', async () => {
      const digest = (model: string) =>
        createHash('sha256')
          .update(readFileSync(join(folder, model, 'weights.safetensors')))
          .digest('hex');
      for (const [weights, out] of [
        ['model.safetensors', 'a'],
        ['imported.safetensors', 'b'],
      ] as const) {
        const { code, stdout } = await train(weights, out);
        expect(code).toBe(0);
        expect(JSON.parse(stdout).provenance.pretrainedWeights).toBe(golden.checksum);
      }
      expect(digest('a')).toBe(digest('b'));
    });

    it('are taken by each of two threads', async () => {
      const { code, stdout } = await train('imported.safetensors', 'c', '--workers', '2');
      expect(code).toBe(0);
      expect(JSON.parse(stdout).provenance).toMatchObject({ workers: 2, pretrainedWeights: golden.checksum });
    });

    describe('where the file was altered', () => {
      beforeAll(() => {
        const bytes = readFileSync(at('imported.safetensors'));
        bytes[bytes.length - 4]! ^= 1;
        writeFileSync(at('altered.safetensors'), bytes);
      });

      const experiment = (weights: string) =>
        run('experiment', 'no-id', '--data', 'sounds', '--dry-run', '--json', '--weights', weights);

      it.each([
        ['train', () => train('altered.safetensors', 'd')],
        ['experiment', () => experiment('altered.safetensors')],
      ])('%s refuses it before anything is trained', async (_, command) => {
        const { code, stdout, stderr } = await command();
        expect(code).toBe(1);
        expect(stdout).toBe('');
        expect(stderr).toContain(golden.checksum);
        expect(stderr).toMatch(/altered: bn2\.running_var\. Import timm's file anew/);
        expect(stderr).not.toMatch(/epoch/);
      });

      it('experiment plans the same runs from both good files', async () => {
        const plans = await Promise.all(['model.safetensors', 'imported.safetensors'].map(experiment));
        expect(plans.map(({ code }) => code)).toEqual([0, 0]);
        expect(plans[0]!.stdout).toContain('no-id');
        expect(plans[0]!.stdout).toBe(plans[1]!.stdout);
      });
    });
  });
});
