import assert from "node:assert/strict";
import { defaultZones, isRegion, isZoneOf } from "../../plan/regions";

describe("isRegion", () => {
  it("takes names as AWS writes them", () => {
    const regions = ["ap-northeast-2", "us-east-1", "eu-central-2", "us-gov-west-1", "me-south-1", "ca-west-1"];
    assert.deepEqual(regions.filter(isRegion), regions);
  });

  it("refuses zones, other words and other spellings", () => {
    const refused = ["ap-northeast-2a", "ap-norteast-2", "seoul", "AP-NORTHEAST-2", "ap-northeast", " us-east-1", ""];
    assert.deepEqual(refused.filter(isRegion), []);
  });
});

describe("isZoneOf", () => {
  it("holds for a region's name and one letter", () => {
    assert.equal(isZoneOf("ap-northeast-2", "ap-northeast-2a"), true);
    assert.equal(isZoneOf("us-east-1", "us-east-1f"), true);
  });

  it("refuses other regions, local zones, zone ids and bare names", () => {
    const refused = ["us-east-1a", "ap-northeast-1a", "ap-northeast-2", "ap-northeast-2z", "apne2-az1", "a", ""];
    assert.deepEqual(
      [...refused, "ap-northeast-2-wl1-sel-wlz-1", "ap-northeast-2A"].filter((zone) =>
        isZoneOf("ap-northeast-2", zone),
      ),
      [],
    );
  });
});

describe("defaultZones", () => {
  it("skips letters that older regions do not give out", () => {
    assert.deepEqual(defaultZones("ap-northeast-2"), ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"]);
    assert.deepEqual(defaultZones("ap-northeast-1"), ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]);
    assert.deepEqual(defaultZones("us-west-1"), ["us-west-1a", "us-west-1c"]);
  });

  it("gives zones of the region", () => {
    for (const region of ["ap-northeast-1", "ca-central-1", "us-west-1", "eu-west-1"])
      for (const zone of defaultZones(region)) assert.ok(isZoneOf(region, zone), zone);
  });
});
