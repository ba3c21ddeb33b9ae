import type { Site } from "../../components";
import { ZONES } from "./stacks";

/** A network as any other program might have one: plain ids. */
export const SITE: Site = {
  region: "ap-northeast-2",
  vpcId: "vpc-1",
  cidr: "10.0.0.0/16",
  zones: ZONES,
  subnetIds: {
    public: ["public-a", "public-b", "public-c"],
    private: ["private-a", "private-b", "private-c"],
    isolated: ["isolated-a", "isolated-b", "isolated-c"],
  },
  securityGroupIds: { front: "sg-front", app: "sg-app", database: "sg-database", cache: "sg-cache", nat: "sg-nat" },
  privateZone: { id: "zone-1", name: "test.internal" },
};
