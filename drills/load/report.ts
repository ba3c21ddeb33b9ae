/** How one request ended, told in a few words: `200`, `502`, `refused`, `disconnected`, `no answer`. */
export interface Tally {
  readonly method: string;
  /** Whether the client keeps its connections. */
  readonly kept: boolean;
  readonly outcome: string;
  readonly count: number;
}

export interface Failure {
  /** Seconds since the load began. */
  readonly at: number;
  readonly method: string;
  readonly kept: boolean;
  readonly outcome: string;
  readonly took: number;
}

/** What a load came to. Times in seconds. */
export interface Report {
  readonly seconds: number;
  readonly rate: number;
  readonly sent: number;
  readonly tallies: readonly Tally[];
  /** The first of what failed. */
  readonly failures: readonly Failure[];
  /** Longest time without any success. */
  readonly longestGap: number;
  readonly slowest: number;
  readonly median: number;
  readonly p99: number;
  /** Answers that took more than a second. */
  readonly slow: number;
  /** How late the load itself was at worst: more than a little, and the machine is too busy to measure. */
  readonly lag: number;
  readonly byServer: Readonly<Record<string, number>>;
  readonly byVersion: Readonly<Record<string, number>>;
  /** Ids of the writes that were answered with success. */
  readonly acknowledged: readonly number[];
  /** Ids of the writes that failed for the client. */
  readonly unacknowledged: readonly number[];
  /** Most connections that were open at one time. */
  readonly connections: number;
  /** The same of each part of the load that has a name. */
  readonly named: Readonly<Record<string, Report>>;
}

export interface Which {
  readonly method?: string;
  readonly kept?: boolean;
  readonly outcome?: string;
}

export function isSuccess(outcome: string): boolean {
  return /^2\d\d$/.test(outcome);
}

export function failed({ tallies }: Report, which: Which = {}): number {
  return sum(tallies.filter((tally) => !isSuccess(tally.outcome) && fits(tally, which)));
}

export function sent({ tallies }: Report, which: Which = {}): number {
  return sum(tallies.filter((tally) => fits(tally, which)));
}

/** `12,004 requests (2,000/s), 3 failed (POST 502: 3), longest gap 12 ms`. */
export function describe(report: Report): string {
  const kinds = new Map<string, number>();
  for (const { method, kept, outcome, count } of report.tallies.filter(({ outcome }) => !isSuccess(outcome))) {
    const kind = `${method}${kept ? " kept alive" : ""} ${outcome}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  const list = [...kinds].map(([kind, count]) => `${kind}: ${whole(count)}`).join(", ");
  const rate = `${whole(Math.round(report.rate))}/s`;
  const bad = failed(report);
  return [
    `${whole(report.sent)} requests (${rate})`,
    `${whole(bad)} failed${list === "" ? "" : ` (${list})`}`,
    `longest gap ${milliseconds(report.longestGap)}`,
    `slowest ${milliseconds(report.slowest)}`,
    ...(report.lag > MOST_LAG ? [`the load itself was ${milliseconds(report.lag)} late: this machine is busy`] : []),
  ].join(", ");
}

export const MOST_LAG = 0.25;

export function whole(count: number): string {
  return count.toLocaleString("en-US");
}

export function milliseconds(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
}

/** The value below which that part of the values lies. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** The longest time between two neighbours, the ends of the whole time among them. */
export function longestGap(times: readonly number[], begin: number, end: number): number {
  const all = [begin, ...[...times].sort((a, b) => a - b), end];
  return all.reduce((most, time, i) => (i === 0 ? most : Math.max(most, time - (all[i - 1] ?? time))), 0);
}

function fits(tally: Tally, { method, kept, outcome }: Which): boolean {
  return (
    (method === undefined || tally.method === method) &&
    (kept === undefined || tally.kept === kept) &&
    (outcome === undefined || tally.outcome === outcome)
  );
}

function sum(tallies: readonly Tally[]): number {
  return tallies.reduce((total, { count }) => total + count, 0);
}
