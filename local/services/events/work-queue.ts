/** Runs items in the order of their arrival, a bounded number at a time, on later turns of the event loop. */
export class WorkQueue<Item> {
  readonly #work: (item: Item) => Promise<void>;
  readonly #concurrency: number;
  readonly #waiting: Item[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #active = 0;
  #isRunning = false;
  #turn: NodeJS.Immediate | undefined;
  #whenEnded: (() => void) | undefined;

  /** @param work must not reject: an item that failed is for it to deal with */
  constructor(concurrency: number, work: (item: Item) => Promise<void>) {
    this.#concurrency = concurrency;
    this.#work = work;
  }

  /** Before `start`, items only wait. */
  add(items: readonly Item[]): void {
    this.#waiting.push(...items);
    this.#scheduleTurn();
  }

  /** Adds an item after so many real milliseconds, unless the queue is stopped before. */
  addLater(item: Item, milliseconds: number): void {
    if (!this.#isRunning) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.add([item]);
    }, milliseconds);
    this.#timers.add(timer);
  }

  start(): void {
    this.#isRunning = true;
    this.#scheduleTurn();
  }

  /** Forgets what waits; resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    clearImmediate(this.#turn);
    this.#turn = undefined;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.length = 0;
    if (this.#active === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenEnded = resolve;
    });
  }

  /** One turn starts what may start, so that whoever added answers first and a long queue leaves room for others. */
  #scheduleTurn(): void {
    if (!this.#isRunning || this.#turn || this.#waiting.length === 0) return;
    this.#turn = setImmediate(() => {
      this.#turn = undefined;
      for (const item of this.#waiting.splice(0, this.#concurrency - this.#active)) void this.#run(item);
    });
  }

  async #run(item: Item): Promise<void> {
    this.#active++;
    try {
      await this.#work(item);
    } finally {
      this.#active--;
      if (this.#active === 0) this.#whenEnded?.();
      this.#scheduleTurn();
    }
  }
}
