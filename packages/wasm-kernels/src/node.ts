export { enableRelaxedSimd } from './runtime/enable-relaxed-simd';
