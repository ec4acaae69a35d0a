import { openSealedJson, sealJson } from '../sealed-json';
import { cardText } from './card-text';
import type { ModelCard } from './model-card';

/** Facts of a model's card, beside the files of its system: plain JSON under a checksum. */
export const CARD_FILE = 'model-card.json';
/** The same for people, in Markdown. */
export const CARD_TEXT_FILE = 'model-card.md';

const KIND = 'modelCard';
/** Raised where the layout changes. */
const VERSION = 1;

/** {@link CARD_FILE} and {@link CARD_TEXT_FILE}. */
export function toCardFiles(card: ModelCard): Map<string, Uint8Array> {
  const content = { kind: KIND, version: VERSION, ...card };
  return new Map([
    [CARD_FILE, sealJson(content)],
    [CARD_TEXT_FILE, new TextEncoder().encode(cardText(card))],
  ]);
}

/** @throws RangeError or TypeError for bytes that are no card, were altered, or are of another version */
export function readCard(bytes: Uint8Array): ModelCard {
  const where = 'runtime.readCard';
  const content = openSealedJson(where, bytes, `${CARD_FILE} was altered: copy it again, or take it away.`);
  const { kind, version, ...card } = content as ModelCard & { kind?: unknown; version?: unknown };
  if (kind === KIND && version === VERSION) return card;
  throw new RangeError(
    `${where}: ${CARD_FILE} must be a ${KIND} of version ${VERSION}, got ${String(kind)} ${String(version)}.`,
  );
}
