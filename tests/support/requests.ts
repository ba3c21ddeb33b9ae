import { getMonitor } from "@pulumi/pulumi/runtime/settings";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { Program } from "../../evaluate";
import { Recorder } from "../../evaluate/recorder";
import { outputsOf } from "./stacks";

/** What an evaluation leaves out of its graph, because the engine would not show it either. */
export interface Request {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URN and id of its provider; empty for the default one. */
  readonly provider: string;
  /** By package, for components that make their own resources. */
  readonly providers: Readonly<Record<string, string>>;
}

/** Every registration of a program, as the engine would get it. */
export async function requestsOf(program: Program): Promise<Request[]> {
  const requests: Request[] = [];
  await outputsOf(() => {
    const monitor: unknown = getMonitor();
    if (!(monitor instanceof Recorder)) throw new Error("another monitor");
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, respond) => {
      requests.push(requestOf(request));
      return register(request, respond);
    };
    return program();
  });
  return requests;
}

function requestOf(request: RegisterResourceRequest): Request {
  return {
    type: request.getType(),
    name: request.getName(),
    inputs: request.getObject()?.toJavaScript() ?? {},
    provider: request.getProvider(),
    providers: Object.fromEntries(request.getProvidersMap().toArray()),
  };
}
