import { defineDrill } from "../drill";
import { CACHES } from "./caches";
import { LEAVES, RELEASED } from "./ends";
import { READERS } from "./readers";
import { stage, type Stage } from "./stage";
import { WRITERS } from "./writers";

export const app = defineDrill<Stage>({
  name: "app",
  title: "a real Spring Boot app with MySQL and Valkey",
  needs: ["root", "nginx", "java", "app", "mysql", "valkey", "xfs"],
  quick: false,
  company: false,
  tier: "cached",
  java: "real",
  stage,
  phases: [...READERS, ...CACHES, RELEASED, ...WRITERS, LEAVES],
});
