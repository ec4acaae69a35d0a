// tfjs-core registers no gradients by itself; `@tensorflow/tfjs` and `@tensorflow/tfjs-layers` do it by this import.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
