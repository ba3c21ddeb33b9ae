import assert from "node:assert/strict";
import {
  ALLOWED,
  architectureOf,
  cacheMemoryGib,
  isAuroraType,
  isBurstable,
  isCacheNodeType,
  isInstanceType,
  LADDERS,
  sustainedVcpus,
} from "../../plan/catalogue";

describe("isInstanceType", () => {
  it("takes what runs Amazon Linux 2023 on Nitro", () => {
    const taken = ["t4g.nano", "t3.2xlarge", "t3a.micro", "m5.large", "c7g.16xlarge", "r8g.4xlarge", "c7i.xlarge"];
    assert.deepEqual(taken.filter(isInstanceType), taken);
  });

  it("refuses older families, other sizes and other words", () => {
    const refused = [
      "t2.micro",
      "m4.large",
      "c7g.medium",
      "c7g.metal",
      "c7g.24xlarge",
      "t4g.4xlarge",
      "p5.48xlarge",
      "db.r7g.large",
      "cache.r7g.large",
      "c7g",
      "c7g.",
      ".large",
      "c7g.large.large",
      "C7G.large",
      "c7g large",
      "constructor.large",
      "",
    ];
    assert.deepEqual(refused.filter(isInstanceType), []);
  });
});

describe("isAuroraType", () => {
  it("takes memory families from large to 16xlarge, and four burstable types", () => {
    const taken = ["r5.large", "r6g.xlarge", "r7g.16xlarge", "r8g.2xlarge", "t3.medium", "t4g.large"];
    assert.deepEqual(taken.filter(isAuroraType), taken);
  });

  it("refuses types that only EC2 has", () => {
    assert.deepEqual(
      ["c7g.large", "m7g.large", "t4g.small", "t3.micro", "r4.large", "r7g.metal"].filter(isAuroraType),
      [],
    );
  });
});

describe("isCacheNodeType", () => {
  it("takes ElastiCache's families", () => {
    const taken = ["cache.t4g.micro", "cache.t3.medium", "cache.m7g.large", "cache.r7g.16xlarge"];
    assert.deepEqual(taken.filter(isCacheNodeType), taken);
  });

  it("refuses types without the prefix, and those that ElastiCache does not have", () => {
    const refused = [
      "r7g.large",
      "cache.c7g.large",
      "cache.t4g.large",
      "cache.r3.large",
      "db.r7g.large",
      "cache.r7g",
      "",
    ];
    assert.deepEqual(refused.filter(isCacheNodeType), []);
  });
});

describe("architectureOf", () => {
  it("knows Graviton from the rest", () => {
    assert.deepEqual(["t4g.small", "c7g.large", "m8g.large"].map(architectureOf), ["arm64", "arm64", "arm64"]);
    assert.deepEqual(["t3.small", "c7i.large", "m7a.large"].map(architectureOf), ["x86_64", "x86_64", "x86_64"]);
  });

  it("refuses to guess", () => {
    assert.throws(
      () => architectureOf("p5.48xlarge"),
      new RangeError("p5.48xlarge is of no family this program knows"),
    );
  });
});

describe("sustainedVcpus", () => {
  const CASES: Readonly<Record<string, number>> = {
    "t4g.nano": 0.1,
    "t4g.micro": 0.2,
    "t4g.small": 0.4,
    "t4g.medium": 0.4,
    "t3.large": 0.6,
    "t3.xlarge": 1.6,
    "t3.2xlarge": 3.2,
    "c7g.large": 2,
    "c7g.xlarge": 4,
    "c7g.2xlarge": 8,
    "r7g.16xlarge": 64,
    "cache.t4g.micro": 0.2,
    "cache.r7g.large": 2,
    "db.t4g.medium": 0.4,
  };
  for (const [type, vcpus] of Object.entries(CASES))
    it(`counts ${vcpus} of ${type}`, () => {
      assert.equal(Number(sustainedVcpus(type).toFixed(9)), vcpus);
    });
});

describe("isBurstable", () => {
  it("holds for t families under every prefix", () => {
    assert.deepEqual(
      ["t4g.small", "cache.t3.micro", "db.t4g.medium", "c7g.large", "cache.r7g.large"].filter(isBurstable),
      ["t4g.small", "cache.t3.micro", "db.t4g.medium"],
    );
  });
});

describe("LADDERS", () => {
  it("hold only types that their part may have", () => {
    assert.deepEqual(
      LADDERS.app.filter((type) => !isInstanceType(type)),
      [],
    );
    assert.deepEqual(
      LADDERS.mysql.filter((type) => !isInstanceType(type)),
      [],
    );
    assert.deepEqual(
      LADDERS.aurora.filter((type) => !isAuroraType(type)),
      [],
    );
    assert.deepEqual(
      LADDERS.cache.filter((type) => !isCacheNodeType(type)),
      [],
    );
  });

  for (const [part, ladder] of Object.entries(LADDERS))
    it(`${part} goes up, and stays with one architecture`, () => {
      const vcpus = ladder.map(sustainedVcpus);
      assert.deepEqual(
        vcpus,
        [...vcpus].sort((a, b) => a - b),
      );
      const ec2 = ladder.map((type) => type.replace("cache.", ""));
      assert.deepEqual([...new Set(ec2.map(architectureOf))], ["arm64"]);
    });

  it("know the memory of every cache node they hold, larger from step to step", () => {
    assert.deepEqual(LADDERS.cache.map(cacheMemoryGib), [0.5, 1.37, 3.09, 13.07]);
  });
});

describe("ALLOWED", () => {
  it("names every family in words", () => {
    assert.match(
      ALLOWED.instanceType,
      /^t4g, m6g, .*r7a; t\* from nano to 2xlarge, the others from large to 16xlarge$/,
    );
    assert.match(ALLOWED.auroraType, /^t3\.medium, .*; r5, r6g, r6i, r7g, r7i, r8g from large to 16xlarge$/);
    assert.match(ALLOWED.cacheNodeType, /^cache\.\{t3\.micro, .*\}; cache\.\{m5, .*r7g\} from large to 16xlarge$/);
  });
});
