import assert from "node:assert/strict";
import fc from "fast-check";
import { blockOf, cidrProblem, MAX_ZONES, overlap, planSubnets, SUBNET_KINDS, VPC_PREFIX } from "../../plan/subnets";

const LETTERS = ["a", "b", "c", "d"].map((letter) => `ap-northeast-2${letter}`);

/** An aligned block of 10.0.0.0/8. */
const block = (smallest: number, largest: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.integer({ min: largest, max: smallest }), fc.nat(2 ** 24 - 1))
    .map(([prefix, offset]) => blockOf(`10.${offset >> 16}.${(offset >> 8) & 255}.${offset & 255}/${prefix}`)!);
const vpc = block(VPC_PREFIX.smallest, VPC_PREFIX.largest);
const zoneCount = fc.integer({ min: 1, max: MAX_ZONES });

describe("planSubnets", () => {
  it("lays 10.0.0.0/16 out as the table says", () => {
    assert.deepEqual(
      planSubnets("10.0.0.0/16", LETTERS).map(({ kind, zone, position, cidr, addresses }) =>
        [kind, zone, position, cidr, addresses].join(" "),
      ),
      [
        "public ap-northeast-2a 1 10.0.0.0/22 1019",
        "private ap-northeast-2a 1 10.0.16.0/20 4091",
        "isolated ap-northeast-2a 1 10.0.32.0/22 1019",
        "public ap-northeast-2b 2 10.0.64.0/22 1019",
        "private ap-northeast-2b 2 10.0.80.0/20 4091",
        "isolated ap-northeast-2b 2 10.0.96.0/22 1019",
        "public ap-northeast-2c 3 10.0.128.0/22 1019",
        "private ap-northeast-2c 3 10.0.144.0/20 4091",
        "isolated ap-northeast-2c 3 10.0.160.0/22 1019",
        "public ap-northeast-2d 4 10.0.192.0/22 1019",
        "private ap-northeast-2d 4 10.0.208.0/20 4091",
        "isolated ap-northeast-2d 4 10.0.224.0/22 1019",
      ],
    );
  });

  it("cuts the smallest network it takes into a /27 for each load balancer", () => {
    assert.deepEqual(
      planSubnets("192.168.8.0/21", LETTERS.slice(0, 2)).map(({ cidr }) => cidr),
      [
        "192.168.8.0/27",
        "192.168.8.128/25",
        "192.168.9.0/27",
        "192.168.10.0/27",
        "192.168.10.128/25",
        "192.168.11.0/27",
      ],
    );
  });

  it("never lets two blocks share an address", () => {
    fc.assert(
      fc.property(vpc, (cidr) => {
        const blocks = planSubnets(cidr, LETTERS).map((subnet) => subnet.cidr);
        for (const [i, one] of blocks.entries())
          for (const other of blocks.slice(i + 1)) assert.ok(!overlap(one, other), `${one} and ${other} in ${cidr}`);
      }),
    );
  });

  it("keeps every block inside the network and aligned", () => {
    fc.assert(
      fc.property(vpc, (cidr) => {
        for (const subnet of planSubnets(cidr, LETTERS)) {
          assert.equal(blockOf(subnet.cidr), subnet.cidr);
          assert.ok(overlap(cidr, subnet.cidr) && maskOf(subnet.cidr) > maskOf(cidr), `${subnet.cidr} in ${cidr}`);
        }
      }),
    );
  });

  it("gives a zone the same blocks however many zones there are", () => {
    fc.assert(
      fc.property(vpc, zoneCount, (cidr, count) => {
        const few = planSubnets(cidr, LETTERS.slice(0, count));
        assert.deepEqual(few, planSubnets(cidr, LETTERS).slice(0, few.length));
        assert.equal(few.length, count * SUBNET_KINDS.length);
      }),
    );
  });

  it("counts the addresses that AWS leaves", () => {
    fc.assert(
      fc.property(vpc, (cidr) => {
        for (const subnet of planSubnets(cidr, LETTERS))
          assert.equal(subnet.addresses, 2 ** (32 - maskOf(subnet.cidr)) - 5);
      }),
    );
  });
});

describe("cidrProblem", () => {
  const WRONG: readonly (readonly [cidr: string, problem: string])[] = [
    ["", "not an IPv4 block"],
    ["10.0.0.0", "not an IPv4 block"],
    ["10.0.0.0/", "not an IPv4 block"],
    ["10.0.0/16", "not an IPv4 block"],
    ["10.0.0.256/16", "not an IPv4 block"],
    ["10.0.0.0/33", "not an IPv4 block"],
    ["10.0.0.0/016", "not an IPv4 block"],
    ["010.0.0.0/16", "not an IPv4 block"],
    ["10.0.0.0/16 ", "not an IPv4 block"],
    ["fd00::/16", "not an IPv4 block"],
    ["10.0.0.0-10.0.255.255", "not an IPv4 block"],
    ["10.1.2.3/16", "has bits set past /16; the block itself is 10.1.0.0/16"],
    ["10.0.8.0/20", "has bits set past /20; the block itself is 10.0.0.0/20"],
    ["10.0.0.0/15", "larger than AWS allows (/16)"],
    ["10.0.0.0/8", "larger than AWS allows (/16)"],
    ["0.0.0.0/0", "larger than AWS allows (/16)"],
    ["10.0.0.0/22", "too small: /21 is the smallest whose public subnets hold a load balancer"],
    ["10.0.0.0/28", "too small: /21 is the smallest whose public subnets hold a load balancer"],
    ["8.8.0.0/16", "not a private block; use one inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10"],
    ["172.32.0.0/16", "not a private block; use one inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10"],
    ["100.128.0.0/16", "not a private block; use one inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10"],
  ];
  for (const [cidr, problem] of WRONG)
    it(`says of ${JSON.stringify(cidr)}: ${problem.split(/[:;]/)[0]!}`, () => {
      assert.equal(cidrProblem(cidr), problem);
    });

  for (const cidr of ["10.0.0.0/16", "10.255.248.0/21", "172.31.0.0/16", "192.168.0.0/18", "100.127.0.0/16"])
    it(`takes ${cidr}`, () => {
      assert.equal(cidrProblem(cidr), undefined);
    });

  it("takes every aligned private block from /16 to /21", () => {
    fc.assert(
      fc.property(vpc, (cidr) => {
        assert.equal(cidrProblem(cidr), undefined);
      }),
    );
  });
});

describe("overlap", () => {
  it("holds for a block and one inside of it, and not for neighbours", () => {
    assert.equal(overlap("10.0.0.0/16", "10.0.255.0/24"), true);
    assert.equal(overlap("10.0.255.0/24", "10.0.0.0/16"), true);
    assert.equal(overlap("10.0.0.0/16", "10.0.0.0/16"), true);
    assert.equal(overlap("10.0.0.0/16", "10.1.0.0/16"), false);
    assert.equal(overlap("10.0.0.0/17", "10.0.128.0/17"), false);
  });

  it("is the same both ways, and says whether there is an address in both", () => {
    const range = (cidr: string): [number, number] => {
      const [first = 0] = cidr
        .split("/")
        .map((text) => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0));
      return [first, first + 2 ** (32 - maskOf(cidr)) - 1];
    };
    fc.assert(
      fc.property(block(30, 8), block(30, 8), (one, other) => {
        const [[first, last], [otherFirst, otherLast]] = [range(one), range(other)];
        assert.equal(overlap(one, other), first <= otherLast && otherFirst <= last);
        assert.equal(overlap(one, other), overlap(other, one));
      }),
    );
  });
});

function maskOf(cidr: string): number {
  return Number(cidr.split("/")[1]);
}
