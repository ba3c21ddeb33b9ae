import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment or an issue, with the fields of both forges' APIs that anybody here reads. */
export interface Item {
  readonly id: number;
  readonly author: string;
  body: string;
  title?: string;
  labels?: string;
  open: boolean;
}

export type Kind = "github" | "gitlab";
type Json = Record<string, unknown>;

/** Where a list lies, of which kind of thing, and how the API asks for it. */
interface Route {
  readonly list: RegExp;
  readonly item: RegExp;
}

const ROUTES: Readonly<Record<Kind, Readonly<Record<"comments" | "issues", Route>>>> = {
  github: {
    comments: {
      list: /^\/repos\/billybully\/infrastructure\/issues\/(\d+)\/comments$/,
      item: /^\/repos\/billybully\/infrastructure\/issues\/comments\/(\d+)$/,
    },
    issues: {
      list: /^\/repos\/billybully\/infrastructure\/issues$/,
      item: /^\/repos\/billybully\/infrastructure\/issues\/(\d+)$/,
    },
  },
  gitlab: {
    comments: {
      list: /^\/projects\/17\/merge_requests\/(\d+)\/notes$/,
      item: /^\/projects\/17\/merge_requests\/\d+\/notes\/(\d+)$/,
    },
    issues: { list: /^\/projects\/17\/issues$/, item: /^\/projects\/17\/issues\/(\d+)$/ },
  },
};

/** GitHub edits with PATCH, GitLab with PUT; each refuses the other's way. */
const EDITS: Readonly<Record<Kind, string>> = { github: "PATCH", gitlab: "PUT" };

/** As much of a forge's API as comments and issues need, on loopback. Refuses what the forge would, and tells what it was asked. */
export class Forge {
  readonly token = "forge-token-1234";
  readonly items: Item[] = [];
  /** Requests as `METHOD path`. */
  readonly asked: string[] = [];
  /** What the next requests get in place of an answer: statuses. */
  failures: number[] = [];
  private readonly server: Server;
  private next = 100;

  constructor(readonly kind: Kind) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** What a job of the forge has in its environment. */
  get environment(): Record<string, string> {
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this.kind === "github"
      ? {
          GITHUB_API_URL: url,
          GITHUB_REPOSITORY: "billybully/infrastructure",
          GITHUB_TOKEN: this.token,
          PULL_REQUEST: "7",
        }
      : {
          GITLAB_CI: "true",
          CI_API_V4_URL: url,
          CI_PROJECT_ID: "17",
          GITLAB_API_TOKEN: this.token,
          CI_MERGE_REQUEST_IID: "7",
        };
  }

  get self(): string {
    return this.kind === "github" ? "github-actions[bot]" : "project_17_bot";
  }

  add(body: string, more: Partial<Item> = {}): Item {
    const item = { id: this.next++, author: this.self, body, open: true, ...more };
    this.items.push(item);
    return item;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const url = new URL(request.url ?? "", "http://forge");
    this.asked.push(`${request.method ?? ""} ${url.pathname}`);
    const failure = this.failures.shift();
    const [status, body] =
      failure !== undefined
        ? [failure, { message: "out of order" }]
        : request.headers.authorization !== `Bearer ${this.token}`
          ? [401, { message: "who are you" }]
          : this.route(request.method ?? "", url, text === "" ? {} : (JSON.parse(text) as Json));
    const location = status === 302 ? { location: "/elsewhere" } : {};
    response.writeHead(status, { "content-type": "application/json", ...location }).end(JSON.stringify(body));
  }

  private route(method: string, url: URL, body: Json): [number, unknown] {
    if (this.kind === "gitlab" && method === "GET" && url.pathname === "/user")
      return [200, { id: this.idOf(this.self) }];
    for (const what of ["comments", "issues"] as const) {
      const { list, item } = ROUTES[this.kind][what];
      const of = what === "comments" ? list.exec(url.pathname)?.[1] : undefined;
      const own = this.items.filter((each) => each.open && (each.labels ?? "") === (of ?? "drift"));
      if (list.test(url.pathname)) return this.onList(method, url, body, own, of);
      const id = item.exec(url.pathname)?.[1];
      if (id !== undefined) return this.onItem(method, Number(id), body);
    }
    return [404, { message: "no such thing" }];
  }

  private onList(method: string, url: URL, body: Json, own: Item[], of: string | undefined): [number, unknown] {
    if (method === "POST") {
      const text = String(body["body"] ?? body["description"]);
      const made = this.add(text, {
        labels: of ?? String(body["labels"]),
        ...(of === undefined && { title: String(body["title"]) }),
      });
      return [201, this.shown(made)];
    }
    if (method !== "GET") return [405, {}];
    const [size, page] = [Number(url.searchParams.get("per_page") ?? 20), Number(url.searchParams.get("page") ?? 1)];
    return [200, own.slice((page - 1) * size, page * size).map((item) => this.shown(item))];
  }

  private onItem(method: string, id: number, body: Json): [number, unknown] {
    const item = this.items.find((each) => each.id === id);
    if (method !== EDITS[this.kind] || item === undefined) return [404, { message: "no such thing" }];
    if (item.author !== this.self) return [403, { message: "not yours" }];
    const text = body["body"] ?? body["description"];
    if (typeof text === "string") item.body = text;
    if (body["state"] === "closed" || body["state_event"] === "close") item.open = false;
    return [200, this.shown(item)];
  }

  private shown({ id, author, body }: Item): Json {
    return this.kind === "github"
      ? { id, number: id, body, user: { login: author } }
      : { id, iid: id, body, description: body, author: { id: this.idOf(author) } };
  }

  private idOf(author: string): number {
    return Buffer.from(author).reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7);
  }
}
