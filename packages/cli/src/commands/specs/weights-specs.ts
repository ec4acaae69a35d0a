import type { CommandSpec } from '../../arguments';
import { HELP } from './shared-flags';

const JSON_FLAG = { name: 'json', text: 'Prints the result as JSON, every tensor named.' };

export const WEIGHTS_IMPORT: CommandSpec = {
  name: 'weights import',
  summary: "turns timm's ImageNet weights of EfficientNet-B0 into a checked file for --weights",
  usage: 'FILE --out OUT [flags]',
  examples: [
    [
      'serial-oe weights import model.safetensors --out imagenet.safetensors',
      "timm's tf_efficientnet_b0.*, its three input channels summed into one",
    ],
    [
      'serial-oe weights import model.safetensors --out imagenet.safetensors --sha256 bc97e48e...',
      'only if it is the file that was meant',
    ],
  ],
  flags: [
    { name: 'out', value: 'OUT', text: 'The .safetensors file to write; must be new.' },
    { name: 'sha256', value: 'HEX', text: 'SHA-256 that FILE must have, 64 hexadecimal digits.' },
    { name: 'overwrite', text: 'Replaces OUT if it exists.' },
    JSON_FLAG,
    HELP,
  ],
  notes: [
    'OUT carries the checksum of its tensors, which each later use verifies. "serial-oe train --weights" takes FILE as well as OUT. ' +
      'docs/pretrained.md says where such files are and under which licence.',
  ],
};

export const WEIGHTS_INSPECT: CommandSpec = {
  name: 'weights inspect',
  summary: "shows what a weights file holds, timm's or an imported one, and checks it",
  usage: '[--json] FILE',
  examples: [
    ['serial-oe weights inspect imagenet.safetensors', 'tensors, checksums, and where they are from'],
  ],
  flags: [JSON_FLAG, HELP],
};
