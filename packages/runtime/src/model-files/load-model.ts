import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { AsdSystem, ClipScorer } from '../contract/asd-system';
import type { Platform } from '../contract/platform';
import { withDecisions } from '../decisions/deciding-scorer';
import { createEnsemble } from '../ensemble/create-ensemble';
import { findModel } from './find-model';

export interface LoadModelOptions {
  /** Those whose models can be loaded, members of ensembles among them; an ensemble itself need not be named. */
  systems: readonly AsdSystem[];
  /** `createNodePlatform()` of @serial-oe/runtime/node/files, or `createBrowserPlatform()`. */
  platform: Platform;
  /** Ends a download; what is thrown is its reason. */
  signal?: AbortSignal | undefined;
}

const OPTIONS: OptionNames<LoadModelOptions> = { systems: true, platform: true, signal: true };

/**
 * A model of any system, which its files tell: one that was trained alone or an ensemble, with its thresholds and severity. In Node
 * and in a browser; a system with a network needs its backend started before (`useBackend`).
 *
 * @param source a folder or zip (`.serialoe`), its URL, or the bytes of the zip; in a browser a path is a URL
 * @throws BundleError saying what is missing, altered, of another version or of a system that is not among these
 * @example
 * const scorer = await loadModel('/models/fan.serialoe', { systems: [melStatistics, level], platform: createBrowserPlatform() });
 */
export async function loadModel(
  source: string | Uint8Array | ArrayBuffer,
  options: LoadModelOptions,
): Promise<ClipScorer> {
  const caller = 'runtime.loadModel';
  checkOptions(caller, options, OPTIONS);
  const { systems, platform, signal } = options;
  const known = new Map(systems.map((system) => [system.name, system]));
  const { files } = platform;
  const found = await findModel(source, { files, caller, systems: [...known.keys()], signal });
  const bytes = await found.source.read(found.files);
  const members = found.systems.map((name) => known.get(name)!);
  const system = found.system === 'ensemble' ? createEnsemble({ name: 'ensemble', members }) : members[0]!;
  const scorer = await system.load(bytes, platform);
  return found.decisions === null ? scorer : withDecisions(scorer, found.decisions);
}
