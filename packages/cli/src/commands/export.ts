import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { choiceFlag, listFlag, required, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { MODEL, WEIGHT_TYPES } from '../flags/shared-flags';
import type { LoadedModel } from '../model/loaded-model';
import { hasNetwork } from '../system-table';
import { FLOAT16_TURNS } from '../terminal/float16-turns';
import { megabytes } from '../terminal/format';
import { printJson } from '../terminal/terminal';

const flags = {
  model: MODEL,
  out: required(
    textFlag(
      'FILE',
      'The file to write; must be new. By a name in .serialoe or .zip the whole model, else the network as ONNX.',
    ),
  ),
  weights: choiceFlag(
    WEIGHT_TYPES,
    'How the file holds the weights; default float32. The arithmetic is float32 either way.',
  ),
  data: listFlag(
    'DIR|CSV',
    'Recordings of the machines, on which it is measured how far a whole model in float16 changes the scores.',
  ),
  overwrite: switchFlag('Replaces FILE if it exists.'),
  json: switchFlag('Prints what was written as JSON.'),
};

const spec: CommandSpec<typeof flags> = {
  name: 'export',
  summary: "writes a model's network as an ONNX file, or the model as one file, also at half the size",
  usage: '--model MODEL --out FILE [flags]',
  examples: [
    ['serial-oe export --model fan-model --out fan.onnx', 'weights in float32'],
    ['serial-oe export --model fan-model --out fan.onnx --weights float16', 'half the size'],
    [
      'serial-oe export --model fan-model --out fan.serialoe --weights float16 --data sounds',
      'the whole model at half the size, and what that does to the scores',
    ],
  ],
  flags,
  notes: [
    'The file takes mel spectrograms, [batch, 1, mels, frames], and gives embeddings; its metadata says how the spectrograms are made. ' +
      'What turns embeddings into scores stays in MODEL: "serial-oe score --runtime onnx" uses both. Of an ensemble it is the network that is written.',
  ],
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, terminal, progress, signal }: CommandContext<typeof flags>): Promise<number> {
  const { changeText, isZipName } = await import('@serial-oe/runtime/contract');
  const { loadModel } = await import('../model/load-model');
  const { checkNewFile } = await import('../check-new-file');
  const { out, weights = 'float32', data } = args;
  const isWhole = isZipName(out);
  if (isWhole && weights === 'float16' && data.length === 0) {
    throw new UsageError(
      '--data is needed: recordings on which it is measured how far float16 changes the scores.',
    );
  }
  if (data.length > 0 && !(isWhole && weights === 'float16')) {
    throw new UsageError('--data goes with --weights float16 and a FILE in .serialoe or .zip.');
  }
  await checkNewFile('serial-oe export', args);
  const model = await loadModel(args.model, { signal, takesAllTypes: true });
  try {
    checkNetwork(model, { ...args, isWhole });
    const { nBytes, change } = isWhole
      ? await (await import('../card/export-model')).exportModel(model, {
          ...{ out, weights, data, signal },
          onProgress: (text: string, share: number) => progress.update(text, share),
        })
      : await writeOnnx(out, model.network!.toOnnx({ weights }));
    if (change !== null && change.nTurned > 0) progress.warning(FLOAT16_TURNS);
    progress.close();
    if (args.json)
      printJson(terminal, { path: out, weights, nBytes, ...(change !== null && { float16: change }) });
    else
      terminal.out(
        `${out}: ${megabytes(nBytes)}, weights in ${weights}${change === null ? '' : `. ${changeText(change)}`}\n`,
      );
  } finally {
    await model.close();
  }
  return EXIT.done;
}

/** The model as one file may have any network; ONNX is written of Serial-OE's. */
function checkNetwork(
  { systems, network }: LoadedModel,
  { model, out, isWhole }: { model: string; out: string; isWhole: boolean },
): void {
  const names = systems.join(', ');
  if (!systems.some(hasNetwork)) {
    throw new UsageError(
      `--model must be a model with a network, but ${model} is one of ${names}, which has none. ` +
        '"train --out FILE.serialoe" makes one file of any model.',
    );
  }
  if (network === null && !isWhole) {
    throw new UsageError(
      `--out must end in .serialoe for a model of ${names}: ONNX is written of the network of serial-oe alone, got ${out}.`,
    );
  }
}

async function writeOnnx(out: string, bytes: Uint8Array): Promise<{ nBytes: number; change: null }> {
  const { createFileAccess } = await import('@serial-oe/runtime/node/files');
  await createFileAccess().writeFile(out, bytes);
  return { nBytes: bytes.length, change: null };
}
