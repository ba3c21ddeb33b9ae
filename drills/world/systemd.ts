import type { Machine } from "./machine";
import type { Ran } from "./process";
import { Service, type Keeper } from "./service";
import { last, seconds, stopOrder, type Unit } from "./unit-file";
import { UnitFolder } from "./unit-folder";

type Verb = (units: readonly string[], now: boolean) => Promise<boolean>;

/**
 * The part of systemd that the machines' units rely on, for one machine: starts what the unit files say, restarts it, and stops it by process
 * id, in order, with its time-outs.
 */
export class Systemd implements Keeper {
  on = true;
  private readonly services = new Map<string, Service>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly folder: UnitFolder;

  constructor(private readonly machine: Machine) {
    this.folder = new UnitFolder(machine.root);
  }

  /** What `systemctl` answers. */
  async systemctl(args: readonly string[]): Promise<Ran> {
    const flags = args.filter((arg) => arg.startsWith("-"));
    const [verb = "", ...names] = args.filter((arg) => !arg.startsWith("-"));
    const unknown = flags.find((flag) => !["--now", "--quiet"].includes(flag));
    if (unknown !== undefined) return refusal(`systemctl: nobody expected ${unknown}`);
    const work = this.verbs[verb];
    if (work === undefined) return refusal(`systemctl ${args.join(" ")}: nobody expected this`);
    try {
      const units = names.map((name) => (/\.(service|timer)$/.test(name) ? name : `${name}.service`));
      if (await work(units, flags.includes("--now"))) return { status: 0, out: "", text: "" };
      return { status: verb === "is-active" ? 3 : 1, out: "", text: `${verb} ${names.join(" ")} failed\n` };
    } catch (error) {
      return refusal(`systemctl ${args.join(" ")}: ${(error as Error).message}`);
    }
  }

  private readonly verbs: Readonly<Partial<Record<string, Verb>>> = {
    "daemon-reload": () => {
      for (const service of this.services.values()) service.unit = this.load(service.name);
      return Promise.resolve(true);
    },
    "is-active": (units) => Promise.resolve(units.every((unit) => this.isActive(unit))),
    start: (units) => each(units, (unit) => this.start(unit)),
    stop: (units) => each(units, (unit) => this.stop(unit)),
    restart: (units) => each(units, async (unit) => (await this.stop(unit)) && this.start(unit)),
    "reload-or-restart": (units) => each(units, (unit) => this.service(unit).reload()),
    enable: (units, now) => {
      for (const unit of units) this.folder.enable(unit);
      return now ? each(units, (unit) => this.start(unit)) : Promise.resolve(true);
    },
    disable: (units, now) => {
      for (const unit of units) this.folder.disable(unit);
      return now ? each(units, (unit) => this.stop(unit)) : Promise.resolve(true);
    },
  };

  isActive(unit: string): boolean {
    return this.services.get(unit)?.state === "active";
  }

  pid(unit: string): number {
    const pid = this.services.get(unit)?.main;
    if (pid === undefined) throw new Error(`${this.machine.name}: ${unit} does not run`);
    return pid;
  }

  restartsOf(unit: string): number {
    return this.services.get(unit)?.restarts ?? 0;
  }

  /** What a boot starts, in order. */
  async boot(): Promise<void> {
    this.on = true;
    const units = new Map(this.folder.enabled().map((name) => [name, this.load(name)]));
    for (const step of stopOrder(units).reverse()) await Promise.all(step.map((name) => this.start(name)));
  }

  /** What a shutdown stops, in order. */
  async shutdown(): Promise<void> {
    this.still();
    const running = [...this.services.values()].filter(({ state }) => state !== "inactive");
    for (const step of stopOrder(new Map(running.map(({ name, unit }) => [name, unit]))))
      await Promise.all(step.map((name) => this.stop(name)));
    this.services.clear();
  }

  /** The power is gone: nothing is stopped, nothing comes back. */
  forget(): void {
    this.still();
    this.services.clear();
  }

  load(name: string): Unit {
    return this.folder.load(name);
  }

  later(delay: number, work: () => Promise<unknown>): void {
    if (!this.on || delay === Infinity) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (this.on) void work();
    }, delay * 1000);
    this.timers.add(timer);
  }

  private still(): void {
    this.on = false;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private service(name: string): Service {
    const service = this.services.get(name) ?? new Service(name, this.machine, this);
    this.services.set(name, service);
    return service;
  }

  private async start(name: string): Promise<boolean> {
    const service = this.service(name);
    return name.endsWith(".timer") ? this.startTimer(service) : service.start();
  }

  private startTimer(timer: Service): boolean {
    const fire = async (): Promise<void> => {
      if (this.on) await this.start(timer.name.replace(/\.timer$/, ".service")).catch(() => false);
      this.later(seconds(last(timer.unit, "Timer.OnUnitInactiveSec"), Infinity), fire);
    };
    if (timer.state !== "active") this.later(seconds(last(timer.unit, "Timer.OnBootSec"), Infinity), fire);
    timer.state = "active";
    return true;
  }

  private async stop(name: string): Promise<boolean> {
    const service = this.services.get(name);
    if (service !== undefined) return service.stop();
    this.load(name); // an unknown unit is an error
    return true;
  }
}

async function each(units: readonly string[], work: (unit: string) => Promise<boolean>): Promise<boolean> {
  return (await Promise.all(units.map(work))).every((done) => done);
}

function refusal(text: string): Ran {
  return { status: 1, out: "", text: `${text}\n` };
}
