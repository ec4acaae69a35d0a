import {
  CARD_FILE,
  type ClipScorer,
  isZipName,
  type ModelCard,
  readCard,
  saveModelFiles,
  toCardFiles,
} from '@serial-oe/runtime/contract';
import { createFileAccess } from '@serial-oe/runtime/node/files';
import { MODEL_MARKS } from '../model/find-model';
import type { LoadedModel } from '../model/loaded-model';
import { makeCard, withScorer } from './make-card';

/**
 * The card that lies beside the model; null where there is none.
 * @throws RangeError or TypeError for one that was altered
 */
export async function cardOf({ readFiles }: Pick<LoadedModel, 'readFiles'>): Promise<ModelCard | null> {
  const bytes = await readFiles([CARD_FILE]).then(
    (files) => files.get(CARD_FILE),
    () => undefined, // an address that does not serve it
  );
  return bytes === undefined ? null : readCard(bytes);
}

/** The model's card, or one that knows nothing of its data. */
export async function cardOrNew(model: LoadedModel): Promise<ModelCard> {
  const card = await cardOf(model);
  if (card !== null) return card;
  const { system, machineType, scorer, network } = model;
  const type = network === null ? null : (network.parts.weightType ?? 'float32');
  return makeCard(scorer, {
    ...{ system, machineType },
    data: { name: 'unknown', licence: null, folders: [] },
    weights: { type, change: null },
  });
}

/** Files of a model that was changed, with its card brought up to date, where it has one. */
export async function filesWithCard(
  model: LoadedModel,
  scorer: ClipScorer,
): Promise<Map<string, Uint8Array>> {
  const files = await scorer.toFiles();
  const card = await cardOf(model).catch(() => null); // one that was altered is not carried on
  return card === null ? files : new Map([...files, ...toCardFiles(withScorer(card, scorer))]);
}

/** Puts a card into the model at `target`, whose other files stay as they are. */
export async function writeCard(
  target: string,
  { model, card, caller }: { model: LoadedModel; card: ModelCard; caller: string },
): Promise<void> {
  const access = createFileAccess();
  const files = toCardFiles(card);
  if (!isZipName(target) && (await access.isFolder(target))) {
    for (const [name, bytes] of files) await access.writeFile(access.join(target, name), bytes);
    return;
  }
  const all = new Map([...(await model.readFiles()), ...files]);
  await saveModelFiles(all, { target, access, caller, marks: MODEL_MARKS });
}
