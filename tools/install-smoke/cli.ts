import assert from 'node:assert/strict';
import { main } from '@serial-oe/cli';
import { systems } from '@serial-oe/cli/systems';

export async function use(): Promise<void> {
  let out = '';
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: () => {},
    isInteractive: false,
  };
  assert.equal(await main(['--version'], terminal), 0);
  assert.match(out, /^\d+\.\d+\.\d+\n$/);
  assert.equal(await main(['config', '--preset', 'paper'], terminal), 0);
  assert.match(out, /frontEnd\.nMels +224/);
  assert.deepEqual(
    systems.map(({ name }) => name),
    [
      'ensemble',
      'serial-oe',
      'mel-statistics',
      'modulation-statistics',
      'twfr-gmm',
      'level',
      ...[
        'autoencoder',
        'stgram-mfn',
        'noisy-arcmix',
        'scadacos',
        'clp-scf',
        'sw-wavenet',
        'ssc',
        'ddcsad-style',
      ],
    ],
  );
}
