/** What the release document has to know of its stack. */
export interface ReleaseArgs<T> {
  readonly roleArn: T;
  readonly bucket: T;
  /** SSM parameter that names the release that new servers install. */
  readonly currentParameter: string;
  /** SSM parameter that exists while a release runs. */
  readonly lockParameter: string;
  /** Tag by which Systems Manager finds the app servers. */
  readonly tag: { readonly key: string; readonly value: string };
}

/** A version is a file name and reaches a shell, so it holds nothing that either would read otherwise. */
const VERSION_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

/** Longest time that one server may take for a release: download, start, watch, stop of the old one. */
const SERVER_SECONDS = 600;

/**
 * A release as one Systems Manager automation: server after server, and back again on all of them when one fails. Two at once cannot be:
 * the lock is a parameter that can only be made once.
 */
export function releaseDocument<T>({ roleArn, bucket, currentParameter, lockParameter, tag }: ReleaseArgs<T>): object {
  const api = (name: string, Service: string, Api: string, inputs: object, rest: object): object => ({
    name,
    action: "aws:executeAwsApi",
    inputs: { Service, Api, ...inputs },
    ...rest,
  });
  const onServers = (name: string, command: string, MaxErrors: string, rest: object): object => ({
    name,
    action: "aws:runCommand",
    inputs: {
      DocumentName: "AWS-RunShellScript",
      Targets: [{ Key: `tag:${tag.key}`, Values: [tag.value] }],
      MaxConcurrency: "1",
      MaxErrors,
      Parameters: {
        commands: [`/opt/billybully/app/release.sh ${command}`],
        executionTimeout: [String(SERVER_SECONDS)],
      },
    },
    ...rest,
  });
  return {
    schemaVersion: "0.3",
    description: "Puts a version of the app on every server, one after the other, and takes it back when health fails",
    assumeRole: roleArn,
    parameters: {
      Version: {
        type: "String",
        allowedPattern: VERSION_PATTERN,
        description: "releases/VERSION.jar in the artifact bucket",
      },
    },
    mainSteps: [
      api(
        "lock",
        "ssm",
        "PutParameter",
        { Name: lockParameter, Type: "String", Value: "{{ automation:EXECUTION_ID }}", Overwrite: false },
        { onFailure: "Abort", nextStep: "find" },
      ),
      api(
        "find",
        "s3",
        "HeadObject",
        { Bucket: bucket, Key: "releases/{{ Version }}.jar" },
        { onFailure: "step:unlockAfterFailure", nextStep: "roll" },
      ),
      onServers("roll", "install {{ Version }}", "0", {
        onFailure: "step:takeBack",
        onCancel: "step:takeBack",
        nextStep: "record",
      }),
      api(
        "record",
        "ssm",
        "PutParameter",
        { Name: currentParameter, Type: "String", Value: "{{ Version }}", Overwrite: true },
        { onFailure: "step:takeBack", nextStep: "late" },
      ),
      // A server that started while the release ran has the one before.
      onServers("late", "current", "100%", {
        onFailure: "step:unlockAfterFailure",
        onCancel: "step:unlockAfterFailure",
        nextStep: "unlock",
      }),
      api("unlock", "ssm", "DeleteParameter", { Name: lockParameter }, { isEnd: true }),
      onServers("takeBack", "back {{ Version }}", "100%", {
        onFailure: "step:unlockAfterFailure",
        onCancel: "step:unlockAfterFailure",
        nextStep: "unlockAfterFailure",
      }),
      api("unlockAfterFailure", "ssm", "DeleteParameter", { Name: lockParameter }, { isEnd: true }),
    ],
  };
}
