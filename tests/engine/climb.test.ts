import { Climber, type Step } from "./climber";
import { onEngine } from "./hooks";
import { stacks } from "./queue";
import { EngineStack } from "./stack";

interface Climb {
  readonly name: string;
  readonly begin: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const tier = (name: string, more: Readonly<Record<string, string>> = {}): Step => ({
  says: `goes to ${name}`,
  set: { tier: name, ...more },
});

/** From MySQL on EC2 to Aurora, at the tier where the stack stands. What moves the data between these steps is a drill's matter. */
const MIGRATION: readonly Step[] = [
  { says: "gets Aurora beside MySQL", set: { "database.kind": "migrating", "database.readers": "1" } },
  { says: "turns the names to Aurora", set: { "database.active": "aurora" } },
  {
    says: "gives MySQL up, by name",
    set: { "database.kind": "aurora", "database.active": "", "consent[0]": "db-mysql-1", "consent[1]": "db-mysql-2" },
    givesUp: ["db-mysql-1", "db-mysql-2"],
  },
];
const FORGIVEN = { consent: "" };

const CLIMBS: readonly Climb[] = [
  {
    name: "up the whole ladder and down again",
    begin: { "aws:region": "us-east-2", tier: "single", "edge.domain": "api.example.com" },
    steps: [
      tier("cached"),
      tier("replicated"),
      tier("balanced"),
      tier("elastic"),
      ...MIGRATION,
      tier("resilient", { ...FORGIVEN, "database.readers": "" }),
      tier("multi-az"),
      tier("resilient"),
      tier("elastic"),
      tier("balanced"),
      tier("replicated"),
      tier("cached"),
      tier("single", { "cache.shards": "1" }),
    ],
  },
  {
    name: "leaps from single to elastic, and a fourth zone",
    // The one region of these with a fourth zone that has Elastic IPs left beside another stack.
    begin: { "aws:region": "ap-northeast-2", tier: "single" },
    steps: [
      tier("elastic"),
      {
        says: "gets a fourth zone",
        set: Object.fromEntries(
          ["a", "b", "c", "d"].map((letter, index) => [`network.zones[${index}]`, `ap-northeast-2${letter}`]),
        ),
      },
    ],
  },
  {
    name: "leaps from cached to multi-az through the migration, and back to elastic",
    begin: { "aws:region": "eu-west-3", tier: "cached" },
    steps: [...MIGRATION, tier("multi-az", { ...FORGIVEN, "database.readers": "" }), tier("elastic")],
  },
];

for (const { name, begin, steps } of CLIMBS) {
  const outcomes: Promise<void>[] = [];
  onEngine(
    `a live stack ${name}`,
    () => {
      climb(begin, steps, outcomes);
    },
    () => {
      it(`begins at ${begin["tier"] ?? ""}`, () => outcomes[0]);
      steps.forEach(({ says }, index) => it(says, () => outcomes[index + 1]));
    },
  );
}

/** Takes all steps in one turn of the queue; each outcome is a promise of its own, so that a test can tell which step failed. */
function climb(begin: Climb["begin"], steps: readonly Step[], outcomes: Promise<void>[]): void {
  const stack = new EngineStack(`climb-${begin["aws:region"] ?? ""}`);
  const climber = new Climber(stack);
  const settle: (() => Promise<void>)[] = [
    () => climber.begin(begin),
    ...steps.map((step) => () => climber.take(step)),
  ];
  let previous: Promise<void> = new Promise<void>((resolve) => {
    void stacks.add(async () => {
      resolve();
      await Promise.allSettled(outcomes);
      await stack.forget();
    });
  });
  for (const work of settle) {
    previous = previous.then(work);
    previous.catch(() => undefined);
    outcomes.push(previous);
  }
}
