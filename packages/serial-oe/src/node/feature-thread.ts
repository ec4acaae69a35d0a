// The file of a thread that prepares spectrograms.
import { loadClip } from '@serial-oe/datasets/node';
import { serveFeatureThread } from '@serial-oe/training/node';
import { createInlineSource, type SpectrogramSetup } from '../features/spectrogram-source';

serveFeatureThread((setup: SpectrogramSetup) => createInlineSource(setup, loadClip));
