import { seededRandom } from '@serial-oe/datasets';
import { NormalIndex } from '@serial-oe/explain';
import {
  BundleError,
  type ClipScorer,
  createBrowserPlatform,
  DecidingScorer,
  type EnsembleScorer,
  findModel,
  loadModel,
  MODEL_MARKS,
  openZip,
} from '@serial-oe/runtime/contract';
import { zipSync } from 'fflate';
import { frontEndOf, type ModelFrontEnd } from './front-end';
import type { Backend, BundleSource, ModelFacts, WorkerEvent } from './protocol';
import { startBackend } from './start-backend';
import { hasNetwork, SYSTEMS } from './systems';

/** In a bundle that was fitted here: its normal windows, by which sounds are compared. `loadModel` and the command pass it by. */
export const INDEX_FILE = 'normal-index.json';
const WARM_UP_LEVEL = 0.1;

type Tell = (event: WorkerEvent) => void;

/** The model that is asked. */
export interface HeldModel {
  scorer: ClipScorer;
  facts: ModelFacts;
  frontEnd: ModelFrontEnd;
  /** Null where there are no normal clips to compare with. */
  index: NormalIndex | null;
}

/**
 * Downloads or takes a bundle, starts what computes it, and scores a window of noise, so that the first window of sound does not wait.
 * @throws BundleError, BackendError
 */
export async function holdModel(
  { source, backend }: { source: BundleSource; backend: Backend },
  tell: Tell,
): Promise<HeldModel> {
  const bytes = source.kind === 'url' ? await download(source.url, tell) : bundleOf(source);
  tell({ kind: 'stage', stage: 'reading' });
  const platform = createBrowserPlatform();
  const names = SYSTEMS.map(({ name }) => name);
  const { systems } = await findModel(bytes, { files: null, caller: 'page', systems: names });
  const isNetwork = hasNetwork(systems);
  if (isNetwork) {
    tell({ kind: 'stage', stage: 'backend' });
    await startBackend(backend);
    tell({ kind: 'stage', stage: 'reading' });
  }
  const scorer = await loadModel(bytes, { systems: SYSTEMS, platform });
  tell({ kind: 'stage', stage: 'warmUp' });
  const warmUpMs = await warmUp(scorer);
  const index = indexIn(bytes, scorer);
  const frontEnd = frontEndOf(scorer);
  const facts = factsOf(scorer, {
    ...{ name: source.name, systems, bytes: bytes.length, warmUpMs, mel: frontEnd.facts },
    ...{ backend: isNetwork ? backend : null, nNormalClips: await countNormals(index, scorer) },
  });
  return { scorer, facts, frontEnd, index };
}

/** How many normal clips each machine is compared with, the first one's. */
export async function countNormals(index: NormalIndex | null, { machineIds }: ClipScorer): Promise<number> {
  if (index === null) return 0;
  const { machines } = index.toJSON();
  return machines.find(({ machineId }) => machineId === machineIds[0])?.names.length ?? 0;
}

async function download(url: string, tell: Tell): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new BundleError('missing', `${url} is not served: HTTP ${response.status}.`);
  const length = response.headers.get('content-length');
  const isPacked = response.headers.has('content-encoding'); // the length is then that of the packed bytes
  const nTotal = length === null || isPacked ? null : Number(length);
  const pieces: Uint8Array[] = [];
  let nBytes = 0;
  const reader = response.body!.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    pieces.push(next.value);
    nBytes += next.value.length;
    tell({ kind: 'download', nBytes, nTotal });
  }
  const bytes = new Uint8Array(nBytes);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** One file is the zip; several are those of a folder. */
function bundleOf({ files }: BundleSource & { kind: 'files' }): Uint8Array {
  const [first] = files;
  if (files.length === 1 && !MODEL_MARKS.includes(first!.name.split('/').at(-1)!)) return first!.bytes;
  return zipSync(Object.fromEntries(files.map(({ name, bytes }) => [name, [bytes, { level: 0 }]])));
}

async function warmUp(scorer: ClipScorer): Promise<number> {
  const { sampleRate, chunkSeconds, clipSeconds = chunkSeconds } = scorer.input;
  const random = seededRandom(0, 'warm-up');
  const length = Math.ceil(Math.max(chunkSeconds, clipSeconds) * sampleRate);
  const noise = Float32Array.from({ length }, () => WARM_UP_LEVEL * (2 * random() - 1));
  const before = performance.now();
  await scorer.score(noise, { sampleRate, machineId: scorer.machineIds[0] });
  return performance.now() - before;
}

function indexIn(bytes: Uint8Array, scorer: ClipScorer): NormalIndex | null {
  const json = openZip(bytes, { name: 'the bundle', caller: 'page', marks: MODEL_MARKS })
    .read([INDEX_FILE])
    .get(INDEX_FILE);
  if (json === undefined) return null;
  return NormalIndex.fromJSON(JSON.parse(new TextDecoder().decode(json)), { scorer: embedding(scorer) });
}

/** What an index embeds by; a system without embeddings is compared by its mean spectrum. */
export function embedding({ input, embed }: ClipScorer): Pick<ClipScorer, 'input' | 'embed'> {
  return embed === undefined ? { input } : { input, embed };
}

type Measured = Pick<
  ModelFacts,
  'name' | 'systems' | 'bytes' | 'warmUpMs' | 'mel' | 'backend' | 'nNormalClips'
>;

function factsOf(scorer: ClipScorer, measured: Measured): ModelFacts {
  const { sampleRate, chunkSeconds, clipSeconds = chunkSeconds } = scorer.input;
  const decisions = scorer instanceof DecidingScorer ? scorer.decisions : null;
  const own = (scorer instanceof DecidingScorer ? scorer.scorer : scorer) as Partial<EnsembleScorer>;
  return {
    ...measured,
    machineType: scorer.machineType ?? '',
    machines: scorer.machineIds.map((machineId) => {
      const { threshold, calibration } = scorer.thresholds!.get(machineId)!;
      const isExtrapolated = decisions?.machines.get(machineId)?.extrapolated ?? null;
      const { nClips, falseAlarmRate } = calibration;
      return { machineId, threshold, nClips, falseAlarmRate, isExtrapolated };
    }),
    leftOut: (own.leftOut ?? []).map(({ name, reason }) => ({ name, reason })),
    ...{ sampleRate, chunkSeconds, windowSeconds: Math.max(clipSeconds, chunkSeconds) },
    hasSeverity: decisions !== null,
  };
}
