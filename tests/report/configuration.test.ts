import assert from "node:assert/strict";
import { fieldRows } from "../../config/reference";
import { configurationTable, ENGLISH } from "../../report/configuration";
import { KOREAN, PHRASES } from "../../report/korean";

const ROWS = fieldRows();
const VALUES = ROWS.flatMap(({ text }) => [text.allowed, text.otherwise]);
const HANGUL = /[가-힣]/;

const keysOf = (table: string): string[] => [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, key]) => key!);

describe("the configuration table", () => {
  it("has every key of the schema in both languages, the capacity model's last", () => {
    const keys = ROWS.map(({ key }) => key);
    assert.ok(keys.length > 40, `${keys.length} keys`);
    const inOrder = [
      ...keys.filter((key) => !key.startsWith("model.")),
      ...keys.filter((key) => key.startsWith("model.")),
    ];
    assert.deepEqual(keysOf(configurationTable(ENGLISH)), inOrder);
    assert.deepEqual(keysOf(configurationTable(KOREAN)), inOrder);
  });

  it("says in Korean what a key is and does", () => {
    const described = ROWS.filter(({ key }) => !key.startsWith("model.")).map((row) => KOREAN.described(row));
    assert.ok(described.every(({ about, change }) => HANGUL.test(about) && HANGUL.test(change)));
  });

  it("leaves values as they are, and says everything else in Korean", () => {
    const left = VALUES.filter((english) => KOREAN.value(english) === english);
    assert.ok(left.includes("none | nat-instance | nat-gateway | nat-gateway-per-zone | nat-regional"));
    assert.ok(left.includes("10.0.0.0/16") && left.includes("0.2"));
    assert.deepEqual(
      left.filter((value) => /[a-z]{2,} [a-z]{2,}/i.test(value) || /^[a-z]+$/.test(value)),
      [],
    );
    const words = VALUES.filter((english) => KOREAN.value(english) !== english);
    assert.deepEqual(
      words.filter(
        (english) => !HANGUL.test(KOREAN.value(english)) || / (to|from|at|the) /.test(KOREAN.value(english)),
      ),
      [],
    );
  });

  it("takes the bounds of a value from the schema", () => {
    assert.equal(KOREAN.value("3 to 77"), "3부터 77까지");
    assert.equal(KOREAN.value("above 0, at most 12"), "0 초과 12 이하");
  });

  it("has no words for what it does not know, and none that the schema no longer needs", () => {
    assert.throws(() => KOREAN.value("as many as you like"), /no words for "as many as you like"/);
    const [row] = ROWS;
    assert.throws(() => KOREAN.described({ ...row!, key: "app.colour" }), /no words for "app.colour"/);
    assert.deepEqual(
      Object.keys(PHRASES).filter((english) => !VALUES.includes(english)),
      [],
    );
  });
});
