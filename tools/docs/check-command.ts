// Whether a command line of the documentation would be understood: by the command's own flags, or by the scripts there are.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../../packages/cli/src/command/command';
import { createProgram, ParserStop } from '../../packages/cli/src/command/program';
import { readArguments } from '../../packages/cli/src/command/read-arguments';
import { UsageError } from '../../packages/cli/src/command/usage-error';
import { COMMANDS } from '../../packages/cli/src/main';
import { type CommandLine, ourArguments } from './command-lines';

const SILENT = { out() {}, err() {} } as unknown as Parameters<typeof createProgram>[1]['terminal'];

export interface CheckOptions {
  root: string;
  /** Of the file that shows it, relative to the repository: scripts are looked up there too. */
  folder?: string;
  /** Text in a sentence names commands and flags, and leaves out what is needed beside them. */
  isInProse?: boolean;
}

/** What is wrong with a command line, in words, or null. */
export async function faultOfCommand(words: CommandLine, options: CheckOptions): Promise<string | null> {
  const ours = ourArguments(words);
  if (ours !== null) return options.isInProse ? faultInProse(ours) : faultOfArguments(ours);
  if (words[0] === 'npm') return faultOfScript(words.slice(1), options);
  if (words[0] === 'node' || words[0] === 'tsx') return faultOfFile(words[1], options.root);
  return null;
}

async function faultOfArguments(given: readonly string[]): Promise<string | null> {
  const program = createProgram(COMMANDS, {
    terminal: SILENT,
    async run({ spec }, line) {
      readArguments(spec, line);
    },
  });
  try {
    await program.parseAsync([...given], { from: 'user' });
    return null;
  } catch (error) {
    if (error instanceof ParserStop) return error.error.exitCode === 0 ? null : error.message;
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** In a sentence: the command and the flags are known. */
function faultInProse(given: readonly string[]): string | null {
  const named = (count: number) => COMMANDS.find(({ spec }) => spec.name === given.slice(0, count).join(' '));
  const [first = ''] = given;
  if (first === '' || first.startsWith('-') || /^[A-Z.<]/.test(first)) return null;
  const command = named(2) ?? named(1);
  if (command === undefined) return isGroup(first) ? null : `unknown command "${first}"`;
  const unknown = given.filter((word) => word.startsWith('--')).filter((word) => !hasFlag(command, word));
  return unknown.length === 0 ? null : `${command.spec.name} has no flag ${unknown.join(', ')}`;
}

const isGroup = (word: string) => COMMANDS.some(({ spec }) => spec.name.startsWith(`${word} `));

function hasFlag({ spec }: Command, word: string): boolean {
  const name = word.replace(/^--/, '').replace(/[=,.].*$/, '');
  const camel = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return name === 'help' || Object.hasOwn(spec.flags, camel);
}

/** `npm run X`, `npm test`, `npm start -w FOLDER`: the script is there. */
function faultOfScript(words: CommandLine, { root, folder = '.' }: CheckOptions): string | null {
  const [verb = '', name = ''] = words;
  const script = verb === 'run' ? name : verb;
  if (verb !== 'run' && !['test', 'start'].includes(verb)) return null;
  const place = words.findIndex((word) => word === '-w' || word === '--workspace');
  const folders = place < 0 ? ['.', folder] : [words[place + 1]!];
  const isThere = folders.some((each) => Object.hasOwn(scriptsIn(join(root, each)), script));
  return isThere ? null : `no script "${script}" in ${folders.join(' or ')}`;
}

function scriptsIn(folder: string): Record<string, string> {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return {};
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { scripts?: Record<string, string> }).scripts ?? {};
}

/** `node tools/x.mjs`: the file is there. */
function faultOfFile(file: string | undefined, root: string): string | null {
  const isOurs = file !== undefined && /^(?:tools|bench|packages|examples)\//.test(file);
  return isOurs && !existsSync(join(root, file)) ? `there is no ${file}` : null;
}
