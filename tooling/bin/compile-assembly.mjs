#!/usr/bin/env node
// `compile-assembly [FOLDER ...]`: the kernels of the package in the current folder, or of those in the given folders.
import { compileAssembly } from '../compile-assembly.mjs';

const folders = process.argv.slice(2);
for (const folder of folders.length > 0 ? folders : [process.cwd()]) await compileAssembly(folder);
