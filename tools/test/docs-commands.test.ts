// No page and no README shows a command line that would be refused: every `serial-oe ...` is parsed by the command's own flags,
// `npm run X` and `node FILE` are looked up.
import { dirname } from 'node:path';
import { faultOfCommand } from '../docs/check-command';
import { commandLines } from '../docs/command-lines';
import { blocksOf, guidePages, placeOf, proseOf, readmes } from '../docs/markdown';
import { ROOT } from './repository';

const SHELL = ['bash', 'sh', 'shell', 'console'];
const pages = [...guidePages(ROOT), ...readmes(ROOT)];

async function faultsIn(text: string, place: string, isInProse = false): Promise<string[]> {
  const faults = await Promise.all(
    commandLines(text).map(async (words) => {
      const fault = await faultOfCommand(words, {
        root: ROOT,
        folder: dirname(place.split(':')[0]!),
        isInProse,
      });
      return fault === null ? [] : [`${place}: ${words.join(' ')}: ${fault}`];
    }),
  );
  return faults.flat();
}

describe('what the check finds', () => {
  it.each([
    ['serial-oe trian --data x', /unknown command/],
    ['npx serial-oe train --data x --machine-type fan --out y --epoch 3', /unknown option/],
    ['serial-oe train --data x --machine-type fan --out y --system stgram', /must be one of/],
    ['serial-oe train --data x --machine-type fan --out y --epochs three', /must be an integer/],
    ['serial-oe score recording.wav', /--model is needed/],
    ['npm run domo', /no script "domo"/],
    ['npm start -w examples/none', /no script "start" in examples\/none/],
    ['node tools/none.mjs', /there is no tools/],
  ])('%s', async (line, fault) => {
    expect(await faultsIn(line, 'here')).toEqual([expect.stringMatching(fault)]);
  });

  it('lines that go on, comments, variables, pipes and quotes are cut as a shell cuts them', () => {
    const text =
      "A=1 npx serial-oe train \\\n  --out 'a b' # a comment; not more\narecord -q | serial-oe monitor";
    expect(commandLines(text)).toEqual([
      ['npx', 'serial-oe', 'train', '--out', 'a b'],
      ['arecord', '-q'],
      ['serial-oe', 'monitor'],
    ]);
  });
});

it.each(pages)('the commands in the blocks of %s are understood', async (file) => {
  const blocks = blocksOf(file, ROOT).filter(({ language }) => SHELL.includes(language));
  const faults = await Promise.all(blocks.map((block) => faultsIn(block.code, placeOf(block))));
  expect(faults.flat()).toEqual([]);
});

it.each(pages)('the commands in the sentences of %s name what there is', async (file) => {
  const spans = [
    ...proseOf(file, ROOT).matchAll(/`((?:npx )?serial-oe [^`]+|npm (?:run|start|test)[^`]*)`/g),
  ].filter(([, text]) => !text!.includes('<')); // `npm start -w examples/<task>`
  const faults = await Promise.all(
    spans.map(([, text]) => faultsIn(text!.replace(/[|'"]/g, ' '), file, true)),
  );
  expect(faults.flat()).toEqual([]);
});
