import { defineDrill } from "../drill";
import { COPYING } from "./copying";
import { FAILING } from "./failing";
import { MEANWHILE } from "./meanwhile";
import { MOVING } from "./moving";
import { PARTING } from "./parting";
import { PREFLIGHT } from "./preflight";
import { DATABASE, setStage, TIER, type Stage } from "./stage";

export const migration = defineDrill<Stage>({
  name: "migration",
  title: "From MySQL on EC2 to what stands in for Aurora, back, and down again",
  needs: ["root", "mysql", "xfs"],
  quick: false,
  company: true,
  tier: TIER,
  settings: { database: JSON.stringify(DATABASE) },
  java: "stand-in",
  stage: setStage,
  phases: [PREFLIGHT, ...COPYING, ...MEANWHILE, ...FAILING, ...MOVING, ...PARTING],
});
