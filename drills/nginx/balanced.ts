import { defineDrill } from "../drill";
import { CHANGES } from "./balanced-changes";
import { FAILURES } from "./balanced-failures";
import { stage, type Stage } from "./balanced-stage";

export const balanced = defineDrill<Stage>({
  name: "balanced",
  title: "nginx on a machine of its own, in front of three servers",
  needs: ["root", "nginx"],
  quick: true,
  company: false,
  tier: "balanced",
  java: "stand-in",
  stage,
  phases: [...FAILURES, ...CHANGES],
});
