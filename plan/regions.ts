/**
 * Zone letters that an account is given, where they are not simply a, b, c: names skip letters in the older regions.
 * Source: AWS's list of regions and zones (docs.aws.amazon.com, global-infrastructure, "Availability Zones"), November 2026.
 */
const LETTERS: Readonly<Record<string, readonly string[]>> = {
  "ap-northeast-1": ["a", "c", "d"],
  "ca-central-1": ["a", "b", "d"],
  "us-west-1": ["a", "c"],
};
const USUAL_LETTERS = ["a", "b", "c"];

/** A zone's full name is its region's and one letter. Local and wavelength zones have longer names and no Aurora. */
export function isZoneOf(region: string, zone: string): boolean {
  return zone.startsWith(region) && /^[a-f]$/.test(zone.slice(region.length));
}

export function isRegion(text: string): boolean {
  return /^[a-z]{2}(-gov)?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d$/.test(text);
}

/** The zones of a stack whose file names none: the first three of its region. */
export function defaultZones(region: string): string[] {
  return (LETTERS[region] ?? USUAL_LETTERS).map((letter) => region + letter);
}
