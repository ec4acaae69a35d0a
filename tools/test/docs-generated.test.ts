// Tables and pictures in docs that come from the sources are what the sources say today.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM_NAMES } from '../../packages/cli/src/system-table';
import { generatedFiles, withPart } from '../docs/generated-parts';
import { ROOT } from './repository';

const files = generatedFiles(ROOT);

it.each([...files.keys()])('%s is current; "npm run docs:pages" makes it so', (path) => {
  const there = existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : '';
  expect(there === files.get(path)).toBe(true);
});

it('every system has a page with a picture of its data flow, and the overview links to it', () => {
  const overview = readFileSync(join(ROOT, 'docs/compared-systems.md'), 'utf8');
  for (const name of SYSTEM_NAMES.filter((each) => each !== 'ensemble')) {
    const page = name === 'level' ? 'modulation-statistics' : name;
    expect(overview).toContain(`](systems/${page}.md)`);
    expect(readFileSync(join(ROOT, `docs/systems/${page}.md`), 'utf8')).toContain(
      `../pictures/flow-${page}.svg`,
    );
  }
});

it('a part without its marks is an error', () => {
  expect(() => withPart({ page: 'x.md', part: 'y', text: 'z' }, 'nothing')).toThrow(
    /x.md has no <!-- y:start/,
  );
});
