// Puts a text where people read it: a comment on the merge request, or an issue. A text of the same stack that is there already is edited.
// Plain Node.js, so that the job that holds a token of the forge installs nothing and runs nothing of anybody else.
//
// usage: node ci/publish.mjs comment|issue FILE...
// A FILE may be -, the standard input. Its first line is its marker; an issue of which nothing else is left is closed.
//
// environment, GitHub: GITHUB_TOKEN, PULL_REQUEST, and what every job has
//              GitLab: GITLAB_API_TOKEN (project access token, scope api), and what every job has
import { argv, env, exit, stderr, stdout } from "node:process";
import { publish, Refusal } from "./forge.mjs";

publish(argv.slice(2), env, (line) => stdout.write(line)).catch((error) => {
  const known = error instanceof Refusal || error.code !== undefined;
  stderr.write(`publish: ${known ? error.message : error.stack}\n`);
  exit(1);
});
