// Puts a text where people read it: a comment on the merge request, or an issue. A text of the same stack that is there already is edited.
// Plain Node.js, so that the job that holds a token of the forge installs nothing and runs nothing of anybody else.
//
// usage: node ci/publish.mjs comment|issue FILE...
// The first line of a FILE is its marker; an issue of which nothing else is left is closed.
//
// environment, GitHub: GITHUB_TOKEN, PULL_REQUEST, and what every job has
//              GitLab: GITLAB_API_TOKEN (project access token, scope api), and what every job has
import { readFileSync } from "node:fs";
import { argv, env, exit, stderr, stdout } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

const MARKER = /^<!-- billybully (preview|drift): [a-z0-9-]+ -->$/;
const LABEL = "drift";
const PAGE = 100;
const TRIES = 3;
const SECONDS = 20;

class Refusal extends Error {}

/** @returns {string} */
function needed(name) {
  const value = env[name] ?? "";
  if (value === "") throw new Refusal(`${name} is not set (docs/ci.md)`);
  return value;
}

/** One request. Only those that may be sent twice are sent again. What the token is, nobody prints. */
async function ask(token, method, url, body) {
  const may = method === "POST" ? 1 : TRIES;
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", "User-Agent": "billybully-ci" },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(SECONDS * 1000),
    }).catch((error) => ({ ok: false, status: 0, statusText: error.cause?.code ?? error.name }));
    if (response.ok) return response.json();
    const passing = response.status === 0 || response.status === 429 || response.status >= 500;
    if (!passing || attempt >= may)
      throw new Refusal(`${method} ${new URL(url).pathname}: ${response.status} ${response.statusText}`);
    await sleep(500 * attempt);
  }
}

/** All pages of a list. */
async function all(token, url) {
  const found = [];
  for (let page = 1; ; page++) {
    const items = await ask(token, "GET", `${url}${url.includes("?") ? "&" : "?"}per_page=${PAGE}&page=${page}`);
    found.push(...items);
    if (items.length < PAGE) return found;
  }
}

function github() {
  const token = needed("GITHUB_TOKEN");
  const repository = `${needed("GITHUB_API_URL")}/repos/${needed("GITHUB_REPOSITORY")}`;
  const mine = ({ user }) => user?.login === "github-actions[bot]";
  const textOf = ({ body }) => body ?? "";
  return {
    comment: () => ({
      list: async () => (await all(token, `${repository}/issues/${needed("PULL_REQUEST")}/comments`)).filter(mine),
      textOf,
      add: (body) => ask(token, "POST", `${repository}/issues/${needed("PULL_REQUEST")}/comments`, { body }),
      edit: ({ id }, body) => ask(token, "PATCH", `${repository}/issues/comments/${id}`, { body }),
    }),
    issue: () => ({
      list: async () => (await all(token, `${repository}/issues?state=open&labels=${LABEL}`)).filter(mine),
      textOf,
      add: (body) => ask(token, "POST", `${repository}/issues`, { title: titleOf(body), body, labels: [LABEL] }),
      edit: ({ number }, body) => ask(token, "PATCH", `${repository}/issues/${number}`, { body }),
      close: ({ number }) => ask(token, "PATCH", `${repository}/issues/${number}`, { state: "closed" }),
    }),
  };
}

function gitlab() {
  const token = needed("GITLAB_API_TOKEN");
  const api = needed("CI_API_V4_URL");
  const project = `${api}/projects/${needed("CI_PROJECT_ID")}`;
  const ownItems = async (url) => {
    const { id } = await ask(token, "GET", `${api}/user`);
    return (await all(token, url)).filter(({ author }) => author?.id === id);
  };
  return {
    comment: () => {
      const notes = `${project}/merge_requests/${needed("CI_MERGE_REQUEST_IID")}/notes`;
      return {
        list: () => ownItems(`${notes}?sort=asc`),
        textOf: ({ body }) => body ?? "",
        add: (body) => ask(token, "POST", notes, { body }),
        edit: ({ id }, body) => ask(token, "PUT", `${notes}/${id}`, { body }),
      };
    },
    issue: () => ({
      list: () => ownItems(`${project}/issues?state=opened&labels=${LABEL}`),
      textOf: ({ description }) => description ?? "",
      add: (body) =>
        ask(token, "POST", `${project}/issues`, { title: titleOf(body), description: body, labels: LABEL }),
      edit: ({ iid }, body) => ask(token, "PUT", `${project}/issues/${iid}`, { description: body }),
      close: ({ iid }) => ask(token, "PUT", `${project}/issues/${iid}`, { state_event: "close" }),
    }),
  };
}

function titleOf(body) {
  return /^### (.+)$/m.exec(body)?.[1] ?? "Drift";
}

async function publish(place, body) {
  const marker = body.split("\n", 1)[0];
  if (!MARKER.test(marker)) throw new Refusal("the text does not begin with a marker");
  const there = (await place.list()).find((item) => place.textOf(item).startsWith(marker));
  const isEmpty = body.trim() === marker;
  if (isEmpty && place.close !== undefined)
    return there === undefined ? "nothing to say" : (await place.close(there), "closed");
  if (there === undefined) return (await place.add(body), "written");
  if (place.textOf(there).trim() === body.trim()) return "as it was";
  return (await place.edit(there, body), "edited");
}

async function main([kind, ...files]) {
  if (!["comment", "issue"].includes(kind) || files.length === 0)
    throw new Refusal("usage: node ci/publish.mjs comment|issue FILE...");
  const forge = env.GITLAB_CI === undefined ? github() : gitlab();
  const place = forge[kind]();
  for (const file of files) stdout.write(`${file}: ${await publish(place, readFileSync(file, "utf8"))}\n`);
}

main(argv.slice(2)).catch((error) => {
  stderr.write(`publish: ${error instanceof Refusal || error.code !== undefined ? error.message : error.stack}\n`);
  exit(1);
});
