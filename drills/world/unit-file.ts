/** One directive of a unit, `Section.Name`, and all its values in order; an empty value takes back those before it, as in systemd. */
export type Unit = ReadonlyMap<string, readonly string[]>;

/** What the drills' systemd does something about. */
const HONOURED = [
  "Unit.After",
  "Unit.AssertPathIsMountPoint",
  "Service.Type",
  "Service.PIDFile",
  "Service.User",
  "Service.Environment",
  "Service.EnvironmentFile",
  "Service.ExecCondition",
  "Service.ExecStartPre",
  "Service.ExecStart",
  "Service.ExecStartPost",
  "Service.ExecReload",
  "Service.ExecStop",
  "Service.RemainAfterExit",
  "Service.KillSignal",
  "Service.TimeoutSec",
  "Service.TimeoutStartSec",
  "Service.TimeoutStopSec",
  "Service.Restart",
  "Service.RestartSec",
  "Service.RestartPreventExitStatus",
  "Service.SuccessExitStatus",
  "Service.StandardOutput",
  "Service.RuntimeDirectory",
  "Service.StateDirectory",
  "Service.WorkingDirectory",
  "Service.LimitNOFILE",
  "Timer.OnBootSec",
  "Timer.OnUnitInactiveSec",
];

/** What may stand in a unit without a drill feeling it. Anything else is a misspelling, or a promise that no drill holds. */
const LET_BE = [
  "Unit.Description",
  "Unit.Documentation",
  "Unit.Wants",
  "Unit.RequiresMountsFor",
  "Unit.StartLimitIntervalSec",
  "Service.Group",
  "Service.KillMode",
  "Service.StandardError",
  "Service.NoNewPrivileges",
  "Service.ProtectSystem",
  "Service.ProtectHome",
  "Service.PrivateTmp",
  "Service.UMask",
  "Timer.AccuracySec",
  "Timer.OnCalendar",
  "Timer.RandomizedDelaySec",
  "Timer.Persistent",
  "Install.WantedBy",
];

const KNOWN = new Set([...HONOURED, ...LET_BE]);

/**
 * A unit file with its drop-ins, in the order in which systemd reads them.
 *
 * @param instance what stands behind the @ of a template's name
 * @throws Error on a line that systemd would warn about, or a directive that no drill knows
 */
export function parseUnit(texts: readonly string[], instance = ""): Unit {
  const unit = new Map<string, string[]>();
  for (const { key, value } of texts.flatMap(directivesOf))
    unit.set(key, value === "" ? [] : [...(unit.get(key) ?? []), value.replaceAll("%i", instance)]);
  return unit;
}

function directivesOf(text: string): { key: string; value: string }[] {
  let section = "";
  return text.split("\n").flatMap((whole) => {
    const line = whole.trim();
    if (line === "" || /^[#;]/.test(line)) return [];
    const header = /^\[(\w+)\]$/.exec(line)?.[1];
    section = header ?? section;
    return header === undefined ? [directive(section, line)] : [];
  });
}

function directive(section: string, line: string): { key: string; value: string } {
  const [, name = "", value = ""] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
  const key = `${section}.${name}`;
  if (!KNOWN.has(key)) throw new Error(`unit file: nobody knows "${line}" in [${section}]`);
  return { key, value };
}

export function last(unit: Unit, key: string): string | undefined {
  return unit.get(key)?.at(-1);
}

export function words(unit: Unit, key: string): string[] {
  return (unit.get(key) ?? []).flatMap((value) => value.split(/\s+/));
}

/** Seconds of a systemd time span; `infinity` and 0 are no limit. */
export function seconds(span: string | undefined, otherwise: number): number {
  if (span === undefined) return otherwise;
  if (span === "infinity" || span === "0") return Infinity;
  const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, sec: 1, "": 1, min: 60, m: 60, h: 3600 };
  let sum = 0;
  for (const [, number = "", unit = ""] of span.matchAll(/([\d.]+)\s*([a-z]*)/g)) {
    const factor = units[unit];
    if (factor === undefined) throw new Error(`unit file: no time span: ${span}`);
    sum += Number(number) * factor;
  }
  return sum;
}

export interface Command {
  readonly argv: readonly string[];
  /** `-`: its failure does not count. */
  readonly mayFail: boolean;
  /** `+`: as root, whatever `User` says. */
  readonly asRoot: boolean;
}

/** A command line of a unit. `$NAME` words take what the environment says, nothing where it says nothing. */
export function parseCommand(line: string, environment: Readonly<Record<string, string>>): Command {
  const [, flags = "", rest = ""] = /^([-+!:@]*)(.*)$/s.exec(line) ?? [];
  const argv = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].flatMap(([, double, single, bare]) => {
    const variable = /^\$\{?(\w+)\}?$/.exec(bare ?? "")?.[1];
    if (variable !== undefined) return (environment[variable] ?? "").split(/\s+/).filter((word) => word !== "");
    return [double?.replace(/\\(.)/g, "$1") ?? single ?? bare ?? ""];
  });
  return { argv, mayFail: flags.includes("-"), asRoot: flags.includes("+") };
}

/** An environment file as systemd reads it: `KEY=value`, quoted or not. */
export function parseEnvironment(text: string): Record<string, string> {
  const lines = text.split("\n").map((line) => /^\s*([A-Za-z_]\w*)=(.*)$/.exec(line));
  return Object.fromEntries(
    lines.flatMap((match) => (match === null ? [] : [[match[1] ?? "", unquote(match[2] ?? "")]])),
  );
}

function unquote(value: string): string {
  const text = value.trim();
  if (text.startsWith('"') && text.endsWith('"')) return text.slice(1, -1).replace(/\\(["\\$`])/g, "$1");
  if (text.startsWith("'") && text.endsWith("'")) return text.slice(1, -1);
  return text;
}

/** Units in the order in which they stop: whoever is `After` another goes before it. Those of one step go at once. */
export function stopOrder(units: ReadonlyMap<string, Unit>): string[][] {
  const left = new Set(units.keys());
  const steps: string[][] = [];
  while (left.size > 0) {
    const waiting = new Set(
      [...left].flatMap((name) =>
        words(units.get(name) ?? new Map<string, string[]>(), "Unit.After").filter((other) => left.has(other)),
      ),
    );
    const step = [...left].filter((name) => !waiting.has(name));
    if (step.length === 0) throw new Error(`units wait for each other: ${[...left].join(", ")}`);
    for (const name of step) left.delete(name);
    steps.push(step);
  }
  return steps;
}
