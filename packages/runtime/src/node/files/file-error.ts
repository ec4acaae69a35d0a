import { printableLine } from '@serial-oe/foundation';
import { FileAccessError } from '../../errors';

/** What stands behind the codes of the operating system, and what mends it. */
const REASONS: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  ENOSPC: ['no space left on that disk', 'Free some space, or choose a place on another disk.'],
  EDQUOT: ['a quota of disk space that is used up', 'Free some space, or choose a place on another disk.'],
  EFBIG: ['a file larger than that disk or the limits allow', 'Choose a place on another disk.'],
  EROFS: ['a disk that can be read only', 'Choose a place on another disk.'],
  EACCES: ['no permission', "Change the permissions, or choose a place that is this user's."],
  EPERM: ['no permission', "Change the permissions, or choose a place that is this user's."],
  ENOENT: ['nothing there', 'Check the path, folders above it included.'],
  ENOTDIR: ['a file where a folder is needed above it', 'Check the path.'],
  EISDIR: ['a folder', 'Give the path of a file.'],
  EEXIST: ['a file or a link to nowhere where a folder is needed', 'Choose another path, or move it away.'],
  ENOTEMPTY: ['a folder that something else has just filled', 'Try again.'],
  ENAMETOOLONG: ['a path that is too long', 'Choose a shorter one.'],
  ELOOP: ['links that lead in a circle', 'Check the links.'],
  EBUSY: ['a file that something else uses', 'Close what uses it.'],
  EMFILE: ['too many open files', 'Raise the limit (ulimit -n).'],
  ENFILE: ['too many open files', 'Close other programs.'],
  EIO: ['an error of the device', 'Check the disk, or the connection to it.'],
  ESTALE: ['a network folder that was lost', 'Mount it again.'],
  ERR_INVALID_ARG_VALUE: ['a path that no system has', 'Check the path.'],
  ERR_FS_FILE_TOO_LARGE: ['more than 2 GiB', 'Give a smaller file.'],
};

/** @param rule what the path must be, after "must" */
function fileError(where: string, rule: string, { path, cause }: { path: string; cause: unknown }): Error {
  if (cause instanceof FileAccessError) return cause;
  const { code = 'unknown', message } = cause as NodeJS.ErrnoException;
  const [reason, remedy] = REASONS[code] ?? [message.replace(/\.$/, ''), 'Choose another path.'];
  const named = Object.hasOwn(REASONS, code) ? `${reason} (${code})` : reason;
  return new FileAccessError(`${where}: ${printableLine(path)} must ${rule}, got ${named}. ${remedy}`, {
    path,
    code,
    cause,
  });
}

/** The error of a place that cannot be written to, with the reason and what mends it. */
export function cannotWrite(path: string, cause: unknown): Error {
  return fileError('runtime.writeFile', 'be a place that can be written to', { path, cause });
}

/** The error of what cannot be read. */
export function cannotRead(path: string, cause: unknown): Error {
  return fileError('runtime.readFile', 'be readable', { path, cause });
}

/** In words, without the path: what stands behind an error of the operating system. */
export function reasonOf(cause: unknown): string {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const known = REASONS[code];
  return known === undefined ? message.replace(/\.$/, '') : `${known[0]} (${code})`;
}
