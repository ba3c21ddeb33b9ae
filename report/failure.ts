/** What Pulumi's command line says when it comes to no preview, and what to do about it. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    /no stack named '[^']*' found/,
    'The stack has no state yet. Once, by somebody with rights of their own: `pulumi stack init STACK --secrets-provider ...` (docs/ci.md, "Set up once"), and commit its stack file.',
  ],
  [
    /currently locked by/,
    'Another `up` holds the stack\'s lock. Wait for it; where it died, `pulumi cancel` (docs/ci.md, "When an up was cut short").',
  ],
  [
    /AccessDenied|not authorized to perform|AccessDeniedException/,
    "AWS refused the role of this job. Does the bootstrap know this stack (`stacks`), and was it brought up since?",
  ],
  [
    /ExpiredToken|InvalidIdentityToken|AssumeRoleWithWebIdentity/,
    'AWS did not accept the job\'s token. docs/ci.md, "Set up once", has what the token has to say.',
  ],
  [
    /could not read secrets|constructing secrets manager|decrypt/i,
    "The stack's secrets cannot be decrypted: is its secrets provider the key of the bootstrap?",
  ],
];

/**
 * Why there is no preview, in words of this project only: what a program or a service printed may have in it what a comment must not show.
 *
 * @param printed what Pulumi wrote to its standard error
 */
export function reasonFor(printed: string): string {
  const known = KNOWN.find(([pattern]) => pattern.test(printed));
  return known?.[1] ?? "Pulumi failed or was cut short: the job's log has what it said.";
}
