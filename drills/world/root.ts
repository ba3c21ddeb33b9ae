import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must } from "./process";
import { RESOLVER } from "./network";

/** A machine's root: its own files over a tree that stays as it is. */
export interface Root {
  readonly path: string;
  /** Mounts the attached volume with that file system; whether there is one. */
  mountVolume(uuid: string, target: string, options: string): boolean;
  unmount(...folders: readonly string[]): void;
  remove(): void;
}

/** What lies in these on the drill's machine is none of the drilled one's. */
const OWN_FOLDERS = ["root", "tmp", "var/log", "var/tmp"];
const MEMORY_KIB = 524_288;

export function buildRoot(folder: string, tree: string): Root {
  const [path, upper, work] = ["root", "upper", "work"].map((name) => join(folder, name)) as [string, string, string];
  for (const each of [path, upper, work]) mkdirSync(each, { recursive: true });
  must("mount", "-t", "overlay", "overlay", "-o", `lowerdir=${tree},upperdir=${upper},workdir=${work}`, path);
  for (const own of OWN_FOLDERS) must("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", mkdir(path, own));
  must("chmod", "755", join(path, "var/log"));
  must("mount", "-t", "proc", "proc", join(path, "proc"));
  // The machines share this one's memory; each is told that it is a small one.
  writeFileSync(join(folder, "meminfo"), `MemTotal: ${MEMORY_KIB} kB\nMemAvailable: ${MEMORY_KIB / 2} kB\n`);
  must("mount", "--bind", join(folder, "meminfo"), join(path, "proc/meminfo"));
  makeDevices(mkdir(path, "dev"));
  for (const file of ["etc/resolv.conf", "etc/hosts", "etc/fstab"]) rmSync(join(path, file), { force: true });
  writeFileSync(join(path, "etc/resolv.conf"), `nameserver ${RESOLVER}\noptions timeout:1 attempts:2\n`);
  writeFileSync(join(path, "etc/hosts"), "127.0.0.1 localhost\n");
  writeFileSync(join(path, "etc/fstab"), "");
  return {
    path,
    mountVolume: (uuid, target, options) => mountVolume(path, uuid, target, options),
    unmount: (...folders) => {
      for (const each of folders) if (isMounted(join(path, each))) must("umount", "-l", join(path, each));
    },
    remove: () => {
      must("umount", "-R", "-l", path);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function mkdir(path: string, folder: string): string {
  mkdirSync(join(path, folder), { recursive: true });
  return join(path, folder);
}

function makeDevices(dev: string): void {
  must("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", dev);
  const devices = { null: "1 3", zero: "1 5", full: "1 7", random: "1 8", urandom: "1 9", tty: "5 0" };
  for (const [name, number] of Object.entries(devices))
    must("mknod", "-m", "666", join(dev, name), "c", ...number.split(" "));
  must("mknod", join(dev, "loop-control"), "c", "10", "237");
  for (let i = 0; i < 32; i++) must("mknod", join(dev, `loop${i}`), "b", "7", String(i));
  must("ln", "-s", "/proc/self/fd", join(dev, "fd"));
}

export const VOLUMES = "dev/disk/by-id";

function mountVolume(path: string, uuid: string, target: string, options: string): boolean {
  const folder = join(path, VOLUMES);
  const devices = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of devices) {
    const device = join(folder, name);
    if (must("blkid", "-p", "-o", "value", "-s", "UUID", device).trim() !== uuid) continue;
    const passed = options.split(",").filter((option) => !/^(nofail|x-)/.test(option));
    must("mount", "-o", [...passed, "loop"].join(","), device, join(path, target));
    return true;
  }
  return false;
}

function isMounted(path: string): boolean {
  try {
    must("mountpoint", "-q", path);
    return true;
  } catch {
    return false;
  }
}
