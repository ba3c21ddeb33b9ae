// Stands in for `java -jar FILE` where a drill is about nginx and not about a JVM: a server that behaves as FILE says, and as it is told on
// /drill. Like Spring Boot it finishes its requests when it is told to go, and closes connections that were idle for 20 s.
import { spawnSync } from "node:child_process";
import { openSync, writeSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { networkInterfaces } from "node:os";

interface Behaviour {
  version: string;
  /** Seconds until it listens. */
  start: number;
  /** Ends by itself instead of listening: everywhere, or on the server with this address. */
  crash: boolean | string;
  ready: boolean;
  /** Fails behind nginx, healthy or not. */
  broken: boolean;
  status: number;
  /** Milliseconds that a request takes. */
  delay: number;
}

const jar = process.argv[process.argv.indexOf("-jar") + 1] ?? "";
const described = spawnSync("unzip", ["-p", jar, "drill.json"], { encoding: "utf8" }).stdout;
const behaviour: Behaviour = {
  ...{ version: "?", start: 0, crash: false, ready: true, broken: false, status: 200, delay: 0 },
  ...(JSON.parse(described) as Partial<Behaviour>),
};
const address = networkInterfaces()["eth0"]?.[0]?.address ?? "?";
const seen = openSync("seen", "a");
const KEEP_ALIVE_MS = 20_000;
const LONG_MS = 15_000;

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
  const url = new URL(request.url ?? "/", "http://drill");
  if (url.pathname.startsWith("/actuator/health")) {
    const through = request.headers["x-real-ip"] !== undefined;
    reply(response, behaviour.ready && !(behaviour.broken && through) ? 200 : 503, { status: "UP" });
    return;
  }
  let body = "";
  request.on("data", (data: Buffer) => (body += data.toString()));
  request.on("end", () => {
    if (url.pathname === "/drill") {
      Object.assign(behaviour, JSON.parse(body));
      reply(response, 200, behaviour);
      return;
    }
    const answer = (): void => {
      if (request.method === "POST" && behaviour.status === 200)
        writeSync(seen, `${url.searchParams.get("id") ?? "?"}\n`);
      reply(response, behaviour.status, { id: url.searchParams.get("id") });
    };
    const delay = url.pathname === "/long" ? LONG_MS : Number(url.searchParams.get("ms") ?? behaviour.delay);
    if (delay === 0) answer();
    else setTimeout(answer, delay);
  });
});

function reply(response: ServerResponse, status: number, content: object): void {
  const text = JSON.stringify(content);
  const headers = {
    "Content-Type": "application/json",
    "Content-Length": text.length,
    "X-Server": address,
    "X-Version": behaviour.version,
  };
  response.writeHead(status, headers).end(text);
}

process.on("SIGTERM", () => {
  server.close(() => process.exit(143));
  server.closeIdleConnections();
});

setTimeout(() => {
  if (behaviour.crash === true || behaviour.crash === address) process.exit(1);
  server.listen(Number(process.env["SERVER_PORT"]), process.env["SERVER_ADDRESS"], 4096);
}, behaviour.start * 1000);
