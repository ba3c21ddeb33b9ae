import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/** Nothing in a trust policy may be a pattern by mistake. */
const plain = (what: string, pattern: RegExp) => z.string().regex(pattern, `is no ${what}`);

const optional = <T extends z.ZodType>(schema: T) =>
  z.union([z.literal("").transform(() => undefined), schema]).optional();

const settings = z
  .strictObject({
    region: plain("region, such as ap-northeast-2", /^[a-z]{2}(-[a-z]+)+-\d$/),
    github: optional(plain("owner/name", /^[\w.@-]+\/[\w.@-]+$/)),
    gitlab: optional(plain("group/project", /^[\w.-]+(\/[\w.-]+)+$/)),
    gitlabUrl: plain("https:// address", /^https:\/\/[\w.-]+(:\d+)?(\/[\w.-]+)*$/),
    branch: plain("branch", /^[\w./-]+$/),
    project: plain("project name", /^[a-z][a-z0-9-]*$/),
    stacks: z.array(plain("stack name in lower case", /^[a-z][a-z0-9-]*$/)).min(1),
  })
  .refine(({ github, gitlab }) => github !== undefined || gitlab !== undefined, {
    message: "one of github and gitlab is needed: pulumi config set gitlab group/project",
  });

export type BootstrapSettings = z.infer<typeof settings>;

/** @throws RunError with everything that is wrong; nothing is registered before */
export function loadSettings(): BootstrapSettings {
  const own = new pulumi.Config();
  const read = settings.safeParse({
    region: new pulumi.Config("aws").get("region") ?? "",
    github: own.get("github") ?? "",
    gitlab: own.get("gitlab") ?? "",
    gitlabUrl: own.get("gitlabUrl") ?? "https://gitlab.com",
    branch: own.get("branch") ?? "main",
    project: own.get("project") ?? "billybully",
    stacks: own.getObject("stacks") ?? ["dev", "prod"],
  });
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => `  ${path.join(".")} ${message}`.trimEnd());
  throw new pulumi.RunError(
    `The configuration of the bootstrap has a problem. Nothing was changed.\n${problems.join("\n")}`,
  );
}
