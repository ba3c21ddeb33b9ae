import { fieldRows, type FieldRow } from "../config/reference";
import { table } from "./markdown";

/** What a language says in the table of a stack file's keys. Keys and values are the same in each. */
export interface TableWords {
  readonly heads: {
    readonly key: string;
    readonly about: string;
    readonly allowed: string;
    readonly otherwise: string;
    readonly change: string;
  };
  /** The sentence over the capacity model's parameters. */
  readonly model: string;
  readonly described: (row: FieldRow) => { readonly about: string; readonly change: string };
  /** `allowed` or `otherwise` of the schema, which are values or words. */
  readonly value: (english: string) => string;
}

/** The schema's own words. */
export const ENGLISH: TableWords = {
  heads: {
    key: "key",
    about: "what",
    allowed: "allowed",
    otherwise: "when left out",
    change: "what a change does to a live stack",
  },
  model:
    "Parameters of the capacity model ([plan/capacity.ts](plan/capacity.ts) gives the source of each); what is sized by them follows a change.",
  described: ({ text }) => text,
  value: (english) => english,
};

/** Every key of a stack file. The capacity model's are many and alike, so they stand apart. */
export function configurationTable({ heads, model, described, value }: TableWords): string {
  const rows = fieldRows();
  const parameters = rows.filter(({ key }) => key.startsWith("model."));
  const others = rows.filter(({ key }) => !key.startsWith("model."));
  return [
    ...table(
      [heads.key, heads.about, heads.allowed, heads.otherwise, heads.change],
      others.map((row) => {
        const { about, change } = described(row);
        return [`\`${row.key}\``, about, value(row.text.allowed), value(row.text.otherwise), change];
      }),
    ),
    "",
    model,
    "",
    ...table(
      [heads.key, heads.allowed, heads.otherwise],
      parameters.map(({ key, text }) => [`\`${key}\``, value(text.allowed), value(text.otherwise)]),
    ),
  ].join("\n");
}
