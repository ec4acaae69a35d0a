import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Runs by contender and seed, written to a file after each, so that a comparison that is stopped goes on where it was. */
export class RunLog {
  #file;
  #content;

  /** @throws where the file holds runs of another setting */
  constructor(file, { setting, ...facts }) {
    this.#file = file;
    const found = file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
    if (found !== null && JSON.stringify(found.setting) !== JSON.stringify(setting)) {
      throw new Error(
        `bench: --out must name a new file or one of the same data, configuration and threads, got ${file}.`,
      );
    }
    this.#content = found ?? { ...facts, setting, runs: [] };
  }

  get runs() {
    return this.#content.runs;
  }

  has(contender, seed) {
    return this.runs.some((run) => run.contender === contender && run.seed === seed);
  }

  add(run) {
    this.runs.push(run);
    if (this.#file === undefined) return;
    writeFileSync(`${this.#file}.part`, `${JSON.stringify(this.#content, null, 2)}\n`);
    renameSync(`${this.#file}.part`, this.#file);
  }
}
