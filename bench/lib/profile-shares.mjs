// A CPU profile of V8 as shares of kinds of work.

/** Which exported kernel belongs to which kind of work; everything else is JavaScript or the kind `OTHER`. */
const KINDS = {
  'matrix products': [
    ...['multiply', 'multiplyBiased', 'multiplyTransposed', 'finishRows'],
    ...['packLeft', 'packRight', 'packRightTransposed', 'scalePanels', 'unfold', 'fold'],
    ...['convolve', 'convolveGradient', 'turnFilter', 'winogradMultiply', 'winogradMultiplyTransposed'],
  ],
  'transforms of 3 x 3 convolutions': [
    ...['winogradFilter', 'winogradFilterGradient', 'winogradGradient', 'winogradInput', 'winogradOutput'],
  ],
  'BatchNorm with its activation, and their gradients': [
    ...['normalize', 'normalizeWithSlope', 'makeNorm', 'gatherStatistics', 'finishStatistics'],
    ...['normInputGradient', 'gatherScaledGradient', 'gatherNormGradient', 'finishNormGradient'],
  ],
  'depthwise convolutions': [
    ...['depthwise', 'depthwiseSwish', 'depthwiseInputGradient', 'depthwiseFilterGradient', 'padLines'],
  ],
  'activations, squeeze-excite, sums': [
    ...['swishValues', 'swishGradient', 'sigmoidValues', 'sigmoidGradient', 'scaleValues', 'addValues'],
    ...['scaleRows', 'repeatRow', 'addRows', 'addRowProducts'],
  ],
  'max pooling': ['maxPoolGradient'],
  AdamW: ['adamW'],
};
const OTHER = 'other WebAssembly (FFT and mel bands, kernels of tfjs)';
const JAVASCRIPT = 'JavaScript';
const GARBAGE = 'garbage collection';

const KIND_OF_KERNEL = new Map(
  Object.entries(KINDS).flatMap(([kind, kernels]) => kernels.map((kernel) => [kernel, kind])),
);

/**
 * Self time by kind of work and by function. A function of a module that is not exported counts as the exported one that
 * called it.
 *
 * @param profile as `Profiler.stop` gives it, of modules that name-wasm.mjs named
 * @returns two lists of `{ name, share }`, the largest first; shares of the time in which anything ran add up to 1
 */
export function sharesOf(profile) {
  const labels = labelNodes(profile.nodes);
  const byKind = new Map();
  const byFunction = new Map();
  let total = 0;
  profile.samples.forEach((id, i) => {
    const label = labels.get(id);
    if (label === undefined) return;
    const time = profile.timeDeltas[i];
    total += time;
    add(byKind, label.kind, time);
    add(byFunction, label.name, time);
  });
  return { byKind: sorted(byKind, total), byFunction: sorted(byFunction, total) };
}

/** `{ name, kind }` of each node by its id; none for time in which nothing of ours ran. */
function labelNodes(nodes) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const labels = new Map();
  const visit = (node, parent) => {
    const label = labelOf(node.callFrame, parent);
    labels.set(node.id, label);
    for (const child of node.children ?? []) visit(byId.get(child), label);
  };
  visit(nodes[0], undefined);
  return labels;
}

function labelOf({ functionName, url, lineNumber }, parent) {
  if (['(idle)', '(program)', '(root)'].includes(functionName)) return undefined;
  if (functionName === '(garbage collector)') return { name: GARBAGE, kind: GARBAGE };
  if (url.startsWith('wasm')) {
    if (functionName.startsWith('wasm-function') && parent?.isWasm) return parent;
    return { name: functionName, kind: KIND_OF_KERNEL.get(functionName) ?? OTHER, isWasm: true };
  }
  const file = url.split('/').slice(-3).join('/');
  return { name: `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`, kind: JAVASCRIPT };
}

function add(sums, key, value) {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function sorted(sums, total) {
  return [...sums].map(([name, time]) => ({ name, share: time / total })).sort((a, b) => b.share - a.share);
}
