import type { AlarmOptions } from '@serial-oe/decision';
import type { ClipScorer } from '@serial-oe/runtime/contract';
import type { SensorName } from '../../events';
import type { HearingWatchOptions } from '../../hearing/hearing-watch';
import type { BackOff } from '../../hearing/restart-delay';
import type { AudioSource } from '../sources/audio-source';

/** One microphone on one machine. */
export interface SensorOptions {
  name: SensorName;
  source: AudioSource;
  /** Of several sensors it may be the same. */
  scorer: ClipScorer;
  /** For a scorer whose training covers all types. */
  machineType?: string | undefined;
  windowSeconds?: number | undefined;
  hopSeconds?: number | undefined;
  maxPendingSeconds?: number | undefined;
  /** Delays in seconds, deadband in the unit of scores; the threshold is the scorer's unless it stands here. */
  alarm?: Partial<AlarmOptions> | undefined;
  hearing?: Omit<HearingWatchOptions, 'sampleRate' | 'isLive'> | undefined;
  backOff?: BackOff | undefined;
}

/** Names a sensor in a file: `site/asset/sensor`. */
export function sensorKey({ site, asset, sensor }: Pick<SensorName, 'site' | 'asset' | 'sensor'>): string {
  return [site, asset, sensor].join('/');
}
