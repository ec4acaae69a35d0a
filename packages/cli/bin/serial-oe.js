#!/usr/bin/env node
import module from 'node:module';

module.enableCompileCache?.(); // Node 22 keeps what it has compiled for the next start
await import('../dist/cli.js');
