import { join } from "node:path";

/** MySQL and Valkey, which the machines' distribution has in other versions or not at all; made by `npm run drill -- --prepare`. */
export const MYSQL_TREE = process.env["BILLYBULLY_DRILL_TREE"] ?? join(__dirname, "..", "..", ".cache", "sid");
