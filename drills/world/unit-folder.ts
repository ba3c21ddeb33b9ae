import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { last, parseUnit, type Unit } from "./unit-file";

/** Where unit files lie; one in the first hides its namesake in the second. */
const FOLDERS = ["etc/systemd/system", "usr/lib/systemd/system"];
const WANTS = "etc/systemd/system/wanted";

/** The unit files below a machine's root, and which of them a boot starts. */
export class UnitFolder {
  constructor(private readonly root: string) {}

  /** @throws Error where there is none of that name */
  load(name: string): Unit {
    const [, base = name, instance = "", suffix = ""] = /^(.*@)(.*)(\.\w+)$/.exec(name) ?? [];
    const file = `${base}${suffix}`;
    const own = FOLDERS.map((folder) => join(this.root, folder, file)).find((path) => existsSync(path));
    if (own === undefined) throw new Error(`Unit ${name} not found`);
    return parseUnit(
      [own, ...this.dropsOf(file)].map((path) => readFileSync(path, "utf8")),
      instance,
    );
  }

  enable(name: string): void {
    const unit = this.load(name);
    if (last(unit, "Install.WantedBy") === undefined && !name.endsWith(".timer"))
      throw new Error(`${name} has no [Install]`);
    this.disable(name);
    mkdirSync(join(this.root, WANTS), { recursive: true });
    symlinkSync(`/etc/systemd/system/${name}`, join(this.root, WANTS, name));
  }

  disable(name: string): void {
    rmSync(join(this.root, WANTS, name), { force: true });
  }

  enabled(): string[] {
    const folder = join(this.root, WANTS);
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  private dropsOf(file: string): string[] {
    const folders = FOLDERS.map((folder) => join(this.root, folder, `${file}.d`)).filter((path) => existsSync(path));
    return folders.flatMap((folder) =>
      readdirSync(folder)
        .sort()
        .map((drop) => join(folder, drop)),
    );
  }
}
