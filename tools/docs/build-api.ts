// The API pages of the site: a page for each public entry of each package, from its source's doc comments.
// Usage: npm run docs:api
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, ReflectionKind } from 'typedoc';
import { type ApiEntry, apiEntries, apiIndex, usedBy } from './api-entries';

const ROOT = join(import.meta.dirname, '..', '..');
const OUT = join(ROOT, 'docs', 'api');

const entries = apiEntries(ROOT);
const app = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  entryPoints: entries.map(({ source }) => source),
  tsconfig: join(ROOT, 'docs', 'tsconfig.api.json'),
  skipErrorChecking: true, // `npm run typecheck` does that
  excludeInternal: true,
  excludeExternals: true, // what Error and Array bring
  excludePrivate: true,
  disableGit: true,
  sourceLinkTemplate: 'https://github.com/serial-oe/serial-oe/blob/main/packages/{path}#L{line}',
  basePath: ROOT,
  readme: 'none',
  logLevel: 'Error',
  ...markdownOptions(),
});
const project = await app.convert();
if (project === undefined) throw new Error('typedoc could not read the sources.');
const modules = project.getChildrenByKind(ReflectionKind.Module);
for (const entry of entries) nameModule(entry);
rmSync(OUT, { recursive: true, force: true });
await app.generateOutputs(project);
for (const entry of entries) addExamples(entry);
writeFileSync(join(OUT, 'README.md'), apiIndex(entries));
console.log(`${entries.length} pages in docs/api`);

function markdownOptions() {
  return {
    outputs: [{ name: 'markdown', path: OUT }],
    outputFileStrategy: 'modules',
    flattenOutputFiles: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    expandObjects: false,
    sanitizeComments: true,
    tableColumnSettings: { hideSources: true, hideInherited: true, hideOverrides: true },
  } as object;
}

function nameModule({ source, file }: ApiEntry): void {
  const found = modules.find(({ sources }) => sources?.some(({ fullFileName }) => fullFileName === source));
  if (found === undefined) throw new Error(`typedoc has no module for ${source}.`);
  found.name = file;
}

/** Below the heading: how it is imported, where its README is, and which examples use it. */
function addExamples(entry: ApiEntry): void {
  const path = join(OUT, `${entry.file}.md`);
  const text = readFileSync(path, 'utf8').replace(/^# .*\n/, `# ${entry.name}\n\n${usedBy(entry, ROOT)}\n`);
  writeFileSync(path, text);
}
