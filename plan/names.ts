/**
 * An identifier for the services that want lower-case letters, digits and single hyphens, at most 63 of them and a letter first
 * (RDS, DNS labels). Everything else lets Pulumi pick a name, so that a replacement can stand beside what it replaces.
 */
export function identifier(...parts: readonly string[]): string {
  const joined = parts
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 63);
  return joined.replace(/-$/, "");
}
