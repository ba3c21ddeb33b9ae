import { defineDrill } from "../drill";
import { release } from "../nginx/loaded";
import { boots, refused, type Stage } from "./phases";
import { ROLES } from "./roles";
import { VOLUME_PHASES } from "./volumes";

export const bootstrap = defineDrill<Stage>({
  name: "bootstrap",
  title: "every kind of machine, from its user data to serving",
  needs: ["root", "nginx", "nftables", "mysql", "xfs"],
  quick: true,
  company: true,
  tier: "balanced",
  java: "stand-in",
  stage: (world) => {
    release(world, "v1");
    return Promise.resolve({ world });
  },
  phases: [...ROLES.flatMap((role) => [refused(role), boots(role)]), ...VOLUME_PHASES],
});
