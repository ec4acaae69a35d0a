// The data flow of each detection system, from the waveform to the score; shapes are those of a clip of 10 s at 16 kHz in the preset `paper`.
import type { Flow, FlowStage, StageKind } from './flow-chart';

const stage =
  (kind: StageKind) =>
  (text: string, shape?: string): FlowStage => ({ kind, text, ...(shape !== undefined && { shape }) });
const input = stage('input');
const fixed = stage('fixed');
const learned = stage('learned');
const training = stage('training');
const output = stage('output');

const CLIP = input('clip, 10 s at 16 kHz', '160,000 samples');
const SGRAM = fixed('log-mel, 1024 / 512, HTK, dB', '128 x 313');
const TGRAM = learned('Tgram: convolution 1024 / 512, three layers', '128 x 313');
const ARCFACE = (margin: string) => training(`ArcFace, 41 machines, m = ${margin}, s = 30`, 'cross-entropy');
const OWN_ID = output('minus the log softmax at the own ID, with the margin', 'one score');

export const FLOWS: Readonly<Record<string, Flow>> = {
  'serial-oe': [
    [CLIP],
    [fixed('normalised by mean and deviation of the type', '10 overlapping chunks of 2 s')],
    [fixed('mel magnitudes, 2048 / 256, HTK, no logarithm', '224 x 126 a chunk')],
    [learned('EfficientNet-B0, one input channel, and a neck', 'embedding of 128')],
    [training('type head: binary cross-entropy'), training('ID head: binary cross-entropy, weight 10')],
    [learned('Gaussian mixture of 2 components, one a machine', 'negative log-likelihood a chunk')],
    [output('mean of the upper half of the chunks', 'one score')],
  ],
  'mel-statistics': [
    [CLIP],
    [fixed('log-mel, 2048 / 512, dB', '64 x 313')],
    [fixed('mean and standard deviation over time', '128 values')],
    [learned('Mahalanobis distance, Ledoit-Wolf covariance, one a machine')],
    [output('natural logarithm of the distance', 'one score')],
  ],
  'twfr-gmm': [
    [CLIP],
    [fixed('log-mel, 1024 / 512, dB', '128 x 313')],
    [fixed("each band's values sorted, weights r^(i - 1)", '128 values')],
    [learned('r chosen by normal clips; Gaussian mixture, one a machine')],
    [output('negative log-likelihood', 'one score')],
  ],
  'modulation-statistics': [
    [CLIP],
    [fixed('log-mel, 1024 / 256, dB', '32 x 626'), fixed('mean power', 'dB')],
    [
      fixed('log power of its swings in octaves, 0.5 to 16 Hz', '32 x 5 values'),
      fixed('the level itself', '1 value'),
    ],
    [learned('Mahalanobis distance, Ledoit-Wolf'), learned('mean and deviation of the machine')],
    [
      output('modulation-statistics: log of the distance'),
      output('level: log of the distance in deviations'),
    ],
  ],
  autoencoder: [
    [CLIP],
    [fixed('log-mel, 1024 / 512, dB', '128 x 313')],
    [fixed('five neighbouring frames side by side', '309 x 640')],
    [learned('dense 128 four times, BatchNorm, ReLU', '309 x 128')],
    [learned('bottleneck', '309 x 8')],
    [learned('dense 128 four times, then 640', '309 x 640')],
    [output('mean squared error, or the Mahalanobis distance', 'one score')],
  ],
  'stgram-mfn': [
    [CLIP],
    [SGRAM, TGRAM],
    [fixed('two channels of one image', '2 x 128 x 313')],
    [learned('MobileFaceNet', 'feature of 128')],
    [ARCFACE('0.7')],
    [OWN_ID],
  ],
  'noisy-arcmix': [
    [CLIP],
    [training('Mixup of waveform and spectrogram, lambda ~ Beta(0.5, 0.5)')],
    [
      fixed('Sgram: log-mel 2048 / 512', '128 x 313'),
      fixed('TAgram: Sgram under attention', 'sigmoid(max + mean), 128 x 313'),
      learned('Tgram: convolution 1024 / 512', '128 x 313'),
    ],
    [fixed('three channels of one image', '3 x 128 x 313')],
    [learned('MobileFaceNet', 'feature of 128')],
    [training('ArcFace, 41 machines, m = 0.7, s = 30', 'margin on the first label for both labels')],
    [OWN_ID],
  ],
  scadacos: [
    [CLIP],
    [fixed('log-mel, 1024 / 512, Slaney, dB; standardised by band', '313 x 128')],
    [training('Mixup with the reversed batch, lambda uniform')],
    [learned('convolution 7 x 7, four residual stages, 16 to 128', '10 x 4 x 128')],
    [learned('maximum over time, dense', 'embedding of 128')],
    [training('sub-cluster AdaCos, 41 x 16 centres, scale that follows', 'cross-entropy')],
    [learned('unit length; 16 Gaussians a machine, from its centres')],
    [output('minus the log-density of the nearest Gaussian', 'one score')],
  ],
  'clp-scf': [
    [CLIP],
    [SGRAM, TGRAM],
    [fixed('two channels of one image', '2 x 128 x 313')],
    [learned("MobileFaceNet, the paper's bottlenecks", 'feature of 128')],
    [
      training('first: projector, contrastive loss, 100 epochs', 'positives are clips of the same machine'),
      training('then: ArcFace, m = 1, s = 30, 300 epochs', '41 machines'),
    ],
    [OWN_ID],
  ],
  'sw-wavenet': [
    [CLIP],
    [SGRAM, learned('wavegram: convolution 1024 / 512', '128 x 313')],
    [
      learned('WaveNet: 2 x (1, 2, 4, 8), 512 channels', '512 x 313'),
      learned('WaveNet: 2 x (1, 2, 4, 8), 512 channels', '512 x 313'),
    ],
    [learned('depthwise over time, 1 x 1', '128'), learned('depthwise over time, 1 x 1', '128')],
    [fixed('side by side', 'feature of 256')],
    [ARCFACE('0.7')],
    [OWN_ID],
  ],
  ssc: [
    [CLIP],
    [fixed('log-mel, 1024 / 512, dB', '128 x 313')],
    [fixed('images of 64 frames, every 8 frames', '32 x 64 x 128')],
    [training('none, time reversed, bands up, bands down', 'four times the classes')],
    [learned('MobileNetV2 of width 0.5', 'logits of machine and augmentation')],
    [output('mean over images of log((1 - p) / p) of the own ID', 'one score')],
  ],
  'ddcsad-style': [
    [CLIP],
    [fixed('log-mel, 1024 / 256, dB', '64 x 626')],
    [fixed('ten windows, spread evenly', '10 x 256 x 64')],
    [learned('residual network of four stages, 32 to 256', 'embedding of 128, and a logit')],
    [
      training('binary cross-entropy', 'this machine, or any other and known faults'),
      training('centroid loss, weight 0.1', 'near its own class, away from the other'),
    ],
    [output('mean probability of "another"', 'one score')],
  ],
};
