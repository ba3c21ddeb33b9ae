import { isSuccess, longestGap, percentile, type Failure, type Report, type Tally } from "./report";

const MOST_FAILURES = 500;

export interface Noted {
  readonly id: number;
  readonly method: string;
  readonly kept: boolean;
  readonly began: number;
}

/** Notes what becomes of requests, and tells it at the end. Times in seconds of one clock. */
export class Book {
  sent = 0;
  ended = 0;
  private readonly tallies = new Map<string, Tally & { count: number }>();
  private readonly failures: Failure[] = [];
  private readonly successes: number[] = [];
  private readonly times: number[] = [];
  private readonly acknowledged: number[] = [];
  private readonly unacknowledged: number[] = [];

  constructor(private readonly begin: number) {}

  note({ id, method, kept, began }: Noted, outcome: string, at: number): void {
    this.ended++;
    const key = `${method} ${String(kept)} ${outcome}`;
    const tally = this.tallies.get(key) ?? { method, kept, outcome, count: 0 };
    tally.count++;
    this.tallies.set(key, tally);
    this.times.push(at - began);
    if (method === "POST") (isSuccess(outcome) ? this.acknowledged : this.unacknowledged).push(id);
    if (isSuccess(outcome)) this.successes.push(at);
    else if (this.failures.length < MOST_FAILURES)
      this.failures.push({ at: at - this.begin, method, kept, outcome, took: at - began });
  }

  /** `of` is what only the whole load knows. */
  read(end: number, of: Pick<Report, "lag" | "byServer" | "byVersion" | "connections" | "named">): Report {
    const { begin, sent, failures, successes, times, acknowledged, unacknowledged } = this;
    return {
      ...of,
      seconds: end - begin,
      rate: sent / (end - begin),
      sent,
      tallies: [...this.tallies.values()],
      failures,
      longestGap: longestGap(
        successes.filter((time) => time <= end),
        begin,
        end,
      ),
      slowest: times.reduce((most, time) => Math.max(most, time), 0),
      median: percentile(times, 0.5),
      p99: percentile(times, 0.99),
      slow: times.filter((time) => time > 1).length,
      acknowledged,
      unacknowledged,
    };
  }
}
