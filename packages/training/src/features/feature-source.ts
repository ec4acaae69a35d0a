/**
 * What the network is fed, made on this thread or on others: batches from their plans, and the features of whole clips. Requests
 * are served in order; several may be under way.
 */
export interface FeatureSource<Plan, Batch, Features> {
  prepare(plan: Plan): Promise<Batch>;
  /** All inference chunks of clip `index` of what the source was made for. */
  clipFeatures(index: number): Promise<Features>;
  close(): Promise<void>;
}
