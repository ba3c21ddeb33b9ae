import { app } from "./app";
import { bootstrap } from "./bootstrap";
import type { Drill } from "./drill";
import { migration } from "./migration";
import { disk } from "./mysql/disk";
import { promotion } from "./mysql/promotion";
import { replication } from "./mysql/replication";
import { releases } from "./releases";
import { fleet } from "./releases/fleet";
import { replicated, single } from "./nginx/alone";
import { balanced } from "./nginx/balanced";

/** In the order in which they run; of those that bear company the longest first, so that both lanes end together. */
export const DRILLS: readonly Drill[] = [
  single,
  replicated,
  balanced,
  releases,
  fleet,
  app,
  migration,
  bootstrap,
  replication,
  promotion,
  disk,
];
