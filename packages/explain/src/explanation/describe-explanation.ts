import type { MapPart } from '../occlusion/occlusion-types';
import type { Explanation } from './explanation-types';

/** Less is no difference that anyone hears. */
const AUDIBLE_DB = 1;

/** The explanation in a sentence. */
export function describeExplanation(explanation: Omit<Explanation, 'text'>): string {
  const { occlusion, isAnomaly, louderDb, nearest } = explanation;
  const parts = [];
  if (occlusion.peak.importance <= 0 || occlusion.anomalyScore <= occlusion.normalScore) {
    parts.push('No part of the clip scores above a normal sound');
  } else {
    const place = describePlace(occlusion.mainPart, occlusion.isThroughout);
    parts.push(isAnomaly ? `Mostly ${place}` : `Below the threshold; what there is, is mostly ${place}`);
    if (louderDb !== null) parts.push(describeLevel(louderDb));
  }
  const [first] = nearest;
  if (first !== undefined) parts.push(`nearest normal clip: ${first.name}`);
  return `${parts.join('; ')}.`;
}

function describePlace({ fLow, fHigh, time, endTime }: MapPart, isThroughout: boolean): string {
  const when = isThroughout
    ? 'throughout the clip'
    : `between ${time.toFixed(1)} and ${endTime.toFixed(1)} s`;
  return `${describeBand(fLow, fHigh)} ${when}`;
}

function describeBand(fLow: number, fHigh: number): string {
  const isKilo = fHigh >= 1000;
  const show = (hertz: number) => (isKilo ? (hertz / 1000).toFixed(1) : String(Math.round(hertz)));
  return `${show(fLow)} to ${show(fHigh)} ${isKilo ? 'kHz' : 'Hz'}`;
}

function describeLevel(decibels: number): string {
  if (Math.abs(decibels) < AUDIBLE_DB) return 'as loud there as normal';
  return `${Math.abs(decibels).toFixed(0)} dB ${decibels > 0 ? 'louder' : 'quieter'} there than normal`;
}
