import type { MonitorEvent, SensorName, SensorStart } from '../events';
import type { HearingState } from '../hearing/hearing-watch';

/** What is known of a sensor now. */
export interface SensorState {
  /** Unix time of the last change, seconds. */
  time: number;
  alarm: 'normal' | 'active';
  isAcknowledged: boolean;
  isShelved: boolean;
  hearing: HearingState;
  /** 0 to 100 of the last window; null before one was scored. */
  severity: number | null;
  message: string;
}

/** Of all sensors, out of their events. */
export class SensorStates {
  readonly #states = new Map<string, { name: SensorName; state: SensorState }>();

  has(name: SensorName): boolean {
    return this.#states.has(keyOf(name));
  }

  names(): SensorName[] {
    return [...this.#states.values()].map(({ name }) => name);
  }

  of(name: SensorName): SensorState | undefined {
    return this.#states.get(keyOf(name))?.state;
  }

  /** What is known before the first event. */
  start({ name, time, isActive, isAcknowledged, isShelved }: SensorStart): void {
    const message = isActive ? `${name.asset}: the alarm was active before the monitor started` : '';
    const alarm = isActive ? 'active' : 'normal';
    const state: SensorState = { ...INITIAL, time, alarm, isAcknowledged, isShelved, message };
    this.#states.set(keyOf(name), { name, state });
  }

  /** @returns whether the state has changed by more than the time; the severity counts by whole numbers */
  take(event: MonitorEvent): boolean {
    const { name } = event;
    const before = this.of(name);
    const state: SensorState = { ...(before ?? INITIAL), ...changesOf(event) };
    const isChanged = before === undefined || JSON.stringify(before) !== JSON.stringify(state);
    if (isChanged) this.#states.set(keyOf(name), { name, state: { ...state, time: event.time } });
    return isChanged;
  }
}

const INITIAL: SensorState = {
  time: 0,
  alarm: 'normal',
  isAcknowledged: true,
  isShelved: false,
  hearing: 'HEALTHY',
  severity: null,
  message: '',
};

function changesOf(event: MonitorEvent): Partial<SensorState> {
  switch (event.kind) {
    case 'score':
      return event.severity === undefined ? {} : { severity: Math.round(event.severity) };
    case 'alarm': {
      const { isActive, isAcknowledged, isShelved, message } = event;
      return { alarm: isActive ? 'active' : 'normal', isAcknowledged, isShelved, message };
    }
    case 'hearing':
      return { hearing: event.state, message: event.message };
    default:
      return {};
  }
}

function keyOf({ site, asset, sensor }: SensorName): string {
  return [site, asset, sensor].join('/');
}
