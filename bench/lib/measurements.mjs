// What is measured, against whom, and which ratio (our time over the peer's) is aimed at. Scripts of ours are in
// bench/ours, those of the peers in bench/peers.

const pytorch = ({ torch, distribution }) => `PyTorch ${torch}${distribution ? ` (${distribution})` : ''}`;

const pytorchAndScikitLearn = (versions) => `${pytorch(versions)}, scikit-learn ${versions.sklearn}`;

/** PyTorch's memory formats. Which one is faster depends on the work and the release; only that one is quoted. */
const MEMORY_FORMATS = { default: undefined, channels_last: 'channels_last' };

/** Peers of everything that runs the network: the PyTorch of the target, and the newest one, each in both memory formats. */
function pytorchPeers({ script, needs, label, target, targetOfNewest = null }) {
  return Object.entries(MEMORY_FORMATS).flatMap(([name, format]) => {
    const named = (versions) => (format === undefined ? label(versions) : `${label(versions)}, ${name}`);
    const env = format === undefined ? {} : { SERIAL_OE_BENCH_MEMORY_FORMAT: format };
    return pytorchVersions({ script, needs, label: named, env }, { target, targetOfNewest });
  });
}

function pytorchVersions(peer, { target, targetOfNewest }) {
  return [
    // A system's PyTorch may be another than the one that the target names.
    {
      ...peer,
      environment: 'system',
      fastestOf: 'system',
      target: ({ torch }) => (torch.startsWith('1.13') ? target : targetOfNewest),
    },
    { ...peer, environment: 'main', fastestOf: 'main', target: () => targetOfNewest },
  ];
}

/** A training step and the forward pass of one clip of a compared system's network; `target` as below. */
function networkMeasurements(name, system, { batchSize = 8, of = '10 s clips', target = null } = {}) {
  const shared = {
    unit: 'ms',
    maxThreads: 1,
    tolerance: 1e-3,
    script: 'network.mjs',
    peers: [
      {
        environment: 'main',
        script: 'network_run.py',
        needs: ['torch'],
        label: pytorch,
        target: () => target,
      },
    ],
  };
  return [
    {
      ...shared,
      name: `${name}-step`,
      work: `Training step of the network of ${system}, ${of}, batch ${batchSize}`,
      runsPerTurn: 1,
      args: [name, 'step'],
    },
    {
      ...shared,
      name: `${name}-clip`,
      work: `Network of ${system} on a 10 s clip, without front end`,
      runsPerTurn: 3,
      args: [name, 'score'],
    },
  ];
}

/**
 * - `unit`: 'ms' (median time of one run) or 'MB' (peak resident memory of the process)
 * - `runsPerTurn`: runs that a contender makes before the next one has its turn; several where one takes milliseconds
 * - `tolerance`: how far the result of a peer may lie from ours, relative, before it counts as other work
 * - `maxThreads`: what our side can use
 * - `args`: what both scripts get after the folder of inputs, default nothing
 * - `peers`: `environment` is a name of peer-environments.mjs, `needs` the tools that must be there, `target` the ratio
 *   aimed at for these versions (null: only reported), `env` more of its environment; a peer with `standsInFor` takes part where that
 *   tool is missing, and of peers with the same `fastestOf` the fastest alone is quoted
 */
export const MEASUREMENTS = [
  {
    name: 'train-step',
    work: 'Training step of B0, 224 x 126, batch 32',
    unit: 'ms',
    runsPerTurn: 1,
    maxThreads: 2, // the samples of the batch are equal in pairs
    tolerance: 1e-4,
    script: 'train-step.mjs',
    peers: pytorchPeers({
      script: 'train_step.py',
      needs: ['torch'],
      label: pytorch,
      target: 0.75,
      targetOfNewest: 0.65,
    }),
  },
  {
    name: 'score-clip',
    work: 'Score of a 10 s clip, from waveform to score',
    unit: 'ms',
    runsPerTurn: 5,
    maxThreads: 1,
    tolerance: 1e-4,
    script: 'score-clip.mjs',
    peers: pytorchPeers({
      script: 'score_clip.py',
      needs: ['torch', 'sklearn'],
      label: pytorchAndScikitLearn,
      target: 0.85,
      targetOfNewest: 0.5,
    }),
  },
  {
    name: 'score-clip-onnx',
    work: 'Score of a 10 s clip on onnxruntime-node, from waveform to score',
    unit: 'ms',
    runsPerTurn: 5,
    maxThreads: 8, // the runtime's; mel spectrograms and mixture are on one
    tolerance: 1e-4,
    script: 'score-clip-onnx.mjs',
    peers: pytorchPeers({
      script: 'score_clip.py',
      needs: ['torch', 'sklearn'],
      label: pytorchAndScikitLearn,
      target: 0.6,
    }),
  },
  {
    name: 'score-folder',
    work: 'Scores of eight 10 s clips, from waveforms to scores',
    unit: 'ms',
    runsPerTurn: 1,
    maxThreads: 8, // a thread takes whole clips
    tolerance: 1e-4,
    script: 'score-folder.mjs',
    peers: pytorchPeers({
      script: 'score_folder.py',
      needs: ['torch', 'sklearn'],
      label: pytorchAndScikitLearn,
      target: null,
    }),
  },
  {
    name: 'mel',
    work: 'Mel spectrograms of a 10 s clip, 10 chunks',
    unit: 'ms',
    runsPerTurn: 10,
    maxThreads: 1,
    tolerance: 1e-5,
    script: 'mel.mjs',
    peers: [
      {
        environment: 'torchaudio',
        script: 'mel_torchaudio.py',
        needs: ['torchaudio'],
        label: ({ torchaudio }) => `torchaudio ${torchaudio}`,
        target: () => 1,
      },
      {
        environment: 'main',
        standsInFor: { environment: 'torchaudio', tool: 'torchaudio' },
        script: 'mel_torch.py',
        needs: ['torch'],
        label: ({ torch }) => `torch.stft of PyTorch ${torch}`,
        target: () => 1,
      },
      {
        environment: 'main',
        script: 'mel_librosa.py',
        needs: ['librosa'],
        label: ({ librosa }) => `librosa ${librosa}`,
        target: () => 0.5,
      },
    ],
  },
  {
    name: 'gmm-fit',
    work: 'GMM fit, 10,000 x 128, 2 full components, 10 iterations',
    unit: 'ms',
    runsPerTurn: 1,
    maxThreads: 1,
    tolerance: 1e-8,
    script: 'gmm-fit.mjs',
    peers: [
      {
        environment: 'main',
        script: 'gmm_fit.py',
        needs: ['sklearn'],
        label: ({ sklearn }) => `scikit-learn ${sklearn}`,
        target: () => 1,
      },
    ],
  },
  ...networkMeasurements('stgram', 'STgram-MFN and CLP-SCF', { target: 1 }),
  ...networkMeasurements('tastgram', 'Noisy-ArcMix', { target: 1 }),
  ...networkMeasurements('scadacos', 'SCAdaCos', { target: 1 }),
  ...networkMeasurements('wavenet', 'SW-WaveNet', { batchSize: 2 }),
  ...networkMeasurements('mobilenet', 'SSC', { batchSize: 32, of: 'images of 64 frames' }),
  ...networkMeasurements('resnet', 'DDCSAD-style', { batchSize: 16, of: 'windows of 256 frames' }),
  ...networkMeasurements('autoencoder', 'the autoencoder', { batchSize: 512, of: 'vectors' }),
  { name: 'demo', work: '`npm run demo`, wall time of one run', unit: 'ms', targetMs: 120_000, peers: [] },
  {
    name: 'train-memory',
    work: 'Peak memory of a training process, batch 32',
    unit: 'MB',
    runsPerTurn: 1,
    maxThreads: 1,
    tolerance: 1e-4,
    script: 'train-step.mjs',
    peers: pytorchPeers({
      script: 'train_step.py',
      needs: ['torch'],
      label: pytorch,
      target: 0.7,
      targetOfNewest: 0.7,
    }),
  },
];

/**
 * The peers that can take part, with their label, and for each that cannot what is missing and how to get it.
 * @param environments as `findPeerEnvironments` gives them
 */
export function choosePeers({ name, peers }, environments) {
  const has = (environment, tool) => Boolean(environments[environment].versions[tool]);
  const chosen = [];
  const absent = [];
  for (const { environment, needs, label, target, script, standsInFor, env = {}, fastestOf } of peers) {
    if (standsInFor && has(standsInFor.environment, standsInFor.tool)) continue;
    const { python, versions, remedy } = environments[environment];
    const missing = needs.filter((tool) => !has(environment, tool));
    if (missing.length === 0) {
      chosen.push({ python, script, env, fastestOf, label: label(versions), target: target(versions) });
      continue;
    }
    const note = `${name} without ${missing.join(' and ')} of the ${environment} Python`;
    if (!absent.some((each) => each.note === note)) absent.push({ note, remedy });
  }
  return { chosen, absent };
}
