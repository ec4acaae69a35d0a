/** A part of time and frequency. */
export interface MapPart {
  /** Hz. */
  fLow: number;
  fHigh: number;
  /** Seconds from the clip's start. */
  time: number;
  endTime: number;
}

/** What a stretch of time makes of the score. */
export interface SegmentImportance {
  /** Seconds from the clip's start. */
  time: number;
  endTime: number;
  /** In units of the score; see `occlusionMap`. */
  importance: number;
}

/** What a band makes of the score. */
export interface BandImportance {
  /** Hz. */
  fLow: number;
  fHigh: number;
  /** In units of the score; see `occlusionMap`. */
  importance: number;
}

/** Where in time and frequency a score comes from; plain JSON. */
export interface OcclusionMap {
  anomalyScore: number;
  /** Of the sound that parts of the clip gave way to. All parts together make the difference. */
  normalScore: number;
  /** Which sound that was. */
  normal: 'normalClip' | 'typicalSound';
  /** `[nSegments]`, all frequencies of each. */
  segments: SegmentImportance[];
  /** `[nBands]`, within the most important segment; where `isThroughout`, within the whole clip. */
  bands: BandImportance[];
  /**
   * `[nBands, nSegments]` row-major, the lowest band first: each band's importance, spread over time as the segments' is. An estimate,
   * as if time and frequency had nothing to do with each other; only the column of the most important segment was measured, and where
   * `isThroughout`, none: there the rows add up to `bands`.
   */
  map: { data: number[]; nBands: number; nSegments: number };
  /** The most important tile of the map. */
  peak: MapPart & { importance: number };
  /** The peak with its neighbours of at least half of its importance, band by band and segment by segment; all of the clip where `isThroughout`. */
  mainPart: MapPart;
  /** Whether no segment stands out (twice the mean of all): the fault is heard all the time, or too little to say when. */
  isThroughout: boolean;
  /** How often something was scored. */
  nScorings: number;
}
