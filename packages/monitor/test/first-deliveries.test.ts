import { FirstDeliveries } from '../src/jetstream/first-deliveries';

const first = (deliverySequence: number) => ({ deliverySequence, redelivered: false });
const again = (deliverySequence: number) => ({ deliverySequence, redelivered: true });

describe('FirstDeliveries', () => {
  const take = (deliveries: FirstDeliveries, subject: string, delivery: ReturnType<typeof first>) => {
    const isNext = deliveries.isNext(subject, delivery);
    deliveries.took(subject, delivery);
    return isNext;
  };

  it('knows the next piece of each subject once one has come', () => {
    const deliveries = new FirstDeliveries();
    expect(take(deliveries, 'a', first(7))).toBe(false);
    expect(take(deliveries, 'b', first(8))).toBe(false);
    expect(take(deliveries, 'a', first(9))).toBe(true);
    expect(take(deliveries, 'b', first(10))).toBe(true);
  });

  it('knows nothing more after a delivery that another node got', () => {
    const deliveries = new FirstDeliveries();
    take(deliveries, 'a', first(1));
    take(deliveries, 'b', first(2));
    expect(take(deliveries, 'a', first(4))).toBe(false);
    expect(take(deliveries, 'b', first(5))).toBe(false);
    expect(take(deliveries, 'a', first(6))).toBe(true);
  });

  it('never trusts a piece that comes again, nor one after which the sensor began elsewhere', () => {
    const deliveries = new FirstDeliveries();
    expect(take(deliveries, 'a', again(1))).toBe(false);
    expect(take(deliveries, 'a', first(2))).toBe(false); // what came again says nothing of what lies before this
    expect(take(deliveries, 'a', again(3))).toBe(false);
    expect(take(deliveries, 'a', first(4))).toBe(true);
    deliveries.forget('a');
    expect(take(deliveries, 'a', first(5))).toBe(false);
  });

  it('takes a piece that came and was not taken for none', () => {
    const deliveries = new FirstDeliveries();
    expect(deliveries.isNext('a', first(1))).toBe(false);
    expect(deliveries.isNext('a', first(2))).toBe(false);
  });
});
