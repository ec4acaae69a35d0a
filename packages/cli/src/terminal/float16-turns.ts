/** A warning where float16 makes a model say something else of a clip. */
export const FLOAT16_TURNS =
  'with weights in float16 the model calls clips otherwise than with float32. Keep float32, or calibrate the model that was saved: its ' +
  'thresholds are those of float32.';
