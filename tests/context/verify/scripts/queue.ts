import { EventEmitter } from 'node:events';

type Job<T> = () => Promise<T>;

interface Waiting<T> {
  job: Job<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
}

export class QueueFull extends Error {
  constructor(readonly size: number) {
    super(`the queue holds ${size} jobs already`);
    this.name = 'QueueFull';
  }
}

/** Runs jobs one after another, or a few at the same time. */
export class Queue<T> extends EventEmitter {
  private readonly waiting: Waiting<T>[] = [];
  private running = 0;
  #closed = false;

  constructor(
    private readonly width = 1,
    private readonly limit = Infinity,
  ) {
    super();
  }

  get size(): number {
    const active = this.running;
    const idle = this.waiting.length;
    return active + idle;
  }

  add(job: Job<T>): Promise<T> {
    if (this.#closed) {
      return Promise.reject(new Error('the queue is closed'));
    }
    if (this.waiting.length >= this.limit) {
      throw new QueueFull(this.waiting.length);
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, resolve, reject });
      this.advance();
    });
  }

  async drain(timeout = 1000): Promise<boolean> {
    const started = Date.now();
    while (this.size > 0) {
      if (Date.now() - started > timeout) {
        return false;
      }
      await new Promise((done) => setTimeout(done, 10));
    }
    return true;
  }

  close(reason?: Error): void {
    this.#closed = true;
    const error = reason ?? new Error('closed');
    for (const each of this.waiting.splice(0)) {
      each.reject(error);
    }
    this.emit('closed', error);
  }

  private advance(): void {
    while (this.running < this.width) {
      const next = this.waiting.shift();
      if (!next) {
        return;
      }
      this.running += 1;
      void this.run(next);
    }
  }

  private async run({ job, resolve, reject }: Waiting<T>): Promise<void> {
    try {
      const value = await job();
      resolve(value);
    } catch (error) {
      reject(error);
      this.emit('failed', error);
    } finally {
      this.running -= 1;
      this.advance();
    }
  }
}

export async function retried<T>(job: Job<T>, times = 3, delay = 50): Promise<T> {
  let last: unknown;
  for (let attempt = 0; attempt < times; attempt += 1) {
    try {
      return await job();
    } catch (error) {
      last = error;
      await new Promise((done) => setTimeout(done, delay * 2 ** attempt));
    }
  }
  throw last;
}

export function debounced<A extends unknown[]>(act: (...args: A) => void, delay: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (...args: A): void => {
    if (timer !== undefined) {
      clearTimeout(timer);
    }
    timer = setTimeout(() => act(...args), delay);
  };
}

export function* chunks<T>(values: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const value of values) {
    chunk.push(value);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) {
    yield chunk;
  }
}
