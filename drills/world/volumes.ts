import { existsSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "./machine";
import { must } from "./process";
import { VOLUMES } from "./root";

/** Room for all volumes together; takes only what is written. */
const POOL_GIB = 64;

/**
 * The EBS volumes of one account: files on a file system of their own, which outlive the machines that they are attached to. A snapshot is what a
 * file holds at one moment, whatever its machine is doing, as AWS takes it.
 */
export class Volumes {
  private readonly pool: string;
  private readonly image: string;
  private isOpen = false;

  constructor(folder: string) {
    this.pool = join(folder, "pool");
    this.image = join(folder, "pool.img");
  }

  /** Makes a volume that holds what `prepare` puts on it. */
  create(id: string, gib: number, prepare: (file: string) => void = () => undefined): void {
    const file = this.file(id);
    writeFileSync(file, "");
    truncateSync(file, gib * 2 ** 30);
    prepare(file);
  }

  /** Attaches a volume, under its own name or another's; it is made, empty, where there is none. */
  attach(id: string, gib: number, machine: Machine, as = id): void {
    if (!existsSync(this.file(id))) this.create(id, gib);
    const device = deviceOf(as);
    machine.place(device, "");
    must("mount", "--bind", this.file(id), machine.path(device));
  }

  detach(id: string, machine: Machine): void {
    must("umount", machine.path(deviceOf(id)));
    must("rm", machine.path(deviceOf(id)));
  }

  delete(id: string): void {
    rmSync(this.file(id), { force: true });
  }

  /** Grows it while it is in use; the machine's kernel sees more. */
  grow(id: string, gib: number): void {
    truncateSync(this.file(id), gib * 2 ** 30);
    const loop = must("losetup", "--noheadings", "--output", "NAME", "--associated", this.file(id)).trim();
    if (loop !== "") must("losetup", "--set-capacity", loop);
  }

  /** A new volume of another id that holds what this one holds now. */
  snapshot(id: string, copy: string): void {
    must("cp", "--reflink=always", this.file(id), this.file(copy));
  }

  /** The identity of the file system on it; nothing where there is none. */
  identity(id: string): string {
    return must("sh", "-c", `blkid -p -o value -s UUID "$1" || true`, "sh", this.file(id)).trim();
  }

  /** A digest of how it begins. */
  beginning(id: string): string {
    return must("sh", "-c", `head -c 1048576 "$1" | sha256sum`, "sh", this.file(id)).trim();
  }

  close(): void {
    if (!this.isOpen) return;
    must("umount", "-l", this.pool);
    rmSync(this.image);
    this.isOpen = false;
  }

  private file(id: string): string {
    if (!this.isOpen) this.open();
    return join(this.pool, id);
  }

  private open(): void {
    this.isOpen = true;
    mkdirSync(this.pool, { recursive: true });
    writeFileSync(this.image, "");
    truncateSync(this.image, POOL_GIB * 2 ** 30);
    must("mkfs.xfs", "-q", "-m", "reflink=1", this.image);
    must("mount", "-o", "loop", this.image, this.pool);
  }
}

/** As Nitro machines name it. */
function deviceOf(id: string): string {
  return `/${VOLUMES}/nvme-Amazon_Elastic_Block_Store_${id.replaceAll("-", "")}`;
}
