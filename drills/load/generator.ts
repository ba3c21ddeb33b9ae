import { connect, type Socket } from "node:net";
import { now } from "../world/process";
import { Book, type Noted } from "./book";
import { isSuccess, type Report } from "./report";

/** A load: requests at even intervals, whatever becomes of those before them. Runs as a process of its own and ends with its input. */
export interface LoadOptions {
  /** `host:port`, in turn. */
  readonly targets: readonly string[];
  readonly rate: number;
  readonly mix: readonly {
    readonly method: string;
    readonly kept: boolean;
    readonly path: string;
    readonly body?: string;
    /** Under which the report tells of it apart from the others. */
    readonly name?: string;
  }[];
  /** Seconds after which a client gives up. */
  readonly patience: number;
  /** Address of the clients. */
  readonly from?: string;
  /** Header without which an answer is somebody else's, whatever its status. */
  readonly mark?: string;
}

type Kind = LoadOptions["mix"][number];

interface Request extends Noted {
  readonly books: readonly Book[];
  done: boolean;
}

interface Connection {
  readonly socket: Socket;
  readonly target: string;
  current: Request | undefined;
  used: boolean;
  text: string;
}

const TICK_MS = 2;

const options = JSON.parse(process.argv[2] ?? "{}") as LoadOptions;
const idle = new Map<string, Connection[]>(options.targets.map((target) => [target, []]));
const byServer: Record<string, number> = {};
const byVersion: Record<string, number> = {};
const open = new Set<Connection>();
const begin = now();
const whole = new Book(begin);
const named = new Map(
  options.mix.flatMap(({ name }) => (name === undefined ? [] : [[name, new Book(begin)] as const])),
);
let [lag, connections, stoppedAt] = [0, 0, Infinity];

function send(due: number): void {
  const id = whole.sent;
  const kind = options.mix[id % options.mix.length];
  const target = options.targets[Math.floor(id / options.mix.length) % options.targets.length] ?? "";
  if (kind === undefined) throw new Error("a load without requests");
  lag = Math.max(lag, now() - due);
  const { method, kept } = kind;
  const books = booksOf(kind);
  for (const book of books) book.sent++;
  const connection = (kept ? idle.get(target)?.shift() : undefined) ?? dial(target);
  connection.current = { id, method, kept, began: now(), books, done: false };
  connection.text = "";
  connection.socket.write(textOf(kind, id));
}

function booksOf({ name = "" }: Kind): Book[] {
  const own = named.get(name);
  return own === undefined ? [whole] : [whole, own];
}

function textOf({ method, path, kept, body = "" }: Kind, id: number): string {
  const content = fill(body, id);
  const head = [
    `${method} ${fill(path, id)} HTTP/1.1`,
    "Host: drill",
    ...(kept ? [] : ["Connection: close"]),
    ...(method === "POST" ? ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(content)}`] : []),
  ];
  return `${head.join("\r\n")}\r\n\r\n${content}`;
}

/** `{id}` is the request's own number, `{id%7}` one of seven. */
function fill(text: string, id: number): string {
  return text.replaceAll(/\{id(?:%(\d+))?\}/g, (_, many?: string) =>
    String(many === undefined ? id : id % Number(many)),
  );
}

function dial(target: string): Connection {
  const [host = "", port = "80"] = target.split(":");
  const socket = connect({
    host,
    port: Number(port),
    ...(options.from !== undefined && { localAddress: options.from }),
  });
  const connection: Connection = { socket, target, current: undefined, used: false, text: "" };
  let reason = "disconnected";
  open.add(connection);
  connections = Math.max(connections, open.size);
  socket.setNoDelay(true);
  socket.on("data", (data) => {
    read(connection, data.toString("latin1"));
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    reason =
      error.code === "ECONNREFUSED"
        ? "refused"
        : error.code === "ECONNRESET"
          ? "disconnected"
          : (error.code ?? error.message);
  });
  socket.on("close", () => {
    open.delete(connection);
    const free = idle.get(target) ?? [];
    if (free.includes(connection)) free.splice(free.indexOf(connection), 1);
    if (connection.current !== undefined)
      finish(connection, connection.used && connection.text === "" ? `${reason} when idle` : reason);
  });
  return connection;
}

function read(connection: Connection, data: string): void {
  connection.text += data;
  const head = headOf(connection.text);
  if (head === undefined) return;
  count(byServer, /\r\nx-server: (\S+)/.exec(head)?.[1]);
  count(byVersion, /\r\nx-version: (\S+)/.exec(head)?.[1]);
  const kept = connection.current?.kept === true && !head.includes("\r\nconnection: close");
  finish(connection, outcomeOf(connection.text.slice(9, 12), head));
  connection.used = true;
  if (!kept) connection.socket.end();
  else if (connection.socket.writable) idle.get(connection.target)?.push(connection);
}

function outcomeOf(status: string, head: string): string {
  const ours = options.mark === undefined || head.includes(`\r\n${options.mark}: `);
  return isSuccess(status) && !ours ? `${status} of somebody else` : status;
}

/** The head of an answer, in lower case, when the whole answer is there. */
function headOf(text: string): string | undefined {
  const end = text.indexOf("\r\n\r\n");
  const head = text.slice(0, Math.max(0, end)).toLowerCase();
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
  const whole =
    length === undefined
      ? text.endsWith("0\r\n\r\n") || head.startsWith("http/1.1 204")
      : text.length >= end + 4 + Number(length);
  return end >= 0 && whole ? head : undefined;
}

function finish(connection: Connection, outcome: string): void {
  const request = connection.current;
  connection.current = undefined;
  if (request === undefined || request.done) return;
  request.done = true;
  for (const book of request.books) book.note(request, outcome, now());
}

function count(counts: Record<string, number>, key: string | undefined): void {
  if (key !== undefined) counts[key] = (counts[key] ?? 0) + 1;
}

/** Requests that nobody answers within the clients' patience. */
function giveUp(): void {
  const limit = now() - options.patience;
  for (const connection of open) {
    if (connection.current === undefined || connection.current.began > limit) continue;
    finish(connection, "no answer");
    connection.socket.destroy();
  }
}

function report(): Report {
  const end = Math.min(stoppedAt, now());
  const common = { lag, byServer, byVersion, connections };
  const apart = [...named].map(([name, book]) => [name, book.read(end, { ...common, named: {} })]);
  return whole.read(end, { ...common, named: Object.fromEntries(apart) as Report["named"] });
}

const timer = setInterval(() => {
  const elapsed = Math.min(now(), stoppedAt) - begin;
  while (whole.sent < elapsed * options.rate) send(begin + whole.sent / options.rate);
  if (now() < stoppedAt || whole.ended < whole.sent) return;
  clearInterval(timer);
  process.stdout.write(JSON.stringify(report()), () => process.exit(0));
}, TICK_MS);
setInterval(giveUp, 100);
process.stdin.on("end", () => (stoppedAt = now()));
process.stdin.resume();
