import * as v from 'valibot';
import { FIELDS } from './config-schema';
import { OWN_WORDS } from './schema-field';

/** Values of one chunk's spectrogram; the paper's has 28,224. */
const MAX_SPECTROGRAM = 2_097_152;
/** Values of the covariance matrices of a full mixture: 512 MiB. */
const MAX_COVARIANCES = 67_108_864;

const chunkLength = ({ chunkSeconds, sampleRate }: { chunkSeconds: number; sampleRate: number }) =>
  Math.round(chunkSeconds * sampleRate);

/** All fields, and what of them must fit together. A relation is told in the words of the field it stands at. */
export const CONFIG: v.GenericSchema<v.InferOutput<typeof FIELDS>> = v.pipe(
  FIELDS,
  v.forward(
    v.check(({ frontEnd }) => frontEnd.winLength <= frontEnd.nFft),
    ['frontEnd', 'winLength'],
  ),
  v.forward(
    v.check(
      ({ frontEnd }) => chunkLength(frontEnd) > frontEnd.nFft / 2,
      `${OWN_WORDS}make chunks longer than half of frontEnd.nFft samples`,
    ),
    ['frontEnd', 'chunkSeconds'],
  ),
  v.forward(
    v.check(
      ({ frontEnd }) => frontEnd.hopLength <= chunkLength(frontEnd),
      `${OWN_WORDS}be at most the samples of a chunk (frontEnd.chunkSeconds x frontEnd.sampleRate)`,
    ),
    ['frontEnd', 'hopLength'],
  ),
  v.forward(
    v.check(
      ({ frontEnd }) => frontEnd.nMels <= frontEnd.nFft / 2,
      `${OWN_WORDS}be at most half of frontEnd.nFft, the frequencies that there are`,
    ),
    ['frontEnd', 'nMels'],
  ),
  v.forward(
    v.check(
      ({ frontEnd }) =>
        frontEnd.furtherNFfts.every(
          (nFft) => frontEnd.nMels <= nFft / 2 && nFft !== frontEnd.nFft && chunkLength(frontEnd) > nFft / 2,
        ) && new Set(frontEnd.furtherNFfts).size === frontEnd.furtherNFfts.length,
      `${OWN_WORDS}differ from each other and from frontEnd.nFft, be at least twice frontEnd.nMels, and be less than twice the ` +
        'samples of a chunk',
    ),
    ['frontEnd', 'furtherNFfts'],
  ),
  v.forward(
    v.check(
      ({ frontEnd }) =>
        ((1 + frontEnd.furtherNFfts.length) * frontEnd.nMels * chunkLength(frontEnd)) / frontEnd.hopLength <=
        MAX_SPECTROGRAM,
      `${OWN_WORDS}give spectrograms of at most ${MAX_SPECTROGRAM} values a chunk, nMels x chunk / hopLength for each resolution`,
    ),
    ['frontEnd', 'hopLength'],
  ),
  v.forward(
    v.check(
      ({ detector: { nComponents }, network: { embeddingSize } }) =>
        nComponents * embeddingSize ** 2 <= MAX_COVARIANCES,
      `${OWN_WORDS}give covariance matrices of at most ${MAX_COVARIANCES} values, nComponents x network.embeddingSize squared`,
    ),
    ['detector', 'nComponents'],
  ),
  v.forward(
    v.check(({ frontEnd }) => frontEnd.fMin < frontEnd.fMax),
    ['frontEnd', 'fMin'],
  ),
  v.forward(
    v.check(({ frontEnd }) => frontEnd.fMax <= frontEnd.sampleRate / 2),
    ['frontEnd', 'fMax'],
  ),
  v.forward(
    v.check(({ loss, useMachineIds }) => loss.useTypeLoss || (loss.alpha > 0 && useMachineIds)),
    ['loss', 'useTypeLoss'],
  ),
  v.forward(
    v.check(({ batch }) => batch.nAnomalous <= batch.nOutliers),
    ['batch', 'nAnomalous'],
  ),
  v.forward(
    v.check(({ validation: { selection, fraction }, optimization: { nEpochs } }) =>
      selection === 'best' ? fraction > 0 : selection === 'last' || selection <= nEpochs,
    ),
    ['validation', 'selection'],
  ),
  v.forward(
    v.check(({ detector, validation }) => detector.fitOn !== 'validation' || validation.fraction > 0),
    ['detector', 'fitOn'],
  ),
);
