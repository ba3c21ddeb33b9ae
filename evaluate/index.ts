import * as pulumi from "@pulumi/pulumi";
import * as runtime from "@pulumi/pulumi/runtime/settings";
import type { Evaluation } from "./graph";
import { Recorder } from "./recorder";

export type { Evaluation, Resource, ResourceOptions } from "./graph";

/** Asks the monitor what it can. The SDK does so itself when an engine runs it, and leaves it out of its types. */
const { awaitFeatureSupport } = runtime as unknown as { awaitFeatureSupport: () => Promise<void> };

/** The program of this project, or a part of it. */
export type Program = () => Record<string, unknown> | Promise<Record<string, unknown>>;

export interface StackConfig {
  readonly project: string;
  readonly stack: string;
  /** As Pulumi hands it over: keys with their namespace, values as text. */
  readonly config: Readonly<Record<string, string>>;
  /** The output `footprint` of the last `up`. @default - a fresh stack */
  readonly before?: unknown;
}

/**
 * Runs a program in this process, with no engine, account or network, and returns everything that it registered: what `pulumi up` would
 * build on a fresh stack. One at a time: the SDK's state is the process's.
 *
 * @throws whatever the program throws, among it ConfigError
 */
export async function evaluate(program: Program, { project, stack, config, before }: StackConfig): Promise<Evaluation> {
  const recorder = new Recorder(project, stack, before);
  runtime.setMockOptions(recorder, project, stack, false, "organization");
  // Without this question the SDK believes that its engine knows no transforms, and refuses them.
  await awaitFeatureSupport();
  pulumi.runtime.setAllConfig({ ...config });
  const { outputs, failure } = await withoutTraces(() => withRejections(() => run(program)));
  if (failure !== undefined) throw failure;
  const resources = [...recorder.recorded].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return { stack, resources, outputs };
}

interface Run {
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly failure: Error | undefined;
}

/** Every registration has been answered when this returns. An error thrown inside of the SDK's run would also be an unhandled rejection. */
async function run(program: Program): Promise<Run> {
  let failure: Error | undefined;
  const result: unknown = await pulumi.runtime.runInPulumiStack(async () => {
    try {
      return await program();
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      return {};
    }
  });
  await pulumi.runtime.disconnect();
  const outputs = await new Promise((resolve) => pulumi.output(result as Record<string, unknown>).apply(resolve));
  return { outputs: outputs as Run["outputs"], failure };
}

/**
 * A registration that fails (an `apply` among its inputs threw) is missing from the graph, and the SDK tells only as an unhandled rejection: here
 * it is the run's own failure.
 */
async function withRejections(work: () => Promise<Run>): Promise<Run> {
  const rejections: unknown[] = [];
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (reason) => rejections.push(reason));
  try {
    const result = await work();
    await new Promise(setImmediate); // Node reports rejections between two turns of its loop
    return { ...result, failure: result.failure ?? (rejections[0] as Error | undefined) };
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of others) process.on("unhandledRejection", listener);
  }
}

/** The SDK takes a stack trace of every promise; reading none of them makes an evaluation eight times faster. */
async function withoutTraces<T>(work: () => Promise<T>): Promise<T> {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
