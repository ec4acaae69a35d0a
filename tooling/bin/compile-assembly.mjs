#!/usr/bin/env node
// `compile-assembly`: the kernels of the package in the current folder; `compile-assembly --all`: those of every package.
import { compileAssembly, compileEveryAssembly } from '../compile-assembly.mjs';

const [option, ...rest] = process.argv.slice(2);
if (option === '--all' && rest.length === 0) {
  await compileEveryAssembly();
} else if (option === undefined) {
  await compileAssembly();
} else {
  process.stderr.write(`compile-assembly takes nothing or --all, got ${process.argv.slice(2).join(' ')}\n`);
  process.exitCode = 2;
}
