import type { Label } from '../clip';
import {
  BACKGROUND_WORDS,
  CJK_WORDS,
  DOMAIN_WORDS,
  FAULT_COMPOUND,
  FILLER_ENDING,
  FILLER_WORDS,
  FREE_WORDS,
  LABEL_WORDS,
  NEGATIONS,
  NEUTRAL_PHRASES,
  SPLIT_WORDS,
  STAGE_WORDS,
  WEAK_WORDS,
  type WordTable,
} from './words';

export type NamedSplit = keyof typeof SPLIT_WORDS;
export type Stage = keyof typeof STAGE_WORDS;
export type Domain = keyof typeof DOMAIN_WORDS;
type Meaning = Label | NamedSplit | Stage | Domain | 'background' | 'neutral';

/** What the words of a folder's or a file's name say. */
export interface NameFacts {
  /** Labels that it mentions; two of them say nothing about one recording. */
  labels: readonly Label[];
  splits: readonly NamedSplit[];
  stage: Stage | undefined;
  domain: Domain | undefined;
  isBackground: boolean;
  /** What is left of it beside those words, fillers, and numbers at its end: `Pump_2` of `Pump_2 defect 07`. */
  rest: string;
  /** Numbers and single letters before those words, where there is no `rest`: `01` of `01_ok`. */
  leading: string;
}

const meanings = (tables: readonly WordTable[]): Map<string, Meaning> =>
  new Map(
    tables.flatMap((table) =>
      Object.entries(table).flatMap(([meaning, words]) =>
        words.map((word) => [word, meaning as Meaning] as const),
      ),
    ),
  );
const MEANINGS = new Map<string, Meaning>([
  ...meanings([LABEL_WORDS, SPLIT_WORDS, STAGE_WORDS, BACKGROUND_WORDS, DOMAIN_WORDS]),
  ...NEUTRAL_PHRASES.map((phrase) => [phrase, 'neutral'] as const),
]);
const CJK_MEANINGS = [...meanings([CJK_WORDS])].sort(([a], [b]) => b.length - a.length);
const FILLERS = new Set(FILLER_WORDS);
const OPPOSITE: Partial<Record<Meaning, Meaning>> = { normal: 'anomaly', anomaly: 'normal' };
/** Words that are read as one: `nicht in Ordnung`, `anomalous sound detection`. */
const MAX_WORDS = 3;
/** Longer names are read as far as this: whoever writes more says it earlier. */
const MAX_LENGTH = 300;

interface Word {
  text: string;
  /** As it stands in the name. */
  original: string;
}

/**
 * Reads the words of a name: of a folder, of a file without its extension, of a cell. Capitals, plurals, separators,
 * numbers behind, the two Unicode forms of letters and full-width letters make no difference.
 *
 * @example
 * readName('AnomalousSound_IND').labels; // ['anomaly']
 */
export function readName(name: string): NameFacts {
  const found = new Set<Meaning>();
  const spaced = takeCjkWords(name.slice(0, MAX_LENGTH).normalize('NFKC'), found);
  const words = splitWords(spaced);
  const isUsed = new Array<boolean>(words.length).fill(false);
  for (let i = 0; i < words.length; ) {
    const match = matchAt(words, i);
    if (match === null) i++;
    else {
      isUsed.fill(true, i - match.nBefore, i + match.nWords + match.nAfter);
      if (match.meaning === 'neutral') isUsed.fill(false, i, i + match.nWords);
      else found.add(match.meaning);
      i += match.nWords + match.nAfter;
    }
  }
  const isWhole = words.every(({ text }, i) => isUsed[i] || isFiller(text));
  if (!isWhole) for (const meaning of weakMeanings(words, isUsed)) found.delete(meaning);
  const rest = restOf(words, isUsed, found.size > 0);
  return toFacts(found, { rest, leading: rest === '' ? leadingOf(words, isUsed) : '' });
}

function toFacts(found: ReadonlySet<Meaning>, texts: Pick<NameFacts, 'rest' | 'leading'>): NameFacts {
  const among = <T extends Meaning>(candidates: readonly T[]) => candidates.filter((each) => found.has(each));
  return {
    labels: among<Label>(['normal', 'anomaly']),
    splits: among<NamedSplit>(['train', 'test', 'validation']),
    stage: among<Stage>(['development', 'evaluation'])[0],
    domain: among<Domain>(['source', 'target'])[0],
    isBackground: found.has('background'),
    ...texts,
  };
}

/** Adds what Chinese and Japanese words say, and puts spaces in their place. */
function takeCjkWords(name: string, found: Set<Meaning>): string {
  if (!/[\u3040-\u30ff\u4e00-\u9fff]/.test(name)) return name;
  let left = name;
  for (const [word, meaning] of CJK_MEANINGS) {
    if (!left.includes(word)) continue;
    left = left.split(word).join(' ');
    found.add(meaning);
  }
  return left;
}

function splitWords(name: string): Word[] {
  return (
    name
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2') // NormalSound
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2') // OKTeile
      .replace(/(\p{L}\p{M}*)(\p{N})/gu, '$1 $2')
      .replace(/(\p{N})(\p{L})/gu, '$1 $2')
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).map((original) => ({ original, text: fold(original) }));
}

/** Lower case, German letters by two, without accents. */
export function fold(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' })[letter] as string)
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
}

interface Match {
  meaning: Meaning;
  nWords: number;
  /** Negations around it that belong to it. */
  nBefore: number;
  nAfter: number;
}

/** The longest run of words from `i` on that means something. */
function matchAt(words: readonly Word[], i: number): Match | null {
  for (let nWords = Math.min(MAX_WORDS, words.length - i); nWords > 0; nWords--) {
    const text = words
      .slice(i, i + nWords)
      .map((word) => word.text)
      .join('');
    const meaning = nWords === 1 ? wordMeaning(text) : meaningOf(text);
    if (meaning === undefined) continue;
    const opposite = OPPOSITE[meaning];
    const nBefore = opposite && NEGATIONS.includes(words[i - 1]?.text ?? '') ? 1 : 0;
    const nAfter = meaning === 'anomaly' && FREE_WORDS.includes(words[i + nWords]?.text ?? '') ? 1 : 0;
    const isTurned = (nBefore + nAfter) % 2 === 1;
    return { meaning: isTurned && opposite ? opposite : meaning, nWords, nBefore, nAfter };
  }
  return null;
}

function meaningOf(text: string): Meaning | undefined {
  return MEANINGS.get(text) ?? (/[^s]s$/.test(text) ? MEANINGS.get(text.slice(0, -1)) : undefined);
}

/** The same of a word by itself, which may be written together with another. */
function wordMeaning(text: string): Meaning | undefined {
  const said = meaningOf(text) ?? (FAULT_COMPOUND.test(text) ? 'anomaly' : undefined);
  const shorter = FILLER_ENDING.exec(text)?.[1];
  return said ?? (shorter === undefined ? undefined : wordMeaning(shorter));
}

function isFiller(text: string): boolean {
  return (
    /^\p{N}+$/u.test(text) || /^[a-z]$/.test(text) || FILLERS.has(text) || FILLERS.has(text.replace(/s$/, ''))
  );
}

/** Meanings that rest on weak words alone. */
function weakMeanings(words: readonly Word[], isUsed: readonly boolean[]): Meaning[] {
  const weak = new Set<Meaning>();
  const strong = new Set<Meaning>();
  words.forEach(({ text }, i) => {
    const meaning = isUsed[i] ? wordMeaning(text) : undefined;
    if (meaning !== undefined) (WEAK_WORDS.includes(text) ? weak : strong).add(meaning);
  });
  return [...weak].filter((meaning) => !strong.has(meaning));
}

/** Unused words with the numbers among them; numbers and fillers alone are no rest, unless nothing else was said. */
function restOf(words: readonly Word[], isUsed: readonly boolean[], hasMeaning: boolean): string {
  const left = words.filter((_, i) => !isUsed[i]);
  const isNothing = hasMeaning && left.every(({ text }) => isFiller(text));
  return isNothing ? '' : left.map(({ original }) => original).join('_');
}

function leadingOf(words: readonly Word[], isUsed: readonly boolean[]): string {
  const before = words.slice(0, isUsed.indexOf(true));
  return before
    .filter(({ text }) => /^(?:\p{N}+|[a-z])$/u.test(text))
    .map(({ original }) => original)
    .join('_');
}
