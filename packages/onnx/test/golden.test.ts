import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectAllClose, type Tolerance } from '@serial-oe/tooling/test-support/expect-all-close';
import { createOnnxExtractor, type OnnxWeightType } from '../src/index';
import { GOLDEN_BATCH, goldenFeatures, goldenFile } from './golden-files';
import { INSTALLED } from './runtimes';

interface Golden {
  tolerance: Tolerance;
  cases: Record<
    OnnxWeightType,
    { sha256: string; metadata: Record<string, string>; opset: number; embedding: number[] }
  >;
}

const golden = JSON.parse(readFileSync(join(__dirname, 'golden', 'onnx.json'), 'utf8')) as Golden;

describe.each(['float32', 'float16'] as const)('the golden file, weights %s', (weights) => {
  const { sha256, metadata, opset, embedding } = golden.cases[weights];
  const bytes = goldenFile(weights);

  it("is, byte for byte, the one that passed onnx's checker", () => {
    // After a change of the file's layout: write it again, as tools/reference/onnx_file.py says.
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    expect(metadata).toEqual({ machineType: 'Ventilátor', weights });
    expect(opset).toBe(17);
  });

  it.each(INSTALLED)("gives the embeddings of onnx's reference implementation on %s", async (runtime) => {
    const onnx = await createOnnxExtractor(bytes, { runtime });
    expectAllClose(await onnx.embed(goldenFeatures(), GOLDEN_BATCH), embedding, golden.tolerance);
    await onnx.dispose();
  });
});
