// Comments and issues of the two forges, and what is done with them: one text for each stack, which is edited and not repeated.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const MARKER = /^<!-- billybully (preview|drift): [a-z0-9-]+ -->$/;
const LABEL = "drift";
const PAGE = 100;
const TRIES = 3;
const SECONDS = 20;

/** What whoever called can mend; said without a stack trace. */
export class Refusal extends Error {}

/** Asks one forge with one token, which nobody prints. Only what may be heard twice is said again. */
class Api {
  constructor(url, token, pause) {
    this.url = url;
    this.token = token;
    this.pause = pause;
  }

  async ask(method, path, body) {
    const tries = method === "POST" ? 1 : TRIES;
    for (let attempt = 1; ; attempt++) {
      const response = await this.request(method, path, body);
      if (response.ok) return response.json();
      const passing = response.status === 0 || response.status === 429 || response.status >= 500;
      if (!passing || attempt >= tries)
        throw new Refusal(`${method} ${path.split("?")[0]}: ${response.status} ${response.statusText}`);
      await sleep(this.pause * attempt);
    }
  }

  /** Where nothing answers, status 0 with the reason. A redirection is none: the token would go with it. */
  request(method, path, body) {
    const headers = {
      Authorization: `Bearer ${this.token}`,
      "Content-Type": "application/json",
      "User-Agent": "billybully",
    };
    return fetch(`${this.url}${path}`, {
      method,
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(SECONDS * 1000),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((error) => ({ ok: false, status: 0, statusText: error.cause?.code ?? error.name }));
  }

  /** All pages of a list. */
  async all(path) {
    const found = [];
    for (let page = 1; ; page++) {
      const items = await this.ask("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=${PAGE}&page=${page}`);
      found.push(...items);
      if (items.length < PAGE) return found;
    }
  }
}

function github(env, pause) {
  const api = new Api(env("GITHUB_API_URL"), env("GITHUB_TOKEN"), pause);
  const repository = `/repos/${env("GITHUB_REPOSITORY")}`;
  const own = async (path) => (await api.all(path)).filter(({ user }) => user?.login === "github-actions[bot]");
  const textOf = ({ body }) => body ?? "";
  return {
    comment: () => {
      const comments = `${repository}/issues/${env("PULL_REQUEST")}/comments`;
      return {
        list: () => own(comments),
        textOf,
        add: (body) => api.ask("POST", comments, { body }),
        edit: ({ id }, body) => api.ask("PATCH", `${repository}/issues/comments/${id}`, { body }),
      };
    },
    issue: () => ({
      list: () => own(`${repository}/issues?state=open&labels=${LABEL}`),
      textOf,
      add: (body) => api.ask("POST", `${repository}/issues`, { title: titleOf(body), body, labels: [LABEL] }),
      edit: ({ number }, body) => api.ask("PATCH", `${repository}/issues/${number}`, { body }),
      close: ({ number }) => api.ask("PATCH", `${repository}/issues/${number}`, { state: "closed" }),
    }),
  };
}

function gitlab(env, pause) {
  const api = new Api(env("CI_API_V4_URL"), env("GITLAB_API_TOKEN"), pause);
  const project = `/projects/${env("CI_PROJECT_ID")}`;
  const own = async (path) => {
    const { id } = await api.ask("GET", "/user");
    return (await api.all(path)).filter(({ author }) => author?.id === id);
  };
  return {
    comment: () => {
      const notes = `${project}/merge_requests/${env("CI_MERGE_REQUEST_IID")}/notes`;
      return {
        list: () => own(`${notes}?sort=asc`),
        textOf: ({ body }) => body ?? "",
        add: (body) => api.ask("POST", notes, { body }),
        edit: ({ id }, body) => api.ask("PUT", `${notes}/${id}`, { body }),
      };
    },
    issue: () => ({
      list: () => own(`${project}/issues?state=opened&labels=${LABEL}`),
      textOf: ({ description }) => description ?? "",
      add: (body) => api.ask("POST", `${project}/issues`, { title: titleOf(body), description: body, labels: LABEL }),
      edit: ({ iid }, body) => api.ask("PUT", `${project}/issues/${iid}`, { description: body }),
      close: ({ iid }) => api.ask("PUT", `${project}/issues/${iid}`, { state_event: "close" }),
    }),
  };
}

function titleOf(body) {
  return /^### (.+)$/m.exec(body)?.[1] ?? "Drift";
}

async function put(place, body) {
  const marker = body.split("\n", 1)[0];
  if (!MARKER.test(marker)) throw new Refusal("the text does not begin with a marker");
  const there = (await place.list()).find((item) => place.textOf(item).startsWith(marker));
  const isDone = place.close !== undefined && body.trim() === marker;
  if (there === undefined) {
    if (isDone) return "nothing to say";
    await place.add(body);
    return "written";
  }
  if (isDone) {
    await place.close(there);
    return "closed";
  }
  if (place.textOf(there).trim() === body.trim()) return "as it was";
  await place.edit(there, body);
  return "edited";
}

/**
 * Puts each of the files where it belongs, and tells `say` what became of it.
 *
 * @param variables the environment of the job
 * @param pause milliseconds before something is asked again
 * @throws Refusal where the forge refuses, or something is missing
 */
export async function publish([kind, ...files], variables, say, pause = 500) {
  if (!["comment", "issue"].includes(kind) || files.length === 0)
    throw new Refusal("usage: node ci/publish.mjs comment|issue FILE...");
  const env = (name) => {
    const value = variables[name] ?? "";
    if (value === "") throw new Refusal(`${name} is not set (docs/ci.md)`);
    return value;
  };
  const forge = variables.GITLAB_CI === undefined ? github(env, pause) : gitlab(env, pause);
  const place = forge[kind]();
  for (const file of files) say(`${file}: ${await put(place, readFileSync(file === "-" ? 0 : file, "utf8"))}\n`);
}
