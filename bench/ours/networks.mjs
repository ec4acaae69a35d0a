import {
  createScadacosNetwork,
  createStgramNetwork,
  createTastgramNetwork,
} from '@serial-oe/baselines/networks';

const CREATE = {
  stgram: createStgramNetwork,
  tastgram: createTastgramNetwork,
  scadacos: createScadacosNetwork,
};

/** A network for clips of 10 s at 16 kHz by its name. */
export function createNetwork(name, ops) {
  return CREATE[name]({ seed: 1, ops });
}
