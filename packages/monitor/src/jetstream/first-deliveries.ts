/** What a consumer says of a message. */
export interface Delivery {
  /** Number among all deliveries of the consumer, repeated ones included, to whichever node. */
  deliverySequence: number;
  /** Whether it was delivered before. */
  redelivered: boolean;
}

/**
 * Tells whether anything may lie between two pieces of a subject, without asking the stream: a consumer delivers what it has not delivered
 * yet in the stream's order, so that between two first deliveries nothing is missing as long as every delivery since has come here.
 */
export class FirstDeliveries {
  #last: number | null = null;
  /** Subjects whose last piece came, and was taken, as a first delivery since the last gap. */
  readonly #taken = new Set<string>();

  /** A message has come. @returns whether it is the next one of its subject after the one that was taken last */
  isNext(subject: string, { deliverySequence, redelivered }: Delivery): boolean {
    if (this.#last === null || deliverySequence !== this.#last + 1) this.#taken.clear(); // another node has the one between
    this.#last = deliverySequence;
    return !redelivered && this.#taken.has(subject);
  }

  /** It was taken, and whatever may have lain before it. */
  took(subject: string, { redelivered }: Delivery): void {
    if (!redelivered) this.#taken.add(subject);
  }

  /** The sensor begins at another place than the last piece that came. */
  forget(subject: string): void {
    this.#taken.delete(subject);
  }
}
