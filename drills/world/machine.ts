import { spawn, type ChildProcess } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import type { Account, Caller } from "./account";
import { installPackages } from "./packages";
import type { Network, Wire } from "./network";
import type { Policies } from "./policies";
import { buildRoot, type Root } from "./root";
import { collect, commandLine, must, processesIn, signal, until, type Ran } from "./process";
import { Systemd } from "./systemd";

export interface MachineArgs {
  readonly name: string;
  readonly instanceId: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly cloudConfig: string;
  readonly address: string;
  readonly policies: Policies;
  /** Folder that the machine's own files lie over. */
  readonly tree: string;
  /** Where the machine is kept while it is there. */
  readonly folder: string;
  /** What runs as `java`. @default - the real one */
  readonly java?: readonly string[] | undefined;
}

export interface Run {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly user?: string | undefined;
  readonly cwd?: string | undefined;
  /** `append:/PATH`, where the output goes. @default - to who asked */
  readonly output?: string | undefined;
  /** Most open files. */
  readonly files?: number;
  readonly seconds?: number;
  readonly input?: string;
}

interface CloudConfig {
  readonly write_files: readonly { readonly path: string; readonly permissions: string; readonly content: string }[];
  readonly runcmd: readonly (readonly string[])[];
}

/** Nothing of /usr/local: what the drill's own machine has there would hide what stands in for AWS. */
const PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
/** Folder of the drill's own things inside of a machine. */
const DRILL = "/drill";
const STAND_INS = ["aws", "dnf", "systemctl"];

/** One EC2 instance: a network namespace and a root folder of its own, with real processes, started by its user data. */
export class Machine implements Caller {
  readonly name: string;
  readonly systemd: Systemd;
  /** Lines of what happened, for whoever has to find out why. */
  readonly journal: string[] = [];
  /** Set for the scripts of this machine. */
  readonly env: Record<string, string> = { BILLYBULLY_PAUSE: "1" };
  readonly policies: Policies;
  readonly wire: Wire;
  private readonly tree: Root;
  private readonly stubs: Server;
  private booted = false;
  private notices = 0;

  constructor(
    readonly args: MachineArgs,
    private readonly network: Network,
    private readonly account: Account,
  ) {
    this.name = args.name;
    this.policies = args.policies;
    this.wire = network.attach(args.address);
    this.tree = buildRoot(args.folder, args.tree);
    this.systemd = new Systemd(this);
    this.makeFolder(DRILL);
    for (const part of ["ask.pl", "notify.pl"])
      this.place(`${DRILL}/${part}`, readFileSync(join(PARTS, part), "utf8"), 0o755);
    for (const command of STAND_INS) this.standIn(`/usr/bin/${command}`);
    this.stubs = createServer({ allowHalfOpen: true }, (socket) => {
      const parts: Buffer[] = [];
      socket.on("error", () => undefined);
      socket.on("data", (data) => parts.push(data));
      socket.on("end", () => {
        const [command = "", ...words] = Buffer.concat(parts).toString().split("\0");
        void this.answer(command, words).then(({ status, out, text }) => socket.end(`${status}\0${out}\0${text}`));
      });
    });
    this.stubs.listen(join(this.root, DRILL, "socket"));
  }

  get root(): string {
    return this.tree.path;
  }

  /** Power on. The first time it is what cloud-init does, afterwards what the units say. */
  async boot(): Promise<Ran> {
    this.network.plug(this.wire);
    must("mount", "-t", "tmpfs", "tmpfs", join(this.root, "run"));
    this.mountAll();
    if (this.booted) {
      await this.systemd.boot();
      return { status: 0, out: "", text: "" };
    }
    this.booted = true;
    const { write_files, runcmd } = JSON.parse(this.args.cloudConfig.replace(/^#cloud-config\n/, "")) as CloudConfig;
    for (const { path, permissions, content } of write_files) this.place(path, content, parseInt(permissions, 8));
    let ran: Ran = { status: 0, out: "", text: "" };
    for (const command of runcmd) ran = await this.exec(command);
    this.makeFolder("/var/log");
    appendFileSync(join(this.root, "var/log/cloud-init-output.log"), ran.text);
    return ran;
  }

  /** Through Systems Manager: as root, with nobody watching. */
  async run(script: string, ...args: readonly string[]): Promise<Ran> {
    const ran = await this.exec([`/opt/billybully/${script}`, ...args]);
    this.note(`${script} ${args.join(" ")}: status ${ran.status}`);
    return ran;
  }

  exec(argv: readonly string[], options: Run = {}): Promise<Ran> {
    return collect(this.spawn(argv, options), options.seconds ?? 900);
  }

  spawn(argv: readonly string[], options: Run = {}): ChildProcess {
    const { output, input } = options;
    const log = output === undefined ? undefined : openSync(join(this.root, output.replace("append:", "")), "a");
    const [file = "", ...args] = [...this.enter(options), ...argv];
    // A shell whose standard input is a socket, as a pipe of Node's is, believes that somebody logs in, and reads his profile.
    const stdin = input === undefined ? "ignore" : "pipe";
    const child = spawn(file, args, { detached: true, stdio: [stdin, log ?? "pipe", log ?? "pipe"] });
    child.stdin?.on("error", () => undefined); // whoever does not read closes it
    child.stdin?.end(input);
    if (log !== undefined) closeSync(log);
    return child;
  }

  /** What puts a command on the machine: its network, its root, its user and nothing of the drill's own environment. */
  private enter({ env = {}, user, cwd, files = 4096 }: Run): string[] {
    const variables = { PATH, HOME: "/root", LANG: "C.UTF-8", BILLYBULLY_DRILL: DRILL, ...this.env, ...env };
    return [
      ...["nsenter", `--net=${this.wire.namespace}`, "prlimit", `--nofile=${Math.min(files, MOST_FILES)}`],
      ...["chroot", ...(user === undefined ? [] : [`--userspec=${user}`]), this.root],
      ...["/usr/bin/env", "-i", ...(cwd === undefined ? [] : ["-C", cwd])],
      ...Object.entries(variables).map(([key, value]) => `${key}=${value}`),
    ];
  }

  /** Everything in order: units stop as their files say, then the power goes. */
  async shutdown(): Promise<void> {
    await this.systemd.shutdown();
    this.cutPower();
  }

  /** Nobody is told, nothing is stopped. What is on the disk stays. */
  cutPower(): void {
    this.systemd.forget();
    this.network.unplug(this.wire);
    for (let left = this.pids(); left.length > 0; left = this.pids()) for (const pid of left) signal(pid, "SIGKILL");
    this.tree.unmount("run", "var/lib/mysql");
  }

  /** Its processes; with a text, those whose command line holds it. */
  pids(text = ""): number[] {
    return processesIn(this.wire.inode).filter((pid) => text === "" || commandLine(pid).includes(text));
  }

  signal(text: string, name: NodeJS.Signals): void {
    const pids = this.pids(text);
    if (pids.length === 0) throw new Error(`${this.name}: nothing like ${text} runs`);
    for (const pid of pids) signal(pid, name);
  }

  note(text: string): void {
    this.journal.push(`${new Date().toISOString().slice(11, 23)} ${this.name}: ${text}`);
  }

  path(file: string): string {
    return join(this.root, file);
  }

  read(file: string): string {
    return existsSync(this.path(file)) ? readFileSync(this.path(file), "utf8") : "";
  }

  place(file: string, content: string | Uint8Array, mode = 0o644): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    rmSync(this.path(file), { force: true });
    writeFileSync(this.path(file), content);
    chmodSync(this.path(file), mode);
  }

  standIn(file: string): void {
    this.place(file, readFileSync(join(PARTS, "ask.pl"), "utf8"), 0o755);
  }

  makeFolder(folder: string, owner?: string): void {
    mkdirSync(this.path(folder), { recursive: true });
    if (owner !== undefined) must("chroot", this.root, "chown", owner, `/${folder}`.replace("//", "/"));
  }

  /** Puts a socket into the environment of a service; `ready` is when the service has written there that it is. */
  async listenForReadiness(environment: Record<string, string>): Promise<{ readonly ready: Promise<true> }> {
    const path = `/run/notify-${++this.notices}`;
    environment["NOTIFY_SOCKET"] = path;
    const listener = this.spawn(["/usr/bin/perl", `${DRILL}/notify.pl`, path]);
    let heard = "";
    listener.stdout?.on("data", (data: Buffer) => (heard += data.toString()));
    await until("a place to say that a service is ready", 10, () => heard.includes("listening"), 0.01);
    const ready = new Promise<true>((resolve) => {
      listener.stdout?.on("data", () => {
        if (!heard.includes("READY=1")) return;
        resolve(true);
        if (listener.pid !== undefined) signal(listener.pid, "SIGKILL");
      });
    });
    return { ready };
  }

  remove(): void {
    this.cutPower();
    this.stubs.close();
    this.network.detach(this.wire);
    this.tree.remove();
  }

  /** What systemd mounts at boot. A missing device holds the boot up, unless the line says otherwise. */
  private mountAll(): void {
    for (const line of this.read("etc/fstab").split("\n")) {
      const [source = "", target = "", type = "", options = ""] = line.split(/\s+/);
      if (type !== "xfs" || source.startsWith("#")) continue;
      const done = this.tree.mountVolume(source.replace("UUID=", ""), target, options);
      if (!done && !options.split(",").includes("nofail"))
        throw new Error(`${this.name} does not boot: no ${source} for ${target}`);
    }
  }

  private async answer(command: string, args: readonly string[]): Promise<Ran> {
    const line = `${command} ${args.join(" ")}`;
    if (command === "aws") return this.account.aws(this, args);
    if (command === "systemctl") return this.systemd.systemctl(args);
    return this.account.recorded(this.name, line, () => {
      if (command === "dnf") return installPackages(this, args);
      if (command === "amazon-cloudwatch-agent-ctl") return { status: 0, out: "", text: "" };
      this.account.unexpected.push(`${this.name}: ${line}`);
      return { status: 97, out: "", text: `nobody expected ${line}\n` };
    });
  }
}

/** More open files than this nobody may have here. */
const MOST_FILES = Number(/^Max open files +\d+ +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1] ?? 4096);

export const PARTS = join(__dirname, "..", "parts");
