import type { AlarmConfig, MonitorConfig, SensorConfig, SourceConfig } from '@serial-oe/monitor/config';
import {
  type AudioSource,
  arecordSource,
  commandSource,
  ffmpegSource,
  fileSource,
  pcmSource,
} from '@serial-oe/monitor/node';
import type { MonitorSettings } from './read-settings';

/** The program that a source starts, if any. */
export function programOf(source: SourceConfig): string | null {
  if ('arecord' in source) return 'arecord';
  if ('ffmpeg' in source) return 'ffmpeg';
  return 'command' in source ? source.command : null;
}

/** The source that a configuration describes; standard input is opened with it. */
export function openSource(source: SourceConfig, { pathOf }: Pick<MonitorSettings, 'pathOf'>): AudioSource {
  if ('arecord' in source) return arecordSource(source.arecord ?? {});
  if ('ffmpeg' in source) {
    const { live, ...ffmpeg } = source.ffmpeg;
    return ffmpegSource({ ...ffmpeg, ...(live !== undefined && { isLive: live }) });
  }
  if ('stdin' in source) {
    const { live, ...format } = source.stdin;
    return pcmSource(process.stdin, { ...format, isLive: live });
  }
  if ('file' in source) return fileSource(pathOf(source.file));
  const { command, args = [], live, ...format } = source;
  return commandSource({ command, args, ...format, isLive: live });
}

/** A sensor's settings with those of the whole file for what it does not say. */
export function listeningOf(config: MonitorConfig, sensor: SensorConfig) {
  const { windowSeconds, hopSeconds, maxPendingSeconds } = { ...given(config), ...given(sensor) };
  return {
    ...{ windowSeconds, hopSeconds, maxPendingSeconds },
    alarm: { ...config.alarm, ...sensor.alarm } as AlarmConfig,
    hearing: { ...config.hearing, ...sensor.hearing },
  };
}

function given<T extends object>(settings: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
