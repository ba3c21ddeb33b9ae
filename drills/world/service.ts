import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "./machine";
import { alive, groupAlive, signal, sleep, within } from "./process";
import { last, parseCommand, parseEnvironment, seconds, words, type Unit } from "./unit-file";

export type State = "inactive" | "activating" | "active" | "deactivating" | "failed";

const START_SECONDS = 90;
const STOP_SECONDS = 90;

/** What a service asks of whoever keeps it: its file as it is now, and to be started again later. */
export interface Keeper {
  readonly on: boolean;
  load(name: string): Unit;
  later(delay: number, work: () => Promise<unknown>): void;
}

/** One unit of a machine, and the process that it is about. */
export class Service {
  unit: Unit;
  state: State = "inactive";
  /** How often it came back after an end of its own. */
  restarts = 0;
  main: number | undefined;
  private starting: Promise<boolean> | undefined;

  constructor(
    readonly name: string,
    private readonly machine: Machine,
    private readonly keeper: Keeper,
  ) {
    this.unit = keeper.load(name);
  }

  /** Who asks while it is coming up already waits for that. @returns whether it is up */
  async start(): Promise<boolean> {
    if (this.state === "active") return true;
    this.starting ??= this.bringUp().finally(() => (this.starting = undefined));
    return this.starting;
  }

  async stop(): Promise<boolean> {
    await this.starting;
    if (this.state === "inactive") return true;
    const wasActive = this.state === "active";
    this.state = "deactivating";
    const limit = this.limit("Service.TimeoutStopSec", STOP_SECONDS);
    if (wasActive) await this.all("Service.ExecStop", limit);
    if (this.main !== undefined) await this.end(this.main, limit);
    this.main = undefined;
    this.state = "inactive";
    return true;
  }

  async reload(): Promise<boolean> {
    this.unit = this.keeper.load(this.name);
    if (this.state === "active" && this.unit.has("Service.ExecReload"))
      return this.all("Service.ExecReload", START_SECONDS);
    return (await this.stop()) && this.start();
  }

  private async bringUp(): Promise<boolean> {
    this.unit = this.keeper.load(this.name);
    const mount = last(this.unit, "Unit.AssertPathIsMountPoint");
    if (mount !== undefined && (await this.machine.exec(["mountpoint", "-q", mount])).status !== 0) {
      this.machine.note(`${this.name}: ${mount} is no mount point`);
      return false;
    }
    this.state = "activating";
    const done = await this.startProcesses();
    if (done === "skipped") this.state = "inactive";
    else if (!done) this.fail();
    return done !== false;
  }

  private async startProcesses(): Promise<boolean | "skipped"> {
    const limit = this.limit("Service.TimeoutStartSec", START_SECONDS);
    if (!(await this.all("Service.ExecCondition", limit))) return "skipped";
    if (!(await this.all("Service.ExecStartPre", limit))) return false;
    const type = last(this.unit, "Service.Type") ?? "simple";
    if (type === "oneshot") {
      if (!(await this.all("Service.ExecStart", limit))) return false;
      this.state = last(this.unit, "Service.RemainAfterExit") === "yes" ? "active" : "inactive";
      return true;
    }
    if (!(await this.startMain(type, limit))) return false;
    this.state = "active";
    return this.all("Service.ExecStartPost", limit);
  }

  private async startMain(type: string, limit: number): Promise<boolean> {
    const environment = this.environment();
    const notice = type === "notify" ? await this.machine.listenForReadiness(environment) : undefined;
    const { argv } = parseCommand(last(this.unit, "Service.ExecStart") ?? "", environment);
    const output = last(this.unit, "Service.StandardOutput");
    const child = this.machine.spawn(argv, { ...this.options(environment), output });
    const ended = endOf(child);
    if (type === "forking") {
      if ((await within(ended, limit)) !== 0) return false;
      const pid = this.pidIn(last(this.unit, "Service.PIDFile") ?? "");
      if (pid !== undefined) this.follow(pid, gone(pid));
      return pid !== undefined;
    }
    if (child.pid === undefined) return false;
    this.follow(child.pid, ended);
    if (notice === undefined) return true;
    return (await Promise.race([within(notice.ready, limit), ended.then(() => undefined)])) !== undefined;
  }

  private pidIn(file: string): number | undefined {
    const path = join(this.machine.root, file);
    return existsSync(path) ? Number(readFileSync(path, "utf8")) : undefined;
  }

  private follow(pid: number, ended: Promise<number | undefined>): void {
    this.main = pid;
    void ended.then((status) => {
      if (this.main === pid && this.state !== "deactivating" && this.keeper.on) this.ended(status);
    });
  }

  /** Comes back from an end of its own, where its unit says so. */
  private ended(status: number | undefined): void {
    this.main = undefined;
    this.machine.note(`${this.name} ended by itself, status ${status ?? "unknown"}`);
    const among = (key: string): boolean => words(this.unit, key).includes(String(status));
    const clean = status === 0 || among("Service.SuccessExitStatus");
    this.state = clean ? "inactive" : "failed";
    if (among("Service.RestartPreventExitStatus") || !this.comesBack(clean)) return;
    this.restarts++;
    this.again();
  }

  private comesBack(clean: boolean): boolean {
    const restart = last(this.unit, "Service.Restart") ?? "no";
    return restart === "always" || (restart === "on-failure" && !clean);
  }

  private fail(): void {
    this.machine.note(`${this.name} cannot be started`);
    if (this.main !== undefined) signal(-this.main, "SIGKILL");
    this.main = undefined;
    this.state = "failed";
    if (this.comesBack(false)) this.again();
  }

  private again(): void {
    this.state = "activating";
    this.keeper.later(seconds(last(this.unit, "Service.RestartSec"), 0.1), async () => {
      if (this.state === "activating") await this.start();
    });
  }

  private async end(main: number, limit: number): Promise<void> {
    signal(main, (last(this.unit, "Service.KillSignal") ?? "SIGTERM") as NodeJS.Signals);
    await within(gone(main), limit);
    if (!groupAlive(main)) return;
    if (alive(main)) this.machine.note(`${this.name} did not stop within ${limit} s: killed`);
    signal(-main, "SIGKILL");
    await within(gone(main), 5);
  }

  /** Every command of a list, in order, until one fails that may not. */
  private async all(key: string, limit: number): Promise<boolean> {
    for (const line of this.unit.get(key) ?? []) {
      const environment = this.environment();
      const { argv, mayFail, asRoot } = parseCommand(line, environment);
      const options = this.options(environment);
      const { status, text } = await this.machine.exec(argv, {
        ...options,
        ...(asRoot && { user: undefined }),
        seconds: limit,
      });
      if (status === 0 || mayFail) continue;
      if (!key.endsWith("Condition"))
        this.machine.note(`${this.name}: ${argv.join(" ")}: status ${status}: ${text.trim().slice(-300)}`);
      return false;
    }
    return true;
  }

  private limit(key: string, otherwise: number): number {
    return seconds(last(this.unit, key) ?? last(this.unit, "Service.TimeoutSec"), otherwise);
  }

  private environment(): Record<string, string> {
    const files = (this.unit.get("Service.EnvironmentFile") ?? []).map((file) => {
      const path = join(this.machine.root, file.replace(/^-/, ""));
      if (existsSync(path)) return parseEnvironment(readFileSync(path, "utf8"));
      if (file.startsWith("-")) return {};
      throw new Error(`no environment file ${file}`);
    });
    const own = (this.unit.get("Service.Environment") ?? []).map(parseEnvironment);
    return Object.assign({}, ...own, ...files) as Record<string, string>;
  }

  private options(env: Record<string, string>): Parameters<Machine["spawn"]>[1] {
    const user = last(this.unit, "Service.User");
    for (const [key, parent] of FOLDERS_OF_ITS_OWN)
      for (const name of words(this.unit, `Service.${key}`)) this.machine.makeFolder(`${parent}/${name}`, user);
    const files = last(this.unit, "Service.LimitNOFILE");
    return {
      env,
      user,
      cwd: last(this.unit, "Service.WorkingDirectory"),
      ...(files !== undefined && { files: Number(files) }),
    };
  }
}

const FOLDERS_OF_ITS_OWN = [
  ["RuntimeDirectory", "run"],
  ["StateDirectory", "var/lib"],
] as const;

function endOf(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve) => {
    child.once("error", () => {
      resolve(127);
    });
    child.once("exit", (code, signalled) => {
      resolve(code ?? (signalled === null ? undefined : 128));
    });
  });
}

async function gone(pid: number): Promise<undefined> {
  while (alive(pid)) await sleep(0.05);
  return undefined;
}
