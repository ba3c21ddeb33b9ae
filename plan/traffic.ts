/**
 * Who may talk to whom: the whole list. Each role is a security group, each row a rule; groups name each other, so an address never
 * appears but at the edge. Everything that is not here is refused, SSH included: people log in through Session Manager.
 */
export const ROLES = ["front", "app", "database", "cache", "nat"] as const;
export type Role = (typeof ROLES)[number];

/** Group descriptions. AWS replaces a group whose description changes, so these sentences are final. */
export const DESCRIPTIONS: Readonly<Record<Role, string>> = {
  front: "What clients reach: the load balancer, nginx as load balancer, or a server with its own address",
  app: "App servers",
  database: "MySQL and Aurora",
  cache: "Valkey",
  nat: "The NAT instance",
};

export interface Flow {
  /** Name of the rule; part of its identity. */
  readonly name: string;
  readonly from: Role | "world";
  readonly to: Role | "world";
  /** TCP port, or every protocol and port. */
  readonly port: number | "all";
  readonly why: string;
}

export const MYSQL_PORT = 3306;
export const CACHE_PORT = 6379;

export const FLOWS: readonly Flow[] = [
  { name: "front-http", from: "world", to: "front", port: 80, why: "clients" },
  { name: "front-https", from: "world", to: "front", port: 443, why: "clients" },
  { name: "app-http", from: "front", to: "app", port: 80, why: "nginx on the app servers" },
  { name: "database-mysql", from: "app", to: "database", port: MYSQL_PORT, why: "queries" },
  {
    name: "database-replication",
    from: "database",
    to: "database",
    port: MYSQL_PORT,
    why: "readers follow the writer",
  },
  { name: "cache-valkey", from: "app", to: "cache", port: CACHE_PORT, why: "cache" },
  { name: "nat-app", from: "app", to: "nat", port: "all", why: "private servers reach out" },
  { name: "nat-database", from: "database", to: "nat", port: "all", why: "MySQL machines install packages" },
  // The machines talk to AWS's own services (Systems Manager, S3, logs), whose addresses are nobody's to list.
  { name: "front-out", from: "front", to: "world", port: "all", why: "to the app servers and AWS" },
  { name: "app-out", from: "app", to: "world", port: "all", why: "to database, cache and AWS" },
  { name: "database-out", from: "database", to: "world", port: "all", why: "to the writer and AWS" },
  { name: "nat-out", from: "nat", to: "world", port: "all", why: "to wherever private machines ask" },
];
