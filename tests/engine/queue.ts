/** Work that takes minutes and mostly waits: so many pieces at a time, in the order in which they came. */
export class Queue {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly width: number) {}

  /** The outcome is the work's own; whoever awaits it hears of a failure. */
  add<T>(work: () => Promise<T>): Promise<T> {
    const outcome = this.turn()
      .then(work)
      .finally(() => {
        this.running--;
        this.waiting.shift()?.();
      });
    outcome.catch(() => undefined);
    return outcome;
  }

  private turn(): Promise<void> {
    const free =
      this.running < this.width ? Promise.resolve() : new Promise<void>((resolve) => this.waiting.push(resolve));
    return free.then(() => {
      this.running++;
    });
  }
}

/** Stacks at a time, for all engine tests together: most of an `up` is waiting. */
export const stacks = new Queue(Number(process.env["ENGINE_WIDTH"] ?? 3));

/** One evaluation at a time: it uses the SDK's state of this process. */
export const evaluations = new Queue(1);
