const SIGN = '(-|minus[ _-]?|min[ _-]?|neg[ _-]?)?';
const SNR_FIRST = new RegExp(`^${SIGN}(\\d{1,2})[ _-]?dB(?:[ _-]+(.+))?$`, 'i');
const SNR_LAST = new RegExp(`^(.+?)[ _]+${SIGN}(\\d{1,2})[ _-]?dB$`, 'i');

/** A signal-to-noise ratio in the name of a folder, as MIMII's archives unpack: `-6_dB_fan`, `6dB`, `fan_0dB`. */
export function readSnr(name: string): { snrDb: number; rest?: string } | null {
  const first = SNR_FIRST.exec(name);
  if (first) return toSnr(first[1], first[2] as string, first[3]);
  const last = SNR_LAST.exec(name);
  return last ? toSnr(last[2], last[3] as string, last[1]) : null;
}

function toSnr(sign: string | undefined, digits: string, rest: string | undefined) {
  const snrDb = Number(digits) * (sign === undefined || digits === '0' ? 1 : -1);
  return rest === undefined ? { snrDb } : { snrDb, rest };
}
