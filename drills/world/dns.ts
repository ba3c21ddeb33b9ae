import { createSocket, type Socket } from "node:dgram";
import type { DnsRecord } from "./account";

const TYPES: Readonly<Record<string, number>> = { A: 1, CNAME: 5 };
const NAME_ERROR = 3;

/** The VPC's resolver: answers from the private zone's records, aliases followed, and knows no other names. */
export class Resolver {
  private socket: Socket | undefined;
  private turn = 0;
  /** Names that were asked for, and how often. */
  readonly asked = new Map<string, number>();

  constructor(private readonly records: ReadonlyMap<string, DnsRecord>) {}

  async listen(address: string): Promise<void> {
    const socket = createSocket("udp4");
    this.socket = socket;
    socket.on("message", (query, { address: to, port }) => {
      socket.send(this.answer(query), port, to);
    });
    await new Promise<void>((resolve) => socket.bind(53, address, resolve));
  }

  close(): void {
    this.socket?.close();
  }

  /** @returns the whole message that answers a query of one question */
  answer(query: Buffer): Buffer {
    const { name, end } = readName(query, 12);
    const type = query.readUInt16BE(end);
    this.asked.set(name, (this.asked.get(name) ?? 0) + 1);
    const chain = this.follow(name);
    const found = chain.filter((answer) => answer.type === TYPES["CNAME"] || answer.type === type);
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8580 | (chain.length === 0 ? NAME_ERROR : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(found.length, 6);
    return Buffer.concat([header, query.subarray(12, end + 4), ...found.map(encode)]);
  }

  /** The first address that a name leads to now. */
  address(name: string): string {
    const found = this.follow(name).find(({ type }) => type === TYPES["A"]);
    if (found === undefined) throw new Error(`no name ${name}`);
    return found.value;
  }

  private follow(name: string): Answer[] {
    const record = this.records.get(name);
    if (record === undefined) return [];
    const type = TYPES[record.type] ?? 0;
    const first = record.records.length > 1 ? this.turn++ % record.records.length : 0;
    const turned = [...record.records.slice(first), ...record.records.slice(0, first)];
    const own = turned.map((value) => ({ name, type, ttl: record.ttl, value }));
    return record.type === "CNAME" ? [...own, ...this.follow(record.records[0] ?? "")] : own;
  }
}

interface Answer {
  readonly name: string;
  readonly type: number;
  readonly ttl: number;
  readonly value: string;
}

function encode({ name, type, ttl, value }: Answer): Buffer {
  const data = type === TYPES["A"] ? Buffer.from(value.split(".").map(Number)) : writeName(value);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(ttl, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([writeName(name), head, data]);
}

function readName(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString("ascii", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}

function writeName(name: string): Buffer {
  const labels = name.split(".").filter((label) => label !== "");
  return Buffer.concat([
    ...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}
