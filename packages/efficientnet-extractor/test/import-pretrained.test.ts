import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-wasm';
import { rebuildTimmFile, type TimmFileGolden } from '@serial-oe/tooling/test-support/timm-file';
import { setBackend, tidy } from '@tensorflow/tfjs-core';
import {
  backboneChecksum,
  createExtractor,
  importPretrained,
  inspectPretrained,
  loadPretrained,
  PretrainedError,
  parseSafetensors,
  readPretrained,
  serializeSafetensors,
  WeightMismatchError,
} from '../src/index';
import { expectTensor, formulaInput, OUTPUT_TOLERANCE, type Summary } from './parity-support';

interface Golden extends TimmFileGolden {
  inputShape: [number, number, number, 1];
  features: Summary;
}

const golden: Golden = JSON.parse(readFileSync(join(__dirname, 'golden', 'pretrained.json'), 'utf8'));

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('a weights file that timm wrote', () => {
  let timmFile: Uint8Array;
  let imported: ReturnType<typeof importPretrained>;

  beforeAll(async () => {
    await setBackend('wasm');
    timmFile = rebuildTimmFile(golden);
    imported = importPretrained(timmFile, {
      sourceName: 'model.safetensors',
      expectedSha256: golden.fileSha256.toUpperCase(),
    });
  });

  it('is rebuilt byte for byte', () => {
    expect(createHash('sha256').update(timmFile).digest('hex')).toBe(golden.fileSha256);
  });

  it('becomes the tensors that timm makes of it for one input channel, bit for bit', () => {
    const { summary } = imported;
    expect(summary.checksum).toBe(golden.checksum);
    expect(summary).toMatchObject({ format: 'timm', nStemChannels: 3, sourceSha256: golden.fileSha256 });
    expect(summary.loaded).toHaveLength(golden.nTensors);
    expect(summary.nValues).toBe(golden.nValues);
    const { ignored } = summary;
    expect(ignored.filter((name) => name.endsWith('.num_batches_tracked'))).toHaveLength(49);
    expect(ignored.filter((name) => name.startsWith('classifier.'))).toHaveLength(2);
    expect(ignored).toHaveLength(51);
    expect(summary.random).toContain('neck.linear1.weight');
  });

  it.each(['timm', 'imported'] as const)('gives the features of timm: %s', (which) => {
    const [, nMels, nFrames] = golden.inputShape;
    const extractor = createExtractor({ nMachineIds: 3, inputShape: [nMels, nFrames], seed: 5 });
    const report = loadPretrained(extractor, which === 'timm' ? timmFile : imported.bytes);
    expect(report.loaded).toEqual(imported.summary.loaded);
    expect(report.missing).toEqual(imported.summary.random);
    expect(backboneChecksum(extractor.toWeights())).toBe(golden.checksum);
    tidy(() => expectTensor(extractor.features(formulaInput(golden)), golden.features, OUTPUT_TOLERANCE));
    extractor.dispose();
  });

  it('is noted in the imported file', () => {
    const { metadata } = parseSafetensors(imported.bytes);
    expect(metadata).toMatchObject({
      format: 'serial-oe-backbone',
      formatVersion: '1',
      architecture: 'tf_efficientnet_b0',
      sourceName: 'model.safetensors',
      sourceSha256: golden.fileSha256,
      sourceStemChannels: '3',
      checksum: golden.checksum,
    });
    expect(createHash('sha256').update(`${metadata.checksums}\n`).digest('hex')).toBe(golden.checksum);
    const { summary } = imported;
    expect(inspectPretrained(timmFile, { sourceName: 'model.safetensors' })).toEqual(summary);
    expect(inspectPretrained(imported.bytes)).toEqual({ ...summary, format: 'serial-oe', ignored: [] });
  });

  it('must be the one that was expected', () => {
    const expected = '0'.repeat(64);
    const error = thrownBy(() => importPretrained(timmFile, { expectedSha256: expected }));
    expect(error).toBeInstanceOf(PretrainedError);
    expect(error).toMatchObject({ problem: 'source', expected, actual: golden.fileSha256 });
    expect((error as Error).message).toContain(`SHA-256 ${expected}, got ${golden.fileSha256}`);
    expect(() => importPretrained(timmFile, { expectedSha256: 'abc' })).toThrow(/64 hexadecimal digits/);
  });

  it('is imported once', () => {
    expect(() => importPretrained(imported.bytes)).toThrow(/imported already/);
  });

  describe('imported and then altered', () => {
    const altered = (change: (file: ReturnType<typeof parseSafetensors>) => void) => {
      const file = parseSafetensors(imported.bytes);
      change(file);
      return serializeSafetensors(file, file.metadata);
    };

    it('names the tensors with other values', () => {
      const bytes = imported.bytes.slice();
      bytes[bytes.length - 4]! ^= 1; // the lowest bit of the last value, the variance of the last BatchNorm
      const error = thrownBy(() => readPretrained(bytes));
      expect(error).toBeInstanceOf(PretrainedError);
      expect(error).toMatchObject({
        problem: 'checksum',
        expected: golden.checksum,
        tensors: ['bn2.running_var'],
      });
      expect((error as Error).message).toContain('altered: bn2.running_var');
    });

    it('says so where the checksums themselves were altered', () => {
      const bytes = altered((file) => {
        file.metadata.checksum = 'f'.repeat(64);
      });
      const error = thrownBy(() => readPretrained(bytes));
      expect(error).toMatchObject({ problem: 'checksum', actual: golden.checksum, tensors: [] });
    });

    it('names misshapen and missing tensors', () => {
      const bytes = altered((file) => {
        file.get('conv_stem.weight')!.shape = [1, 3, 3, 32];
        file.delete('bn1.bias');
      });
      const error = thrownBy(() => readPretrained(bytes));
      expect(error).toBeInstanceOf(WeightMismatchError);
      expect(error).toMatchObject({
        missing: ['bn1.bias'],
        misshapen: ['conv_stem.weight [1, 3, 3, 32], needs [3, 3, 1, 32]'],
      });
    });

    it('must be of a version that is known', () => {
      const bytes = altered((file) => {
        file.metadata.formatVersion = '2';
      });
      const error = thrownBy(() => readPretrained(bytes));
      expect(error).toMatchObject({ name: 'PretrainedError', problem: 'version', actual: '2' });
    });
  });
});

describe('weights of another network', () => {
  it('are refused by a message of readable length', () => {
    const names = Array.from({ length: 300 }, (_, i) => `layers.${i}.weight`);
    const weights = new Map(names.map((name) => [name, { shape: [1], data: Float32Array.of(1) }]));
    const error = thrownBy(() => readPretrained(serializeSafetensors(weights)));
    expect((error as WeightMismatchError).unexpected).toEqual(names);
    expect((error as WeightMismatchError).missing).toHaveLength(golden.nTensors);
    expect((error as Error).message).toMatch(/layers\.7\.weight and 292 more/);
    expect((error as Error).message.length).toBeLessThan(1000);
  });
});
