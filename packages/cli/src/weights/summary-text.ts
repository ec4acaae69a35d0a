import type { PretrainedSummary } from '@serial-oe/efficientnet-extractor';

/** What a weights file holds, after a first line about the file itself. */
export function summaryText(first: string, summary: PretrainedSummary): string {
  const { loaded, nValues, nStemChannels, ignored, random, sourceName, sourceSha256, checksum } = summary;
  const nCounters = ignored.filter((name) => name.endsWith('.num_batches_tracked')).length;
  const nClassifier = ignored.length - nCounters;
  const stem =
    nStemChannels === 1
      ? 'one input channel, as in the source'
      : `${nStemChannels} input channels summed into one`;
  return [
    first,
    `loaded         ${loaded.length} tensors of EfficientNet-B0, ${nValues} values`,
    `stem           ${stem}`,
    `ignored        ${nClassifier} tensors of the classifier, ${nCounters} batch counters`,
    `stays random   ${random.length} tensors of neck and heads, drawn by --seed when training starts`,
    `source         ${sourceName ?? 'not noted'}, SHA-256 ${sourceSha256}`,
    `loaded weights SHA-256 ${checksum}`,
    '',
  ].join('\n');
}
