// `npm run licences`: writes THIRD-PARTY.md, and fails where a licence is not allowed.
import { renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { licenceComplaints } from './allowed-licences';
import { readGroups, thirdPartyPage } from './third-party-page';

const groups = readGroups(fileURLToPath(new URL('../..', import.meta.url)));
const complaints = licenceComplaints(Object.values(groups).flat());
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
else {
  const file = fileURLToPath(new URL('../../THIRD-PARTY.md', import.meta.url));
  writeFileSync(`${file}.tmp`, thirdPartyPage(groups));
  renameSync(`${file}.tmp`, file);
  const { needed, optional, page } = groups;
  console.log(
    `THIRD-PARTY.md: ${needed.length} packages with ours, ${optional.length} optional, ${page.length} in the page; all licences are allowed.`,
  );
}
