import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** A folder that is removed after the test file; files are made by path, folders as needed. */
export function temporaryFolder(): { root: string; touch: (...files: string[]) => void } {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'serial-oe-datasets-'));
  afterAll(() => fs.rmSync(root, { recursive: true, force: true }));
  const touch = (...files: string[]) => {
    for (const file of files) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), '');
    }
  };
  return { root, touch };
}
